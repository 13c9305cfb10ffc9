#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: a run, and its recording read again without a screen: results,
# summary and lines are those of the run, to the bit: of one that was steered
# through the socket, marked, held and paused; of several scenarios, one of them
# an arrival rate, with the service watched; of one that nobody answers; and of
# one that was killed, as far as it was written.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
export XDG_RUNTIME_DIR=$work

# again WHAT: the recording says what the run said.
again() {
    run 0 replay "$work/run.brunt" --headless --results "$work/again.json"
    diff "$work/r.json" "$work/again.json" >"$work/diff" || fail "$1: results differ: $(head -n 20 "$work/diff")"
    diff "$work/live.out" "$work/out" >"$work/diff" || fail "$1: summaries differ: $(head -n 20 "$work/diff")"
    # Lines are of moments, which a recording has one a second of; events are all
    # there.
    diff <(grep '^[0-9:]*  [*!]' "$work/live.err") <(grep '^[0-9:]*  [*!]' "$work/err") >"$work/diff" ||
        fail "$1: events differ: $(head -n 20 "$work/diff")"
}

# keep: what the run printed.
keep() {
    mv "$work/out" "$work/live.out"
    mv "$work/err" "$work/live.err"
}

start_target --model service_ms=20,places=4
files=(--headless --record "$work/run.brunt" --results "$work/r.json" -e "BASE_URL=$base" --seed 7)

begin run spike --time-scale 0.1 "${files[@]}"
until_status "$pid" '.state == "running" and .t >= 1'
"$BRUNT" ctl vus 20 >"$work/ctl"
"$BRUNT" ctl mark "deploy 42" >"$work/ctl"
until_status "$pid" '.t >= 2.5'
"$BRUNT" ctl hold >"$work/ctl"
"$BRUNT" ctl pause >"$work/ctl"
until_status "$pid" '.state == "paused"'
"$BRUNT" ctl pause >"$work/ctl"
"$BRUNT" ctl add 5 >"$work/ctl"
"$BRUNT" ctl hold >"$work/ctl"
"$BRUNT" ctl spike >"$work/ctl"
until_status "$pid" '.t >= 6'
"$BRUNT" ctl plan >"$work/ctl"
"$BRUNT" ctl next >"$work/ctl"
until_status "$pid" '.t >= 8'
"$BRUNT" ctl stop >"$work/ctl"
ended 103
keep
same "the mark is there" 1 "$(query '[.events[] | select(.type == "mark")] | length')"
again "steered"
rm "$work/run.brunt"

cat >"$work/two.json" <<'J'
{ "name": "two", "env": { "BASE_URL": "http://127.0.0.1:1" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health", "checks": { "up": { "status": 200 } } } ],
  "scenarios": { "both": [
    { "name": "browse", "executor": "constant-vus", "vus": 3, "duration": "4s" },
    { "name": "orders", "executor": "constant-arrival-rate", "rate": 20, "duration": "3s", "startTime": "1s",
      "preAllocatedVUs": 2, "maxVUs": 10 } ] },
  "thresholds": { "http_req_duration": ["p(95)<5000"], "checks": ["rate>0.5"] } }
J
run 0 run "$work/two.json" "${files[@]}" --server-pid "$target_pid"
keep
again "several scenarios, with the service watched"
rm "$work/run.brunt"

# Nobody is there: every request is refused.
run 99 run "$work/two.json" "${files[@]}" -e BASE_URL=http://127.0.0.1:1
keep
again "refused"
rm "$work/run.brunt"

# How streams fared is known only when the recording has ended.
run 0 run "$base/v1/health" -i 20 -u 2 "${files[@]:0:5}" --out "json=$work/o.json"
keep
jq -e '.outputs[0].points > 0' "$work/r.json" >/dev/null || fail "$(jq -c .outputs "$work/r.json")"
run 0 replay "$work/run.brunt" --headless --results "$work/again.json"
diff <(jq 'del(.outputs)' "$work/r.json") <(jq . "$work/again.json") >"$work/diff" ||
    fail "streamed: results differ: $(head -n 20 "$work/diff")"
grep -q STREAMED "$work/live.out" || fail "$(cat "$work/live.out")"
! grep STREAMED "$work/out" || fail "a replay streamed nothing"
rm "$work/run.brunt"

begin run "$work/two.json" "${files[@]}"
until_status "$pid" '.t >= 2.5'
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
pid=
run 0 replay "$work/run.brunt" --headless --results "$work/again.json"
grep -q 'that is all there is of the run' "$work/err" || fail "what was killed says nothing: $(cat "$work/err")"
jq -e '.outcome.status == "running" and .duration_s >= 1' "$work/again.json" >/dev/null ||
    fail "of what was killed: $(jq -c '.outcome, .duration_s' "$work/again.json")"
rm "$work/run.brunt"
