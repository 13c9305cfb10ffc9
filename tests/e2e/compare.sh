#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: brunt compare and --baseline. A real run's results are made
# five minutes long, and twice as slow, by copying its windows: the program
# tells the one from the other, with its exit code, and finds both the same as
# themselves; a short run is not compared; one against a slower service says so;
# what is broken in a file is named. A recording is taken where results are, and
# says the same.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_target --model places=8,service_ms=5
cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "post": "${BASE_URL}/v1/chat", "name": "Chat",
              "json": { "message": "Which books on sailing do you have?", "sessionId": "${vu.uuid}", "context": { "recentHistory": [] } } }, { "think": "20ms" } ],
  "scenarios": { "calm": { "executor": "constant-vus", "vus": 2, "duration": "14s" } } }
P
run 0 run "$work/plan.json" calm -e "BASE_URL=$base" --headless --results "$work/r.json"
same "windows of it" "1 2 true" "$(query '.windows | "\(.list | length) \(.list[0].load) \(.list[0].active_s >= 10)"')"
same "nothing to compare with" null "$(query .insights.comparison)"
same "a request over time" "1 10 1 true" "$(query '.endpoints[0].series |
    "\(.interval_s) \(.window_s) \([.t, .requests, .rps, .p95, .errors] | map(length) | unique | length)" +
    " \(.requests[9] >= .requests[0])"')"
same "responses add up" true "$(query '.windows.list[0] | ([.durations[][1]] | add) == .requests - .failed')"

# longer FACTOR RATE: thirty such windows, so many times slower, of that share
# of the requests, and of a generator that was not held up.
longer() {
    jq --argjson f "$1" --argjson r "$2" '.windows.list[0] as $w | .windows.list = [range(30) as $i | $w |
        .start_s = 2 + 10 * $i | .end_s = 12 + 10 * $i | .active_s = 10 | .suspect = false |
        .requests = (.requests * $r | floor) |
        .durations |= map([.[0] * $f, .[1]])]' "$work/${3:-r.json}"
}
longer 1 1 >"$work/a.json"
longer 2 1 >"$work/b.json"
longer 1 0.5 >"$work/c.json"

run 0 compare "$work/a.json" "$work/a.json"
grep -q '^2 VUs: 300 s before, 300 s now$' "$work/out" || fail "$(cat "$work/out")"
grep -Eq '^  p95 .* \+?0\.0 % \(±0\.0\), same within 5 %$' "$work/out" ||
    grep -Eq '^  p95 .* \+0\.0 % \(\+-0\.0\), same within 5 %$' "$work/out" || fail "$(cat "$work/out")"
run 99 compare "$work/a.json" "$work/b.json" --ascii
grep -Eq '^  p95 .* \+[0-9]+ % \(\+-0\.[0-9]\), worse$' "$work/out" || fail "$(cat "$work/out")"
run 0 compare "$work/b.json" "$work/a.json" --json
same "the other way" "better 0 better" \
    "$(jq -r '"\(.answer) \(.levels[0].p95.change + 0.5 | fabs * 10 | round) \(.levels[0].p50.answer)"' "$work/out")"
run 99 compare "$work/a.json" "$work/c.json" --json
same "half the requests" "worse -50" "$(jq -r '.levels[0].rps | "\(.answer) \(.change * 100 | round)"' "$work/out")"
run 99 compare "$work/a.json" "$work/b.json" "$work/a.json" "$work/b.json" "$work/a.json" "$work/b.json" --json
same "three pairs" "worse 0.9 3" "$(jq -r '"\(.ranks.p95.answer) \(.ranks.p95.held) \(.now | length)"' "$work/out")"

# Rules for CI: the whole, a request, and nothing else; figures and moments of
# the same run, and of one that is twice as slow.
jq '(.metrics, .endpoints[].metrics).http_req_duration.values |= map_values(. * 2) |
    .series |= (.p50 |= map(. * 2) | .p95 |= map(. * 2) | .p99 |= map(. * 2))' "$work/r.json" >"$work/twice.json"
