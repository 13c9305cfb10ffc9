#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: --out opentelemetry: what a receiver has in the end, read by
# protoc, is what the results say, with explicit buckets and exponential ones;
# names, units and attributes are k6's; what is refused for now comes later, what
# is refused for good, or in part, is told and counted; what is said with each
# answer is told once.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/receivers.sh
. "$SRCDIR/tests/e2e/receivers.sh"
needs python3 protoc

# start_otlp ANSWER...: sets otlp.
start_otlp() {
    end_receiver
    rm -rf "$work/otlp"
    mkdir "$work/otlp"
    : >"$work/port"
    python3 "$SRCDIR/tests/e2e/otlp_receiver.py" "$work/otlp" "$@" >"$work/port" &
    receiver_pid=$!
    until_line . "$work/port"
    otlp=127.0.0.1:$(head -n 1 "$work/port")
}
totals() {
    python3 "$SRCDIR/tests/e2e/otlp_totals.py" "$SRCDIR/tests/e2e/otlp.proto" "$work/otlp" >"$work/totals.json"
}
# Of all series, whatever the buckets are.
# shellcheck disable=SC2016
same_totals='$t.metrics as $x |
    def value($name; f): [ $t.series[] | select(.metric == $name and (.attributes | f)) | .value ] | add;
    [ ("http_reqs", "iterations", "data_sent", "data_received") |
      $x["k6_" + .].sum == $m[.].values.count, $x["k6_" + .].kind == "sum" ] +
    [ ("http_req_duration", "http_req_waiting", "iteration_duration", "took") | $x["k6_" + .] as $got | trend(.) as $want |
      $got.count == $want.count, near($got.sum; $want.sum), near($got.min; $want.min), near($got.max; $want.max), $got.unit == "ms" ] +
    [ ("http_req_failed", "checks", "broken") |
      (value("k6_" + .; .condition == "nonzero") // 0) == $m[.].values.passes, (value("k6_" + .; .condition == "zero") // 0) == $m[.].values.fails ] +
    [ value("k6_http_reqs"; .name == "Missing" and .status == "404" and .method == "GET" and .expected_response == "false") == 120,
      value("k6_http_reqs"; .name == "Health: \"all\", é=1 \\" and .team == "a, b=c") == 120,
      $x.k6_vus_max.kind == "gauge", $x.k6_vus_max.sum == $m.vus_max.values.max, $x.k6_data_sent.unit == "By" ]'

start_target
receiver_plan >"$work/plan.json"
export K6_OTEL_METRIC_PREFIX=k6_

# Refused for now, twice, and then taken.
start_otlp 503 429
K6_OTEL_SERVICE_NAME=shop K6_OTEL_HEADERS='x-token=open%20sesame' OTEL_RESOURCE_ATTRIBUTES='host.name=here,service.name=other' \
    run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out "opentelemetry=http://$otlp"
agree "$same_totals + [ \$t.resource == {\"service.name\": \"shop\", \"host.name\": \"here\", \"service.version\": \$r.tool.version},
    \$x.k6_http_req_duration.kind == \"histogram\" ]" "$work/totals.json"
grep -qi '^x-token: open sesame' "$work/otlp/000001.head" || fail "$(cat "$work/otlp/000001.head")"
grep -qi '^content-type: application/x-protobuf' "$work/otlp/000001.head" || fail "$(cat "$work/otlp/000001.head")"
same "path" /v1/metrics "$(head -n 1 "$work/otlp/000001.head")"
grep -q sesame "$work/out" "$work/err" "$work/r.json" && fail "the header is shown"
query '.outputs[0]' >"$work/o.json"
jq -e --arg where "http://$otlp/v1/metrics" '.dropped == 0 and .retries >= 2 and .where == $where' "$work/o.json" >/dev/null || fail "$(cat "$work/o.json")"

# Exponential buckets, and an endpoint as k6 has it; one second is refused for
# good, of another a part: the totals are there all the same.
start_otlp 400 '3:too old'
OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION=base2_exponential_bucket_histogram \
    K6_OTEL_HTTP_EXPORTER_ENDPOINT=$otlp K6_OTEL_HTTP_EXPORTER_INSECURE=true K6_OTEL_HTTP_EXPORTER_URL_PATH=/otlp/metrics \
    run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out opentelemetry
agree "$same_totals + [ \$t.resource[\"service.name\"] == \"k6\", \$x.k6_http_req_duration.kind == \"exponential\" ]" "$work/totals.json"
same "path" /otlp/metrics "$(head -n 1 "$work/otlp/000001.head")"
query '.outputs[0]' >"$work/o.json"
jq -e '.points > 0 and .dropped > 3 and (.error | contains("too old"))' "$work/o.json" >/dev/null || fail "$(cat "$work/o.json")"
grep -q 'opentelemetry .*status 400' "$work/err" || fail "$(cat "$work/err")"

# A tag of the plan's own that is called as what tells a rate's counters apart:
# no key and no point of a time comes twice (otlp_totals.py looks), the counters
# have all there is, and other metrics have the tag.
jq '.tags.condition = "wet" | .flow[0].tags = {condition: "dry"} | .flow += [.flow[1] + {tags: {condition: "damp"}}]' \
    "$work/plan.json" >"$work/wet.json"
start_otlp
run 0 run "$work/wet.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out "opentelemetry=http://$otlp"
# shellcheck disable=SC2016
agree 'def value($name; $condition): [ $t.series[] | select(.metric == "k6_" + $name and .attributes.condition == $condition) | .value ] | add;
    [ value("http_reqs"; "dry", "wet", "damp") == 120 ] +
    [ ("http_req_failed", "checks", "broken") | . as $n |
      (value($n; "nonzero") // 0) == $m[$n].values.passes, (value($n; "zero") // 0) == $m[$n].values.fails,
      value($n; "dry", "wet", "damp") == null ]' "$work/totals.json"

# Each answer says the same, for as long as the run goes: of a point that
# it is rejected, or of none, which is a remark. It is told once.
jq '.scenarios.long = { "executor": "constant-vus", "vus": 1, "duration": "10m" }' "$work/plan.json" >"$work/long.json"
for answer in '1:too old*' '0:use the new name*'; do
    start_otlp "$answer"
    begin run "$work/long.json" long -e "BASE_URL=$base" --headless --results "$work/r.json" --out "opentelemetry=http://$otlp"
    until_line '^took 4$' "$work/port"
    kill -TERM "$pid"
    ended 105
    totals
    said=${answer#*:}
    said=${said%\*}
    same "lines that say it" 1 "$(grep -c "opentelemetry .*: $said" "$work/err")"
    same "events that say it" 1 "$(jq --arg said "$said" '[.events[] | select(tostring | contains($said))] | length' "$work/r.json")"
    posts=("$work"/otlp/*.pb)
    jq -e --argjson each "${answer%%:*}" --argjson posts "${#posts[@]}" --slurpfile t "$work/totals.json" \
        '.outputs[0] | $posts >= 4 and .dropped == $each * $posts and .points + .dropped == $t[0].points' "$work/r.json" >/dev/null ||
        fail "$(query '.outputs[0]') of $(jq .points "$work/totals.json")"
done

# What is not to be had.
K6_OTEL_EXPORTER_PROTOCOL=grpc run 104 run "$work/plan.json" -e "BASE_URL=$base" --headless --out opentelemetry
grep -q -- "--out opentelemetry: K6_OTEL_EXPORTER_PROTOCOL: 'grpc' is not supported, only http/protobuf" "$work/err" || fail "$(cat "$work/err")"
K6_OTEL_GRPC_EXPORTER_ENDPOINT=127.0.0.1:4317 run 104 run "$work/plan.json" -e "BASE_URL=$base" --headless --out opentelemetry
grep -q -- "--out opentelemetry: K6_OTEL_GRPC_EXPORTER_ENDPOINT: gRPC is not supported" "$work/err" || fail "$(cat "$work/err")"
K6_OTEL_HEADERS='no value' run 104 run "$work/plan.json" -e "BASE_URL=$base" --headless --out opentelemetry
grep -q -- '--out opentelemetry: K6_OTEL_HEADERS is a list of name=value' "$work/err" || fail "$(cat "$work/err")"
