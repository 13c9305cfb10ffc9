#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the breaking point of a target whose truth is known. Four
# places of 100 ms serve 40 requests a second; N users that ask at once, without
# thinking, wait N / 40 s: p95 passes 600 ms at about 20 of them, of Chat alone:
# between two of these a user asks thirty times whether the target is well, so
# that p95 of all requests says nothing. Below that throughput levels off and has
# no peak, and Little's law holds.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_target --model places=4,service_ms=100,queue=1000,degrade=0
cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flows": {
    "default": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
                   "json": { "message": "How much can it take?", "sessionId": "${vu.uuid}" } } ],
    "busy": [ { "repeat": 30, "do": [ { "get": "${BASE_URL}/v1/health", "name": "Health" } ] },
              { "post": "${BASE_URL}/v1/chat", "name": "Chat",
                "json": { "message": "How much can it take?", "sessionId": "${vu.uuid}" } } ] },
  "scenarios": {
    "stress": { "executor": "ramping-vus", "exec": "busy", "startVUs": 4, "gracefulRampDown": "2s", "stages": [
      { "duration": "4s", "target": 4 }, { "duration": "0s", "target": 12 },
      { "duration": "24s", "target": 12 }, { "duration": "38s", "target": 36 },
      { "duration": "24s", "target": 36 } ] },
    "levels": { "executor": "ramping-vus", "startVUs": 2, "gracefulRampDown": "2s", "stages": [
      { "duration": "6s", "target": 2 }, { "duration": "0s", "target": 3 },
      { "duration": "6s", "target": 3 }, { "duration": "0s", "target": 4 },
      { "duration": "6s", "target": 4 }, { "duration": "0s", "target": 6 },
      { "duration": "6s", "target": 6 }, { "duration": "0s", "target": 9 },
      { "duration": "6s", "target": 9 }, { "duration": "0s", "target": 12 },
      { "duration": "6s", "target": 12 } ] } },
  "thresholds": { "http_req_duration{name:Chat}": ["p(95)<600"] } }
P

# Half as long: the ramp takes 19 s, the levels before and after it 12 s.
run 99 run "$work/plan.json" stress -e "BASE_URL=$base" --time-scale 0.5 --headless --results "$work/r.json"
query .insights.breaking_point >"$work/point"
jq -e '.limited_by == "latency" and .rule == "p95 of Chat <600 ms" and .unit == "VUs" and
       .low < 22 and .high > 16 and .low < .high and .high - .low < 16 and
       .vus > .low and .vus < .high and .worst > 600 and .lasted_s >= 9' \
    "$work/point" >/dev/null || fail "the truth is 20 VUs: $(cat "$work/point")"
grep -q 'BREAKING POINT' "$work/out" || fail "the summary does not say so: $(cat "$work/out")"
grep -qF "$(jq -r .text "$work/point")" "$work/out" || fail "not with the same words: $(cat "$work/out")"

run 0 run "$work/plan.json" levels -e "BASE_URL=$base" --headless --results "$work/r.json"
same "a calm run" null "$(query .insights.breaking_point)"
if grep -q 'BREAKING POINT' "$work/out"; then
    fail "it says that it breaks: $(cat "$work/out")"
fi
query .insights.scaling >"$work/scaling"
jq -e '.levels == 6 and .vus_max > 11 and .peak == null and .bounds.think_s < 0.05 and
       .bounds.rps_max > 30 and .bounds.rps_max < 44 and
       .bounds.knee_vus > 3 and .bounds.knee_vus < 6 and
       (.text | startswith("at most "))' \
    "$work/scaling" >/dev/null || fail "four places are all there is: $(cat "$work/scaling")"
grep -qF "$(jq -r .text "$work/scaling")" "$work/out" || fail "it is not told: $(cat "$work/out")"
same "Little's law at each level" "6 true" \
    "$(query '[.insights.plateaus[].little.holds] | "\(length) \(all)"')"
