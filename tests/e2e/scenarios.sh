#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: scenarios that run together, arrival rates and startTime, in
# the real program against the built-in target: what was sent and what was
# counted are the same by name, and what no VU was free for is counted, too.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

plan() {
    cat >"$work/plan.json"
}

# run_plan EXPECTED_EXIT ARGUMENT...
run_plan() {
    local want=$1
    shift
    run "$want" run "$work/plan.json" "$@" -e "BASE_URL=$base" --headless \
        --results "$work/r.json"
}

start_target --model service_ms=20,places=64

# Two scenarios: VUs from the start, and a rate that begins a second later.
plan <<'P'
{ "name": "two", "env": { "BASE_URL": "" },
  "flows": {
    "default": [ { "get": "${BASE_URL}/v1/health", "name": "Health" }, { "think": "50ms" } ],
    "ask": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
               "json": { "message": "hi", "sessionId": "${vu.uuid}" } } ] },
  "scenarios": { "mixed": [
    { "name": "browse", "executor": "constant-vus", "vus": 3, "duration": "3s",
      "tags": { "kind": "reader" } },
    { "name": "orders", "executor": "constant-arrival-rate", "exec": "ask", "rate": 50,
      "duration": "2s", "startTime": "1s", "preAllocatedVUs": 10, "maxVUs": 20 } ] },
  "thresholds": { "http_req_duration{scenario:orders}": ["p(95)<5000"],
                  "dropped_iterations": ["count<1"],
                  "http_req_intended_duration{scenario:orders}": ["p(95)<5000"] } }
P
run_plan 0
same "lineup" "mixed" "$(query .scenario)"
same "names" "browse orders" "$(query '[.scenarios[].name] | join(" ")')"
same "executors" "constant-vus constant-arrival-rate" \
    "$(query '[.scenarios[].executor] | join(" ")')"
same "flows" "default ask" "$(query '[.scenarios[].exec] | join(" ")')"
same "tags" "reader" "$(query '.scenarios[0].tags.kind')"
same "states" "done done" "$(query '[.scenarios[].state] | join(" ")')"
# 2 s at 50/s: every iteration of the schedule, the first at once, none beyond.
same "iterations by schedule" "100" "$(query '.scenarios[1].iterations')"
same "dropped" "0" "$(query '.scenarios[1].dropped')"
same "sum of iterations" "true" \
    "$(query '([.scenarios[].iterations] | add) == .metrics.iterations.values.count')"
same "one request an iteration" "100" \
    "$(query '.endpoints[] | select(.name == "Chat") | .metrics.http_reqs.values.count')"
same "intended of what has a due time" "100" \
    "$(query '.metrics.http_req_intended_duration.values.count')"
same "intended is not shorter" "true" \
    "$(query '.metrics.http_req_intended_duration.values.max >= (.endpoints[] | select(.name == "Chat") | .metrics.http_req_duration.values.max)')"
same "nothing before startTime" "true" \
    "$(query '.scenarios[1].series | [.t, .rate.achieved] | transpose | map(select(.[0] < 1) | (.[1] // 0) == 0) | all')"
same "no plan before startTime" "true" \
    "$(query '.scenarios[1].series | [.t, .rate.planned, .rate.wanted] | transpose | map(select(.[0] < 1) | .[1] == 0 and .[2] == 0) | all')"
same "the rate as planned" "50" "$(query '.scenarios[1].series.rate.planned[1]')"
same "VUs of the first" "3" "$(query '.scenarios[0].series.vus[1]')"
same "stage of the second" "true" \
    "$(query '[.events[] | select(.type == "stage" and .scenario == "orders")] | length == 1 and .[0].t >= 1')"
counts=$(target_counts)
health=$(query '.endpoints[] | select(.name == "Health") | .metrics.http_reqs.values.count')
same "the target's count of Chat" "100" \
    "$(printf '%s\n' "$counts" | awk '$1 == "/v1/chat" { n += $3 } END { print n + 0 }')"
same "the target's count of Health" "$health" \
    "$(printf '%s\n' "$counts" | awk '$1 == "/v1/health" { n += $3 } END { print n + 0 }')"
