#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: a terminal that reads nothing for ten seconds, or only 960
# bytes a second, while thousands of requests a second go on: blocks with a
# terminal that reads and one that does not take turns, and the median of their
# p99 ratios is at most 1.2. SIGTERM while nothing is read still writes the
# results. ROUNDS (5), RATE (3000), VUS (20) may be set.
set -eu
export LC_ALL=C.UTF-8 TERM=xterm-256color
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
slow=${BUILDDIR:-.}/tests/trial/slow_terminal
rounds=${ROUNDS:-5} rate=${RATE:-3000} vus=${VUS:-20}
brunt=$(realpath "$BRUNT")

start_target --model service_ms=1,places=200,queue=2000,rate_limit=0
# shellcheck disable=SC2016
cat >"$work/plan.json" <<P
{ "name": "slow", "flow": [ { "get": "$base/v1/health", "name": "Get" } ],
  "scenarios": { "s": { "executor": "constant-arrival-rate", "rate": $rate, "timeUnit": "1s",
    "duration": "12s", "preAllocatedVUs": $vus, "maxVUs": 500 } } }
P

# block NAME STOP_FOR BYTES_S: a run in a terminal of that kind.
block() {
    "$slow" 120 36 1000 "$2" "$3" 0 13000 -- "$brunt" run "$work/plan.json" --results "$work/r.json" \
        2>"$work/bytes" || fail "$1: exit code $?: $(cat "$work/bytes")"
    p99=$(query '.metrics.http_req_duration.values["p(99)"]')
    done_=$(query '.metrics.http_reqs.values.count')
    failed=$(query '.metrics.http_req_failed.values.rate')
    echo "$1: $done_ requests, failed $failed, p99 $p99 ms, $(cat "$work/bytes")"
    [ "$done_" -ge $((rate * 11)) ] || fail "$1: requests were held up"
}

for ((round = 1; round <= rounds; round++)); do
    block "reads" 0 0
    with=$p99
    block "reads nothing for 10 s" 10000 0
    echo "$with $p99" >>"$work/stopped"
    block "reads 960 bytes a second" 0 960
    echo "$with $p99" >>"$work/slow"
done
for kind in stopped slow; do
    ratio=$(awk '{ print $2 / $1 }' "$work/$kind" | sort -n | awk '{ r[NR] = $1 } END { print r[int((NR + 1) / 2)] }')
    echo "$kind: median p99 ratio $ratio"
    awk -v r="$ratio" 'BEGIN { exit !(r <= 1.2) }' || fail "$kind: it delays requests"
done

# In the middle of it the run is ended by a signal.
rm -f "$work/r.json"
got=0
"$slow" 120 36 1000 30000 0 4000 99000 -- "$brunt" run "$work/plan.json" --results "$work/r.json" \
    2>"$work/bytes" || got=$?
same "exit code after SIGTERM" 105 "$got"
same "status after SIGTERM" interrupted "$(query '.outcome.status')"
echo "SIGTERM while nothing is read: results with $(query '.metrics.http_reqs.values.count') requests"
