#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: what recordings cost, and what is left of them. Half an hour
# of simulated runs: bytes, CPU and memory within what they may be. Real runs at
# full speed, with a recording and without in turn: the median of their rates
# and of their CPU a request is the same within what differs anyhow. Then
# tests/e2e/recording.sh with 200 runs that are killed, none of which may be
# behind by more than a second and three ticks. KILLS, ROUNDS and SECONDS_EACH
# may be set.
set -eu
export LC_ALL=C

"$BUILDDIR/tests/trial/record_cost"

kept=$(mktemp)
export KILLED=$kept
KILLS=${KILLS:-200} LATE=1.3 "$SRCDIR/tests/e2e/recording.sh"
awk '{ late = $1 - $2; sum += late; if (late > most) most = late }
    END { printf "%d runs killed: behind by %.2f s on average, %.2f s at most\n", NR, sum / NR, most }' "$kept"
rm "$kept"

# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
start_target --model places=64,service_ms=0
# one [OPTION]: "REQUESTS_A_SECOND CPU_US_A_REQUEST" of a run.
one() {
    local cpu
    cpu=$( { TIMEFORMAT='%U %S'; time "$BRUNT" run "$base/v1/health" -u 16 -w 1 -d "${SECONDS_EACH:-5}s" --seed 1 \
        --headless -q --results "$work/r.json" "$@" >"$work/out" 2>"$work/err" </dev/null; } 2>&1)
    jq -r --arg cpu "$cpu" '.metrics.http_reqs.values | "\(.rate) \(($cpu | split(" ") | map(tonumber) | add) * 1e6 / .count)"' \
        "$work/r.json"
}
for _ in $(seq "${ROUNDS:-9}"); do
    one >>"$work/with"
    one --no-record >>"$work/without"
done
# median FILE COLUMN
median() {
    cut -d ' ' -f "$2" "$1" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
for column in 1 2; do
    paste -d ' ' <(median "$work/with" "$column") <(median "$work/without" "$column")
done | awk 'NR == 1 { printf "at full speed %.0f req/s with a recording, %.0f without (%.3f)\n", $1, $2, $1 / $2; bad = $1 / $2 < 0.97 }
    NR == 2 { printf "CPU %.2f and %.2f us a request (%.3f)\n", $1, $2, $1 / $2; bad = bad || $1 / $2 > 1.03 }
    END { exit bad }'
