#!/bin/bash
# SPDX-License-Identifier: MIT
# brunt beside wrk, h2load, hey and k6, those that are here: requests a second
# and CPU a request on one core, on the same nginx on another core, with 1, 50,
# 1,000 and 10,000 connections and 50 over TLS; in turn, round by round. Ratios
# are of the same round.
#
# SCALES (1 50 1000 10000 tls) may be set.
set -eu
# shellcheck source=SCRIPTDIR/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx curl taskset jq openssl
# shellcheck disable=SC2119
server_start
mapfile -t tools < <(peers)
printf '%s\n' "${tools[@]}" | grep -q '^wrk$' || note "wrk is not here: no ratio to it"
have k6 || note "k6 is not on the path"
two_lanes || note "one lane: a plan cannot ask for the libcurl lane"

# values WHAT TOOL: one a line.
values() {
    cat "$work/$1.$2"
}

# ratios WHAT SCALE A B: a row of A's values by B's of the same round; sets
# median.
ratios() {
    local list
    # Of the rounds that both were in.
    mapfile -t list < <(paste "$work/$1.$3" "$work/$1.$4" |
        awk 'NF == 2 { printf "%.4f\n", $1 / $2 }')
    row "$1 ratio" "$2" "$3/$4" x "${list[@]}"
    read -r _ median _ < <(printf '%s\n' "${list[@]}" | spread)
}

gates() { # SCALE CONNECTIONS
    local most=1.1 tool
    [ "$1" != 50 ] || most=1.0
    for tool in "${tools[@]}"; do
        [ "$tool" != brunt ] || continue
        ratios cpu "$1" brunt "$tool"
        if [ "$tool" = wrk ] && [ "$1" != 1 ]; then
            gate "CPU a request beside wrk, $1" most "$most" "$median"
        fi
        ratios rate "$1" brunt "$tool"
        case $tool in
        h2load | hey) gate "requests a second beside $tool, $1" least 1 "$median" ;;
        k6) gate "requests a second beside k6, $1" least 7 "$median" ;;
        esac
    done
}

client() { # TOOL CONNECTIONS URL
    "client_$1" "$2" "$3"
    echo "$rate" >>"$work/rate.$1"
    echo "$cpu" >>"$work/cpu.$1"
}

scale() { # NAME CONNECTIONS URL
    local round tool list SECONDS_EACH=$SECONDS_EACH
    # Opening 10,000 connections takes a second.
    [ "$2" -lt 5000 ] || [ "$SECONDS_EACH" -ge 5 ] || SECONDS_EACH=5
    echo "-- $1: $2 connections, $ROUNDS rounds of $SECONDS_EACH s each"
    rm -f "$work"/rate.* "$work"/cpu.*
    for ((round = 1; round <= ROUNDS; round++)); do
        for tool in "${tools[@]}"; do
            client "$tool" "$2" "$3"
        done
    done
    # The closest of the gates: it needs more than a few rounds.
    if [ "$1" = 50 ] && have wrk; then
        for ((round = 0; round < 2 * ROUNDS; round++)); do
            client wrk "$2" "$3"
            client brunt "$2" "$3"
        done
    fi
    for tool in "${tools[@]}"; do
        mapfile -t list < <(values rate "$tool")
        row rate "$1" "$tool" req/s "${list[@]}"
        mapfile -t list < <(values cpu "$tool")
        row cpu "$1" "$tool" us/request "${list[@]}"
    done
    gates "$1"
}

for name in ${SCALES:-1 50 1000 10000 tls}; do
    case $name in
    tls) scale tls 50 "$server_tls" ;;
    *)
        n=$(fitting "$name")
        [ "$n" = "$name" ] || note "$name connections asked, $n are what descriptors allow"
        scale "$name" "$n" "$server_url"
        ;;
    esac
done