run 99 compare "$work/r.json" "$work/twice.json" --fail-on 'p95>+10%' --fail-on 'errors>+1%'
grep -q '^  FAIL  p95>+10%$' "$work/out" || fail "$(cat "$work/out")"
grep -q '^  ok    errors>+1%$' "$work/out" || fail "$(cat "$work/out")"
grep -Eq '^  p95 .* \+100 % +\+100 % .*, worse$' "$work/out" || fail "$(cat "$work/out")"
run 0 compare "$work/r.json" "$work/twice.json" --fail-on 'p95>+150%' --fail-on 'rate<-5%'
# The load that was held is twice as slow; the rules say nothing of it.
run 0 compare "$work/a.json" "$work/b.json" --fail-on 'errors>+1%' --json
same "rules alone decide" "worse false" "$(jq -r '"\(.answer) \(.rules[0].fails)"' "$work/out")"
# One window of a request is too little, but not for the strict.
run 0 compare "$work/r.json" "$work/twice.json" --fail-on 'p95{name:Chat}>+10%' --json
same "too short" "too_short 100 both" \
    "$(jq -r '"\(.rules[0].of[0].state) \(.endpoints[0].p95.change * 100 | round) \(.endpoints[0].in)"' "$work/out")"
run 99 compare "$work/r.json" "$work/twice.json" --fail-on 'p95{name:*}>+10%' --strict --markdown
grep -qF -e '- ❌ <code>p95&#123;name&#58;&#42;&#125;&#62;&#43;10%</code>: <code>Chat</code> +100 %, fails' "$work/out" || fail "$(cat "$work/out")"
same "columns of the tables" 7 "$(sed -n 's/^|\(.*\)$/|\1/p' "$work/out" | tr -cd '|\n' | awk '{ print length }' | sort -u)"
# A job of GitHub Actions is told of each that fails, beside standard output.
export GITHUB_ACTIONS=true
run 99 compare "$work/r.json" "$work/twice.json" --fail-on 'p95>+10%' --fail-on 'errors>+1%' --fail-on 'p95{name:Chat}>+9%' --strict --json
same "it is JSON" 3 "$(jq '.rules | length' "$work/out")"
same "a rule, a line" '::error title=brunt compare%3A p95>+10%25::+100 %25: fails
::error title=brunt compare%3A p95{name%3AChat}>+9%25::Chat +100 %25: fails' "$(cat "$work/err")"
# What is too long is cut at a character: three bytes of each here.
jp=$(printf '本%.0s' $(seq 60))
jq --arg n "$jp" '.endpoints[].name = $n' "$work/r.json" >"$work/jp.json"
jq --arg n "$jp" '.endpoints[].name = $n' "$work/twice.json" >"$work/jp-twice.json"
run 99 compare "$work/jp.json" "$work/jp-twice.json" --fail-on 'p95{name:*}>+9%' --strict --json
same "cut at a character" "::error title=brunt compare%3A p95{name%3A*}>+9%25::$(printf '本%.0s' $(seq 25))... +100 %25: fails" "$(cat "$work/err")"
run 99 compare "$work/a.json" "$work/b.json"
grep -Eq '^::error title=brunt compare%3A worse::2 VUs: p50 \+[0-9]+ %25 ' "$work/err" || fail "$(cat "$work/err")"
run 0 compare "$work/r.json" "$work/twice.json" --fail-on 'p95>+150%'
same "what holds is none" "" "$(cat "$work/err")"
unset GITHUB_ACTIONS
run 99 compare "$work/r.json" "$work/twice.json" --fail-on 'p95>+10%'
same "nor elsewhere" "" "$(cat "$work/err")"
run 104 compare "$work/r.json" "$work/twice.json" --fail-on 'p95{name:Chta}>+10%' --fail-on 'p95{stage:x}>+10%'
grep -qF "neither run has such a request; there is 'Chat'" "$work/err" || fail "$(cat "$work/err")"
grep -qF "neither run has such a stage; they have none" "$work/err" || fail "$(cat "$work/err")"
run 104 compare "$work/r.json" "$work/twice.json" --fail-on 'p95>10%' --fail-on 'p9>+1%'
grep -qF "'p95>10%', character 5: expected a change with its sign" "$work/err" || fail "$(cat "$work/err")"
grep -qF "did you mean p95?" "$work/err" || fail "$(cat "$work/err")"
run 104 compare "$work/r.json" "$work/twice.json" --strict
run 104 compare "$work/r.json" "$work/twice.json" --json --markdown

# A run that is held against them, of a service that takes a hundred times as
# long: fourteen seconds are not enough to say that it is no chance, but what
# differs is told; made longer in the same way as the first, it is worse.
stop_target
start_target --model places=8,service_ms=500
run 0 run "$work/plan.json" calm -e "BASE_URL=$base" --headless --baseline "$work/a.json" --results "$work/r2.json"
same "short" "too_short 2 null" \
    "$(jq -r '.insights.comparison | "\(.answer) \(.levels[0].load) \(.levels[0].p95.change)"' "$work/r2.json")"
