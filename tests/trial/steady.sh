#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: ten minutes at full speed: memory and descriptors of the last
# minute are within 2 % of the second minute's. MINUTES (10), VUS (50) may be set.
# Needs nginx.
set -eu
export LC_ALL=C
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/witness.sh
. "$SRCDIR/tests/e2e/witness.sh"
minutes=${MINUTES:-10}
[ "$minutes" -ge 3 ] || { echo "MINUTES: at least 3" >&2; exit 1; }

start_nginx "\$status" 'access_log off; location / { return 200 "ok"; }'
cat >"$work/plan.json" <<P
{ "name": "steady", "flow": [ { "get": "$base/", "name": "Get", "checks": { "is 200": { "status": 200 } } } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": ${VUS:-50}, "duration": "${minutes}m" } } }
P
begin run "$work/plan.json" --headless --results "$work/r.json"
began=$SECONDS
# Once a second: which it is, KiB resident, descriptors.
while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    # What it has when it ends does not count.
    echo "$((SECONDS - began)) $(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status" 2>/dev/null) $(find "/proc/$pid/fd" 2>/dev/null | wc -l)" >>"$work/seen"
done
ended 0
awk -v minutes="$minutes" '
    NF == 3 { m = int($1 / 60) + 1; n[m]++; kib[m] += $2; fds[m] += $3 }
    END {
        for (m = 1; m <= minutes; m++) printf "minute %2d: %.0f KiB, %.1f descriptors\n", m, kib[m] / n[m], fds[m] / n[m]
        k = kib[minutes] / n[minutes] / (kib[2] / n[2]); f = fds[minutes] / n[minutes] / (fds[2] / n[2])
        printf "the last minute beside the second: memory %.2f %%, descriptors %.2f %%\n", (k - 1) * 100, (f - 1) * 100
        exit !(k <= 1.02 && k >= 0.98 && f <= 1.02 && f >= 0.98)
    }' "$work/seen" || fail "it does not stay as it is"
echo "$(query '.metrics.http_reqs.values.count') requests"
