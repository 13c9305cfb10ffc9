#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: each executor once in real time, alone and together: as many
# iterations as it promises, told apart by scenario and tag; --rps; flags that
# make no sense with several.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_target
cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "", "WHO": "nobody" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health", "headers": { "X-Who": "${WHO}" },
              "checks": { "up": { "status": 200 } } } ],
  "scenarios": {
    "shared": { "executor": "shared-iterations", "vus": 3, "iterations": 20 },
    "each": { "executor": "per-vu-iterations", "vus": 3, "iterations": 4 },
    "rate": { "executor": "constant-arrival-rate", "rate": 50, "duration": "1s", "preAllocatedVUs": 20 },
    "ramp": { "executor": "ramping-arrival-rate", "startRate": 0, "preAllocatedVUs": 5, "maxVUs": 20,
              "stages": [ { "duration": "1s", "target": 40 } ] },
    "all": [
      { "name": "first", "executor": "per-vu-iterations", "vus": 2, "iterations": 5,
        "env": { "WHO": "me" }, "tags": { "team": "a" } },
      { "name": "later", "executor": "constant-arrival-rate", "rate": 30, "timeUnit": "500ms",
        "duration": "1s", "preAllocatedVUs": 20, "startTime": "500ms", "tags": { "team": "b" } },
      { "name": "last", "executor": "shared-iterations", "vus": 2, "iterations": 7, "startTime": "1s" } ]
  },
  "thresholds": { "checks": ["rate==1"] } }
P

# begun WANTED: iterations done and dropped, as the results have them.
begun() {
    same "iterations begun or dropped" "$1" \
        "$(query '.metrics.iterations.values.count + (.metrics.dropped_iterations.values.count // 0)')"
    same "requests" "$(query .metrics.iterations.values.count)" \
        "$(query .metrics.http_reqs.values.count)"
}

for pair in shared:20 each:12 rate:50 ramp:20; do
    run 0 run "$work/plan.json" "${pair%%:*}" -e "BASE_URL=$base" --headless -q --results "$work/r.json"
    begun "${pair##*:}"
    case $pair in
    rate:* | ramp:*)
        same "timed from when they were due" "$(query .metrics.http_reqs.values.count)" \
            "$(query .histograms.http_req_intended_duration | jq '[.[][1]] | add')"
        grep -q http_req_intended_duration "$work/out" || fail "no intended duration in the summary"
        ;;
    *)
        same "no due time" "null" "$(query .metrics.http_req_intended_duration)"
        ;;
    esac
done

# Half the time, the same rate.
run 0 run "$work/plan.json" rate -e "BASE_URL=$base" --headless -q --time-scale 0.5 --results "$work/r.json"
begun 25

# Together: each has its own, by name and by tag.
jq '.thresholds += {
      "iterations{scenario:first}": ["count==10"], "iterations{scenario:last}": ["count==7"],
      "http_reqs{scenario:first}": ["count==10"], "http_reqs{team:a}": ["count==10"],
      "iterations{team:b}": ["count<=60"], "http_reqs{scenario:last}": ["count==7"],
      "checks{scenario:last}": ["rate==1"],
      "http_req_intended_duration{scenario:later}": ["min>0"] }' \
    "$work/plan.json" >"$work/all.json"
run 0 run "$work/all.json" all -e "BASE_URL=$base" --headless -q --results "$work/r.json"
begun 77

same "its own variables" '{"WHO":"me"} {}' "$(jq -r '.scenarios[:2] | map(.env | tojson) | join(" ")' "$work/r.json")"
jq '.secrets = ["WHO"]' "$work/all.json" >"$work/secret.json"
run 0 run "$work/secret.json" all -e "BASE_URL=$base" --headless -q --results "$work/r.json"
same "a secret of its own" '{"WHO":"***"}' "$(jq -c '.scenarios[0].env' "$work/r.json")"

# Every tenth VU is busy for a second: four or five of sixteen at a time, so one
# is free for each that is due, though not always in the worker that sees it due.
cat >"$work/part.json" <<P
{ "name": "part",
  "flow": [ { "random": [
      { "weight": 1, "do": [ { "get": "$base/v1/health", "name": "Slow" }, { "think": "1s" } ] },
      { "weight": 9, "do": [ { "get": "$base/v1/health", "name": "Fast" } ] } ] } ],
  "scenarios": { "s": { "executor": "constant-arrival-rate", "rate": 40, "duration": "5s",
                        "preAllocatedVUs": 16, "maxVUs": 16 } } }