grep -Eq 'not enough to say: 1[0-9] s of the same load, 80 are needed' "$work/out" || fail "$(cat "$work/out")"
grep -Eq '^    p95 +[0-9.]+ m?s +[0-9.]+ m?s +(\+[0-9]+ %)$' "$work/out" || fail "$(cat "$work/out")"
grep -q 'mean VUs ' "$work/out" || fail "$(cat "$work/out")"
longer 1 1 r2.json >"$work/slow.json"
run 99 compare "$work/a.json" "$work/slow.json" --json
same "a slower service" "worse worse" "$(jq -r '"\(.answer) \(.levels[0].p95.answer)"' "$work/out")"
# What no level can say the whole may: a hundred times as long is no noise.
run 99 compare "$work/a.json" "$work/r2.json"
grep -qx 'worse by the whole run' "$work/out" || fail "$(cat "$work/out")"
# On a busy machine the line has what was suspect, too.
suspect='; the generator was suspect in [0-9]+ s before, [0-9]+ s now: figures may be its own'
grep -Eqx "at the same load: not enough to say: 1[0-9] s of the same load, 80 are needed($suspect)?" "$work/out" ||
    fail "$(cat "$work/out")"
run 0 compare "$work/r.json" "$work/r.json"
grep -qx 'not enough to say' "$work/out" || fail "$(cat "$work/out")"
run 0 compare "$work/r.json" "$work/r.json" --json
same "nothing whole" "too_short false" "$(jq -r '"\(.answer) \(.by_whole)"' "$work/out")"

# What is in a file steers no terminal.
jq '.scenario = "a\u009b2Jb\u202ec"' "$work/a.json" >"$work/hostile.json"
run 0 compare "$work/hostile.json" "$work/a.json" --json
grep -qF 'a\u009b2Jb\u202ec' "$work/out" || fail "$(cat "$work/out")"
same "and is still JSON" true "$(jq '.before[0].scenario == "a\u009b2Jb\u202ec"' "$work/out")"

# What cannot be compared.
run 104 compare "$work/a.json"
grep -q 'expected two runs' "$work/err" || fail "$(cat "$work/err")"
run 104 compare "$work/a.json" "$work/none.json"
grep -q 'none.json' "$work/err" || fail "$(cat "$work/err")"
run 104 compare "$work/a.json" nobody
grep -qF "there is no run 'nobody'" "$work/err" || fail "$(cat "$work/err")"
jq '.windows.list[1].durations[0][1] = 0' "$work/a.json" >"$work/broken.json"
run 104 compare "$work/a.json" "$work/broken.json"
grep -qF '$.windows.list[1].durations[0]: expected buckets that rise, and have a count' "$work/err" || fail "$(cat "$work/err")"
jq 'del(.windows)' "$work/a.json" >"$work/old.json"
run 0 compare "$work/a.json" "$work/old.json"
grep -q '(an earlier version wrote it, without the loads that were held)' "$work/out" || fail "$(cat "$work/out")"
jq '.windows.list = []' "$work/a.json" >"$work/brief.json"
run 0 compare "$work/a.json" "$work/brief.json"
grep -q '(no load was held for ten seconds in it)' "$work/out" || fail "$(cat "$work/out")"

# A run that never came to itself has nothing at the same load: how much, and why,
# is said wherever a comparison is.
jq '.windows.list[].recovering = true' "$work/a.json" >"$work/down.json"
down=$(jq '[.windows.list[].active_s] | add | round' "$work/down.json")
why="$down s in which the service still felt an overload of before, up to the end of the run: not compared at the same load"
run 0 compare "$work/a.json" "$work/down.json"
same "of which run" "        $why" "$(grep -A 1 '^now ' "$work/out" | tail -n 1)"
same "once" 1 "$(grep -c "up to the end of the run" "$work/out")"
note="no load was held for ten seconds in both runs but in what is left out; left out, as an overload of before was still felt: 0 s before, $down s now"
grep -qx "not enough to say" "$work/out" || fail "$(cat "$work/out")"
grep -qxF "at the same load: $note" "$work/out" || fail "$(cat "$work/out")"
run 0 compare "$work/a.json" "$work/down.json" --json
same "as JSON" "0 false $down true $note" \
    "$(jq -r '"\(.before[0].recovering_s) \(.before[0].recovering_at_end) \(.now[0].recovering_s | round) \(.now[0].recovering_at_end) \(.note)"' "$work/out")"
