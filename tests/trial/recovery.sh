#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the time to recover, against a target whose own is known, for
# recovery_s of 12, 24 and 48: three runs each, at once, each against a target of
# its own.
#
# The truth. A spike strains the target fully (brunt_target_strain 1): the time at
# a place is then divided by 1 - degrade. Once the queue is short again the strain
# falls to 0 in recovery_s, along a line. Twenty users before and after have a
# place each, so that nothing waits, and p95 is p95 without strain, divided by
# 1 - degrade * strain. It is within a fifth of that from a strain of
# (1 - 1/1.2) / degrade on: 0.238 for 0.7. So it is back 0.762 * recovery_s after
# the strain began to fall. The target's own page is asked for the strain four
# times a second, and a line between two of them says when that was, by its clock;
# the time from the end of the spike, as planned, until then is the truth.
#
# It has to lie within what brunt states beside its figure (low_s to high_s).
# RUNS (3) and RECOVERY ("12 24 48") may be set. Seven minutes.
set -eu
export LC_ALL=C
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
runs=${RUNS:-3}
bad=0

# watch: strain and wall time until the shell that asked is gone.
watch() {
    local strain
    while strain=$(curl -sS -m 5 -H 'Accept: text/plain' "$base/v1/metrics" 2>/dev/null); do
        strain=${strain##*brunt_target_strain }
        echo "$EPOCHREALTIME ${strain%%$'\n'*}"
        sleep 0.25
    done
}

# one RECOVERY_S N: a run against a target of its own, in a shell of its own.
one() {
    local hot=$(($1 / 4 + 8)) back=$(($1 + 30))
    work=$work/$1-$2
    mkdir "$work"
    target_pid=
    trap stop_target EXIT
    start_target --model "places=20,service_ms=60,queue=300,degrade=0.7,recovery_s=$1,seed=$2"
    cat >"$work/plan.json" <<P
{ "name": "recovery", "flow": [ { "post": "$base/v1/chat", "name": "Chat",
    "json": { "message": "Are you well again?", "sessionId": "\${vu.uuid}" } }, { "think": "20ms" } ],
  "scenarios": { "s": { "executor": "ramping-vus", "startVUs": 20, "stages": [
    { "duration": "40s", "target": 20 }, { "duration": "0s", "target": 200 }, { "duration": "${hot}s", "target": 200 },
    { "duration": "0s", "target": 20 }, { "duration": "${back}s", "target": 20 } ] } } }
P
    watch >"$work/strain" &
    "$BRUNT" run "$work/plan.json" --headless -q --results "$work/r.json" >"$work/out" 2>"$work/err" </dev/null
}

# judged RECOVERY_S N
judged() {
    local dir=$work/$1-$2 t0 row
    # Of the spike's end, by the wall clock; what brunt says, and of how much.
    # shellcheck disable=SC2016
    row=$(jq -r '((.started | sub("\\.[0-9]+Z"; "Z") | fromdate) + (.started | capture("\\.(?<f>[0-9]+)Z").f | "0." + . | tonumber)) as $began |
        [.insights.recovery[] | select(.after == "load")] as $r |
        if ($r | length) == 1 and $r[0].state == "recovered"
        then $r[0] | "\($began + .start_s) \(.seconds) \(.low_s) \(.high_s) \(.reference.p95) \(.reference.tolerance) \(.confidence)"
        else "" end' "$dir/r.json")
    t0=${row%% *}
    [ -n "$row" ] || {
        echo "$1 $2 WRONG: $(jq -c .insights.recovery "$dir/r.json")"
        return 1
    }
    awk -v rec="$1" -v n="$2" -v t0="$t0" -v row="$row" '
        BEGIN { split(row, f); back = (1 - 1 / 1.2) / 0.7 }
        $1 >= t0 && $2 > 0.9999 { full = $1 - t0 }
        $1 >= t0 && !at && $2 <= back && was > back { at = t + ($1 - t0 - t) * (was - back) / (was - $2) }
        { t = $1 - t0; was = $2 }
        END {
            ok = at && full && f[3] <= at && at <= f[4]
            printf "%10d %4d %8.1f %8.1f %8.1f %8.1f  %3.0f to %3.0f  %4.0f ms, %.0f, %s  %s\n", rec, n, full, full + rec * (1 - back),
                at, f[2], f[3], f[4], f[5], f[6], f[7], ok ? "ok" : "WRONG"
            exit !ok
        }' "$dir/strain"
}

printf '%10s %4s %8s %8s %8s %8s  %-10s  %s\n' recovery_s run strained formula truth brunt stated 'p95, tolerance, confidence'
for recovery in ${RECOVERY:-12 24 48}; do
    tries=()
    for n in $(seq "$runs"); do
        one "$recovery" "$n" &
        tries+=("$!")
    done
    for try in "${tries[@]}"; do
        wait "$try" || fail "a run: $(cat "$work"/*/err)"
    done
    for n in $(seq "$runs"); do
        judged "$recovery" "$n" || bad=1
    done
done
exit "$bad"