P
run 0 run "$work/part.json" -w 8 --seed 7 --headless -q --results "$work/r.json"
begun 200
same "dropped while a VU is free" 0 "$(query '.scenarios[0].dropped')"

# VUs that cannot log in are why: maxVUs is no remedy.
jq '.vu_setup = [ { "get": "'"$base"'/nothing", "checks": { "in": { "status": 200 } } } ]
    | .scenarios.s.duration = "1s" | .scenarios.s.maxVUs = .scenarios.s.preAllocatedVUs' \
    "$work/part.json" >"$work/login.json"
run 107 run "$work/login.json" -w 2 --headless -q --results "$work/r.json"
same "all that were due are dropped" 40 "$(query '.scenarios[0].dropped')"
query '.events[].text' | grep -q "none of 16 VUs is free: 16 VUs are still in vu_setup" ||
    fail "why iterations are dropped: $(query '.events[].text')"
query '.outcome.text' | grep -q '^no iteration ever began: vu_setup failed [0-9]* times$' ||
    fail "nothing says that no iteration began: $(query '.outcome.text')"
query '.events[].text' | grep -q 'vu_setup failed: a VU begins no iteration' ||
    fail "no event of a vu_setup that fails"

same "nobody was let in" failed "$(query .outcome.status)"
# One that lets nobody in or out is no better.
jq '.vu_setup = [ { "think": "1m" } ] | .scenarios.s = { "executor": "constant-vus", "vus": 2,
    "duration": "1s", "gracefulStop": "0s" }' "$work/part.json" >"$work/hang.json"
run 107 run "$work/hang.json" --headless -q --results "$work/r.json"
query '.outcome.text' | grep -q '^no iteration ever began: no vu_setup came to its end$' ||
    fail "nothing says that no vu_setup ended: $(query '.outcome.text')"

# Flags replace one executor, not several.
run 104 run "$work/plan.json" all -e "BASE_URL=$base" -u 5 -d 1s --headless
grep -q "runs 3 at once" "$work/err" || fail "-u on several does not say why"
run 104 run "$work/plan.json" rate -e "BASE_URL=$base" -u 5 --headless
grep -q "at a rate" "$work/err" || fail "-u alone on a rate does not say why"
run 0 run "$work/plan.json" rate -u 2 -i 6 -e "BASE_URL=$base" --headless -q --results "$work/r.json"
begun 6

# 31 requests at 20 a second take a second and a half, whoever sends them.
run 0 run "$work/plan.json" shared -e "BASE_URL=$base" -u 5 -i 31 -w 2 --rps 20 --headless -q \
    --results "$work/r.json"
begun 31
same "not faster than the cap" "true" "$(query '.duration_s >= 1.5')"

# What a cap holds back it says: in the loss, and beside the generator.
jq '.scenarios.s = { "executor": "constant-arrival-rate", "rate": 100, "duration": "1s",
                     "preAllocatedVUs": 2, "maxVUs": 2 }' "$work/part.json" >"$work/cap.json"
run 0 run "$work/cap.json" --rps 10 --headless --results "$work/r.json"
query '.events[].text' | grep -q 'none of 2 VUs is free: --rps 10 holds their requests back' ||
    fail "the cap is not named where iterations are dropped: $(query '.events[].text')"
grep -q 'healthy, but --rps 10 held back [0-9]* requests' "$work/out" ||
    fail "the summary does not name the cap"

# A run is over when its last iteration is, and its rates are of that time: one
# VU thinks three times 170 ms, so a run that was noticed at the next tick would
# be 90 ms too long. A machine that stalls may do that, too: one of five tries
# is enough.
cat >"$work/think.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health" }, { "think": "170ms" } ],
  "scenarios": { "s": { "executor": "per-vu-iterations", "vus": 1, "iterations": 3 } } }
P
exact=
for _ in 1 2 3 4 5; do
    run 0 run "$work/think.json" -e "BASE_URL=$base" --headless -q --results "$work/r.json"
    same "a rate is a count over active time" "true" \
        "$(query '.active_s * .metrics.http_reqs.values.rate - .metrics.http_reqs.values.count | fabs < 0.01')"
    same "active time has all iterations in it, and the run all of it" "true" \
        "$(query '.metrics.iteration_duration.values.avg * 3 / 1000 <= .active_s + 0.001 and .active_s <= .duration_s')"
    exact=$(query '.active_s - .metrics.iteration_duration.values.avg * 3 / 1000 < 0.05')
    [ "$exact" = false ] || break
done
same "active time ends with the last iteration" "true" "$exact"
