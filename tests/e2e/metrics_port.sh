#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: --metrics-port: a page for Prometheus on loopback while the run
# goes on, whose totals are those of the results; odd names stay labels; who asks
# for what is not there, or asks nothing at all, hinders nobody; a port that is
# taken is told before the run. Prometheus' own promtool reads it where there is
# one, and a strict reader always.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
needs python3

start_target
cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "a \"quoted\" \\ back\nslash {x=\"y\"} é\u001b[2J",
              "checks": { "is up, \"really\"": { "status": 200 }, "is not": { "status": 201 } },
              "metrics": { "took": "duration", "broken": "failed" } },
            { "get": "${BASE_URL}/nothing", "name": "Missing",
              "checks": { "is not": { "status": 404 } } }, { "think": "10ms" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 2, "duration": "3m" } },
  "thresholds": { "http_reqs": ["count>1000000000"], "http_req_duration": ["p(95)<60000",
                  { "threshold": "p(95)<60000", "window": "10s" }, { "threshold": "p(95)<60000", "abortOnFail": true }] } }
P

scrape() {
    curl -sS --max-time 20 "$url" -o "$work/page" -D "$work/head"
}
page() {
    python3 "$SRCDIR/tests/e2e/prom_page.py" "$work/page" "$@" || fail "$(cat "$work/page")"
}

begin run "$work/plan.json" -e "BASE_URL=$base" --headless --metrics-port 0 --socket "$work/s"
until_line 'metrics at http://127.0.0.1:' "$work/err"
url=$(sed -n 's/.*metrics at \(http:[^ ]*\).*/\1/p' "$work/err" | head -n 1)
until_status "$pid" '.run.requests > 20' --socket "$work/s"

# Nobody asks anything, and holds the line: others are answered all the same.
exec 5<>"/dev/tcp/127.0.0.1/$(sed 's/.*:\([0-9]*\)\/.*/\1/' <<<"$url")"
scrape
grep -qi '^content-type: text/plain; version=0.0.4; charset=utf-8' "$work/head" || fail "$(cat "$work/head")"
page >"$work/samples"
exec 5>&-
if command -v promtool >/dev/null; then
    promtool check metrics <"$work/page" >"$work/lint" 2>&1 || fail "$(cat "$work/lint")"
fi
same "no such page" 404 "$(curl -sS -o /dev/null -w '%{http_code}' "${url%metrics}")"
same "no other method" 405 "$(curl -sS -o /dev/null -w '%{http_code}' -d x "$url")"
same "a head" 200 "$(curl -sS -I -o /dev/null -w '%{http_code}' "$url")"
for name in k6_vus k6_vus_max k6_http_reqs_total k6_http_req_failed_rate k6_http_req_duration_p95 k6_http_req_duration_p99 \
    k6_http_req_waiting_med k6_checks_rate k6_iterations_total k6_iteration_duration_avg k6_data_received_total k6_took_max k6_broken_rate; do
    grep -q "^# TYPE $name " "$work/page" || fail "no $name: $(cat "$work/page")"
done
same "state" 1 "$(page brunt_run_state state=running)"
grep -q "$(printf '\033')" "$work/page" && fail "the page steers a terminal"

# Thresholds are judged twice a second; one of them is undecided.
until [ "$(grep -c '^brunt_threshold_ok' "$work/page")" = 2 ]; do
    kill -0 "$pid" || fail "the run is over"
    sleep 0.1
    scrape
done
same "thresholds that hold, one that is undecided" "2 1" "$(page brunt_threshold_ok) $(page brunt_threshold_ok window=10s)"

# Paused, nothing moves any more: then the page says what the results say.
"$BRUNT" ctl pause --socket "$work/s" >/dev/null
until_status "$pid" '.state == "paused"' --socket "$work/s"
total=
seen=none
until [ "$seen" = "$total" ]; do # iterations that were begun may go on; a page is kept for half a second
    kill -0 "$pid" || fail "the run is over"
    sleep 0.1
    "$BRUNT" ctl write "$work/r.json" --socket "$work/s" >/dev/null
    scrape
    seen="$(page k6_http_reqs_total) $(page k6_iterations_total) $(page brunt_run_state state=paused)"
    total=$(query '"\(.metrics.http_reqs.values.count) \(.metrics.iterations.values.count) 1"')
done
total=$(query '.metrics.http_reqs.values.count')
seen=$(page k6_http_reqs_total)
same "requests" "$total" "$seen"
same "by name" "$(query '.endpoints[1].metrics.http_reqs.values.count')" "$(page k6_http_reqs_total name=Missing)"
same "by status" "$(query '.endpoints[1].statuses["404"]')" "$(page k6_http_reqs_total status=404)"
same "expected" "$(query '.endpoints[0].metrics.http_reqs.values.count')" "$(page k6_http_reqs_total expected_response=true)"
same "iterations" "$(query '.metrics.iterations.values.count')" "$(page k6_iterations_total scenario=s)"
same "bytes" "$(query '.metrics.data_received.values.count')" "$(page k6_data_received_total)"
same "responses" "$(query '.metrics.http_req_duration.values.count')" "$(page brunt_http_req_duration_seconds_count)"
same "a check" "$(query '.checks[0] | .passes / (.passes + .fails)')" "$(page k6_checks_rate 'check=is up, "really"')"
close() {
    awk -v a="$2" -v b="$3" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(d <= 1e-9 + 1e-6 * b) }' || fail "$1: $2 is not $3"
}
close "a check of two requests" "$(query '.checks[1] | .passes / (.passes + .fails)')" "$(page k6_checks_rate 'check=is not')"
close "p95 in seconds" "$(query '.endpoints[1].metrics.http_req_duration.values["p(95)"] / 1000')" "$(page k6_http_req_duration_p95 name=Missing)"
close "p95 of all" "$(query '.metrics.http_req_duration.values["p(95)"] / 1000')" "$(page brunt_http_req_duration_seconds quantile=0.95)"
same "state" 1 "$(page brunt_run_state state=paused)"

# A port that is taken.
run 104 run "$work/plan.json" -e "BASE_URL=$base" --headless --metrics-port "$(sed 's/.*:\([0-9]*\)\/.*/\1/' <<<"$url")"
grep -q -- '--metrics-port: cannot listen on 127.0.0.1 port [0-9]*: .*(another port, or 0 for any that is free)' "$work/err" || fail "$(cat "$work/err")"
run 104 run "$work/plan.json" -e "BASE_URL=$base" --headless --metrics-port 65536
kill -TERM "$pid"
ended 105
