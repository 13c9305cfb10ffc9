#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: --server-metrics: memory, CPU and chosen series of a page of
# metrics in status and results, a page that fails, hangs, and comes back, a
# service that begins anew, what is refused before the run, and a signal while
# the first page is waited for.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

echo page >"$work/mode"
start_script metrics.py "$work/mode"
page=$base page_pid=$target_pid target_pid=
trap 'kill "$page_pid" 2>/dev/null || true; cleanup' EXIT

# refused TEXT OPTION...: before the run, with that text.
refused() {
    local text=$1
    shift
    run 104 run "http://127.0.0.1:1/" --headless -d 1s "$@"
    grep -qF -- "$text" "$work/err" || fail "$*: $(cat "$work/err")"
}
refused "--server-metrics: this is no URL" --server-metrics localhost:9090
refused "--server-metrics: no page of metrics comes: " --server-metrics http://127.0.0.1:1/metrics
refused "Content-Type: application/json" --server-metrics "$page/json"
refused "larger than 8388608 bytes" --server-metrics "$page/huge"
refused "did you mean 'go_goroutines'?" --server-metrics "$page/metrics" --server-series go_gorutines
refused "the page has it with other labels alone: {queue=\"a\"}" --server-metrics "$page/metrics" --server-series 'jobs_total{queue="c"}'
refused "there is no such role" --server-metrics "$page/metrics" --server-series go_goroutines=memroy
refused "needs --server-metrics" --server-series go_goroutines
refused "needs --server-metrics" --server-limit 1GB
refused "--server-limit: 'much' is no number of bytes" --server-metrics "$page/metrics" --server-limit much
refused "it is chosen twice" --server-metrics "$page/metrics" --server-series jobs_total --server-series jobs_total=rate
echo error >"$work/mode"
refused "it answers with status 503" --server-metrics "$page/metrics"

# While it is waited for, nothing has begun yet: a signal ends it at once.
for mode in error silent; do
    echo "$mode" >"$work/mode"
    for signal in INT TERM; do
        : >"$work/served"
        # A background job of a script ignores SIGINT unless told otherwise.
        RUN_UNDER="env --default-signal=INT" begin run "http://127.0.0.1:1/" --headless -d 1h --wait 1h \
            --results "$work/r.json" --server-metrics "$page/metrics"
        until_line "^/metrics $mode" "$work/served"
        kill -s "$signal" "$pid"
        ended 105
        same "its outcome" "interrupted by SIG$signal" "$(query '.outcome | .status + " by " + .stopped_by')"
        same "its requests" null "$(query .metrics.http_reqs)"
        rm "$work/r.json"
    done
done
echo page >"$work/mode"

start_target
begin run "$base/v1/health" --headless -u 2 --socket "$work/s" --results "$work/r.json" -d 10m \
    --server-metrics "$page/metrics" --server-series 'jobs_total{queue="b"}' --server-series jobs_total \
    --server-series go_goroutines=value --server-limit 64GB
until_status "$pid" '.server.memory > 100e6 and .server.cpu > 0.01 and .server.limit == 64e9' --socket "$work/s"
until_status "$pid" '.server.series["jobs_total{queue=\"b\"}"] > 0' --socket "$work/s"
# Whatever the page does, the run goes on. That a page is late is no event: what
# the log says is awaited.
for mode in error silent; do
    echo "$mode" >"$work/mode"
    why='status 503'
    [ "$mode" = error ] || why='timed out'
    until_line "no page of the service's metrics: .*$why" "$work/err"
    until_status "$pid" '.server.alive == false and .server.memory == null' --socket "$work/s"
    echo page >"$work/mode"
    until_status "$pid" '.server.alive and .server.memory > 0 and .server.cpu > 0.01' --socket "$work/s"
done
echo anew >"$work/mode"
until_line 'has begun anew' "$work/err"
kill -INT "$pid"
ended 105
# A page of a busy machine may be late once more.
same "events" true "$(query '[.events[] | select(.type == "server") | .value] | join(" ") | test("^(silent back ){2,}restarted")')"
same "why" true "$(query '[.events[] | select(.value == "silent") | .text] | (map(contains("status 503")) | any) and (map(contains("timed out")) | any)')"
# shellcheck disable=SC2016 # jq's own variable
same "as many points as seconds" true "$(query '.series | (.t | length) as $n | [.server_memory, .server_cpu, .server[]] | map(length == $n) | all')"
same "memory grows" true "$(query '[.series.server_memory[] | select(. != null)] | length >= 4 and .[0] < .[-1] and .[0] > 100e6')"
same "with gaps" true "$(query '[.series.server_memory[1:-1][] | select(. == null)] | length >= 1')"
same "CPU" true "$(query '[.series.server_cpu[] | select(. != null)] | length >= 2 and min > 0')"
same "the others, by name" 'jobs_total{queue="b"} jobs_total go_goroutines' "$(query '.series.server | keys_unsorted | join(" ")')"
same "a gauge" "12" "$(query '.series.server.go_goroutines | map(select(. != null)) | unique | join(" ")')"
same "trends" "p95 error_rate server_memory server_cpu" "$(query '[.insights.trends[].series] | join(" ")')"
same "the limit that was said" 64000000000 "$(query '.insights.trends[2].limit')"

# A page without memory, and a service that is not there yet.
run 0 run "$base/v1/health" --headless -q -u 1 -d 1s --results "$work/r.json" \
    --server-metrics "$page/metrics" --server-series jobs_total --server-pid "$page_pid"
same "memory is the process's" true "$(query '[.series.server_memory[] | select(. != null)] | max < 99e6')"
