#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: what recordings cost, and what is left of them. Half an hour
# of simulated runs: bytes, CPU and memory within what they may be. Then
# tests/e2e/recording.sh with 200 runs that are killed, none of which may be
# behind by more than a second and three ticks. Then real runs at full speed, with
# a recording and without in turn: beside the worker they take less than 1 % of a
# core more, and less than 20 MB. KILLS, ROUNDS and SECONDS_EACH (up to 30) may be set.
# Linux.
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
start_target --model places=64,service_ms=0.1,rate_limit=0
# one NAME [OPTION]: a run at full speed; "CPU BYTES RATE" of it into that file, CPU as
# a share of one core, of all threads but the busiest, which sends the requests.
seconds=${SECONDS_EACH:-15}
one() {
    local pid ticks
    "$BRUNT" run "$base/v1/health" -u 16 -w 1 -d "${seconds}s" --seed 1 --headless --results "$work/r.json" "${@:2}" \
        >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
    until_line "^0:$(printf %02d $((seconds - 1))) " "$work/err"
    ticks=$(cat "/proc/$pid"/task/*/stat | awk '{ t = $14 + $15; sum += t; if (t > most) most = t } END { print sum - most }')
    wait "$pid" || fail "a run: $(cat "$work/err")"
    echo "$(awk -v t="$ticks" -v hz="$(getconf CLK_TCK)" -v s="$((seconds - 1))" 'BEGIN { print t / hz / s }') $(query .generator.rss_bytes) $(query .metrics.http_reqs.values.rate)" >>"$work/$1"
}
for _ in $(seq "${ROUNDS:-5}"); do
    one with
    one without --no-record
done
# median FILE COLUMN
median() {
    cut -d ' ' -f "$2" "$1" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
for column in 1 2 3; do
    echo "$(median "$work/with" "$column") $(median "$work/without" "$column")"
done | awk 'NR == 1 { printf "beside the worker %.2f %% of a core with a recording, %.2f %% without\n", 100 * $1, 100 * $2; bad = $1 - $2 > 0.01 }
    NR == 2 { printf "%.1f and %.1f MB\n", $1 / 1e6, $2 / 1e6; bad = bad || $1 - $2 > 20e6 }
    NR == 3 { printf "%.0f and %.0f requests a second\n", $1, $2 }
    END { exit bad }'
