#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: --out experimental-prometheus-rw into a real Prometheus, which
# is asked afterwards: its totals are those of the results, by figures of trends
# and as native histograms; series end with the run; one without native histograms
# gets figures; credentials are not shown; mistakes are told before the run.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/receivers.sh
. "$SRCDIR/tests/e2e/receivers.sh"
needs prometheus

echo 'scrape_configs: []' >"$work/prometheus.yml"

# start_prometheus [OPTION...]: an empty one on a free port; sets prom.
start_prometheus() {
    rm -rf "$work/tsdb"
    : >"$work/prometheus.log"
    prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" \
        --web.listen-address=127.0.0.1:0 --web.enable-remote-write-receiver "$@" >>"$work/prometheus.log" 2>&1 &
    receiver_pid=$!
    until_line 'msg="Listening on" address=' "$work/prometheus.log"
    prom=http://$(sed -n 's/.*msg="Listening on" address="*\([0-9.:]*\).*/\1/p' "$work/prometheus.log" | head -n 1)
    until curl -sS -o /dev/null -f "$prom/-/ready" 2>/dev/null; do
        kill -0 "$receiver_pid" || fail "$(cat "$work/prometheus.log")"
        sleep 0.1
    done
}

# ask QUERY: its only value; "none" where there is none. As of when all that came
# is past.
ask() {
    curl -sS -G "$prom/api/v1/query" --data-urlencode "query=$1" --data-urlencode "time=$(($(date +%s) + 10))" >"$work/answer"
    jq -r 'if .status != "success" then "\(.error)" elif .data.result == [] then "none"
           elif (.data.result | length) > 1 then "many" else .data.result[0].value[1] end' "$work/answer"
}
# The last sample before the end of a series.
last() {
    ask "sum(last_over_time($1[1h]))"
}
close() {
    awk -v a="$2" -v b="$3" -v by="${4:-1e-9}" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(a ~ /^[0-9.e+-]+$/ && d <= by * b) }' || fail "$1: $2 is not $3"
}

cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" }, "tags": { "testid": "a \"b\" \\ é" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health",
              "checks": { "is up": { "status": 200 }, "is new": { "status": 201 } },
              "metrics": { "took": "duration", "broken": "failed" } },
            { "get": "${BASE_URL}/nothing", "name": "Missing" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 3, "iterations": 300 },
                 "long": { "executor": "constant-vus", "vus": 1, "duration": "10m" } } }
P
# sends EXIT [WHERE]: a run into it.
sends() {
    run "$1" run "$work/plan.json" s -e "BASE_URL=$base" --headless --results "$work/r.json" \
        --out "experimental-prometheus-rw=${2:-$prom/api/v1/write}"
}
totals() {
    local iterations
    iterations=$(query '.metrics.iterations.values.count')
    [ "$iterations" -gt 0 ] || fail "no iterations"
    same "requests" "$(query '.metrics.http_reqs.values.count')" "$(last k6_http_reqs_total)"
    same "by status" "$(query '.endpoints[1].statuses["404"]')" "$(last 'k6_http_reqs_total{name="Missing",status="404",method="GET"}')"
    same "iterations" "$iterations" "$(last k6_iterations_total)"
    same "bytes sent" "$(query '.metrics.data_sent.values.count')" "$(last k6_data_sent_total)"
    same "bytes received" "$(query '.metrics.data_received.values.count')" "$(last k6_data_received_total)"
    same "a check that passes" 1 "$(last 'k6_checks_rate{check="is up"}')"
    same "one that fails" 0 "$(last 'k6_checks_rate{check="is new"}')"
    same "failed" 1 "$(last 'k6_http_req_failed_rate{name="Missing"}')"
    same "not failed" 0 "$(last 'k6_http_req_failed_rate{name="Health"}')"
    same "a rate of the plan's own" 1 "$(last 'k6_broken_rate{name="Health"}')"
    same "most VUs" "$(query '.metrics.vus_max.values.max')" "$(last k6_vus_max)"
    same "a tag of the plan's own" "$(query '.endpoints[0].metrics.http_reqs.values.count')" \
        "$(last 'k6_http_reqs_total{name="Health",testid="a \"b\" \\ é"}')"
}
# Of requests of one name, which all ended alike.
figures() {
    local stat
    for stat in min max avg med 'p(90)' 'p(95)' 'p(99)'; do
        close "$stat" "$(last "k6_http_req_duration_$(tr -d '()' <<<"$stat"){name=\"Health\"}")" \
            "$(query ".endpoints[0].metrics.http_req_duration.values[\"$stat\"] / 1000")" 1e-6
    done
    close "a trend of the plan's own" "$(last k6_took_max)" "$(query '.metrics.took.values.max / 1000')" 1e-6
}

