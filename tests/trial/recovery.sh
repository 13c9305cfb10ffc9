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
# times a second, and a line between two answers says when that was; the time from
# the end of the spike, as planned, until then is the truth.
#
# It has to lie within what brunt states beside its figure (low_s to high_s).
#
# Then an outage, as often: the target gives nobody a place from 25 s to 33 s
# after its start, which its page tells, and turns away who has waited for 5 s.
# The clock of that recovery starts with the second in which the first answer after
# it comes, which takes a fifth of a second at most (seconds are what insight is
# told), and is back at once, or a window later: those who waited are in the first
# one.
#
# RUNS (3) and RECOVERY ("12 24 48 outage") may be set. Nine minutes.
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

# plan SCENARIO: on standard output.
plan() {
    cat <<P
{ "name": "recovery", "flow": [ { "post": "$base/v1/chat", "name": "Chat",
    "json": { "message": "Are you well again?", "sessionId": "\${vu.uuid}" } }, { "think": "20ms" } ],
  "scenarios": { "s": { $1 } } }
P
}

# one RECOVERY_S N: a run against a target of its own, in a shell of its own.
one() {
    local model=degrade=0,db_down=25-33 scenario='"executor": "constant-vus", "vus": 20, "duration": "55s"'
    work=$work/$1-$2
    mkdir "$work"
    target_pid=
    trap stop_target EXIT
    if [ "$1" != outage ]; then
        model=degrade=0.7,recovery_s=$1
        scenario='"executor": "ramping-vus", "startVUs": 20, "stages": [ { "duration": "40s", "target": 20 },
            { "duration": "0s", "target": 200 }, { "duration": "'$(($1 / 4 + 8))'s", "target": 200 },
            { "duration": "0s", "target": 20 }, { "duration": "'$(($1 + 30))'s", "target": 20 } ]'
    fi
    start_target --model "places=20,service_ms=60,queue=300,$model,seed=$2"
    plan "$scenario" >"$work/plan.json"
    curl -sS -H 'Accept: text/plain' "$base/v1/metrics" | sed -n 's/^vi_server_started_at //p' >"$work/started"
    watch >"$work/strain" &
    "$BRUNT" run "$work/plan.json" --headless -q --results "$work/r.json" >"$work/out" 2>"$work/err" </dev/null
}

# row AFTER FILE: when the clock of the recovery started, by the wall, and what
# brunt says of it; nothing, unless there is one of that kind and it is over.
row() {
    # shellcheck disable=SC2016
    jq -r --arg after "$1" '((.started | sub("\\.[0-9]+Z"; "Z") | fromdate) + (.started | capture("\\.(?<f>[0-9]+)Z").f | "0." + . | tonumber)) as $began |
        [.insights.recovery[] | select(.after == $after)] as $r |
        if ($r | length) == 1 and $r[0].state == "recovered"
        then $r[0] | "\($began + .start_s) \(.seconds) \(.low_s) \(.high_s) \(.reference.p95) \(.reference.tolerance) \(.confidence) \(.window_s)"
        else "" end' "$2"
}

# judged RECOVERY_S N
judged() {
    local dir=$work/$1-$2 said after=load
    [ "$1" != outage ] || after=outage
    said=$(row "$after" "$dir/r.json")
    [ -n "$said" ] || {
        echo "$1 $2 WRONG: $(jq -c .insights.recovery "$dir/r.json")"
        return 1
    }
    if [ "$1" = outage ]; then
        awk -v n="$2" -v said="$said" '{
            split(said, f)
            off = f[1] - ($1 / 1000 + 33)
            ok = off > -1.2 && off < 0.3 && f[2] <= f[8] && f[3] == 0
            printf "%10s %4d  begins %.2f s after the target serves again, back in %.1f s, stated %.0f to %.0f  %s\n", "outage", n,
                off, f[2], f[3], f[4], ok ? "ok" : "WRONG"
            exit !ok
        }' "$dir/started"
        return
    fi
    awk -v rec="$1" -v n="$2" -v said="$said" '
        BEGIN { split(said, f); t0 = f[1]; back = (1 - 1 / 1.2) / 0.7 }
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
for recovery in ${RECOVERY:-12 24 48 outage}; do
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
