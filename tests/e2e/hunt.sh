#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: brunt hunt, live: a target whose truth is known (four places of
# 100 ms serve 40 chats a second, so their p95 passes 600 ms at about 20 VUs that
# ask at once) is found by the limit on that name, with its probes as evidence;
# the operator takes the wheel and gives it back; what cannot be hunted is refused
# before anything runs.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "http://127.0.0.1:1" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health" }, { "get": "${BASE_URL}/v1/health", "name": "Health" },
            { "post": "${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "How much can it take?", "sessionId": "${vu.uuid}" } } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 1, "duration": "1s", "gracefulStop": "5s" } },
  "thresholds": { "http_req_duration": ["p(95)<9000"], "http_req_duration{name:Chat}": ["p(95)<600"] } }
P
cat >"$work/other.json" <<'P'
{ "name": "o", "flow": [ { "get": "http://127.0.0.1:1/a", "name": "A" } ],
  "flows": { "b": [ { "get": "http://127.0.0.1:1/b", "name": "B" } ] },
  "scenarios": { "a": { "executor": "constant-vus", "vus": 1, "duration": "1s" },
                 "b": { "executor": "constant-vus", "exec": "b", "vus": 1, "duration": "1s" } },
  "thresholds": { "http_req_duration{name:B}": ["p(95)<600"] } }
P

refused() {
    local what=$1
    shift
    run 104 hunt "$@"
    grep -qF -- "$what" "$work/err" || fail "hunt $*: $(cat "$work/err")"
}
refused 'no limit to hunt for: give --limit 500ms' http://127.0.0.1:1/
refused "nothing that scenario 'a' asks has a sample of p95 of B; mend what that" "$work/other.json" a
refused '-u 9 is more than --max-vus 5' "$work/plan.json" -u 9 --max-vus 5
refused 'give one or the other' "$work/plan.json" -u 9 --rate 5
refused "not an option of this command" "$work/plan.json" --stage 1s:5
refused "-e goes with a plan" http://127.0.0.1:1/ --limit 1s -e A=b

start_target --model places=4,service_ms=100,queue=1000,degrade=0

begin hunt "$work/plan.json" -e "BASE_URL=$base" -u 12 --max-vus 200 --quick \
    --headless --socket "$work/s" --results "$work/r.json"
until_status "$pid" '.vus >= 1' --socket "$work/s"
"$BRUNT" ctl --socket "$work/s" vus 3 >/dev/null
until_line 'hunt paused: yours; a takes it back' "$work/err"
until_status "$pid" '.vus == 3' --socket "$work/s"
"$BRUNT" ctl --socket "$work/s" plan >/dev/null
until_line 'the hunt goes on' "$work/err"
code=0
wait "$pid" || code=$?
pid=

query .insights.hunt >"$work/hunt"
if [ "$(jq -r .outcome "$work/hunt")" != found ] && [ "$(query .generator.suspect)" = true ]; then
    echo "this machine is too busy to make such a load: $(jq -r .text "$work/hunt")" >&2
    exit 77
fi
same "exit code" 0 "$code"
jq -e '.outcome == "found" and .quick and (.confirmed | not) and .unit == "VUs" and
       .low < 40 and .high > 5 and .low <= .load and .load <= .high and
       (.probes | length) >= 4 and .probes[0].load == 12 and
       ([.probes[].verdict] | index("holds") != null and index("breaks") != null)' \
    "$work/hunt" >/dev/null || fail "the truth is 20 VUs: $(cat "$work/hunt")"
jq -e '.insights.breaking_point | .by == "hunt" and .limited_by == "latency" and .rule == "p95 of Chat <600 ms" and
       .vus == .load and .rps > 0' "$work/r.json" >/dev/null ||
    fail "the breaking point: $(query .insights.breaking_point)"
jq -e '[.insights.plateaus[].by] | index("hunt") != null and index("plan") == null' "$work/r.json" >/dev/null ||
    fail "whose steps these are: $(query '[.insights.plateaus[].by]')"
grep -qF "$(jq -r .text "$work/hunt")" "$work/out" || fail "the summary does not say it: $(cat "$work/out")"
grep -q 'limited by latency; unconfirmed' "$work/out" || fail "not as it is: $(cat "$work/out")"
same "a line for each probe" "$(jq '.probes | length' "$work/hunt")" \
    "$(grep -cE ' (holds?:|breaks?:|VUs?: not enough) .*\(hunt\)$' "$work/err")"

# Where the checker is there: what a hunt writes is what the schema says.
python=/usr/bin/python3
if "$python" -c 'import jsonschema' 2>/dev/null; then
    "$python" -c '
import json, sys, jsonschema
schema, results = (json.load(open(p, encoding="utf-8")) for p in sys.argv[1:])
jsonschema.validate(results, schema, jsonschema.Draft7Validator)' \
        "$SRCDIR/data/results.schema.json" "$work/r.json" || fail "results do not agree with their schema"
fi

# A rate, and an end of the time before there is an answer.
run 99 hunt "$base/v1/health" --limit 500ms --rate 5 -d 8s --headless --results "$work/r.json"
jq -e '.insights.hunt | .outcome == "unconfirmed" and .unit == "it/s" and .cut_short == "time" and
       (.text | contains("its time was up: give it more (-d)"))' "$work/r.json" >/dev/null ||
    fail "time was up: $(query .insights.hunt)"
same "what ended it" failed "$(query .outcome.status)"

# Nothing is there: that is no breaking point.
run 99 hunt http://127.0.0.1:1/ --limit 500ms --headless --results "$work/r.json"
grep -q 'nothing answered: connection refused; is the service running' "$work/out" ||
    fail "not told why: $(cat "$work/out")"
if grep -q 'break' "$work/err"; then
    fail "nothing broke: $(cat "$work/err")"
fi
jq -e '.insights.hunt | .cut_short == "unreachable" and (.probes | length) == 0' "$work/r.json" >/dev/null ||
    fail "nothing is there: $(query .insights.hunt)"

# What is asked for is not there: no load explains that, and it is said at once.
run 99 hunt "$base/nowhere" --limit 500ms --headless --results "$work/r.json"
grep -q 'the plan fails at 1 VU: HTTP 404 on all .* look with brunt run PLAN -u 1 -i 5' "$work/out" ||
    fail "not told what fails: $(cat "$work/out")"
same "what to do is said once" 1 "$(grep -c 'look with brunt run' "$work/out")"
jq -e '.insights.hunt | .cut_short == "plan" and (.probes | length) <= 1' "$work/r.json" >/dev/null ||
    fail "the plan fails: $(query .insights.hunt)"
jq -e '.outcome.exit_code == 99 and .outcome.status == "failed"' "$work/r.json" >/dev/null ||
    fail "how it ended: $(query .outcome)"
