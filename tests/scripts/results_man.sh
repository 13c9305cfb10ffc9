#!/bin/sh
# SPDX-License-Identifier: MIT
# This exercises: every field of the results is described, in the schema and in
# the manual, which has them from there. `results_man.sh --write` writes them.
set -eu

src=${SRCDIR:-.}
page=$src/man/brunt-results.5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v python3 >/dev/null || {
    echo "needs python3" >&2
    exit 77
}
python3 "$src/tests/scripts/results_man.py" "$src/data/results.schema.json" >"$work/part"
awk -v name=fields -v part="$work/part" \
    -f "$src/tests/scripts/splice.awk" "$page" >"$work/page"
if [ "${1:-}" = --write ]; then
    cp "$work/page" "$page"
elif ! diff -u "$page" "$work/page"; then
    echo "$page is not what the schema says: run make fragments" >&2
    exit 1
fi
