#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: receivers of --out whose name takes for ever to resolve, by the
# output's own resolver (statsd) and libcurl's (influxdb): requests go on, and the
# run ends, by itself or by Ctrl-C, while the resolver still hangs; once it
# answers, nothing is lost.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/receivers.sh
. "$SRCDIR/tests/e2e/receivers.sh"
needs python3 timeout
curl -V | awk '/c-ares/ { exit 1 } NR == 1 { split($2, v, "."); exit v[1] * 1000 + v[2] < 7087 }' || {
    echo "libcurl has no resolver that can be held (c-ares), or waits for it (before 7.87)" >&2
    exit 77
}

# The test holds the resolver: no name server takes part.
export HELD_NAMES=$work/held
mkdir "$HELD_NAMES"
mkfifo "$HELD_NAMES/go"
# shellcheck disable=SC2086 # CC may have words
${CC:-cc} -std=c11 -shared -fPIC -o "$work/held_names.so" "$SRCDIR/tests/support/held_names.c" -ldl 2>"$work/cc" || {
    cat "$work/cc" >&2
    echo "needs a linker that makes shared objects" >&2
    exit 77
}
# A process that hangs with its resolver fails the test rather than hang as well.
RUN_UNDER="timeout --foreground -s KILL 120 env LD_PRELOAD=$work/held_names.so ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0"

start_target
port=$(free_port udp)
mkdir "$work/posts"
python3 "$SRCDIR/tests/e2e/otlp_receiver.py" "$work/posts" >"$work/port" &
receiver_pid=$!
until_line . "$work/port"
receiver_plan >"$work/plan.json"
jq '.scenarios.long = { "executor": "constant-vus", "vus": 3, "duration": "10m" }' "$work/plan.json" >"$work/long.json"

# held SCENARIO: a run in the background, whose receivers' names are both asked
# for, and held.
held() {
    : >"$HELD_NAMES/asked"
    begin run "$work/long.json" "$1" -e "BASE_URL=$base" --headless --results "$work/r.json" --socket "$work/s" \
        --out "statsd=stats.held:$port" --out "influxdb=http://influx.held:$(head -n 1 "$work/port")/load"
    until_line '^stats.held$' "$HELD_NAMES/asked"
    until_line '^influx.held$' "$HELD_NAMES/asked"
}
requests() {
    "$BRUNT" ctl status --json --socket "$work/s" | jq .run.requests
}
# lost KIND: it was told of, and nothing of it arrived.
lost() {
    query ".outputs[] | select(.kind == \"$1\")" >"$work/o.json"
    jq -e '.points == 0 and .dropped > 0' "$work/o.json" >/dev/null || fail "$(cat "$work/o.json")"
}

# --- It never answers: requests go on, none fails for it, and the run ends
held long
before=$(requests)
until_status "$pid" ".run.requests > $before + 200" --socket "$work/s"
kill -TERM "$pid"
until_line '^brunt: waiting for statsd to stats.held:' "$work/err"
until_line '^brunt: waiting for influxdb to http://influx.held:' "$work/err"
same "results are there already" interrupted "$(query '.outcome.status')"
ended 105
same "requests that failed" 0 "$(query '.endpoints[] | select(.name != "Missing").metrics.http_req_failed.values.passes')"
same "of the target" "$(query '.metrics.http_reqs.values.count')" "$(target_counts | awk '{ n += $3 } END { print n }')"
lost statsd
lost influxdb

# --- Nor for a person who waits no longer
held s
until_line '^brunt: waiting for influxdb' "$work/err"
kill -INT "$pid"
ended 0
lost statsd
lost influxdb

# --- It answers late: all arrives
python3 - "$port" "$work/totals.new" "$work/totals.json" >"$work/listens" <<'P' &
import json, os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
print("listens", flush=True)
totals = {}
while True:
    for line in s.recv(65536).decode().splitlines():
        name, rest = line.split(":", 1)
        value, kind = rest.split("|")[:2]
        if kind == "c":
            totals[name] = totals.get(name, 0) + float(value)
    with open(sys.argv[2], "w") as f:
        json.dump(totals, f)
    os.rename(sys.argv[2], sys.argv[3])
P
posts_pid=$receiver_pid
receiver_pid=$!
trap 'kill "$posts_pid" 2>/dev/null || true; end_receiver; cleanup' EXIT
until_line listens "$work/listens"
held s
exec 7<>"$HELD_NAMES/go" # whoever waits, and whoever comes, goes on
ended 0
totals() {
    [ -e "$work/totals.json" ]
}
# shellcheck disable=SC2016
agree '[ $t["k6.http_reqs"] == 240, $m.http_reqs.values.count == 240, $t["k6.iterations"] == 120 ]' "$work/totals.json"
same "nothing lost" "statsd 0,influxdb 0" "$(query '[.outputs[] | "\(.kind) \(.dropped)"] | join(",")')"
same "requests in InfluxDB's lines" 240 "$(cat "$work"/posts/*.pb | sed -n 's/^http_reqs,.* value=\([0-9]*\)[ ,].*/\1/p' | awk '{ n += $1 } END { print n }')"
