#!/bin/bash
# SPDX-License-Identifier: MIT
# What measuring and drawing cost: nanoseconds a sample, microseconds a tick and
# a picture. The programs print lines of "WHAT SCALE UNIT VALUE".
set -eu
# shellcheck source=SCRIPTDIR/lib.sh
. "$(dirname "$0")/lib.sh"
need jq taskset

for program in bench_measure bench_screen; do
    [ -x "$BUILDDIR/tests/bench/$program" ] || continue
    for ((round = 1; round <= ROUNDS; round++)); do
        on_client "$BUILDDIR/tests/bench/$program"
    done >"$work/lines"
    sort -u -k 1,3 "$work/lines" | while read -r what scale unit _; do
        mapfile -t list < <(awk -v w="$what" -v s="$scale" \
            '$1 == w && $2 == s { print $4 }' "$work/lines")
        row "$what" "$scale" brunt "$unit" "${list[@]}"
    done
done
