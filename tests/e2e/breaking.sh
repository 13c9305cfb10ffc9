#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the breaking point of a target whose truth is known. Four
# places of 100 ms serve 40 requests a second; N users that ask at once, without
# thinking, wait N / 40 s: p95 passes 600 ms at about 20 of them.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_target --model places=4,service_ms=100,queue=1000,degrade=0
cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "How much can it take?", "sessionId": "${vu.uuid}" } } ],
  "scenarios": {
    "stress": { "executor": "ramping-vus", "startVUs": 4, "gracefulRampDown": "2s", "stages": [
      { "duration": "4s", "target": 4 }, { "duration": "50s", "target": 36 },
      { "duration": "24s", "target": 36 } ] },
    "calm": { "executor": "constant-vus", "vus": 4, "duration": "3s" } },
  "thresholds": { "http_req_duration": ["p(95)<600"] } }
P

# Half as long: the ramp takes 25 s, the level at its end 12 s.
run 99 run "$work/plan.json" stress -e "BASE_URL=$base" --time-scale 0.5 --headless --results "$work/r.json"
query .insights.breaking_point >"$work/point"
jq -e '.limited_by == "latency" and .rule == "p95 <600 ms" and .unit == "VUs" and
       .low < 22 and .high > 16 and .low < .high and .high - .low < 16 and
       .vus > .low and .vus < .high and .worst > 600 and .lasted_s >= 9' \
    "$work/point" >/dev/null || fail "the truth is 20 VUs: $(cat "$work/point")"
grep -q 'BREAKING POINT' "$work/out" || fail "the summary does not say so: $(cat "$work/out")"
grep -qF "$(jq -r .text "$work/point")" "$work/out" || fail "not with the same words: $(cat "$work/out")"

run 0 run "$work/plan.json" calm -e "BASE_URL=$base" --headless --results "$work/r.json"
same "a calm run" null "$(query .insights.breaking_point)"
if grep -q 'BREAKING POINT' "$work/out"; then
    fail "it says that it breaks: $(cat "$work/out")"
fi
