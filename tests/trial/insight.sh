#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: what insight says of a target with known parameters. RUNS (3)
# times each: a stall of 3 s every 10 s, and a limit of 120 requests a minute;
# then HEALTHY (40) short healthy runs, of which one may have an alarm.
set -eu
export LC_ALL=C
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
runs=${RUNS:-3} healthy=${HEALTHY:-40} wrong=0 alarms=0

cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "How are you?", "sessionId": "${vu.uuid}" } }, { "think": "200ms" } ],
  "flows": { "slow": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "How are you?", "sessionId": "${vu.uuid}" } }, { "think": "2s" } ] },
  "scenarios": { "stall": { "executor": "constant-vus", "vus": 20, "duration": "45s" },
                 "limit": { "executor": "constant-vus", "vus": 10, "duration": "140s", "exec": "slow" },
                 "calm": { "executor": "constant-vus", "vus": 10, "duration": "15s" } } }
P

# told KIND FILTER: of the run's anomalies of that kind; what fits is "true".
told() {
    local said
    said=$(query "[.insights.anomalies[] | select(.kind == \"$1\")] | $2")
    echo "$1: $said"
    [ "${said##* }" = true ] || wrong=$((wrong + 1))
}

for _ in $(seq "$runs"); do
    start_target --model places=20,service_ms=20,degrade=0,stall_ms=3000,stall_every_s=10
    run 0 run "$work/plan.json" stall -e "BASE_URL=$base" --headless --results "$work/r.json"
    stop_target
    told stall '([.[].figures.lasted_s] | map(tostring) | join(" ")) + " s " +
        (length >= 3 and all(.[]; .figures.lasted_s > 2.6 and .figures.lasted_s < 3.4) | tostring)'
done
for _ in $(seq "$runs"); do
    start_target --model places=20,service_ms=20,degrade=0,rate_limit=120
    run 0 run "$work/plan.json" limit -e "BASE_URL=$base" --headless --results "$work/r.json"
    stop_target
    told rate_limit '"\(.[0].figures.in_window) in \(.[0].figures.window_s) s " +
        (.[0].how == "window" and .[0].figures.in_window > 116 and .[0].figures.in_window < 124 and
         .[0].figures.window_s > 58 and .[0].figures.window_s < 62 | tostring)'
done
[ "$healthy" -eq 0 ] || start_target --model places=20,service_ms=20,degrade=0
for _ in $(seq "$healthy"); do
    run 0 run "$work/plan.json" calm -e "BASE_URL=$base" --headless --results "$work/r.json"
    said=$(query '.insights | [(.breaking_point | select(. != null) | "breaks"),
        (.recovery[] | select(.state != "no_disturbance" and .state != "not_measurable") | "recovery"),
        (.trends[] | select(.state == "growing") | .series), .anomalies[].text] | join(", ")')
    [ -z "$said" ] || { echo "healthy: $said"; alarms=$((alarms + 1)); }
done
echo "$healthy healthy runs, $alarms with an alarm; $wrong figures beyond their bounds"
[ "$wrong" -eq 0 ] && [ "$alarms" -le 1 ]
