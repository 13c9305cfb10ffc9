#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: --out hdr: a log that HdrHistogram's own reader (for
# JavaScript) adds up to what the results say, of all requests, by name, and of
# other trends; intervals follow one another.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/receivers.sh
. "$SRCDIR/tests/e2e/receivers.sh"
npm_package hdr-histogram-js 3.0.1

start_target
receiver_plan >"$work/plan.json"
run 0 run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out "hdr=$work/o.hlog"
node "$SRCDIR/tests/e2e/hdr_totals.js" "$npm_dir/node_modules" "$work/o.hlog" >"$work/totals.json" || fail "$(cat "$work/o.hlog")"

# A value is that of its bucket, a thousandth wide.
jq -c -n --slurpfile rs "$work/r.json" --slurpfile ts "$work/totals.json" '
    def near(a; b): (a - b | fabs) <= 0.0011 * b + 0.0011;
    $rs[0].metrics as $m | $ts[0].tags as $t |
    def trend($tag; $v): $t[$tag] | [ .count == $v.count, near(.max; $v.max), near(.p50; $v.med), near(.p95; $v["p(95)"]), near(.p99; $v["p(99)"]) ];
    [ $ts[0].ordered, $t[""].count == 240, $t[""].intervals >= 2 ] + trend(""; $m.http_req_duration.values) +
    ([ ("http_req_waiting", "http_req_receiving", "iteration_duration", "took") | trend(.; $m[.].values) ] | add) +
    ([ $rs[0].endpoints[] | trend("http_req_duration:" + (.name | gsub("[, ]"; "_")); .metrics.http_req_duration.values) ] | add)' >"$work/agree" 2>&1 ||
    fail "$(cat "$work/agree" "$work/totals.json")"
grep -q false "$work/agree" && fail "does not agree: $(cat "$work/agree" "$work/totals.json") $(query .metrics)"
same "as many as are looked at" 38 "$(jq length "$work/agree")"
same "nothing dropped" "hdr 0" "$(query '.outputs[0] | "\(.kind) \(.dropped)"')"
