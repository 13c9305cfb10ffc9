#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the Grafana dashboard: all series and labels that its panels ask
# for are ones that a run has, by the page that it serves to Prometheus. That
# Prometheus understands the queries is tests/e2e/prometheus.sh's.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
needs python3

start_target
cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health", "checks": { "is up": { "status": 200 } } },
            { "get": "${BASE_URL}/nothing", "name": "Missing" }, { "think": "10ms" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 2, "duration": "3m" } },
  "thresholds": { "http_req_duration": [ { "threshold": "p(95)<60000", "window": "1s" }, "p(95)<60000" ] } }
P
begin run "$work/plan.json" -e "BASE_URL=$base" --headless --metrics-port 0 --socket "$work/s"
until_line 'metrics at http://127.0.0.1:' "$work/err"
url=$(sed -n 's/.*metrics at \(http:[^ ]*\).*/\1/p' "$work/err" | head -n 1)
until curl -sS "$url" -o "$work/page" && grep -q '^brunt_threshold_ok.*window="1s"' "$work/page" && grep -q 'name="Missing".*status="404"' "$work/page"; do
    kill -0 "$pid" || fail "the run is over"
    sleep 0.1
done
python3 "$SRCDIR/tests/e2e/grafana.py" "$SRCDIR/data/grafana/brunt.json" "$work/page" >"$work/queries"
[ -s "$work/queries" ] || fail "it asks nothing"
kill -TERM "$pid"
ended 105
