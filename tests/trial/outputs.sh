#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: receivers of --out, of several kinds, that hang, refuse, answer
# 500, 429 or 400, or close in the middle of an answer, and a pipe that nobody
# reads, all of them at once for a minute of thousands of requests a second.
# Blocks with them and blocks without --out take turns: the median of their p99
# ratios is at most 1.2, the process is at most MORE_MB larger, and all that did
# not arrive is counted.
# ROUNDS (5), RATE (3000), VUS (20), SECONDS_ (60), MORE_MB (64) may be set.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
needs python3
rounds=${ROUNDS:-5} rate=${RATE:-3000} vus=${VUS:-20} long=${SECONDS_:-60} more=${MORE_MB:-64}

python3 "$SRCDIR/tests/trial/bad_receiver.py" >"$work/port" &
receiver=$!
until_line . "$work/port"
port=$(head -n 1 "$work/port")
start_target --model service_ms=1,places=200,queue=2000,rate_limit=0
cat >"$work/plan.json" <<P
{ "name": "bad", "flow": [ { "get": "$base/v1/health", "name": "Get" } ],
  "scenarios": { "s": { "executor": "constant-arrival-rate", "rate": $rate, "timeUnit": "1s",
    "duration": "${long}s", "preAllocatedVUs": $vus, "maxVUs": 500 } } }
P
bad=(--out "json=$work/pipe" --out opentelemetry=http://127.0.0.1:1/refuses)
for how in experimental-prometheus-rw/hang influxdb/close experimental-prometheus-rw/500 influxdb/429 opentelemetry/400; do
    bad+=(--out "${how%/*}=http://127.0.0.1:$port/${how#*/}")
done

# block NAME [OPTION...]
block() {
    run 0 run "$work/plan.json" --headless --quiet --no-record --results "$work/r.json" "${@:2}" 6>&-
    p99=$(query '.metrics.http_req_duration.values["p(99)"]')
    rss=$(query '.generator.rss_bytes')
    echo "$1: $(query '.metrics.http_reqs.values.count') requests, p99 $p99 ms, $((rss >> 20)) MB"
    [ "$(query '.metrics.http_reqs.values.count')" -ge $((rate * (long - 1))) ] || fail "$1: requests were held up"
}

for ((round = 1; round <= rounds; round++)); do
    block "without"
    without=$p99 small=$rss
    rm -f "$work/pipe"
    mkfifo "$work/pipe"
    exec 6<>"$work/pipe" # it has a reader, which does not read
    block "with seven of them" "${bad[@]}"
    exec 6>&-
    query '.outputs[] | "  \(.kind) \(.where): \(.points) points, \(.dropped) dropped, \(.retries) retries, \(.held_back) held back, \(.error)"'
    same "none of them took anything but the pipe" 1 "$(query '[.outputs[] | select(.points > 0)] | length')"
    same "all that did not arrive is counted" true "$(query '.outputs | map(.dropped > 0) | all')"
    [ "$rss" -le $((small + (more << 20))) ] || fail "memory: $rss bytes, $small without"
    echo "$without $p99" >>"$work/ratios"
done
kill "$receiver"
ratio=$(awk '{ print $2 / $1 }' "$work/ratios" | sort -n | awk '{ r[NR] = $1 } END { print r[int((NR + 1) / 2)] }')
echo "median p99 ratio $ratio"
awk -v r="$ratio" 'BEGIN { exit !(r <= 1.2) }' || fail "they delay requests"
