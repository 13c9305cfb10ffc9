#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: a process that was stopped missed nothing: VUs that the plan
# had meanwhile do not begin when it goes on, a request under way is not charged
# with the stop and does not time out by it, and the gap is told.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_target --model service_ms=1500,places=300,queue=300

# Two VUs that are always in a request; two hundred would come, and go again,
# while the process stands still for longer than a request may take.
cat >"$work/plan.json" <<'P'
{ "name": "gap", "env": { "BASE_URL": "" },
  "http": { "timeout": "4s" },
  "flow": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "What does a gap cost?", "sessionId": "${vu.uuid}",
                        "context": { "recentHistory": [] } } } ],
  "scenarios": { "s": { "executor": "ramping-vus", "startVUs": 2, "stages": [
    { "duration": "6s", "target": 2 }, { "duration": "0s", "target": 200 },
    { "duration": "500ms", "target": 200 }, { "duration": "0s", "target": 2 },
    { "duration": "10m", "target": 2 } ] } } }
P
begin run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json"
until_line 'VUs 2 ' "$work/err"
kill -STOP "$pid"
# Time is what this is about: no event tells that it has passed.
sleep 8
kill -CONT "$pid"
# The first line after it.
seen=$(wc -l <"$work/err")
timeout 30 tail -n "+$((seen + 1))" -f "$work/err" 2>/dev/null | grep -q -m1 'VUs' || fail "no line after the stop"
kill -TERM "$pid"
ended 105
same "gaps told" 1 "$(query '[.events[] | select(.type == "gap")] | length')"
same "failed requests" 0 "$(query '.metrics.http_req_failed.values.passes // 0')"
# Each of the two VUs may have made a few; the 200 would have made as many more.
[ "$(query '.metrics.iterations.values.count')" -lt 50 ] || fail "VUs of the missed time began"
[ "$(query '.metrics.vus.values.max // 2')" -le 2 ] || fail "more VUs than planned"
query '.metrics.http_req_duration.values.max < 7000' | grep -q true ||
    fail "a request was charged with the stop"
query '.metrics.iteration_duration.values.max < 7000' | grep -q true ||
    fail "an iteration was charged with the stop"
