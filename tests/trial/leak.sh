#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: leaks of the target that are known (none, 6 and 30 MB a
# minute), three runs each, all at once, under a load that does not change: the
# leak lies within the interval that the trend of memory gives, and what does not
# leak is not said to. An interval of 95 % is to miss once in twenty: of the six
# one may, by less than its own width. MINUTES (15) may be set. Linux.
set -eu
export LC_ALL=C
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

[ -r /proc/self/stat ] || exit 77
minutes=${MINUTES:-15}
[ "$minutes" -ge 12 ] || { echo "MINUTES: at least 12" >&2; exit 1; }

# one LEAK N: a run against a target of its own, in a shell of its own.
one() {
    work=$work/$1-$2
    mkdir "$work"
    target_pid=
    trap stop_target EXIT
    start_target --model "leak_mb_min=$1,seed=$2"
    "$BRUNT" run "$base/v1/health" --headless -q -u 2 --rps 20 --server-pid "$target_pid" \
        --results "$work/r.json" -d "${minutes}m" >"$work/out" 2>"$work/err" </dev/null
}

runs=()
for leak in 0 6 30; do
    for n in 1 2 3; do
        one "$leak" "$n" &
        runs+=("$!")
    done
done
for run in "${runs[@]}"; do
    wait "$run" || fail "a run: $(cat "$work"/*/err)"
done
bad=0 missed=0
printf '%8s %4s  %-9s %8s  %s\n' MB/min run state slope interval
for leak in 0 6 30; do
    for n in 1 2 3; do
        jq -r --argjson leak "$leak" --arg n "$n" '.insights.trends[] | select(.series == "server_memory") |
            "\($leak) \($n) \(.state) \((.slope // 0) / 1e6) \((.low // 0) / 1e6) \((.high // 0) / 1e6) \(
                if $leak == 0 then .state != "growing"
                elif .state != "growing" then false
                elif .low / 1e6 <= $leak and $leak <= .high / 1e6 then true
                else if ([.low / 1e6 - $leak, $leak - .high / 1e6] | max) < (.high - .low) / 1e6 then "near" else false end end)"' \
            "$work/$leak-$n/r.json" >"$work/row"
        read -r leaked run state slope low high ok <"$work/row"
        printf '%8s %4s  %-9s %8.3f  %.3f to %.3f  %s\n' "$leaked" "$run" "$state" "$slope" "$low" "$high" \
            "$(case $ok in true) echo ok ;; near) echo "just missed" ;; *) echo WRONG ;; esac)"
        case $ok in true) ;; near) missed=$((missed + 1)) ;; *) bad=1 ;; esac
    done
done
[ "$missed" -le 1 ] || bad=1
exit "$bad"
