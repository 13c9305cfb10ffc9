#!/bin/sh
# SPDX-License-Identifier: MIT
#
# This exercises: data/plan.schema.json against the cases that
# tests/unit/test_plan_cases holds the parser to, and against the parser's table
# of keys. Needs Python's jsonschema (Debian: python3-jsonschema).
set -eu
: "${SRCDIR:=.}"
for python in /usr/bin/python3 python3; do
    if "$python" -c 'import jsonschema' 2>/dev/null; then
        exec "$python" "$SRCDIR/tests/scripts/plan_schema.py" "$SRCDIR"
    fi
done
echo "no Python with jsonschema: skipped"
exit 77
