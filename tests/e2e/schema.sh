#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: results files agree with data/results.schema.json, at the end
# of a run with errors and a failing threshold.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

python=/usr/bin/python3
if ! "$python" -c 'import jsonschema' 2>/dev/null; then
    echo "needs python3-jsonschema (./bootstrap check installs it)" >&2
    exit 77
fi
start_target --model "stream_error=0.5"
run 99 run load -e "BASE_URL=$base" -e TOKEN=s3cret --time-scale 0.01 --headless --seed 7 \
    --results "$work/r.json"
"$python" - "$SRCDIR/data/results.schema.json" "$work/r.json" <<'P'
import json, sys, jsonschema
schema, results = (json.load(open(p, encoding="utf-8")) for p in sys.argv[1:])
jsonschema.Draft7Validator.check_schema(schema)
errors = sorted(jsonschema.Draft7Validator(schema).iter_errors(results), key=str)
for e in errors:
    print("$" + "".join("[%r]" % p for p in e.path), e.message)
sys.exit(1 if errors else 0)
P
if grep -q s3cret "$work/r.json" "$work/out" "$work/err"; then
    fail "a secret is in the output"
fi
same "secret" '***' "$(query .env.TOKEN)"
same "seed" 7 "$(query .seed)"
same "stream errors" stream "$(query '[.errors[].kind] | map(select(. == "stream"))[0]')"