start_target
start_prometheus
export K6_PROMETHEUS_RW_PUSH_INTERVAL=1s
sends 0
totals
figures
same "as counted by results" "0 1" "$(query '.outputs[0] | "\(.dropped) \(.points > 0 | if . then 1 else 0 end)"')"
same "series end with the run" none "$(ask k6_http_reqs_total)"
same "no native histograms" none "$(ask 'last_over_time(k6_http_req_duration_seconds[1h])')"

# The receiver has no native histograms, and says so with status 500.
end_receiver
start_prometheus
export K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM=true
begin run "$work/plan.json" long -e "BASE_URL=$base" --headless --results "$work/r.json" --out "experimental-prometheus-rw=$prom/api/v1/write"
until_line 'it has no native histograms' "$work/err"
kill -TERM "$pid"
ended 105
export K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM=false
totals
figures
same "nothing dropped" 0 "$(query '.outputs[0].dropped')"

# Figures that are asked for, and none that is not; nothing ends the series; user
# and password are shown nowhere.
K6_PROMETHEUS_RW_TREND_STATS='count,p(99.9)' K6_PROMETHEUS_RW_STALE_MARKERS=false \
    sends 0 "http://someone:geheim@${prom#http://}/api/v1/write"
same "requests, still there" "$(query '.metrics.http_reqs.values.count')" "$(ask 'sum(k6_http_reqs_total)')"
same "figures" "$(query '.metrics.http_req_duration.values.count')" "$(ask 'sum(k6_http_req_duration_count)')"
ask 'sum(k6_http_req_duration_p999)' | grep -q '^0\.' || fail "$(cat "$work/answer")"
same "no other" none "$(ask k6_http_req_duration_p99)"
grep -q geheim "$work/out" "$work/err" "$work/r.json" && fail "the password is shown"
grep -q "experimental-prometheus-rw" "$work/r.json" || fail "$(query .outputs)"

# The Grafana dashboard's queries are understood, and those of what is sent have
# an answer.
# shellcheck disable=SC2016
jq -r '.panels[].targets[]?.expr' "$SRCDIR/data/grafana/brunt.json" | sed 's/\$__rate_interval/1h/g; s/\$name/.*/g' >"$work/queries"
K6_PROMETHEUS_RW_STALE_MARKERS=false sends 0
[ "$(wc -l <"$work/queries")" -ge 20 ] || fail "$(cat "$work/queries")"
while read -r asked; do
    got=$(ask "$asked")
    [ "$(jq -r .status "$work/answer")" = success ] || fail "$asked: $got"
    case $asked in
    *brunt_* | *_seconds* | *dropped_iterations*) ;;
    *) [ "$got" != none ] || fail "$asked: no answer" ;;
    esac
done <"$work/queries"

# What is not ours to mend is refused once, and dropped.
sends 0 "$prom/no/such/path"
same "all of it dropped" "0 true" "$(query '.outputs[0] | "\(.points) \(.dropped > 0)"')"
query '.outputs[0].error' | grep -q 'it answers with status 404' || fail "$(query .outputs)"
end_receiver

start_prometheus --enable-feature=native-histograms
export K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM=true
K6_PROMETHEUS_RW_STALE_MARKERS=false sends 0
totals
same "no figures" none "$(ask 'last_over_time(k6_http_req_duration_p95[1h])')"
same "durations" "$(query '.metrics.http_req_duration.values.count')" "$(ask 'histogram_count(sum(k6_http_req_duration_seconds))')"
close "their sum" "$(ask 'histogram_sum(k6_http_req_duration_seconds{name="Health"})')" \
    "$(query '.endpoints[0].metrics.http_req_duration.values | .avg * .count / 1000')" 1e-6
close "p95, to the bucket" "$(ask 'histogram_quantile(0.95, k6_http_req_duration_seconds{name="Health"})')" \
    "$(query '.endpoints[0].metrics.http_req_duration.values["p(95)"] / 1000')" 0.1
same "of iterations" 300 "$(ask 'histogram_count(k6_iteration_duration_seconds)')"
same "of the plan's own" 300 "$(ask 'histogram_count(k6_took_seconds)')"
sends 0
same "histograms end with the run" none "$(ask 'k6_http_req_duration_seconds')"
end_receiver

# Mistakes.
sends 104 localhost:9090
grep -q 'no URL to send to' "$work/err" || fail "$(cat "$work/err")"
K6_PROMETHEUS_RW_TREND_STATS=p95 sends 104
grep -q "K6_PROMETHEUS_RW_TREND_STATS: 'p95' is no figure of a trend (count, sum" "$work/err" || fail "$(cat "$work/err")"
K6_PROMETHEUS_RW_SIGV4_REGION=x sends 104
grep -q 'K6_PROMETHEUS_RW_SIGV4_REGION is in the environment and not supported' "$work/err" || fail "$(cat "$work/err")"
