#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: brunt hunt --rate against the target, whose ten places of 100 ms
# are good for 100 requests a second. Two settings: iterations that ask at once,
# and so evenly (even), and iterations that think for up to two seconds first, so
# that requests come as chance has it and wait for each other long before all
# places are taken (random). The truth is tabulated first: the rate at which p95
# of runs of three minutes at a fixed rate crosses the limit. Each hunt has to
# come within 8 % of it (or one a second), three times of three in under fifteen
# minutes each, and once --quick, in under six. All runs of a table, and all
# hunts of a setting, go on at once, each against a target of its own. Half an
# hour; HUNT_SETTINGS="even random", HUNT_RUNS=3, HUNT_HOLD=180s choose less.
set -eu
export LC_ALL=C
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/trial/hunted.sh
. "$SRCDIR/tests/trial/hunted.sh"

hold=${HUNT_HOLD:-180s}
bad=0

# plan THINK LIMIT RATE: on standard output.
plan() {
    cat <<P
{ "name": "hunt", "env": { "BASE_URL": "" },
  "flow": [ $1 { "post": "\${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "How much can it take?", "sessionId": "\${vu.uuid}" } } ],
  "scenarios": { "s": { "executor": "constant-arrival-rate", "rate": $3, "timeUnit": "1s", "duration": "$hold",
                        "preAllocatedVUs": 500, "maxVUs": 2000 } },
  "thresholds": { "http_req_duration": ["p(95)<$2"] } }
P
}

# one NAME SEED ARGUMENT...: brunt in a folder of that name, whose plan is there,
# against a target of its own; in a shell of its own.
one() {
    work=$work/$1
    target_pid=
    trap stop_target EXIT
    start_target --model "places=10,service_ms=100,queue=100000,degrade=0,seed=$2"
    "$BRUNT" "$3" "$work/plan.json" "${@:4}" -e "BASE_URL=$base" --headless -q --results "$work/r.json" \
        >"$work/out" 2>"$work/err" </dev/null
}

# truth THINK LIMIT RATE...: p95 at these rates; sets at, where it crosses the
# limit. Waiting grows ever steeper with the rate: a line in its logarithm.
truth() {
    local think=$1 limit=$2 rate tries=()
    shift 2
    for rate; do
        mkdir "$work/$rate"
        plan "$think" "$limit" "$rate" >"$work/$rate/plan.json"
        one "$rate" "$rate" run --no-thresholds &
        tries+=("$!")
    done
    for rate; do
        wait "${tries[0]}" || fail "the run at $rate a second: $(cat "$work/$rate/err")"
        tries=("${tries[@]:1}")
        jq -r --arg rate "$rate" '.metrics | "\($rate) \(.http_req_duration.values["p(95)"]) \(.dropped_iterations.values.count // 0)"' \
            "$work/$rate/r.json"
        rm -r "${work:?}/$rate"
    done >"$work/table"
    awk '{ printf "    %4d a second: p95 %7.1f ms, %d dropped\n", $1, $2, $3 }' "$work/table"
    at=$(awk -v limit="$limit" '
        $2 <= limit { rate = $1; p95 = $2 }
        $2 > limit && !over { over = 1; if (NR > 1) at = rate + ($1 - rate) * log(limit / p95) / log($2 / p95) }
        END { if (!at) exit 1; printf "%.1f\n", at }' "$work/table") || fail "it does not cross $limit ms there"
}

# hunt NAME THINK LIMIT [OPTION...]: one hunt; leaves its code.
hunt() {
    local name=$1 code=0
    mkdir "$work/$name"
    plan "$2" "$3" 1 >"$work/$name/plan.json"
    (one "$name" "${name#hunt-}" hunt --rate 40 "${@:4}") || code=$?
    echo "$code" >"$work/$name/code"
}

for setting in ${HUNT_SETTINGS:-even random}; do
    case $setting in
    even) think='' limit=500 rates="90 94 97 98 99 100 101 102 104" ;;
    *) think='{ "think": { "min": "0s", "max": "2s" } },' limit=220 rates="84 87 90 92 94 96 98" ;;
    esac
    echo "$setting: ten places of 100 ms, p95 below $limit ms"
    # shellcheck disable=SC2086
    truth "$think" "$limit" $rates
    echo "    the truth: $at a second"
    for n in $(seq "${HUNT_RUNS:-3}"); do
        hunt "hunt-$n" "$think" "$limit" &
    done
    hunt hunt-9 "$think" "$limit" --quick &
    wait
    for n in $(seq "${HUNT_RUNS:-3}") 9; do
        minutes=15
        [ "$n" -ne 9 ] || minutes=6
        [ -s "$work/hunt-$n/r.json" ] || fail "hunt $n: $(cat "$work/hunt-$n/err")"
        hunted "$at" 1 "$minutes" "$(cat "$work/hunt-$n/code")" "$work/hunt-$n/r.json" || bad=1
        rm -r "$work/hunt-$n"
    done
done
[ "$bad" -eq 0 ] || fail "not all of them"
