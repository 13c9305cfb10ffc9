#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: brunt hunt against the target with three capacities, whose
# breaking points are near 20, 60 and 300 VUs. The truth is tabulated first: the
# number of VUs at which p95 of runs of a minute at a fixed load crosses the
# limit. Each hunt has to come within 8 % of it (or one VU), three times of three
# in under fifteen minutes each, and once --quick, in under six. Some two hours;
# HUNT_SETTINGS="20 60 300", HUNT_RUNS=3 and HUNT_HOLD=60s choose less.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/trial/hunted.sh
. "$SRCDIR/tests/trial/hunted.sh"

hold=${HUNT_HOLD:-60s}
bad=0

# near VUS PLACES LIMIT: places of 100 ms, so that N VUs wait N / places / 10 s.
plan() {
    cat >"$work/plan.json" <<P
{ "name": "hunt", "env": { "BASE_URL": "" },
  "flow": [ { "post": "\${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "How much can it take?", "sessionId": "\${vu.uuid}" } } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 1, "duration": "10s" } },
  "thresholds": { "http_req_duration": ["p(95)<$1"] } }
P
}

# truth NEAR LIMIT: p95 at five loads, and where a line between the two around
# the limit crosses it.
truth() {
    local share vus
    : >"$work/table"
    for share in 80 90 100 110 120; do
        vus=$(($1 * share / 100))
        "$BRUNT" run "$work/plan.json" -e "BASE_URL=$base" -u "$vus" -d "$hold" --headless -q \
            --no-thresholds --results "$work/r.json" >"$work/out" 2>"$work/err" </dev/null ||
            fail "the run at $vus VUs: $(cat "$work/err")"
        echo "$vus $(query '.metrics.http_req_duration.values["p(95)"]')" >>"$work/table"
    done
    awk -v limit="$2" '
        { printf "    %4d VUs  p95 %7.1f ms\n", $1, $2 >"/dev/stderr" }
        $2 <= limit { vus = $1; p95 = $2 }
        $2 > limit && !over { over = 1; if (NR > 1) at = vus + ($1 - vus) * (limit - p95) / ($2 - p95) }
        END { if (!at) exit 1; printf "%.1f\n", at }' "$work/table"
}

# one_hunt TRUTH NEAR MINUTES [OPTION...]: from a load that is near.
one_hunt() {
    local at=$1 near=$2 minutes=$3 code=0
    shift 3
    "$BRUNT" hunt "$work/plan.json" -e "BASE_URL=$base" -u $((near * 2 / 5)) --max-vus 2000 \
        --headless -q --results "$work/r.json" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
    hunted "$at" 1 "$minutes" "$code" "$work/r.json" || bad=1
}

for near in ${HUNT_SETTINGS:-20 60 300}; do
    case $near in
    20) places=4 limit=550 ;;
    60) places=10 limit=650 ;;
    *) near=300 places=40 limit=800 ;;
    esac
    plan "$limit"
    start_target --model "places=$places,service_ms=100,queue=100000,degrade=0"
    echo "near $near: $places places of 100 ms, p95 below $limit ms"
    at=$(truth "$near" "$limit") || fail "the truth is not near $near: $(cat "$work/table")"
    echo "    the truth: $at VUs"
    for _ in $(seq "${HUNT_RUNS:-3}"); do
        one_hunt "$at" "$near" 15
    done
    one_hunt "$at" "$near" 6 --quick
    stop_target
done
[ "$bad" -eq 0 ] || fail "not all of them"
