#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: names as long as they may be, of wide characters, and with what
# steers a terminal, on their way through everything that shows them: what has to
# be cut is cut between characters, the limit and the load behind a name stay,
# and nothing is left of what could do harm.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
needs python3

start_target --model service_ms=5
python3 - "$work/plan.json" <<'P'
import json, sys
flat, wide = "n" * 199 + "Z", "製品検索" * 16 + "製"
bad = "a\x1b[31m\x07\u202eb\u009b2J|`<b>\r\n&]]>" + "y" * 90
get = "${BASE_URL}/v1/health"
json.dump({
    "name": "P" + "漢" * 66, "env": {"BASE_URL": ""},
    "flow": [{"get": get, "name": flat, "checks": {"c" * 200: {"status": 200}}},
             {"get": get, "name": wide, "checks": {wide: {"status": 404}}},
             {"get": get, "name": bad, "checks": {bad: {"status": 404}}},
             {"get": get + "?q=" + "u" * 400}, {"think": "20ms"}],
    "scenarios": {"s" * 200: {"executor": "ramping-vus", "startVUs": 1, "stages": [
        {"duration": "1s", "target": 2, "name": "S" * 200}, {"duration": "2s", "target": 2, "name": wide}]}},
    "thresholds": {"http_req_duration{name:%s}" % wide: ["p(95)<0.001"]},
}, open(sys.argv[1], "w"), ensure_ascii=False)
P
for i in 1 2; do
    GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$work/job$i.md run 99 run "$work/plan.json" -e "BASE_URL=$base" --headless \
        --results "$work/r$i.json" --junit "$work/j$i.xml"
    mv "$work/out" "$work/summary$i"
    mv "$work/err" "$work/lines$i"
done
cp "$work/r1.json" "$work/r.json"
for as in '' --json --markdown; do
    # shellcheck disable=SC2086
    run 0 compare "$work/r1.json" "$work/r2.json" $as
    mv "$work/out" "$work/compare$as"
done
run 0 runs
mv "$work/out" "$work/runs"
run 0 report last -o "$work/report.html"
run 0 report last --markdown
mv "$work/out" "$work/report.md"
run 0 replay last --headless
mv "$work/out" "$work/replayed"

for f in "$work"/{summary1,lines1,r1.json,j1.xml,job1.md,compare,compare--json,compare--markdown,runs,report.html,report.md,replayed}; do
    [ -s "$f" ] || fail "$f is empty"
    iconv -f UTF-8 -t UTF-8 "$f" >/dev/null || fail "$f is no UTF-8"
    # A byte that is shown as one is half of a character: the plan has none.
    ! grep -E '(\\|&#92;)+x[89a-f][0-9a-f]' "$f" || fail "$f: a character was cut"
    # Results are for programs, and have names as they are.
    [ "$f" != "$work/r1.json" ] || continue
    ! LC_ALL=C grep -nP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80\xae|\xc2\x9b' "$f" || fail "$f steers a terminal"
done
python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$work/j1.xml"
same "the limit stays" "true" \
    "$(query '[.events[] | select(.type == "threshold")][0] | (.value | endswith("… p(95)<0.001")) and (.text | contains("… p(95)<0.001 failed"))')"
same "the load stays" "... 1->2 ... 2" \
    "$(query '[.events[] | select(.type == "stage").text | capture("(?<end>[.]{3} [0-9>-]+)$").end] | join(" ")')"
