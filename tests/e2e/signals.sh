#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: signals without a screen: the first drains and writes
# everything, a second cuts; the exit code is 105.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

# shellcheck disable=SC2119
start_target

# A background job of a script ignores SIGINT unless told otherwise.
RUN_UNDER="env --default-signal=INT"
for signal in INT TERM HUP; do
    begin run smoke -e "BASE_URL=$base" --headless --results "$work/r.json"
    until_line 'VUs 1 ' "$work/err"
    kill -s "$signal" "$pid"
    ended 105
    same "status" interrupted "$(query .outcome.status)"
    same "stopped by" "SIG$signal" "$(query .outcome.stopped_by)"
    same "nothing cut off" 0 "$(query .counts.interrupted_requests)"
    grep -q 'TOTAL RESULTS' "$work/out" || fail "no summary"
done

# Two signals: cut at once, in the middle of a think time of a minute.
cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health" }, { "think": "1m" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 3, "duration": "10m" } } }
P
begin run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json"
until_line 'VUs 3 ' "$work/err"
kill -INT "$pid"
until_line 'draining' "$work/err"
kill -INT "$pid"
ended 105
same "iterations cut off" 3 "$(query .counts.interrupted_iterations)"
