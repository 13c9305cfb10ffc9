#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: a run whose disk hangs. The run goes on, the seconds that are
# put together in its recording are told and counted, the summary does not wait,
# and once the disk takes the rest, a replay has the same figures; whoever does
# not want to wait for the disk presses Ctrl-C.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_target --model places=8,service_ms=5
cat >"$work/plan.json" <<'P'
{ "name": "shop", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health" }, { "think": "20ms" } ],
  "scenarios": { "long": { "executor": "constant-vus", "vus": 2, "duration": "600s" } } }
P
export SLOW_DISK=$work/disk
marks=0

# hang: a run, up to where too much waits for its disk. A mark is a frame of its
# own, so that this takes no sixteen seconds.
hang() {
    BRUNT=$BUILDDIR/tests/support/slow_disk begin run "$work/plan.json" long -e "BASE_URL=$base" \
        --headless --socket "$work/s" --results "$work/r.json"
    until_status "$pid" '.t >= 0.2' --socket "$work/s"
    mkfifo "$SLOW_DISK"
    marks=0
    until grep -q 'the disk is slow: seconds are put together in the recording' "$work/err"; do
        [ "$marks" -lt 200 ] || fail "nothing waits: $(cat "$work/err")"
        marks=$((marks + 1))
        "$BRUNT" ctl mark "m$marks" --socket "$work/s" >/dev/null
    done
    # And a second of which nothing is told by then.
    t=$("$BRUNT" ctl status --json --socket "$work/s" | jq .t)
    until_status "$pid" ".t > $t + 1.2" --socket "$work/s"
    "$BRUNT" ctl stop --socket "$work/s" >/dev/null
    until_line 'waiting for the disk to take the rest of the recording (Ctrl-C: no more)' "$work/err"
    # All else is there by then.
    grep -q '^    http_reqs\.' "$work/out" || fail "$(cat "$work/out")"
    same "an event" "warning" "$(query '[.events[] | select(.text | startswith("the disk is slow"))] | map(.type) | join(" ")')"
}

# --- It takes the rest
hang
exec 9<>"$SLOW_DISK"
ended 103
cp "$work/err" "$work/told"
run 0 runs --json
same "counted" "whole true" "$(jq -r '.runs[0] | "\(.state) \(.held_back >= 1)"' "$work/out")"
held=$(jq -r '.runs[0].held_back' "$work/out")
grep -Eq "^brunt: the disk was slow: $held seconds? (is|are) put together in the recording$" "$work/told" ||
    fail "$held: $(cat "$work/told")"
sums='[.duration_s, .metrics, .checks, .errors, .histograms, [.endpoints[] | del(.series)], .events] | tostring'
query "$sums" >"$work/live"
run 0 replay last --headless --results "$work/r.json"
query "$sums" >"$work/replayed"
cmp -s "$work/live" "$work/replayed" || fail "$(diff "$work/live" "$work/replayed")"
same "marks" "$marks" "$(query '[.events[] | select(.type == "mark")] | length')"
exec 9>&-
rm "$SLOW_DISK"

# --- It is not waited for
hang
kill -INT "$pid"
ended 103
grep -q '^brunt: the disk did not take the rest of the recording: it ends before the run does$' "$work/err" ||
    fail "$(cat "$work/err")"
run 0 runs --json
same "what there was" "cut off" "$(jq -r '.runs[0].state' "$work/out")"
