#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the built-in plan's smoke scenario against the built-in
# target; every check passes, and for each endpoint and status the count equals
# the target's own.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

# shellcheck disable=SC2119
start_target
run 0 run smoke -e "BASE_URL=$base" --time-scale 0.1 --headless --results "$work/r.json"
counted=$(target_counts)

same "schema" "brunt-results/1" "$(query .schema)"
same "status" "passed" "$(query .outcome.status)"
same "failed checks" "0" "$(query '[.checks[].fails] | add')"
same "checks that ran" "8" "$(query '[.checks[] | select(.passes > 0)] | length')"
same "errors" "0" "$(query '.errors | length')"

# Endpoint names of the plan, as the target knows them; setup asks for health.
# shellcheck disable=SC2016
ours=$(query '.endpoints[] | .name as $n | .statuses | to_entries[] |
    "\({"ChatRequest": "/v1/chat", "ChatStream": "/v1/chat/stream",
        "Metrics": "/v1/metrics"}[$n] // "/v1/health") \(.key) \(.value)"' | sort)
same "counts" "$counted" "$ours"
same "sum over endpoints" "$(query '.metrics.http_reqs.values.count')" \
    "$(query '[.endpoints[] | (.statuses[], .no_response[])] | add')"
grep -q 'THRESHOLDS' "$work/out" || fail "no summary"
grep -q 'req/s' "$work/err" || fail "no line a second"
