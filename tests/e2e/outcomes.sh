#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: how runs end and what they then say: failed thresholds,
# broken plans, refused connections, a target that dies, a failed setup,
# signals, options that make no sense.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

plan() {
    cat >"$work/plan.json"
}

start_target

# A failing threshold: 99, and it says which.
plan <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 2, "iterations": 40 } },
  "thresholds": { "http_reqs{name:Health}": ["count>1000"] } }
P
run 99 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json"
same "status" "failed" "$(query .outcome.status)"
same "threshold" "40" "$(query '.thresholds[0].value')"
same "iterations" "40" "$(query '.metrics.iterations.values.count')"
# All is over before a tick is: there were VUs and connections all the same.
for figure in '.scenarios[0].vus_max' '.metrics.vus.values.max' '.counts.connections_max'; do
    same "1 or 2 as $figure" true "$(query "$figure | . == 1 or . == 2")"
done
grep -q 'count>1000' "$work/out" || fail "the summary does not name the threshold"

# The same without thresholds passes.
run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --no-thresholds

# Options win over the plan: seven iterations by three VUs.
run 99 run "$work/plan.json" -e "BASE_URL=$base" --headless -u 3 -i 7 --results "$work/r.json"
same "iterations by option" "7" "$(query '.metrics.iterations.values.count')"

# k6's summary: true means failed.
run 99 run "$work/plan.json" -e "BASE_URL=$base" --headless -q --summary-export "$work/k6.json"
same "k6's boolean" "true" "$(jq -r '.metrics["http_reqs{name:Health}"].thresholds["count>1000"]' "$work/k6.json")"
[ ! -s "$work/err" ] || fail "-q still prints lines"

# A summary that could not be written is told of.
got=0
"$BRUNT" run "$work/plan.json" -e "BASE_URL=$base" --headless -q >/dev/full 2>"$work/err" </dev/null || got=$?
same "exit code with a full device" 99 "$got"
grep -q 'the summary could not be written: No space left' "$work/err" || fail "a lost summary is not told of"

# Nothing is written over what the run reads, whatever its name.
sum=$(cksum <"$work/plan.json")
ln -s plan.json "$work/link.json"
ln "$work/plan.json" "$work/twin.json"
for name in plan.json link.json twin.json; do
    for option in --results --summary-export; do
        run 104 run "$work/plan.json" -e "BASE_URL=$base" --headless "$option" "$work/$name"
        grep -q -- "$option: '.*/$name' is the plan that is to run" "$work/err" ||
            fail "$option $name: not refused as the plan: $(cat "$work/err")"
    done
done
same "plan after all that" "$sum" "$(cksum <"$work/plan.json")"
printf 'q\nhello\n' >"$work/words.csv"
cat >"$work/reads.json" <<'P'
{ "data": { "w": { "file": "words.csv" } }, "env": { "BASE_URL": "" },
  "flow": [ { "post": "${BASE_URL}/v1/chat", "body": "${data.w.q}" },
            { "post": "${BASE_URL}/v1/chat", "body_file": "plan.json" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "iterations": 1 } } }
P
for name in words.csv plan.json; do
    run 104 run "$work/reads.json" -e "BASE_URL=$base" --headless --results "$work/$name"
    grep -q 'is a file that the run reads' "$work/err" || fail "$name is written over"
done
rm "$work/link.json" "$work/twin.json"

# Places that are gone when the run ends: both files go elsewhere, and that is
# said.
mkdir "$work/gone" "$work/tmp"
RUN_UNDER="env TMPDIR=$work/tmp" begin run "$base/v1/health" -d 60s --headless \
    --results "$work/gone/r.json" --summary-export "$work/gone/s.json"
until_line '^0:0' "$work/err"
rmdir "$work/gone"
kill -INT "$pid"
ended 105
grep -q 'results are in .*/tmp/.* instead' "$work/err" || fail "lost results are not told of"
grep -q 'the summary export is in .*/tmp/.* instead' "$work/err" || fail "a lost summary export is not told of"
same "files elsewhere" 2 "$(find "$work/tmp" -name '*.json' | wc -l)"
same "what the summary export has" object "$(jq -r '.metrics | type' "$work/tmp"/*.summary.json)"

# A broken plan: 104, with line and path, every mistake.
plan <<'P'
{ "name": "t",
  "flow": [ { "gte": "http://127.0.0.1/" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 1, "duration": "5 s" } } }
