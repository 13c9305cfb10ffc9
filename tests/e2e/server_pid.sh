#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: --server-pid: memory and CPU of the service's process in the
# results, that it is told once when the process goes, and what is refused.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

[ -r /proc/self/stat ] || exit 77

run 104 run "http://127.0.0.1:1/" --headless -d 1s --server-pid 4194304
grep -q 'there is no process 4194304' "$work/err" || fail "a process that is not there: $(cat "$work/err")"
run 104 run "http://127.0.0.1:1/" --headless -d 1s --server-pid node
grep -q -- '--server-pid' "$work/err" || fail "a name is no number: $(cat "$work/err")"

start_target
begin run "$base/v1/health" --headless -u 2 --server-pid "$target_pid" --socket "$work/s" \
    --results "$work/r.json" -d 10m
until_status "$pid" '.state == "running" and .t > 3' --socket "$work/s"
stop_target
until_line 'process [0-9]* is gone' "$work/err"
kill -INT "$pid"
ended 105
same "one event of it" 1 "$(query '[.events[] | select(.type == "server" and .value == "gone")] | length')"
same "as many points as seconds" true "$(query '.series | (.server_memory | length) == (.t | length) and (.server_cpu | length) == (.t | length)')"
same "memory of a small server" true "$(query '[.series.server_memory[] | select(. != null)] | length >= 2 and min > 500000 and max < 2000000000')"
same "CPU" true "$(query '[.series.server_cpu[] | select(. != null)] | min >= 0 and max <= 64')"
same "trends" "p95 error_rate server_memory server_cpu" "$(query '[.insights.trends[].series] | join(" ")')"
same "of seconds nothing is said" "too_short" "$(query '[.insights.trends[].state] | unique | join(" ")')"
same "the machine's memory" true "$(query '.insights.trends[2] |
    .limit > 1000000 and has("full_beyond_s") and .full_s == null and .full_beyond_s == null')"

# Nobody looks: nothing of it.
start_target
run 0 run "$base/v1/health" --headless -q -u 1 -d 2s --results "$work/r.json"
same "no series of the server" false "$(query '.series | has("server_memory")')"
same "no trends of it" "p95 error_rate" "$(query '[.insights.trends[].series] | join(" ")')"

# More than it may be: said when it is seen, once.
run 0 run "$base/v1/health" --headless -u 1 -d 1s --server-pid "$target_pid" --server-limit 100kB --results "$work/r.json"
same "over its limit" 1 "$(query '[.events[] | select(.type == "server" and .value == "over")] | length')"
grep -q "the service's memory is over its limit: .* of 100 kB" "$work/err" || fail "not told: $(cat "$work/err")"
