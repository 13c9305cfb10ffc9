#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the benches that are named, in turn, all of them even when one fails, and
# writes what they measured with the machine's facts as one JSON file:
# BENCH_JSON, or bench.json in the build tree.
set -eu
export LC_ALL=C
BENCH_JSON=${BENCH_JSON:-${BUILDDIR:?}/bench.json}
BENCH_ROWS=$(mktemp)
export BENCH_ROWS
trap 'rm -f "$BENCH_ROWS" "$BENCH_ROWS.ends" "$BENCH_ROWS.facts"' EXIT
trap 'exit 130' INT TERM
PATH=$PATH:/usr/sbin

command -v jq >/dev/null || { echo "needs jq" >&2; exit 1; }

# version TOOL COMMAND...: one line, or nothing where there is none.
version() {
    local tool=$1
    shift
    command -v "$tool" >/dev/null 2>&1 || return 0
    { "$@" 2>&1 || true; } | awk -v tool="$tool" 'NF && !n++ { print tool "\t" $0 }'
}

facts() {
    {
        version brunt "${BRUNT:?}" --version
        printf 'brunt\t%s\n' "$("$BRUNT" --version | head -n 1)"
        version nginx nginx -v
        version wrk wrk -v
        version h2load h2load --version
        command -v hey >/dev/null && printf 'hey\tpresent, says no version\n'
        version k6 k6 version
        version openssl openssl version
    } | jq -Rn --arg kernel "$(uname -srm)" \
        --arg cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
        --arg soft "$(ulimit -S -n)" --arg hard "$(ulimit -H -n)" \
        --argjson cores "$(nproc)" \
        --argjson kib "$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo)" '
        {machine: {cores: $cores, cpu: $cpu, kernel: $kernel, memory_kib: $kib,
            descriptors: {soft: $soft, hard: $hard},
            versions: ([inputs | split("\t") | {key: .[0], value: .[1]}]
                | from_entries)}}'
}

rc=0
began=$SECONDS
: >"$BENCH_ROWS.ends"
"${SRCDIR:?}/tests/each.sh" -o "$BENCH_ROWS.ends" bench "$@" || rc=$?
[ "$rc" != 130 ] || exit 130
jq -Rc 'capture("^(?<how>skipped|failed) (?<script>.*)") | {note: (.script + " " +
    if .how == "failed" then "failed" else "was skipped: see what it says" end)}' \
    "$BENCH_ROWS.ends" >>"$BENCH_ROWS"

facts >"$BENCH_ROWS.facts"
jq -s --slurpfile f "$BENCH_ROWS.facts" --arg at "$(date -u +%FT%TZ)" \
    --argjson took "$((SECONDS - began))" --argjson rounds "${ROUNDS:-7}" \
    --argjson each "${SECONDS_EACH:-2}" '{
    schema: "brunt-bench/1", at: $at, took_s: $took,
    settings: {rounds: $rounds, seconds_each: $each}, machine: $f[0].machine,
    rows: map(.row // empty), gates: map(.gate // empty),
    notes: map(.note // empty)}' "$BENCH_ROWS" >"$BENCH_JSON"
echo "== all of it, in $((SECONDS - began)) s: $BENCH_JSON"
jq -r '"gates: \(map(select(.reached)) | length) reached, \(map(select(.reached | not)) | length) NOT REACHED",
    (.[] | select(.reached | not) | "  NOT REACHED: \(.gate): \(.value), \(.want) \(.limit)")' \
    <(jq .gates "$BENCH_JSON")
exit "$rc"
