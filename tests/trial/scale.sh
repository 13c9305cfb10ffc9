#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: as many VUs with an open connection each as this machine's
# descriptors allow, counted by ss; then 100,000 VUs that think 100 s and keep no
# connection, from eight source addresses, 1,000 requests a second by nginx's
# log, in at most 1.5 GB. No request of either fails.
#
# MANY (100000), THINK (100, s) may be set. Needs nginx and ss.
set -eu
export LC_ALL=C
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/witness.sh
. "$SRCDIR/tests/e2e/witness.sh"
needs ss
many=${MANY:-100000}
think=${THINK:-100}

resident() {
    awk '$1 == "VmRSS:" { print $2 }' "/proc/$1/status"
}

no_failure() {
    same "requests without a response" null "$(query '.endpoints[0].no_response | to_entries[0]')"
    same "requests, at the server" "$(wc -l <"$work/access.log")" "$(query '.metrics.http_reqs.values.count')"
}

# As many as there may be: brunt says how many that is, when asked for too many.
plan_open() { # VUS
    cat >"$work/plan.json" <<P
{ "name": "open", "flow": [ { "get": "$base/", "name": "Get" }, { "think": { "min": "3s", "max": "5s" } } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": $1, "duration": "20s" } } }
P
}
base=http://127.0.0.1:9
plan_open 900000
run 104 run "$work/plan.json" --headless -w 2
vus=$(sed -n 's/.*--max-vus \([0-9]*\) does with fewer.*/\1/p' "$work/err")
[ -n "$vus" ] || fail "no limit is named: $(cat "$work/err")"
hard=$(ulimit -H -n)
if [ "$hard" != unlimited ] && [ "$vus" -gt $((hard - 400)) ]; then
    vus=$((hard - 400)) # the server's
fi
[ "$vus" -le 40000 ] || vus=40000
NGINX_CONNECTIONS=$((vus + 100)) start_nginx "\$msec" 'location / { return 200 "ok"; }'
plan_open "$vus"
begin run "$work/plan.json" --headless -w 2 --results "$work/r.json"
open=0
kib=0
while kill -0 "$pid" 2>/dev/null && [ "$open" -ne "$vus" ]; do
    sleep 1
    open=$(ss -Htn state established "dport = :${base##*:}" | wc -l)
    kib=$(resident "$pid" 2>/dev/null || echo "$kib")
done
ended 0
stop_nginx
echo "$vus VUs: $open connections, $kib KiB ($((kib / vus)) KiB a VU), p99 $(query '.metrics.http_req_duration.values["p(99)"]') ms"
no_failure
same "connections" "$vus" "$open"

# Many that think.
NGINX_CONNECTIONS=4000 start_nginx "\$msec" 'location / { return 200 "ok"; }'
cat >"$work/plan.json" <<P
{ "name": "many", "http": { "reuse": "never", "localAddresses": [ "127.0.0.2-127.0.0.9" ] },
  "flow": [ { "get": "$base/", "name": "Get" }, { "think": "${think}s" } ],
  "scenarios": { "s": { "executor": "ramping-vus", "startVUs": 0, "gracefulStop": "0s", "stages": [
    { "duration": "${think}s", "target": $many }, { "duration": "15s", "target": $many } ] } } }
P
begin run "$work/plan.json" --headless --results "$work/r.json"
most=0
while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    kib=$(resident "$pid" 2>/dev/null) || break
    [ "${kib:-0}" -le "$most" ] || most=$kib
done
ended 0
stop_nginx
rate=$(awk -v think="$think" 'NR == 1 { t0 = $1 } $1 >= t0 + think / 2 && $1 < t0 + think + 10 { n++ }
    END { printf "%.1f", n / (think / 2 + 10) }' "$work/access.log")
echo "$(query '[.series.vus[]] | max') VUs that think: $most KiB at most, $rate requests a second, $(query '.generator | "descriptors \(.descriptors)"')"
no_failure
awk -v r="$rate" -v due="$((many / think))" 'BEGIN { exit !(r > due * 0.98 && r < due * 1.02) }' || fail "not $((many / think)) requests a second"
[ "$most" -le 1500000 ] || fail "more than 1.5 GB"
