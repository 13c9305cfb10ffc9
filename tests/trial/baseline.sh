#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: --baseline on real runs of SECONDS_EACH (130) seconds. A run
# against the same service is not called worse, one against a service that takes
# half as long again is: p95, by about that much.
set -eu
export LC_ALL=C
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
seconds=${SECONDS_EACH:-130}
[ "$seconds" -ge 100 ] || { echo "SECONDS_EACH: at least 100" >&2; exit 1; }

cat >"$work/plan.json" <<P
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "post": "\${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "Which books on sailing do you have?", "sessionId": "\${vu.uuid}", "context": { "recentHistory": [] } } }, { "think": "20ms" } ],
  "scenarios": { "calm": { "executor": "constant-vus", "vus": 8, "duration": "${seconds}s" } } }
P

# held NAME SERVICE_MS [OPTION...]: a run, its results in NAME.json.
held() {
    local name=$1 service=$2
    shift 2
    start_target --model "places=16,service_ms=$service"
    run 0 run "$work/plan.json" calm -e "BASE_URL=$base" --headless --results "$work/$name.json" "$@"
    stop_target
}

# said NAME: what is said of p95, by how much, and how sure.
said() {
    jq -r '.insights.comparison.levels[0].p95 | "\(.answer) \(.change)"' "$work/$1.json"
}

held first 40
held again 40 --baseline "$work/first.json"
echo "the same service: $(said again)"
[[ $(said again) != worse* ]] || fail "the same service is called worse: $(said again)"
[ "$(jq -r .insights.comparison.answer "$work/again.json")" != worse ] || fail "the same service is called worse"
held slower 60 --baseline "$work/first.json"
echo "half as long again: $(said slower)"
[[ $(said slower) == worse* ]] || fail "a slower service is not called worse: $(said slower)"
jq -e '.insights.comparison.levels[0].p95.change | . > 0.3 and . < 1' "$work/slower.json" >/dev/null ||
    fail "a half more is taken for $(said slower)"
