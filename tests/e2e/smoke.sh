#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the built-in plan's smoke scenario against the built-in
# target; every check passes, and for each endpoint and status the count equals
# the target's own. The commands that a target says to try.
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

# What a target says to try is true of it: each of its commands runs.
stop_target
"$BRUNT" target --port 0 >"$work/greeting" 2>"$work/target.log" &
target_pid=$!
until_line '^target: http' "$work/greeting"
grep -q '^serves: POST /v1/chat, POST /v1/chat/stream, GET /v1/metrics, GET /v1/health$' "$work/greeting" ||
    fail "what it serves: $(cat "$work/greeting")"
mapfile -t tries < <(sed -n 's/^  brunt //p' "$work/greeting")
same "commands to try" "2" "${#tries[@]}"
for try in "${tries[@]}"; do
    read -ra words <<<"$try"
    run 0 "${words[@]}" --time-scale 0.003 --no-thresholds --headless --results "$work/r.json"
    [ "$(query '.metrics.http_reqs.values.count')" -gt 0 ] || fail "$try: no request"
    same "$try goes there" "$(sed -n 's/^target: \([^ ]*\) .*/\1/p' "$work/greeting")" "$(query .target)"
done
