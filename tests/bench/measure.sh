#!/bin/bash
# SPDX-License-Identifier: MIT
# What measuring and drawing cost: nanoseconds a sample, microseconds a tick and
# a picture. The programs print lines of "WHAT SCALE UNIT VALUE".
set -eu
# shellcheck source=SCRIPTDIR/lib.sh
. "$(dirname "$0")/lib.sh"
need jq taskset

# median WHAT SCALE: of the rounds in $work/lines.
median() {
    awk -v w="$1" -v s="$2" '$1 == w && $2 == s { print $4 }' "$work/lines" |
        spread | cut -d ' ' -f 2
}

# What a screen may cost: ten frames a second at 120x36, one at 200x55, and what
# goes to the terminal while nothing but the clock moves.
drawn() {
    gate "% of a core, ten frames a second, 120x36" most 2 \
        "$(median frame 120x36 | awk '{ print $1 * 10 / 1e4 }')"
    gate "% of the same after an hour" most 2 \
        "$(median frame-hour 120x36 | awk '{ print $1 * 10 / 1e4 }')"
    gate "us a frame, 200x55" most 5000 "$(median frame 200x55)"
    gate "us a frame after an hour, 200x55" most 5000 \
        "$(median frame-hour 200x55)"
    gate "bytes of an idle frame, 120x36" most 300 "$(median bytes-idle 120x36)"
    gate "bytes of an idle frame, 200x55" most 300 "$(median bytes-idle 200x55)"
}

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
    [ "$program" != bench_screen ] || drawn
done
