#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the verdict of real runs: a calm service is good, one that
# errs is critical with its reasons and what to look at, a plan's own rules hold
# in the place of the built-in ones, and one request is not enough. The exit
# code is the thresholds' alone.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_target --model places=8,service_ms=5,db_down=0
plan() {
    cat <<P
{ "name": "t", "env": { "BASE_URL": "", "WHAT": "/v1/health", "BASELINE": "" },
  "baselines": { "here": { "calm": { "http_req_failed": "rate<0.01", "throughput": ">1000000/s" } },
                 "there": { "*": { "availability": ">=50%" } } },
  "flow": [ { "get": "\${BASE_URL}\${WHAT}", "name": "Get" }, { "think": "20ms" } ],
  "scenarios": {
    "calm": { "executor": "constant-vus", "vus": 2, "duration": "11s" },
    "once": { "executor": "shared-iterations", "vus": 1, "iterations": 1 } },
  "verdict": $1 }
P
}
plan '{}' >"$work/plan.json"

run 0 run "$work/plan.json" once -e "BASE_URL=$base" --headless --results "$work/r.json"
same "one request" "unknown 0" "$(query '.insights.verdict | "\(.level) \(.reasons | length)"')"
grep -q 'not enough to say: 1 request in' "$work/out" || fail "it says: $(cat "$work/out")"

run 0 run "$work/plan.json" calm -e "BASE_URL=$base" --headless --results "$work/r.json"
same "a calm service" "good 0 0" "$(query '.insights.verdict | "\(.level) \(.reasons | length) \(.hints | length)"')"
grep -qF "$(query .insights.verdict.text)" "$work/out" || fail "it says: $(cat "$work/out")"

same "both baselines" "true false true" "$(query '[.insights.baselines[].met] | join(" ")')"
grep -q 'BASELINE OF THE PLAN: there' "$work/out" || fail "not told: $(cat "$work/out")"
run 104 run "$work/plan.json" calm -e "BASE_URL=$base" -e BASELINE=nowhere --headless
grep -q "no baseline is named 'nowhere'; there are: here, there" "$work/err" || fail "it says: $(cat "$work/err")"

# Nothing is there: every request is a 404, and no threshold minds. In a job of
# GitHub Actions that is a warning, its percent signs escaped.
export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$work/step.md"
run 0 run "$work/plan.json" calm -e "BASE_URL=$base" -e WHAT=/none -e BASELINE=there --headless --results "$work/r.json"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
grep -qxF "::warning title=brunt%3A verdict::$(query '.insights.verdict.reasons[0].text' | sed 's/%/%25/g')" "$work/out" || fail "no warning: $(cat "$work/out")"
grep -q '^\*\*Verdict:\*\* critical' "$work/step.md" || fail "no verdict: $(cat "$work/step.md")"
same "all 404" "critical error_rate 1" "$(query '.insights.verdict | "\(.level) \(.reasons[0].figure) \(.reasons[0].value)"')"
grep -qF "$(query '.insights.verdict.reasons[0].text')" "$work/out" || fail "it says: $(cat "$work/out")"
same "a baseline that is missed" "availability false 0" "$(query '.insights.baselines[] | "\(.metric) \(.met) \(.value)"')"
grep -q 'look at: the plan.s requests: ' "$work/out" || fail "no hint: $(cat "$work/out")"

plan '{ "warning": { "p95": { "when": ">0.001", "hint": "the moon" } }, "critical": { "error_rate": false } }' >"$work/plan.json"
run 0 run "$work/plan.json" calm -e "BASE_URL=$base" --headless --results "$work/r.json"
same "an own rule" "warning p95 >0.001 the moon" \
    "$(query '.insights.verdict | "\(.level) \(.reasons[0].figure) \(.reasons[0].when) \(.hints[0])"')"
