#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: Digest authentication against a server that reckons by itself,
# in both lanes: each exchange is a request in the counts, as the server has it.
# shellcheck disable=SC2016 # ${…} in plans
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_script digest.py 'open sesame'

for lane in direct libcurl; do
    cat >"$work/$lane.json" <<P
{ "env": { "BASE_URL": "", "KEY": "" }, "secrets": ["KEY"],
  "http": { "lane": "$lane", "auth": { "digest": { "user": "me", "password": "\${KEY}" } } },
  "flow": [ { "get": "\${BASE_URL}/MD5/$lane?q=1", "checks": { "in": { "status": 200 } } },
            { "post": "\${BASE_URL}/SHA-256/$lane", "body": "text", "checks": { "in": { "status": 200 } } } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 2, "iterations": 10 } },
  "thresholds": { "checks": ["rate==1"], "http_req_failed": ["rate==0"] } }
P
    run 0 run "$work/$lane.json" -e "BASE_URL=$base" -e "KEY=open sesame" --headless \
        --results "$work/r.json"
    same "requests over $lane" 40 "$(query .metrics.http_reqs.values.count)"
    same "challenges over $lane" 10 "$(grep -c "^GET /MD5/$lane?q=1  401" "$work/served")"
    same "answers over $lane" 10 "$(grep -c "^GET /MD5/$lane?q=1  200" "$work/served")"
    same "challenges of a POST" 10 "$(grep -c "^POST /SHA-256/$lane text 401" "$work/served")"
    same "answers of a POST" 10 "$(grep -c "^POST /SHA-256/$lane text 200" "$work/served")"
    same "all that came" 40 "$(grep -c " /[^ ]*/$lane" "$work/served")"
done

# Wrong: what the server makes of it is the failure.
run 99 run "$work/direct.json" -e "BASE_URL=$base" -e "KEY=wrong" --headless --results "$work/r.json"
same "wrong answers" 20 "$(grep -c ' 403$' "$work/served")"
same "failures" 0.5 "$(query .metrics.http_req_failed.values.rate)"
