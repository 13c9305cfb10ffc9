#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: anomalies in the real program. A target that does nothing for
# four seconds: the stall is an event of the run while that goes on, and in the
# results and the summary with the same words. A target that dies and is there
# again: the time between is an outage. One that serves no chat for twelve
# seconds, and its health all the time: an outage of Chat, and a recovery from
# that.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "Are you there?", "sessionId": "${vu.uuid}" } }, { "think": "100ms" } ],
  "scenarios": { "steady": { "executor": "constant-vus", "vus": 10, "duration": "12s" },
                 "long": { "executor": "constant-vus", "vus": 10, "duration": "5m" } } }
P

start_target --model places=10,service_ms=20,degrade=0,stall_ms=4000,stall_every_s=5
run 0 run "$work/plan.json" steady -e "BASE_URL=$base" --headless --results "$work/r.json"
query '.insights.anomalies[] | select(.kind == "stall")' >"$work/stall"
jq -es 'length >= 1 and .[0].over and .[0].figures.in_flight > 1 and
        .[0].figures.lasted_s > 2 and .[0].end > .[0].t' "$work/stall" >/dev/null ||
    fail "four seconds of nothing: $(query .insights.anomalies)"
text=$(jq -rs '.[0].text' "$work/stall")
grep -q 'ANOMALIES' "$work/out" || fail "the summary does not say so: $(cat "$work/out")"
grep -qF "$text" "$work/out" || fail "the summary has not '$text': $(cat "$work/out")"
grep -qF "$text" "$work/err" || fail "the log has not '$text': $(cat "$work/err")"
query '.events[] | select(.type == "anomaly" and .value == "stall") | .text' >"$work/events"
grep -qF "$text" "$work/events" || fail "no event has '$text': $(cat "$work/events")"
stop_target

# It dies after 1,200 responses, and is there again when that has been seen: on a
# port that no connection takes meanwhile as its own.
base=
until [ -n "$base" ]; do
    port=$((20000 + RANDOM % 10000))
    start_target --port "$port" --model places=10,service_ms=20,degrade=0,crash_after=1200 || true
done
begin run "$work/plan.json" long -e "BASE_URL=$base" --headless --socket "$work/s" \
    --results "$work/r.json"
wait "$target_pid" 2>/dev/null || true
target_pid=
until_line 'target unreachable' "$work/err"
"$BRUNT" target --port "$port" --model places=10,service_ms=20,degrade=0 >/dev/null 2>&1 &
target_pid=$!
until_line 'down for .* then it served again' "$work/err"
"$BRUNT" ctl --socket "$work/s" stop >/dev/null || fail "ctl: $(cat "$work/err")"
ended 103
query '.insights.anomalies[] | select(.kind == "outage")' >"$work/outage"
jq -es 'length == 1 and .[0].over and .[0].figures.lost >= 3 and .[0].end > .[0].t' \
    "$work/outage" >/dev/null || fail "one outage: $(query .insights.anomalies)"
# Its recovery is of the same time and the same requests, but for those that were
# broken off beside answers in the tenths of a second in which it died and was
# there again.
jq -e --slurpfile o "$work/outage" '.insights.recovery | length == 1 and .[0].after == "outage" and
        (.[0].spike.start_s - $o[0].t | fabs) <= 0.2 and
        (.[0].spike.failed - $o[0].figures.lost | fabs) <= 20' "$work/r.json" >/dev/null ||
    fail "its recovery: $(query .insights.recovery) beside $(cat "$work/outage")"
stop_target

# Requests wait for five seconds, and are refused then: twelve at a time.
cat >"$work/db.json" <<'P'
{ "name": "db", "env": { "BASE_URL": "" },
  "flow": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "Please tell me at some length how you are.", "sessionId": "${vu.uuid}" } },
            { "get": "${BASE_URL}/v1/health", "name": "Health" }, { "think": "100ms" } ],
  "scenarios": { "calm": { "executor": "constant-vus", "vus": 12, "duration": "40s" } },
  "thresholds": { "http_req_duration": ["p(95)<20s"], "http_req_failed{name:Chat}": ["rate<0.5"],
                  "recovery_time": ["max<1m"] } }
P
start_target --model places=16,service_ms=40,degrade=0,db_down=12-24
# Whether it is back in time is the machine's affair; that it has a time is not.
"$BRUNT" run "$work/db.json" -e "BASE_URL=$base" --headless --record "$work/db.brunt" --results "$work/r.json" \
    >"$work/out" 2>"$work/err" || [ $? = 99 ] || fail "it does not run: $(cat "$work/err")"
query '.insights.anomalies[] | select(.kind == "outage")' >"$work/outage"
jq -es 'length == 1 and .[0].over and .[0].request == "Chat" and .[0].figures.names == 1 and
        .[0].figures.lost >= 12 and .[0].end - .[0].t > 6' "$work/outage" >/dev/null ||
    fail "an outage of Chat: $(query .insights.anomalies)"
text=$(jq -rs '.[0].text' "$work/outage")
grep -qF "$text" "$work/out" || fail "the summary has not '$text': $(cat "$work/out")"
grep -qF "$text" "$work/err" || fail "the log has not '$text': $(cat "$work/err")"
grep -q 'outage of Chat since 0:' "$work/err" || fail "the log does not say that it began: $(cat "$work/err")"
query '.insights.recovery' >"$work/back"
jq -e --slurpfile o "$work/outage" 'length == 1 and .[0].after == "outage" and .[0].request == "Chat" and
        .[0].reference != null and .[0].spike.start_s == $o[0].t and
        .[0].start_s > $o[0].end - 1.5 and .[0].start_s < $o[0].end + 1.5' "$work/back" >/dev/null ||
    fail "a recovery from it: $(cat "$work/back")"
grep -q 'after the outage of Chat ended at 0:' "$work/out" || fail "it is not told of what: $(cat "$work/out")"
same "the threshold is about it" false "$(query '[.thresholds[] | select(.metric == "recovery_time")][0].why == "nothing to recover from"')"
same "it is no breaking point" null "$(query .insights.breaking_point)"
mv "$work/r.json" "$work/live.json"
"$BRUNT" replay "$work/db.brunt" --headless --results "$work/r.json" >"$work/out" 2>"$work/err" || [ $? = 99 ] ||
    fail "it is not replayed: $(cat "$work/err")"
cmp "$work/live.json" "$work/r.json" || fail "the recording says otherwise"
