#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: signals without a screen: the first drains and writes
# everything, a second cuts; the exit code is 105.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

# shellcheck disable=SC2119
start_target

for signal in INT TERM HUP; do
    : >"$work/err"
    # A background job of a script ignores SIGINT unless told otherwise.
    env --default-signal=INT "$BRUNT" run smoke -e "BASE_URL=$base" --headless \
        --results "$work/r.json" >"$work/out" 2>"$work/err" &
    pid=$!
    until_line 'VUs 1 ' "$work/err"
    kill -s "$signal" "$pid"
    code=0
    wait "$pid" || code=$?
    same "exit code after SIG$signal" 105 "$code"
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
: >"$work/err"
env --default-signal=INT "$BRUNT" run "$work/plan.json" -e "BASE_URL=$base" --headless \
    --results "$work/r.json" >"$work/out" 2>"$work/err" &
pid=$!
until_line 'VUs 3 ' "$work/err"
kill -INT "$pid"
until_line 'draining' "$work/err"
kill -INT "$pid"
code=0
wait "$pid" || code=$?
same "exit code after two" 105 "$code"
same "iterations cut off" 3 "$(query .counts.interrupted_iterations)"
