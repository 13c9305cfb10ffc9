#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: wrk2's own demonstration. 2,000 requests a second for 30 s, the
# server stopped for 1.4 s of them: the latency from the moment a request was due
# (http_req_intended_duration) has a p99 above a second, the service time's is in
# milliseconds, and the longest is the same in both. Needs nginx.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/witness.sh
. "$SRCDIR/tests/e2e/witness.sh"

start_nginx "\$msec" 'location / { return 200 "ok"; }'
cat >"$work/plan.json" <<P
{ "name": "stalled", "flow": [ { "get": "$base/", "name": "Get" } ],
  "scenarios": { "s": { "executor": "constant-arrival-rate", "rate": 2000, "duration": "30s",
                        "preAllocatedVUs": 50, "maxVUs": 50, "whenBusy": "queue" } } }
P
begin run "$work/plan.json" --headless --results "$work/r.json"
# Ten seconds into the run, as the log tells.
while [ "$(wc -l <"$work/access.log")" -lt 20000 ]; do
    kill -0 "$pid" 2>/dev/null || fail "brunt: $(cat "$work/err")"
    sleep 0.1
done
mapfile -t stopped < <(pgrep -P "$target_pid")
kill -STOP "${stopped[@]}"
sleep 1.4
kill -CONT "${stopped[@]}"
ended 0
stop_nginx

# shellcheck disable=SC2016 # jq's
values='["med", "p(99)", "max"] as $k | .metrics as $m | $k | map($m[$n].values[.] | tostring) | join(" ")'
read -r s50 s99 smax <<<"$(jq -r --arg n http_req_duration "$values" "$work/r.json")"
read -r i50 i99 imax <<<"$(jq -r --arg n http_req_intended_duration "$values" "$work/r.json")"
printf '%-22s %10s %10s %10s\n' 'ms' p50 p99 max 'service time' "$s50" "$s99" "$smax" 'since it was due' "$i50" "$i99" "$imax"
same "requests, at the server" "$(wc -l <"$work/access.log")" "$(query '.metrics.http_reqs.values.count')"
same "iterations dropped" 0 "$(query '.metrics.dropped_iterations.values.count // 0')"
awk -v s99="$s99" -v smax="$smax" -v i99="$i99" -v imax="$imax" 'BEGIN {
    if (i99 <= 1000) bad = bad " the corrected p99 is not above a second;"
    if (s99 >= 100) bad = bad " the p99 of service time is not in milliseconds;"
    if (smax < 1350 || imax < smax || imax > smax * 1.05) bad = bad " the longest differ;"
    if (bad) { print bad; exit 1 } }' || fail "coordinated omission is not told"
