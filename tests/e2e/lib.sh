# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the end-to-end scripts share. They run the real program against real
# servers on loopback, await events, and assert nothing about speed.

set -eu

BRUNT=${BRUNT:?the program under test}
SRCDIR=${SRCDIR:?the source tree}
work=$(mktemp -d)
export XDG_STATE_HOME=$work/state # where recordings go
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY         # these may run in such a job
target_pid=
pid=

cleanup() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    stop_target
    rm -rf "$work"
}
trap cleanup EXIT

# needs TOOL...: skips the script where one is missing.
needs() {
    local tool
    for tool; do
        command -v "$tool" >/dev/null || {
            echo "needs $tool (./bootstrap check installs most)" >&2
            exit 77
        }
    done
}
needs jq curl

# The same of cores: the service has one of its own.
needs_two_cores() {
    [ "$(nproc)" -ge 2 ] || {
        echo "needs two cores" >&2
        exit 77
    }
}

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
    local run=$1 filter=$2 status until=$((SECONDS + 120))
    shift 2
    # To jq 1.6 no input at all is a success.
    until status=$("$BRUNT" ctl status --json "$@" 2>/dev/null) && jq -e "$filter" <<<"$status" >/dev/null; do
        kill -0 "$run" 2>/dev/null || fail "the run is over: $(cat "$work/err")"
        [ "$SECONDS" -lt "$until" ] || fail "'$filter' never came: $("$BRUNT" ctl status --json "$@" 2>&1 || true)"
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
    read -r line <"$work/said" || fail "the target does not start: $(cat "$work/target.log")"
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

# start_script SCRIPT ARGUMENT...: a server in Python, whose first line is its
# port; sets base. What it says further is in $work/served.
start_script() {
    needs python3
    : >"$work/served" # which may be emptied: what is said later goes to its end
    python3 "$SRCDIR/tests/e2e/$1" "${@:2}" >>"$work/served" &
    target_pid=$!
    until_line . "$work/served"
    base=http://127.0.0.1:$(head -n 1 "$work/served")
}

# begin ARGUMENT...: the program in the background; sets pid. Its output is where
# that of run is. RUN_UNDER may be set: a command that runs it.
begin() {
    : >"$work/err" # lest lines of the run before are awaited
    # shellcheck disable=SC2086
    ${RUN_UNDER:-} "$BRUNT" "$@" >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
}

# ended EXPECTED_EXIT: awaits that end.
ended() {
    local got=0
    wait "$pid" || got=$?
    pid=
    if [ "$1" != "$got" ]; then
        cat "$work/out" "$work/err" >&2
        fail "exit code of the run: $got, not $1"
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
