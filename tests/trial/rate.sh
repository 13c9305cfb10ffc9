#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: arrival rates keep their schedule: what nginx's log counts in
# each second is within 1 % of what was due in it, for constant rates up to
# 20,000 a second with one worker on one core, and for a ramp. How late
# iterations began is reported. A rate that the machine's nginx cannot take shows
# as dropped iterations, and is said.
#
# RATES (500 2000 5000 10000 20000) may be set. Needs nginx.
set -eu
export LC_ALL=C
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/witness.sh
. "$SRCDIR/tests/e2e/witness.sh"
needs_two_cores
bad=0

# scenario TEXT: runs it; $work/times has the log's instants, in the order of
# time.
scenario() {
    NGINX_CONNECTIONS=2000 NGINX_UNDER="taskset -c 0" start_nginx "\$msec" 'location / { return 200 "ok"; }'
    cat >"$work/plan.json" <<P
{ "name": "rate", "flow": [ { "get": "$base/", "name": "Get" } ], "scenarios": { "s": { $1 } } }
P
    taskset -c 1 "$BRUNT" run "$work/plan.json" -w 1 --headless --results "$work/r.json" >"$work/out" 2>"$work/err" ||
        fail "brunt: $(cat "$work/err")"
    stop_nginx
    sort -n "$work/access.log" >"$work/times"
    late=$(query '.scenarios[0] | "begun late p99 \(.start_late_p99_ms) ms, max \(.start_late_max_ms) ms"')
    dropped=$(query '.scenarios[0].dropped')
    same "requests, at the server" "$(wc -l <"$work/times")" "$(query '.metrics.http_reqs.values.count')"
}

# judge NAME START-RATE END-RATE SECONDS: of each second, counted from the first
# request. A second begins where it begins for the server, up to some ms late:
# one request more or fewer is allowed besides.
judge() {
    awk -v a="$2" -v b="$3" -v long="$4" '
        NR == 1 { t0 = $1 }
        { n[int($1 - t0)]++ }
        END {
            for (s = 0; s < long; s++) {
                due = a + (b - a) * (s + 0.5) / long
                off = (n[s] - due) / due * 100
                worst = (off < 0 ? -off : off) > worst ? (off < 0 ? -off : off) : worst
                if (n[s] - due > due / 100 + 1 || due - n[s] > due / 100 + 1) wrong++
            }
            printf "%d seconds, off by %.2f %% at most, %d of them by more than 1 %%; ", long, worst, wrong
            exit wrong > 0
        }' "$work/times" >"$work/said" || bad=1
    echo "$1: $(cat "$work/said")$late, $dropped dropped"
    [ "$dropped" = 0 ] || { bad=1; echo "  the service did not keep up: no schedule to judge"; }
}

for rate in ${RATES:-500 2000 5000 10000 20000}; do
    scenario "\"executor\": \"constant-arrival-rate\", \"rate\": $rate, \"duration\": \"10s\", \"preAllocatedVUs\": 100, \"maxVUs\": 1000"
    judge "$rate a second" "$rate" "$rate" 10
done
scenario '"executor": "ramping-arrival-rate", "startRate": 500, "preAllocatedVUs": 100, "maxVUs": 1000, "stages": [ { "duration": "10s", "target": 4500 } ]'
judge "500 to 4,500 a second" 500 4500 10
exit "$bad"
