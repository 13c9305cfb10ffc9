#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: a report in a browser, without a network: its script runs by
# its own policy, with nothing to complain of; a link to a moment puts the cursor
# there in all charts, and one to a stretch shows that alone; so do pointing and
# dragging, and keys; of the heatmap a cell is told. Needs Chromium.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
needs chromium python3
# What a browser keeps for its user.
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache

start_target --model service_ms=5
cat >"$work/plan.json" <<'P'
{ "name": "</script><b>", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "<img src=x onerror=alert(1)>" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 2, "duration": "3s" } },
  "thresholds": { "http_req_duration": ["p(95)<60000"] } }
P
run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --record "$work/r.brunt"
run 0 report "$work/r.brunt" -o "$work/r.html"

# dom FRAGMENT: the page as it is once it was opened, in $work/dom.
dom() {
    timeout 300 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage \
        --user-data-dir="$work/profile" --enable-logging=stderr \
        --dump-dom "file://$work/r.html$1" >"$work/dom" 2>"$work/log" ||
        fail "chromium: $(tail -n 5 "$work/log")"
    ! grep CONSOLE "$work/log" || fail "the browser complains"
    [ -s "$work/dom" ] || fail "there is no page"
}

dom "#t=1.5"
grep -q '<button class="theme" type="button">\(Dark\|Light\)</button>' "$work/dom" || fail "the script did not run"
grep -q '<div class="tools"><output class="">0:01</output>' "$work/dom" || fail "no cursor at 0:01"
same "cursors" "$(grep -o '<svg class="sheet"' "$work/dom" | wc -l)" \
    "$(grep -o '<path class="cursor" d="M[0-9]' "$work/dom" | wc -l)"
grep -Eq '<output data-of="p95">[0-9.]+ (ms|s)</output>' "$work/dom" || fail "p95 is not told at the cursor"
grep -Eq '<output data-of="cell">0:01–0:02, most [^<>]+ of [0-9,]+ responses, [0-9.]+ %</output>' "$work/dom" ||
    fail "no cell of the heatmap is told at the cursor"
grep -Eq '<output data-of="live">2</output>' "$work/dom" || fail "VUs are not told at the cursor"
! grep '<img' "$work/dom" || fail "a name became an element"
dom "#t=1,2"
grep -q '<button class="" type="button">Whole run</button>' "$work/dom" ||
    fail "nothing leads back to the whole run"
same "plots of that stretch" "$(grep -o '<svg class="plot"' "$work/dom" | wc -l)" \
    "$(grep -o '<svg class="plot"[^>]* viewBox="[1-9]' "$work/dom" | wc -l)"

# Under a mouse and a keyboard.
timeout 300 python3 "$SRCDIR/tests/e2e/browser.py" "$work/r.html" "$work/mouse" || fail "not as it should be under a mouse"