run 0 compare "$work/a.json" "$work/down.json" --markdown
grep -q "^- now: .*; $why\$" "$work/out" || fail "$(cat "$work/out")"
grep -qxF "At the same load: $note." "$work/out" || fail "$(cat "$work/out")"

# Recordings, by name, by path and as the last one: as their results.
said() {
    jq 'del(.before[].file, .now[].file)' "$work/out"
}
run 99 compare "$work/r.json" "$work/r2.json" --json
said >"$work/of-results"
run 0 runs name 2 first
run 99 compare first last --json
said >"$work/of-recordings"
diff "$work/of-results" "$work/of-recordings" || fail "recordings differ from their results"
same "files of recordings" "true true" \
    "$(jq -r '[.before[0].file, .now[0].file | test("^[0-9T-]+-t-calm\\.brunt$")] | "\(.[0]) \(.[1])"' "$work/out")"
recording=$(echo "$XDG_STATE_HOME"/brunt/runs/*.brunt)
recording=${recording%% *}
run 99 compare "$recording" "$work/r2.json" --json
said >"$work/of-recordings"
diff "$work/of-results" "$work/of-recordings" || fail "the path of a recording is another run"
# Cut off or damaged, it is what there is of the run.
size=$(stat -c %s "$recording")
head -c $((size / 2)) "$recording" >"$work/half.brunt"
run 0 compare "$work/half.brunt" "$work/r.json"
grep -Eq '^before +[^ ]*half.brunt: .* \(unfinished\)' "$work/out" || fail "$(cat "$work/out")"
run 0 compare "$work/half.brunt" "$work/r.json" --json
same "which is unfinished" "true false" "$(jq -r '"\(.before[0].unfinished) \(.now[0].unfinished)"' "$work/out")"
run 0 compare "$work/half.brunt" "$work/r.json" --markdown
same "and as Markdown" "1 1" "$(grep -c '^- before: .*half.* (unfinished)$' "$work/out") $(grep -c '(unfinished)' "$work/out")"
run 0 report "$work/half.brunt" --markdown
grep -Eq '^### brunt: t, calm: cut off after 0:' "$work/out" || fail "$(head -n 3 "$work/out")"
{
    head -c $((size / 2)) "$recording"
    head -c 64 /dev/zero
    tail -c +$((size / 2 + 65)) "$recording"
} >"$work/torn.brunt"
run 0 compare "$work/torn.brunt" "$work/r.json"
grep -Eq '^before +[^ ]*torn.brunt: .* \(unfinished\)' "$work/out" || fail "$(cat "$work/out")"
grep -q 'that is all there is of the run: .*torn.brunt: damaged after ' "$work/err" || fail "$(cat "$work/err")"
run 0 run "$work/plan.json" calm -e "BASE_URL=$base" -u 2 -d 2s --headless --baseline first
grep -Eq '^    [0-9T-]+-t-calm.brunt, calm, ' "$work/out" || fail "$(cat "$work/out")"

# A service that is dead, of which no level can say anything.
stop_target
run 0 run "$work/plan.json" calm -e "BASE_URL=$base" --headless --results "$work/dead.json"
run 99 compare "$work/r.json" "$work/dead.json" --json
same "all of it fails" "worse true worse" "$(jq -r '"\(.answer) \(.by_whole) \(.overall.error_rate.answer)"' "$work/out")"
run 99 compare "$work/r.json" "$work/dead.json" --markdown
grep -qx '### brunt compare: worse by the whole run' "$work/out" || fail "$(cat "$work/out")"
run 99 compare "$work/r.json" "$work/dead.json" --markdown --fail-on 'errors>+1%'
grep -qx '### brunt compare: the rule fails; worse by the whole run' "$work/out" || fail "$(cat "$work/out")"
run 99 compare "$work/r.json" "$work/dead.json" --fail-on 'errors>+1%' --fail-on 'errors<-50%'
grep -qx '1 of 2 rules fails; worse by the whole run' "$work/out" || fail "$(cat "$work/out")"
GITHUB_ACTIONS=true run 99 compare "$work/r.json" "$work/dead.json"
grep -Eq '^::error title=brunt compare%3A worse::.*whole run: errors \+100 pt ' "$work/err" || fail "$(cat "$work/err")"
run 0 compare "$work/dead.json" "$work/r.json"
grep -qx 'better by the whole run' "$work/out" || fail "$(cat "$work/out")"
