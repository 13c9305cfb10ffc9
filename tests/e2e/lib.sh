# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the end-to-end scripts share. They run the real program against real
# servers on loopback, await events, and assert nothing about speed.

set -eu

BRUNT=${BRUNT:?the program under test}
SRCDIR=${SRCDIR:?the source tree}
work=$(mktemp -d)
target_pid=

cleanup() {
    stop_target
    rm -rf "$work"
}
trap cleanup EXIT

for tool in jq curl; do
    if ! command -v "$tool" >/dev/null; then
        echo "needs $tool (./bootstrap check installs it)" >&2
        exit 77
    fi
done

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

# same WHAT EXPECTED ACTUAL
same() {
    [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# until_line PATTERN FILE: awaits a line in a file that is being written.
until_line() {
    timeout 30 tail -n +1 -f "$2" 2>/dev/null | grep -q -m1 "$1" || fail "'$1' never came"
}

# until_status PID FILTER [OPTION...]: awaits that what brunt ctl says of the run
# of that process fits.
until_status() {
    local run=$1 filter=$2 status
    shift 2
    # To jq 1.6 no input at all is a success.
    until status=$("$BRUNT" ctl status --json "$@" 2>/dev/null) && jq -e "$filter" <<<"$status" >/dev/null; do
        kill -0 "$run" 2>/dev/null || fail "the run is over: $(cat "$work/err")"
        sleep 0.05
    done
}

# start_target [OPTION...]: the built-in target on a free port; sets base.
# shellcheck disable=SC2120
start_target() {
    mkfifo "$work/said"
    "$BRUNT" target --port 0 "$@" >"$work/said" 2>"$work/target.log" &
    target_pid=$!
    # One line comes when it listens.
    read -r line <"$work/said"
    rm "$work/said"
    base=${line#target: }
    base=${base%% *}
}

stop_target() {
    if [ -n "$target_pid" ]; then
        kill "$target_pid" 2>/dev/null || true
        wait "$target_pid" 2>/dev/null || true
        target_pid=
    fi
}

# run EXPECTED_EXIT ARGUMENT...: the program, headless; $work/out has the
# summary, $work/err the lines.
run() {
    local want=$1 got=0
    shift
    "$BRUNT" "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    if [ "$want" != "$got" ]; then
        cat "$work/out" "$work/err" >&2
        fail "brunt $*: exit code $got, not $want"
    fi
}

# query FILTER: of the results file.
query() {
    jq -r "$1" "$work/r.json"
}

# target_counts: what the target counted so far, as "endpoint status count",
# sorted; its own scrape is not yet in it.
target_counts() {
    curl -sS -H 'Accept: text/plain' "$base/v1/metrics" |
        sed -n 's/^brunt_target_requests_total{endpoint="\([^"]*\)",status="\([^"]*\)"} \([0-9]*\)$/\1 \2 \3/p' |
        awk '$3 > 0' | sort
}
