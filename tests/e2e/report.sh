#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: brunt report, from a run to its page: elements as they should
# be and nothing that is fetched, the figures of the results file; of a hunt; as
# Markdown; beside an earlier run, whose recording or results are given; never
# over a file that is there; and what it is not made of is said.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
needs python3
export XDG_RUNTIME_DIR=$work
cd "$work"

# page FILE [--text ID...]: is it as it should be?
page() {
    python3 "$SRCDIR/tests/e2e/report.py" "$@" >"$work/text" || fail "$1 is not as it should be"
}

start_target --model service_ms=5,places=2,queue=2
cat >"$work/plan.json" <<'P'
{ "name": "shop & <b>", "env": { "BASE_URL": "", "TOKEN": "geheim-17" }, "secrets": ["TOKEN"],
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health" },
            { "post": "${BASE_URL}/v1/chat", "name": "Chat <i>",
              "json": { "message": "hello", "sessionId": "${vu.uuid}", "context": { "recentHistory": [] } },
              "headers": { "Authorization": "Bearer ${TOKEN}" },
              "checks": { "is <200>": { "status": 200 } } } ],
  "scenarios": { "peak": { "executor": "ramping-vus", "startVUs": 1, "stages": [
                   { "duration": "1s", "target": 2, "name": "calm" },
                   { "duration": "1s", "target": 12, "name": "rush" },
                   { "duration": "1s", "target": 12 } ] } },
  "thresholds": { "http_req_duration": ["p(95)<60000"], "checks": ["rate>0.9999"] } }
P

# --- A run
begin run "$work/plan.json" peak -e "BASE_URL=$base" --headless --results "$work/r.json"
until_status "$pid" '.t >= 0.5'
"$BRUNT" ctl mark '</script><i>deploy' >"$work/ctl"
until_status "$pid" '.t >= 1'
"$BRUNT" ctl vus 20 >"$work/ctl"
code=0
wait "$pid" || code=$?
pid=
mkdir "$work/here"
cd "$work/here"
run 0 report last
name=$(cat "$work/out")
[ -s "$name" ] || fail "no page at '$name'"
case $name in
*-shop-b-peak.html | *-peak.html) ;;
*) fail "it is called $name" ;;
esac
page "$name" --text verdict thresholds requests environment load1
count=$(query '.metrics.http_reqs.values.count')
grep -q "Requests by name .* all $count " <(tr -d , <"$work/text") || fail "not $count requests: $(cat "$work/text")"
grep -q '^Verdict ' "$work/text" || fail "no verdict: $(cat "$work/text")"
grep -q '^Thresholds ' "$work/text" || fail "no thresholds: $(cat "$work/text")"
grep -q 'TOKEN \*\*\*' "$work/text" || fail "the token is not masked: $(cat "$work/text")"
grep -q 'rush' "$work/text" || fail "the stage is not named: $(cat "$work/text")"
grep -q geheim "$name" && fail "a secret is in the page"
# A policy that lets run what is in the page.
python3 - "$name" <<'Y' || fail "the policy is of another script or style"
import base64, hashlib, re, sys
text = open(sys.argv[1], encoding="utf-8", newline="").read()
style = re.search(r"<style>(.*?)</style>", text, re.S).group(1)
script = re.search(r"<script>(.*?)</script>", text, re.S).group(1)
for part in (style, script):
    digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
    assert "'sha256-%s'" % digest in text, digest
Y

# --- Never over a file that is there
before=$(sha256sum "$name")
run 104 report last
grep -q "is there already: give another name with -o, or write over it with --force" "$work/err" ||
    fail "$(cat "$work/err")"
same "it is as it was" "$before" "$(sha256sum "$name")"
run 0 report last --force
recording=$(find "$XDG_STATE_HOME/brunt/runs" -name '*.brunt')
run 104 report last -f -o "$recording"
grep -q "is the recording itself" "$work/err" || fail "$(cat "$work/err")"
run 104 report last -o "$work/none/x.html"
run 0 report last -o -
cmp "$work/out" "$name" || fail "another page on standard output"
run 0 report "$recording" -o "$work/own.html"
cmp "$work/own.html" "$name" || fail "another page of the same file"

# --- As Markdown, which shows what it is given
run 0 report last --markdown
grep -q '^### .* brunt: shop &#38; &#60;b&#62;, peak' "$work/out" || fail "$(head -n 3 "$work/out")"
grep -q '^| request | count' "$work/out" || fail "$(cat "$work/out")"
run 0 report last --markdown -o "$work/r.md"
[ -s "$work/r.md" ] || fail "no Markdown"

# --- Beside an earlier run: its recording, and its results
cp "$recording" "$work/first.brunt"
run "$code" run "$work/plan.json" peak -e "BASE_URL=$base" --headless
run 0 report last "$work/first.brunt" -o "$work/two.html"
page "$work/two.html" --text compared
grep -q 'whole run' "$work/text" || fail "nothing is compared: $(cat "$work/text")"
run 0 report last "$work/r.json" -o "$work/three.html"
page "$work/three.html" --text compared
grep -q 'p95' "$work/text" || fail "nothing is compared: $(cat "$work/text")"
run 0 report last "$work/first.brunt" --markdown
grep -q '^### brunt compare: ' "$work/out" || fail "$(cat "$work/out")"
run 0 report "$work/first.brunt" last -o "$work/four.html"
grep -q "began later" "$work/err" || fail "$(cat "$work/err")"

# --- A hunt
run 99 hunt "$base/v1/health" --limit 10s -d 4s --headless --record "$work/hunt.brunt"
run 0 report "$work/hunt.brunt" -o "$work/hunt.html"
page "$work/hunt.html" --text verdict insights
grep -q 'The breaking point: ' "$work/text" || fail "$(cat "$work/text")"
grep -q 'Loads that were tried' "$work/text" || fail "$(cat "$work/text")"

# --- What it is not made of
run 104 report "$work/r.json"
grep -q "is JSON: of results" "$work/err" || fail "$(cat "$work/err")"
run 104 report
grep -q "which run?" "$work/err" || fail "$(cat "$work/err")"
run 104 report no-such-run
grep -q -- "--no-record" "$work/err" || fail "$(cat "$work/err")"
run 104 report "$work/plan.html/none"
# What was cut off is read as far as it goes, or there is nothing.
for bytes in 100 3000 9000; do
    head -c "$bytes" "$work/first.brunt" >"$work/cut.brunt"
    code=0
    "$BRUNT" report "$work/cut.brunt" -f -o "$work/cut.html" >"$work/out" 2>"$work/err" || code=$?
    case $code in
    0) page "$work/cut.html" ;;
    104) [ -s "$work/err" ] || fail "of $bytes bytes nothing is said" ;;
    *) fail "of $bytes bytes: exit code $code" ;;
    esac
done
