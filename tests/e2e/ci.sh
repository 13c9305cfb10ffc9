#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: what a run leaves for CI: JUnit's XML, which fits its shape and
# has figures and odd names in it, of runs that ended early as well; and in a job
# of GitHub Actions annotations and a summary, within what GitHub takes.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
needs xmllint

start_target
cat >"$work/plan.json" <<'P'
{ "name": "shop <&\"> 50%", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health | <b>x</b>",
              "checks": { "is up": { "status": 200 }, "50%: a,b\n<i> | `@you` & \"q\"": { "status": 201 } } } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 2, "iterations": 40 },
                 "long": { "executor": "constant-vus", "vus": 1, "duration": "10m" } },
  "thresholds": { "http_reqs": ["count>1000", "count<1000"],
                  "http_req_duration{status:599}": ["p(95)<3000"] } }
P

xpath() {
    xmllint --xpath "string($1)" "$work/junit.xml"
}
fits() {
    xmllint --noout --relaxng "$SRCDIR/tests/e2e/junit.rng" "$work/junit.xml" 2>"$work/lint" || fail "$(cat "$work/lint" "$work/junit.xml")"
    for kind in failure error skipped; do
        case $kind in failure) sum=failures ;; error) sum=errors ;; skipped) sum=skipped ;; esac
        same "$kind adds up" "$(xpath "count(//$kind)")" "$(xpath "/testsuites/@$sum")"
        same "$kind of suites adds up" "$(xpath "count(//$kind)")" "$(xpath "sum(//testsuite/@$sum)")"
    done
    same "cases add up" "$(xpath 'count(//testcase)')" "$(xpath '/testsuites/@tests')"
}

# One case a threshold and a check, and the run's own; no word for GitHub.
run 99 run "$work/plan.json" s -e "BASE_URL=$base" --headless -q --junit "$work/junit.xml"
fits
same "cases" "1 3 2" "$(xpath 'count(//testsuite[1]/testcase)') $(xpath 'count(//testsuite[2]/testcase)') $(xpath 'count(//testsuite[3]/testcase)')"
same "name of a suite" 'shop <&"> 50%.s.thresholds' "$(xpath '//testsuite[2]/@name')"
same "a threshold that failed" "count=40, first failed at" "$(xpath '//testcase[@name="http_reqs: count>1000"]/failure/@message' | sed 's/ [0-9:]*$//')"
same "one that held" "count=40" "$(xpath '//testcase[@name="http_reqs: count<1000"]/system-out')"
same "one that nothing fed" 1 "$(xpath 'count(//testcase[starts-with(@name, "http_req_duration{status:599}")]/failure[contains(@message, "nothing fed it")])')"
same "a check that failed" "40 of 40 failed (100.0 %)" "$(xpath '//testsuite[3]/testcase[2]/failure/@message')"
# shellcheck disable=SC2016
same "its name" '50%: a,b\n<i> | `@you` & "q"' "$(xpath '//testsuite[3]/testcase[2]/@name')"
same "the run came to its end" 0 "$(xpath 'count(//error)')"
grep -q '^::' "$work/out" && fail "annotations outside a job"

# A run that nothing judged has not passed, least of all where all failed.
jq 'del(.thresholds) | .flow[0].get = "http://127.0.0.1:1/"' "$work/plan.json" >"$work/dead.json"
: >"$work/dead.md"
GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$work/dead.md run 0 run "$work/dead.json" s -e "BASE_URL=$base" --headless -q
grep -q '^### brunt: .*: ended after [0-9:]*, no thresholds to judge by$' "$work/dead.md" || fail "$(cat "$work/dead.md")"

# Two of the same limit, over the run and over its end, are told apart.
jq '.thresholds = { "http_req_failed": ["rate<0.00001", { "threshold": "rate<0.00001", "window": "10s" }] } | .flow[0].get = "${BASE_URL}/nothing"' \
    "$work/plan.json" >"$work/over.json"
GITHUB_ACTIONS=true run 99 run "$work/over.json" s -e "BASE_URL=$base" --headless -q --junit "$work/junit.xml" --results "$work/over-r.json"
fits
same "cases of two names" 2 "$(xpath 'count(//testsuite[2]/testcase[@name="http_req_failed: rate<0.00001"]) + count(//testsuite[2]/testcase[@name="http_req_failed: rate<0.00001 over the last 10 s"])')"
same "annotations of two titles" 2 "$(grep -o '^::error title=brunt%3A http_req_failed[^:]*' "$work/out" | sort -u | wc -l)"
same "windows in the results" "null 10" "$(jq -r '[.thresholds[].window_s | tostring] | join(" ")' "$work/over-r.json")"

# Thresholds on checks say how many may fail: then they decide.
# Checks of one name on two requests are one.
jq '.thresholds = { "checks": ["rate>=0.5"] } | .flow += [.flow[0] + { "name": "Again" }]' "$work/plan.json" >"$work/lax.json"
run 0 run "$work/lax.json" s -e "BASE_URL=$base" --headless -q --junit "$work/junit.xml"
fits
same "checks by name" 2 "$(xpath 'count(//testsuite[3]/testcase)')"
same "excused" "0 80 of 80 failed (100.0 %), which thresholds on checks allow" "$(xpath 'count(//failure)') $(xpath '//testsuite[3]/testcase[2]/system-out')"
run 0 run "$work/plan.json" s -e "BASE_URL=$base" --headless -q --no-thresholds --junit "$work/junit.xml"
fits
same "thresholds that do not count" 3 "$(xpath 'count(//testsuite[2]//skipped)')"

# A run that ends early: by a signal, and in its setup.
begin run "$work/plan.json" long -e "BASE_URL=$base" --headless --junit "$work/junit.xml"
until_line 'VUs 1' "$work/err"
kill -TERM "$pid"
ended 105
fits
same "interrupted" 1 "$(xpath 'count(//testsuite[1]/testcase/error[contains(@message, "interrupted") and contains(@message, "(exit code 105)")])')"
jq '.setup = [ { "get": "${BASE_URL}/v1/health", "checks": { "is a teapot": { "status": 418 } } } ]' "$work/plan.json" >"$work/setup.json"
run 107 run "$work/setup.json" s -e "BASE_URL=$base" --headless -q --junit "$work/junit.xml"
fits
same "setup failed" 1 "$(xpath 'count(//testsuite[1]/testcase/error[contains(@message, "(exit code 107)")])')"
same "and checks were never made" 2 "$(xpath 'count(//testsuite[3]//skipped[@message="it was never made"])')"
run 104 run "$work/plan.json" s -e "BASE_URL=$base" --headless --junit "$work/none/junit.xml"
grep -q -- '--junit: .*/none/junit.xml' "$work/err" || fail "$(cat "$work/err")"
run 104 run "$work/plan.json" s -e "BASE_URL=$base" --headless --junit "$work/plan.json"
grep -q 'is the plan that is to run' "$work/err" || fail "$(cat "$work/err")"

# A job of GitHub Actions.
export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$work/step.md"
echo before >"$work/step.md"
run 99 run "$work/plan.json" s -e "BASE_URL=$base" --headless -q
grep -qxF '::error title=brunt%3A http_reqs count>1000::count=40' "$work/out" || fail "$(cat "$work/out")"
same "errors" 2 "$(grep -c '^::error ' "$work/out")"
same "what held is none" 0 "$(grep -c '^::.*count<1000' "$work/out")"
grep -qxF '::warning title=brunt%3A verdict::' "$work/out" && fail "an empty warning"
same "first line" before "$(head -n 1 "$work/step.md")"
grep -qF '### ❌ brunt: shop &#60;&#38;&#34;&#62; 50%, s: failed after ' "$work/step.md" || fail "$(cat "$work/step.md")"
grep -qxF '| ❌ | <code>http&#95;reqs</code> | <code>count&#62;1000</code> | count&#61;40 |' "$work/step.md" || fail "$(cat "$work/step.md")"
grep -q '^| <code>Health &#124; &#60;b&#62;x&#60;/b&#62;</code> | 40 | ' "$work/step.md" || fail "$(cat "$work/step.md")"
grep -qF '| ❌ | <code>50%&#58; a,b&#92;n&#60;i&#62; &#124; &#96;&#64;you&#96; &#38; &#34;q&#34;</code> | 0 | 40 |' "$work/step.md" || fail "$(cat "$work/step.md")"
same "every row of a table has its columns" "" "$(awk -F'|' '/^\|[-:|]*$/ { want = NF } /^\|/ && want && NF != want { print } !/^\|/ { want = 0 }' "$work/step.md")"

# A name too long for a title is cut at a character: three bytes of each here.
jp=$(printf '本%.0s' $(seq 60))
jq --arg n "$jp" '.flow[0].name = $n | .thresholds = { ("http_reqs{name:" + $n + "}"): ["count>1000"] }' "$work/plan.json" >"$work/jp.json"
run 99 run "$work/jp.json" s -e "BASE_URL=$base" --headless -q
grep -qF "::error title=brunt%3A http_reqs{name%3A$(printf '本%.0s' $(seq 40))... count>1000::" "$work/out" || fail "$(cat "$work/out")"

run 0 run "$work/lax.json" s -e "BASE_URL=$base" --headless -q
grep -qF '| ✅ | <code>50%&#58; a,b&#92;n&#60;i&#62; &#124; &#96;&#64;you&#96; &#38; &#34;q&#34;</code> | 0 | 80, which thresholds allow |' "$work/step.md" || fail "$(cat "$work/step.md")"
grep -qF '| ✅ | <code>is up</code> | 80 | 0 |' "$work/step.md" || fail "$(cat "$work/step.md")"

# What GitHub takes of a step is a MiB: what does not fit is left out, and told.
head -c 1048076 /dev/zero | tr '\0' 'x' >"$work/step.md"
run 99 run "$work/plan.json" s -e "BASE_URL=$base" --headless -q
[ "$(stat -c %s "$work/step.md")" -le 1048576 ] || fail "more than a MiB"
same "the end of it" "(cut: there is more)" "$(tail -n 1 "$work/step.md")"
# A summary that cannot be written costs the job nothing else.
export GITHUB_STEP_SUMMARY="$work/none/step.md"
run 99 run "$work/plan.json" s -e "BASE_URL=$base" --headless -q
grep -q 'none/step.md: No such file' "$work/err" || fail "$(cat "$work/err")"
# An interrupted run is an error of the job.
begin run "$work/plan.json" long -e "BASE_URL=$base" --headless
until_line 'VUs 1' "$work/err"
kill -INT "$pid"
ended 105
grep -q '^::error title=brunt%3A the run was interrupted::' "$work/out" || fail "$(cat "$work/out")"
