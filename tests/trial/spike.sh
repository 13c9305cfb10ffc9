#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the spike scenario of the built-in plan against the built-in
# target, in full (3.5 minutes): p95 and errors rise with the spike and are back
# under the plan's limits within 30 s of its end, and stay there.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

# shellcheck disable=SC2119
start_target
run 99 run spike -e "BASE_URL=$base" --headless --results "$work/r.json"
# The load is back at 10 VUs at 130 s; the plan's last fall begins at 190 s.
# shellcheck disable=SC2016
query '.series as $s | [range(0; $s.t | length) |
    {t: $s.t[.], bad: (($s.p95[.] // 0) > 3000 or ($s.errors[.] // 0) > 0.05)}] as $p |
    "worst p95 \([$s.p95[] | numbers] | max) ms, worst second \([$s.errors[] | numbers] | max * 100) % errors",
    "last bad second \([$p[] | select(.bad) | .t] | max)"' | tee "$work/said"
last=$(sed -n 's/^last bad second \([0-9]*\).*/\1/p' "$work/said")
[ "${last:-0}" -gt 40 ] || fail "the spike broke nothing"
[ "$last" -le 160 ] || fail "not recovered 30 s after the spike: last bad second $last"