grep -q '^\* orders: 50.00 iterations/s for 2s (maxVUs: 10-20, exec: ask, startTime: 1s, gracefulStop: 30s)$' \
    "$work/err" || fail "the start does not say what runs"
grep -q 'browse: stage 1/1 constant 3, VUs [0-3] (plan 3)  orders: starts in 0:0[01]' "$work/err" ||
    fail "no line says who waits"
grep -q 'SCENARIOS' "$work/out" || fail "the summary lists no scenarios"
stop_target

# Too few VUs: what is due while none is free is dropped, and counted.
start_target --model service_ms=200,places=64
plan <<'P'
{ "name": "few", "env": { "BASE_URL": "" },
  "flow": [ { "post": "${BASE_URL}/v1/chat/stream", "name": "Stream", "json": { "message": "hi", "sessionId": "${vu.uuid}" } } ],
  "scenarios": {
    "drop": { "executor": "constant-arrival-rate", "rate": 40, "duration": "2s", "preAllocatedVUs": 1, "maxVUs": 2 },
    "left": { "executor": "constant-arrival-rate", "rate": 40, "duration": "1s", "preAllocatedVUs": 1, "maxVUs": 1, "whenBusy": "queue" },
    "queue": { "executor": "ramping-arrival-rate", "startRate": 20, "preAllocatedVUs": 2, "maxVUs": 2, "whenBusy": "queue",
               "stages": [ { "duration": "1s", "target": 20 }, { "duration": "0s", "target": 0 }, { "duration": "7s", "target": 0 } ] } },
  "thresholds": { "dropped_iterations": ["count<1"] } }
P
run_plan 99 drop
same "begun and dropped make the schedule" "80" \
    "$(query '.scenarios[0] | .iterations + .dropped')"
same "most are dropped" "true" "$(query '.scenarios[0].dropped > 40')"
same "the metric says the same" "true" \
    "$(query '.metrics.dropped_iterations.values.count == .scenarios[0].dropped')"
same "series add up" "true" \
    "$(query '(.scenarios[0].series.dropped | add) == .scenarios[0].dropped')"
same "at most two VUs" "2" "$(query '.scenarios[0].vus_max')"
grep -q 'iterations are dropped' "$work/err" || fail "no warning of what is dropped"

# What a queue still holds at the end was not dropped for want of a VU.
run_plan 99 left
grep -q 'iterations were still in the queue at the end: none of 1 VU' "$work/err" ||
    fail "no warning of what was left in the queue"
grep -q '[0-9] still in the queue at the end, starts late' "$work/out" ||
    fail "the summary does not say what was left in the queue"

# The same with a queue: nothing is dropped, and waiting shows in the intended
# duration, not in the service time.
run_plan 0 queue
same "nothing is dropped" "0" "$(query '.scenarios[0].dropped')"
same "all that was due is done" "20" "$(query '.scenarios[0].iterations')"
same "the wait counts" "true" \
    "$(query '.metrics.http_req_intended_duration.values.max > .metrics.http_req_duration.values.max + 300')"
stop_target

# The menu draws each of them.
plan <<'P'
{ "name": "menu", "flow": [ { "get": "http://127.0.0.1:1/" } ],
  "scenarios": { "all": [
    { "name": "a", "executor": "per-vu-iterations", "vus": 2, "iterations": 3 },
    { "name": "b", "executor": "ramping-arrival-rate", "startRate": 0, "timeUnit": "1m", "preAllocatedVUs": 1, "stages": [ { "duration": "10s", "target": 120 } ], "startTime": "5s" } ] } }
P
run 0 list "$work/plan.json"
grep -q '2 scenarios together' "$work/out" || fail "list does not say that they run together"
grep -q '3 iterations for each of 2 VUs (maxDuration: 10m0s, gracefulStop: 30s)' "$work/out" ||
    fail "list does not describe the first"
grep -q 'Up to 120 iterations/m for 10s over 1 stage (maxVUs: 1, startTime: 5s, gracefulStop: 30s)' "$work/out" ||
    fail "list does not describe the second"
# A check counts them all, and says how many there are to choose from.
run 0 check "$work/plan.json"
grep -q ', 2 scenarios in 1 choice, ' "$work/out" || fail "check does not count what runs together"