P
run 104 check "$work/plan.json"
grep -q 'plan.json:2:' "$work/err" || fail "no line of the first mistake"
grep -q 'plan.json:3:' "$work/err" || fail "no line of the second mistake"
# shellcheck disable=SC2016
grep -q '\$.flow\[0\]' "$work/err" || fail "no path"
run 104 run "$work/plan.json" --headless
run 104 run nosuch --headless
grep -q 'smoke' "$work/err" || fail "the scenarios are not listed"
run 104 run smok --headless
grep -q 'did you mean' "$work/err" || fail "no suggestion"
run 104 run 127.0.0.1:3559 --headless
grep -q 'did you mean http://127.0.0.1:3559?' "$work/err" || fail "an address is not known as one"
run 104 run smoke --headless --results -q
grep -q "'-q' looks like an option" "$work/err" || fail "an option is taken for a file"
run 104 run smoke --headless --result x
grep -q -- '--results' "$work/err" || fail "no suggestion for an option"
run 104 run smoke --headless --out jsno=x
grep -q "^brunt: --out: no kind 'jsno'; there are json, .* (did you mean json?)" "$work/err" || fail "$(cat "$work/err")"
run 104 run smoke --headless --theme contrats
grep -q "no theme 'contrats'; there are dark, light, contrast, cvd (did you mean contrast?)" "$work/err" ||
    fail "a theme that is not there"

# The configuration file: its mistakes, all of them, before the run.
mkdir -p "$work/config/brunt"
printf '# mine\ntheme = lihgt\nascii = maybe\nkey.hodl = H\n' >"$work/config/brunt/config"
XDG_CONFIG_HOME=$work/config run 104 run smoke --headless
grep -q "config:2: theme: is dark, light, contrast or cvd (did you mean light?)" "$work/err" ||
    fail "a mistake in the configuration file"
grep -q "config:3: ascii: is 'yes' or 'no'" "$work/err" || fail "the second mistake"
grep -q "config:4: key.hodl: there is no such action (did you mean hold?)" "$work/err" ||
    fail "the third mistake"
mkdir -p "$work/home/.config/brunt"
echo 'colour = no' >"$work/home/.config/brunt/config"
HOME=$work/home XDG_CONFIG_HOME='' run 104 run smoke --headless
grep -q "config:1: colour: there is no such setting (did you mean color?)" "$work/err" ||
    fail "the configuration file in the home folder"
run 104 run smoke --headless --results /nonexistent/r.json
run 104 run spike -u 5 --headless
run 104 hunt "$base/v1/health" --headless
run 104 run "$base/v1/health" --headless

# A URL with an end.
run 0 run "$base/v1/health" --headless -u 2 -i 10 --results "$work/r.json"
same "requests to a URL" "10" "$(query '.metrics.http_reqs.values.count')"

# Setup fails: 107, before any load.
stop_target
run 107 run smoke -e "BASE_URL=$base" --headless
grep -q 'health is up' "$work/err" "$work/out" || fail "setup does not say which check"

# A refused connection is an error and has no duration.
run 99 run smoke -e "BASE_URL=$base" --headless --no-setup --time-scale 0.03 --results "$work/r.json"
same "refused" "refused" "$(query '[.errors[].kind] | map(select(. == "refused"))[0]')"
same "no duration" "null" "$(query '.metrics.http_req_duration')"
grep -q 'every request failed: connection refused' "$work/out" ||
    fail "that all failed is not told: $(cat "$work/out")"
same "breaking point of what was never there" null "$(query .insights.breaking_point)"
same "requests are failures" "$(query '.metrics.http_reqs.values.count')" \
    "$(query '.metrics.http_req_failed.values.passes')"

# A loop of refusals: the target is to blame (and not this machine, which it
# keeps busy: test_conductor_end).
plan <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 4, "duration": "10m" } } }
P
: >"$work/err"
"$BRUNT" run "$work/plan.json" -e "BASE_URL=$base" --headless >"$work/out" 2>"$work/err" </dev/null &
pid=$!
until_line 'target unreachable: connection refused' "$work/err"
kill -INT "$pid"
got=0
wait "$pid" || got=$?
pid=
same "exit code of what was refused all the time" 105 "$got"

# A target that dies mid-run ends in a report.
start_target --model crash_after=20
plan <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health" }, { "think": "10ms" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 4, "iterations": 60 } },
  "thresholds": { "http_req_failed": ["rate<0.05"] } }
P
run 99 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json"
same "iterations all the same" "60" "$(query '.metrics.iterations.values.count')"
same "all requests accounted for" "60" \
    "$(query '[.endpoints[] | (.statuses[], .no_response[])] | add')"
[ "$(query '[.endpoints[].statuses[]] | add')" -ge 16 ] || fail "too few responses before the crash"
[ "$(query '.endpoints[0].no_response.refused')" -gt 0 ] || fail "no refusals after the crash"
target_pid=
