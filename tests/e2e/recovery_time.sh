#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: a threshold on recovery_time. A spike falls to a load that is
# still more than the service can do: the run ends as soon as that takes too
# long, with 99, and says why. A run in which nothing was wrong passes, and says
# that. Where limits are on requests of a name alone, a return is measured by
# these, and what a VU asks but once is not waited for. What a recovery does not
# have is refused.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

# Twenty a second: one VU waits 50 ms, thirty wait 1.5 s each.
start_target --model places=1,service_ms=50,queue=1000,degrade=0
plan() {
    cat <<P
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "post": "\${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "Are you well again?", "sessionId": "\${vu.uuid}" } } ],
  "scenarios": {
    "calm": { "executor": "constant-vus", "vus": 1, "duration": "1s" },
    "spike": { "executor": "ramping-vus", "startVUs": 1, "gracefulRampDown": "0s", "stages": [
      { "duration": "1s", "target": 1 }, { "duration": "0s", "target": 60 },
      { "duration": "2s", "target": 60, "name": "spike" }, { "duration": "0s", "target": 30 },
      { "duration": "5m", "target": 30, "name": "after" } ] } },
  "baselines": { "here": { "spike": { "http_req_duration": "p(95)<250" } } },
  "thresholds": { "recovery_time": [ $1 ] } }
P
}
plan '{ "threshold": "max<1s", "abortOnFail": true }' >"$work/plan.json"

run 0 run "$work/plan.json" calm -e "BASE_URL=$base" --headless --results "$work/r.json"
same "nothing was wrong" "true null nothing to recover from" \
    "$(query '.thresholds[0] | "\(.ok) \(.value) \(.why)"')"
grep -q "'max<1s' nothing to recover from" "$work/out" || fail "it says: $(cat "$work/out")"

run 99 run "$work/plan.json" spike -e "BASE_URL=$base" --headless --results "$work/r.json"
same "who ended it" "aborted threshold recovery_time max<1s" \
    "$(query '.outcome | "\(.status) \(.stopped_by)"')"
query '.thresholds[0]' >"$work/limit"
jq -e '.ok == false and .value >= 1000 and .first_failed_s >= 4 and
       (.why | startswith("not back within the "))' \
    "$work/limit" >/dev/null || fail "the threshold is $(cat "$work/limit")"
grep -qF "$(jq -r .why "$work/limit")  (first failed at " "$work/out" || fail "it says: $(cat "$work/out")"
same "what it is about" "load not_recovered" "$(query '.insights.recovery[-1] | "\(.after) \(.state)"')"
same "told as soon as it was known" true \
    "$(query '[.events[] | select(.type == "threshold")][0].text | startswith("threshold recovery_time max<1s failed: ")')"

# A second alone is no baseline; twenty wait a second each.
cat >"$work/named.json" <<'P'
{ "name": "named", "env": { "BASE_URL": "" },
  "vu_setup": [ { "post": "${BASE_URL}/v1/chat", "name": "Login",
                  "json": { "message": "It is me.", "sessionId": "${vu.uuid}" } } ],
  "flow": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "Are you well again?", "sessionId": "${vu.uuid}" } } ],
  "scenarios": {
    "spike": { "executor": "ramping-vus", "startVUs": 1, "gracefulRampDown": "0s", "stages": [
      { "duration": "1s", "target": 1 }, { "duration": "0s", "target": 20 },
      { "duration": "7s", "target": 20, "name": "spike" }, { "duration": "0s", "target": 1 },
      { "duration": "17s", "target": 1, "name": "after" } ] } },
  "thresholds": { "http_req_duration{name:Chat}": [ "p(95)<400" ],
                  "http_req_duration{name:Login}": [ "p(95)<30s" ],
                  "recovery_time": [ "max<1m" ] } }
P
run 99 run "$work/named.json" -e "BASE_URL=$base" --headless --results "$work/r.json"
query '.insights.recovery[-1]' >"$work/named"
jq -e '.after == "load" and .state == "recovered" and .reference.kind == "limit"' "$work/named" >/dev/null ||
    fail "the recovery is $(cat "$work/named")"
same "judged by it" true \
    "$(query '[.thresholds[] | select(.metric == "recovery_time")][0] | .ok and .value != null')"
same "whose limit was not kept" "http_req_duration{name:Chat}" \
    "$(query '[.thresholds[] | select(.ok | not)] | map(.metric) | join(" ")')"
grep -qF "back means p95 of Chat <400 ms, p95 of Login <30.0 s and errors <5.0 % (the limits)" "$work/out" ||
    fail "it says: $(cat "$work/out")"

plan '"p(95)<30s", "max<30"' >"$work/plan.json"
run 104 check "$work/plan.json"
grep -q "recovery_time\[0\]: 'p(95)<30s': of recovery_time the longest has an upper limit.*\"max<30s\"" "$work/out" "$work/err" ||
    fail "it says: $(cat "$work/out" "$work/err")"
grep -q "recovery_time\[1\]: 'max<30' is a limit of 30 ms" "$work/out" "$work/err" ||
    fail "it says: $(cat "$work/out" "$work/err")"
