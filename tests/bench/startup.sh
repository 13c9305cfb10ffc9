#!/bin/bash
# SPDX-License-Identifier: MIT
# How soon a program is there and gone: its version, and one request, by the
# clock and in CPU. wrk runs for a second at least, so that it has the first
# alone.
set -eu
# shellcheck source=SCRIPTDIR/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx curl taskset jq openssl
# shellcheck disable=SC2119
server_start

# timed WHAT TOOL COMMAND...: as often as there are rounds.
timed() {
    local what=$1 tool=$2 round list
    shift 2
    rm -f "$work/took"
    for ((round = 1; round <= ROUNDS; round++)); do
        # wrk and hey leave with 1 when all they did was to say what they are.
        on_client "$cost" "$work/cost" "$@" >/dev/null 2>&1 || [ $? -eq 1 ]
        cat "$work/cost" >>"$work/took"
    done
    mapfile -t list < <(awk '{ printf "%.3f\n", $2 / 1000 }' "$work/took")
    row "$what" 1 "$tool" ms "${list[@]}"
    mapfile -t list < <(awk '{ printf "%.3f\n", $1 / 1000 }' "$work/took")
    row "$what, CPU" 1 "$tool" ms "${list[@]}"
}

timed version brunt "$BRUNT" --version
! have wrk || timed version wrk wrk -v
timed "one request" brunt "$BRUNT" run "$server_url" -i 1 -u 1 --headless -q
! have hey || timed "one request" hey hey -n 1 -c 1 "$server_url"
! have h2load || timed "one request" h2load h2load --h1 -n 1 -c 1 "$server_url"
! have k6 || timed version k6 k6 version
