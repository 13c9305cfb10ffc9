#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: --out influxdb with InfluxDB 1, which asks who comes: sums of
# its fields are what the results say, by name as well, whatever the names are;
# the database is made; credentials are shown nowhere; who is not let in is told,
# and what is dropped is counted.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/receivers.sh
. "$SRCDIR/tests/e2e/receivers.sh"
needs python3
# Its package starts a daemon once it is installed.
influxd=$(command -v influxd) || {
    deb_package influxdb
    influxd=$deb_dir/usr/bin/influxd
}

ask() { # QUERY [DATABASE]
    curl -sS -G -u 'admin:open sesame' --data-urlencode "q=$1" --data-urlencode "db=${2:-load}" "$influx/query"
}

http=$(free_port tcp)
influx=http://127.0.0.1:$http
cat >"$work/influxd.conf" <<C
reporting-disabled = true
bind-address = "127.0.0.1:$(free_port tcp)"
[meta]
  dir = "$work/influx/meta"
[data]
  dir = "$work/influx/data"
  wal-dir = "$work/influx/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:$http"
  auth-enabled = true
  log-enabled = false
C
"$influxd" -config "$work/influxd.conf" >"$work/influxd.log" 2>&1 &
receiver_pid=$!
until curl -sS -o /dev/null "$influx/ping" 2>/dev/null; do
    kill -0 "$receiver_pid" 2>/dev/null || fail "influxd: $(cat "$work/influxd.log")"
    sleep 0.1
done
curl -sS -X POST --data-urlencode "q=CREATE USER admin WITH PASSWORD 'open sesame' WITH ALL PRIVILEGES" "$influx/query" >/dev/null

# number QUERY: the first value of the answer.
number() {
    ask "$1" | jq '.results[0].series[0].values[0][1]'
}
totals() {
    local name
    {
        echo '{'
        for name in http_reqs iterations data_sent data_received; do
            echo "\"$name\": $(number "SELECT sum(value) FROM $name"),"
        done
        for name in http_req_duration http_req_waiting iteration_duration took; do
            echo "\"$name\": $(ask "SELECT sum(count), sum(sum), min(min), max(max), max(p50), max(p99) FROM $name" |
                jq '.results[0].series[0].values[0] | {count: .[1], sum: .[2], min: .[3], max: .[4], p50: .[5], p99: .[6]}'),"
        done
        for name in http_req_failed checks broken; do
            echo "\"$name\": $(ask "SELECT sum(count), sum(hits) FROM $name" |
                jq '.results[0].series[0].values[0] | {count: .[1], hits: .[2]}'),"
        done
        echo "\"missing\": $(number "SELECT sum(value) FROM http_reqs WHERE \"name\" = 'Missing' AND \"status\" = '404' AND expected_response = 'false'"),"
        echo "\"check\": $(number "SELECT sum(hits) FROM checks WHERE \"check\" = 'is up, really'"),"
        echo "\"odd\": $(number "SELECT sum(value) FROM http_reqs WHERE \"name\" =~ /^Health: \"all\", é=1 .$/"),"
        echo "\"own\": $(number "SELECT sum(value) FROM http_reqs WHERE team = 'a, b=c'"),"
        echo "\"url\": $(ask "SELECT last(url) FROM http_reqs WHERE \"name\" = 'Missing'" | jq '.results[0].series[0].values[0][1]'),"
        echo "\"vus_max\": $(number 'SELECT max(value) FROM vus_max')"
        echo '}'
    } >"$work/totals.json"
}

start_target
receiver_plan >"$work/plan.json"
export K6_INFLUXDB_USERNAME=admin K6_INFLUXDB_PASSWORD='open sesame'
run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out "influxdb=$influx/load"
# shellcheck disable=SC2016
agree '[ ("http_reqs", "iterations", "data_sent", "data_received") | $t[.] == $m[.].values.count ] +
    [ ("http_req_duration", "http_req_waiting", "iteration_duration", "took") | $t[.] as $got | trend(.) as $want |
      $got.count == $want.count, near($got.sum; $want.sum), near($got.min; $want.min), near($got.max; $want.max),
      $got.p50 >= $got.min, $got.p99 <= $got.max ] +
    [ ("http_req_failed", "checks", "broken") | $t[.].count == ($m[.].values | .passes + .fails), $t[.].hits == $m[.].values.passes ] +
    [ $t.missing == 120, $t.odd == 120, $t.own == 240, $t.check == 120, $t.vus_max == $m.vus_max.values.max,
      ($t.url | endswith("/nothing")) ]' "$work/totals.json"
same "nothing dropped" "influxdb 0 $influx/load" "$(query '.outputs[0] | "\(.kind) \(.dropped) \(.where)"')"

# Tags that tell series apart may be fields: nothing is written over.
K6_INFLUXDB_TAGS_AS_FIELDS=name,status:int,url \
    run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out "influxdb=http://admin:open%20sesame@127.0.0.1:$http/again"
totals() {
    echo "{\"reqs\": $(ask 'SELECT sum(value) FROM http_reqs' again | jq '.results[0].series[0].values[0][1]'),
        \"missing\": $(ask 'SELECT sum(value) FROM http_reqs WHERE "status" = 404' again | jq '.results[0].series[0].values[0][1]')}" >"$work/totals.json"
}
# shellcheck disable=SC2016
agree '[ $t.reqs == 240, $t.missing == 120 ]' "$work/totals.json"
grep -q sesame "$work/out" "$work/err" "$work/r.json" && fail "the password is shown"

# Who is not let in is told so; what is dropped is counted.
K6_INFLUXDB_PASSWORD=guess run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out "influxdb=$influx/load"
grep -q 'influxdb .*status 401' "$work/err" || fail "$(cat "$work/err")"
query '.outputs[0]' >"$work/o.json"
jq -e '.points == 0 and .dropped > 0 and (.error | contains("401"))' "$work/o.json" >/dev/null || fail "$(cat "$work/o.json")"

# What it cannot mean.
run 104 run "$work/plan.json" -e "BASE_URL=$base" --headless --out "influxdb=$influx/load?precision=s"
grep -q -- "--out influxdb: 'precision' in the URL is none of insecure, retention, consistency, tagsAsFields" "$work/err" || fail "$(cat "$work/err")"
run 104 run "$work/plan.json" -e "BASE_URL=$base" --headless --out "influxdb=$influx/load?tagsAsFields=status:number"
grep -q -- "'number' is none of string, bool, float, int" "$work/err" || fail "$(cat "$work/err")"

# What goes wrong for now is tried again, when the server says so or later.
end_receiver
mkdir "$work/posts"
python3 "$SRCDIR/tests/e2e/otlp_receiver.py" "$work/posts" 503 429 500 >"$work/port" &
receiver_pid=$!
until_line . "$work/port"
run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out "influxdb=http://127.0.0.1:$(head -n 1 "$work/port")/load"
query '.outputs[0]' >"$work/o.json"
jq -e '.dropped == 0 and .points > 0 and .retries == 3' "$work/o.json" >/dev/null || fail "$(cat "$work/o.json")"
same "path" "/write?db=load&precision=ns" "$(head -n 1 "$work/posts/000001.head")"
