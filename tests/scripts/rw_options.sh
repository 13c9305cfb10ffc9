#!/bin/sh
# SPDX-License-Identifier: MIT
#
# This exercises: doc/outputs.md has every option of remote write that the
# environment may have, with the default that the program's table has.
set -eu
cd "${1:-${SRCDIR:?}}"
bad=0
n=0

# Trends' figures have a name of their own in the table.
stats=$(sed -n 's/^#define RW_TREND_STATS "\(.*\)"$/\1/p' src/record/rw_options.h)
rows=$(sed -n 's/^RW_OPTION("\([A-Z0-9_]*\)", [a-z_]*, [A-Z]*, \(.*\), ".*")$/\1 \2/p' src/record/rw_options.def)
while read -r name value; do
    n=$((n + 1))
    row=$(grep "^| .*\`$name\`.* |" doc/outputs.md) || {
        echo "doc/outputs.md: nothing of K6_PROMETHEUS_RW_$name"
        bad=1
        continue
    }
    [ "$value" != RW_TREND_STATS ] || value=$stats
    value=$(printf '%s' "$value" | tr -d '"')
    [ -z "$value" ] || case $row in
    *" | \`$value\` | "*) ;;
    *)
        echo "doc/outputs.md: the default of K6_PROMETHEUS_RW_$name is $value"
        bad=1
        ;;
    esac
done <<END
$rows
END
if [ "$n" -lt 10 ]; then
    echo "src/record/rw_options.def: only $n rows were read"
    bad=1
fi
exit "$bad"
