#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: a generator that is short of CPU says so, and does not merely
# report a slow server: brunt shares one core with four programs that do nothing
# but burn it, at a higher priority where that may be had. The results say
# suspect, the lines say it as it happens, and without the burners neither does.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
needs_two_cores

mkfifo "$work/said"
taskset -c 0 "$BRUNT" target --port 0 --model service_ms=5 >"$work/said" 2>/dev/null &
target_pid=$!
read -r line <"$work/said"
base=${line#target: }
base=${base%% *}
cat >"$work/plan.json" <<P
{ "name": "starved", "flow": [ { "get": "$base/v1/health", "name": "Health" }, { "think": "20ms" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 10, "duration": "8s" } } }
P
burners=()
stop_burners() {
    [ "${#burners[@]}" -eq 0 ] || kill "${burners[@]}" 2>/dev/null || true
    burners=()
}
trap 'stop_burners; cleanup' EXIT

# figures NAME: suspect at any time, p99 of the requests, lag.
figures() {
    taskset -c 1 "$BRUNT" run "$work/plan.json" --headless -w 1 --results "$work/r.json" >"$work/out" 2>"$work/err"
    query '"suspect for \(.generator.suspect_s) s, request p99 \(.metrics.http_req_duration.values["p(99)"]) ms, lag \(.generator.lag_max_ms) ms at most"' |
        sed "s/^/$1: /"
}

figures "alone"
same "suspect, alone" 0 "$(query '.generator.suspect_s')"
for _ in 1 2 3 4; do
    taskset -c 1 sh -c 'while :; do :; done' &
    burners+=("$!")
    renice -n -10 -p "$!" >/dev/null 2>&1 || true
done
figures "starved"
stop_burners
[ "$(query '.generator.suspect_s > 2')" = true ] || fail "a starved generator does not say so"
grep -qi 'suspect' "$work/err" || fail "no line said so while it ran"
grep -qi 'suspect' "$work/out" || fail "the summary does not say so"
