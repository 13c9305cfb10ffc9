#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the stress scenario of the built-in plan against the built-in
# target: it breaks (p95 over the plan's 3 s, or errors over 5 %, for three
# points in a row) between 50 and 80 VUs, and its own answer holds that load.
# SCALE=1 is the scenario in full, 26
# minutes; the default takes about seven.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

# shellcheck disable=SC2119
start_target
run 99 run stress -e "BASE_URL=$base" --time-scale "${SCALE:-0.25}" --headless --results "$work/r.json"
# shellcheck disable=SC2016
query '.series as $s | [range(0; $s.t | length) |
    {t: $s.t[.], vus: $s.vus[.], bad: (($s.p95[.] // 0) > 3000 or ($s.errors[.] // 0) > 0.05),
     p95: $s.p95[.], errors: $s.errors[.]}] as $p |
    [range(2; $p | length) | select($p[.].bad and $p[. - 1].bad and $p[. - 2].bad) | $p[. - 2]][0] as $first |
    [$p[] | select(.vus == 100)] as $top |
    "breaks at \($first.vus) VUs (\($first.t) s)",
    "at 100 VUs: median p95 \([$top[].p95 | numbers] | sort | .[length / 2 | floor]) ms, " +
    "errors \([$top[].errors | numbers] | add / length * 100) %"' | tee "$work/said"
vus=$(sed -n 's/^breaks at \([0-9]*\) VUs.*/\1/p' "$work/said")
if [ "${vus:-0}" -lt 50 ] || [ "$vus" -gt 80 ]; then
    fail "it breaks at ${vus:-no} VUs, not between 50 and 80"
fi
query '.insights.breaking_point | .text, "\(.low) \(.high) \(.vus)"' | tee "$work/point"
query .insights.breaking_point | jq -e --argjson seen "$vus" \
    '.low - 5 <= $seen and $seen <= .high + 5 and .vus > 50 and .vus < 80' >/dev/null ||
    fail "by the series it breaks at $vus VUs: $(cat "$work/point")"
