#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: results files agree with data/results.schema.json: at the end
# of a run with errors and a failing threshold, and of one of several scenarios
# that is steered, in which every part is that a file may have.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

python=/usr/bin/python3
if ! "$python" -c 'import jsonschema' 2>/dev/null; then
    echo "needs python3-jsonschema (./bootstrap check installs it)" >&2
    exit 77
fi
export XDG_RUNTIME_DIR="$work/run"
mkdir -m 700 "$XDG_RUNTIME_DIR"

# agrees FILE: with the schema.
agrees() {
    "$python" - "$SRCDIR/data/results.schema.json" "$1" <<'P'
import json, sys, jsonschema
schema, results = (json.load(open(p, encoding="utf-8")) for p in sys.argv[1:])
jsonschema.Draft7Validator.check_schema(schema)
errors = sorted(jsonschema.Draft7Validator(schema).iter_errors(results), key=str)
for e in errors:
    print("$" + "".join("[%r]" % p for p in e.path), e.message)
sys.exit(1 if errors else 0)
P
}

# ctl WORD...: a command that has to be taken, wholly or in part.
ctl() {
    local got=0
    "$BRUNT" ctl "$@" >"$work/said" 2>&1 || got=$?
    [ "$got" -eq 0 ] || [ "$got" -eq 2 ] || fail "ctl $*: $got: $(cat "$work/said")"
}

start_target --model "stream_error=0.5"
run 99 run load -e "BASE_URL=$base" -e TOKEN=s3cret --time-scale 0.01 --headless --seed 7 \
    --results "$work/r.json"
agrees "$work/r.json"
if grep -q s3cret "$work/r.json" "$work/out" "$work/err"; then
    fail "a secret is in the output"
fi
same "secret" '***' "$(query .env.TOKEN)"
same "seed" 7 "$(query .seed)"
same "stream errors" stream "$(query '[.errors[].kind] | map(select(. == "stream"))[0]')"

cat >"$work/plan.json" <<'P'
{ "name": "several", "env": { "BASE_URL": "", "WHO": "all", "KEY": "k3y" }, "secrets": ["KEY"],
  "flows": {
    "browse": [ { "get": "${BASE_URL}/v1/health", "name": "Health",
                  "headers": { "X-Who": "${WHO}", "X-Key": "${KEY}" },
                  "checks": { "never": { "contains": "no such words" } } }, { "think": "20ms" } ],
    "order": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
                 "json": { "message": "hi", "sessionId": "${vu.uuid}" },
                 "metrics": { "chat_time": "duration", "chat_bad": "failed" } },
               { "get": "${BASE_URL}/nosuch", "name": "Missing",
                 "checks": { "is here": { "status": 200 }, "says ok": { "contains": "ok, ok" } } }, { "get": "http://127.0.0.1:1/", "name": "Nobody" } ] },
  "scenarios": { "mixed": [
    { "name": "browse", "exec": "browse", "executor": "ramping-vus", "startVUs": 2, "gracefulStop": "1s",
      "tags": { "kind": "reader" }, "env": { "WHO": "me" },
      "stages": [ { "duration": "60s", "target": 2, "name": "one" }, { "duration": "60s", "target": 3 } ] },
    { "name": "orders", "exec": "order", "executor": "constant-arrival-rate", "rate": 20, "duration": "120s",
      "preAllocatedVUs": 1, "maxVUs": 2, "gracefulStop": "1s" },
    { "name": "few", "exec": "browse", "executor": "per-vu-iterations", "vus": 2, "iterations": 3,
      "startTime": "100ms" } ] },
  "thresholds": { "http_req_duration": ["p(95)<0.001"], "checks": ["rate>0.5"],
                  "http_reqs{scenario:orders}": [{ "threshold": "rate>1", "window": "10s" }] } }
P
begin run "$work/plan.json" mixed -e "BASE_URL=$base" --headless -q --max-vus 20 --no-thresholds \
    --results "$work/r.json"
until_status "$pid" '.state == "running" and ([.scenarios[].iterations] | add) > 40'
ctl vus 5 --scenario browse
ctl +2000000 --scenario browse
ctl x2 --scenario orders
ctl spike --scenario browse
ctl next --scenario browse
ctl mark "deploy 42"
ctl hold on
ctl hold off
ctl pause
ctl pause off
ctl plan --scenario browse
ctl write "$work/now.json"
agrees "$work/now.json"
ctl stop
ended 103
agrees "$work/r.json"
same "events name their scenario" "browse orders" \
    "$(query '[.events[].scenario // empty] | unique | map(select(. != "few")) | join(" ")')"

# Each check that failed is a line of its own.
same "failed checks" "is here at Missing, never at Health, says ok at Missing" \
    "$(query '[.errors[] | select(.kind == "check") | "\(.check) at \(.mostly_at)"] | sort | join(", ")')"
same "counts of failed checks" "$(query '[.checks[] | select(.fails > 0) | "\(.name) \(.fails)"] | sort | join(", ")')" \
    "$(query '[.errors[] | select(.kind == "check") | "\(.check) \(.count)"] | sort | join(", ")')"
# shellcheck disable=SC2016 # jq's own $c
same "what a check says begins with its name" true \
    "$(query '[.errors[] | select(.kind == "check") | .check as $c | .message | startswith($c + ": ")] | all')"
for part in '.scenarios[0].env.WHO' '.scenarios[0].tags.kind' '.scenarios[1].series.rate' '.scenarios[1].start_late_max_ms' \
    '.errors[] | .sample' '.errors[] | .mostly_at' '.errors[] | .status' '.thresholds[] | .first_failed_s' \
    '.endpoints[] | .no_response.refused' '.metrics.chat_time' '.histograms.chat_time'; do
    [ -n "$(query "[$part] | map(select(. != null)) | .[0] // empty")" ] || fail "the results have no $part: the schema is not tried on it"
done
