#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: --out statsd with statsd 0.9 on Node: what it adds up is what
# the results say, counters, gauges, and timers by count, sum, least and most;
# with and without tags; and that nobody listens is told and counted.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/receivers.sh
. "$SRCDIR/tests/e2e/receivers.sh"
needs python3
npm_package statsd 0.9.0
node -e 'process.exit(typeof require("util").log === "function" ? 0 : 1)' || {
    echo "statsd 0.9 does not run on Node $(node --version)" >&2
    exit 77
}

# statsd listens when it has counted what is sent to it.
start_statsd() {
    port=$(free_port udp)
    cat >"$work/statsd.js" <<C
{ port: $port, address: '127.0.0.1', mgmt_port: $(free_port tcp), mgmt_address: '127.0.0.1',
  flushInterval: 200, totals: '$work/totals.json', backends: ['$SRCDIR/tests/e2e/statsd_totals.js'] }
C
    rm -f "$work/totals.json"
    node --no-deprecation "$npm_dir/node_modules/statsd/stats.js" "$work/statsd.js" >"$work/statsd.log" 2>&1 &
    receiver_pid=$!
    until jq -e '.counters.ready > 0' "$work/totals.json" >/dev/null 2>&1; do
        kill -0 "$receiver_pid" 2>/dev/null || fail "statsd: $(cat "$work/statsd.log")"
        (echo 'ready:1|c' >"/dev/udp/127.0.0.1/$port") 2>/dev/null || true
        sleep 0.1
    done
}
totals() {
    [ -e "$work/totals.json" ]
}

start_target
receiver_plan >"$work/plan.json"

start_statsd
run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out "statsd=127.0.0.1:$port"
# shellcheck disable=SC2016
agree '$t.counters as $c |
    [ $c["k6.http_reqs"] == $m.http_reqs.values.count, $c["k6.http_reqs"] == 240,
      $c["k6.iterations"] == 120, $c["k6.http_req_failed"] == 120, $c["k6.broken"] == 0,
      $c["k6.data_received"] == $m.data_received.values.count,
      $c["k6.data_sent"] == $m.data_sent.values.count,
      $c["k6.check.is_up__really.pass"] == $m.checks.values.passes,
      $c["k6.check.is_up__really.fail"] == $m.checks.values.fails,
      $t.gauges["k6.vus_max"] == $m.vus_max.values.max, $c["statsd.bad_lines_seen"] == 0 ] +
    [ ("http_req_duration", "http_req_waiting", "http_req_blocked", "iteration_duration", "took") |
      . as $n | $t.timers["k6." + $n] as $got | trend($n) as $want |
      near($got.count; $want.count), near($got.sum; $want.sum),
      near($got.min; $want.min), near($got.max; $want.max) ]' "$work/totals.json"
same "nothing dropped" "statsd 0" "$(query '.outputs[0] | "\(.kind) \(.dropped)"')"
end_receiver

# Tags become part of statsd's names, and another namespace.
start_statsd
K6_STATSD_ENABLE_TAGS=true K6_STATSD_NAMESPACE=shop K6_STATSD_ADDR="127.0.0.1:$port" \
    run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out statsd
# shellcheck disable=SC2016
agree 'def all($prefix; $with): [ $t.counters | to_entries[] | select((.key | startswith($prefix + ";")) and (.key | contains($with))) | .value ] | add;
    [ all("shop.http_reqs"; "") == $m.http_reqs.values.count,
      all("shop.http_reqs"; ";name=Missing") == 120, all("shop.http_reqs"; ";status=404") == 120,
      all("shop.http_reqs"; ";team=a") == 240, all("shop.http_reqs"; ";url=") == null,
      $t.counters["statsd.bad_lines_seen"] == 0,
      ([ $t.timers | to_entries[] | select(.key | startswith("shop.http_req_duration;")) | .value.count ] | add) == $m.http_req_duration.values.count ]' "$work/totals.json"
end_receiver

# Nobody listens.
begin run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out "statsd=127.0.0.1:$port"
until_line 'waiting for statsd' "$work/err"
kill -INT "$pid" # no more
ended 0
grep -q "statsd .*Connection refused" "$work/err" || fail "$(cat "$work/err")"
query '.outputs[0]' >"$work/o.json"
jq -e '.points == 0 and .dropped > 0 and (.error | contains("Connection refused"))' "$work/o.json" >/dev/null || fail "$(cat "$work/o.json")"

# What is no address, and no word.
run 104 run "$work/plan.json" -e "BASE_URL=$base" --headless --out statsd=localhost:banana
grep -q -- "--out statsd: 'localhost:banana' is no host and port, as localhost:8125" "$work/err" || fail "$(cat "$work/err")"
K6_STATSD_ENABLE_TAGS=maybe run 104 run "$work/plan.json" -e "BASE_URL=$base" --headless --out statsd
grep -q -- "K6_STATSD_ENABLE_TAGS: 'maybe' is neither true nor false" "$work/err" || fail "$(cat "$work/err")"
