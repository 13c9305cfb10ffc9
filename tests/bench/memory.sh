#!/bin/bash
# SPDX-License-Identifier: MIT
# Resident memory a VU: 5,000 and 10,000 VUs of one worker with a connection
# each, plain HTTP, one request a second: what the whole process has beyond one
# of a single VU, in the middle of the run and at its end. Aims: 15 KiB in the
# direct lane, and flat.
#
# VUS (5000 10000) may be set.
set -eu
# shellcheck source=SCRIPTDIR/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx curl taskset jq openssl ss
# shellcheck disable=SC2119
server_start

# memory VUS HTTP-OPTIONS: sets middle and end, KiB of the process, and
# connections, as ss counts them.
memory() {
    local pid
    cat >"$work/plan.json" <<P
{ "name": "memory", "http": { $2 },
  "flow": [ { "post": "$server_url", "name": "Post", "json": $body,
              "checks": { "is 200": { "status": 200 } } }, { "think": "1s" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": $1, "duration": "9s",
                        "gracefulStop": "5s" } } }
P
    # Not through a function: its pid is wanted, and not a subshell's.
    taskset -c "$CLIENT_CORE" "$BRUNT" run "$work/plan.json" --headless -q \
        -w 1 --results "$work/r.json" >"$work/client.out" \
        2>"$work/client.err" &
    pid=$!
    sleep 4.5
    middle=$(resident "$pid")
    connections=$(ss -Htn state established "dport = :$server_port" | wc -l)
    sleep 4
    end=$(resident "$pid")
    wait "$pid" || client_failed brunt
}

bench_lane() { # TOOL HTTP-OPTIONS
    local n fit base each
    memory 1 "$2"
    base=$end
    for n in ${VUS:-5000 10000}; do
        fit=$(fitting "$n")
        [ "$fit" = "$n" ] || note "$n VUs asked, $fit are what descriptors allow"
        memory "$fit" "$2"
        echo "$fit VUs, $connections connections, $middle KiB in the middle"
        each=$(awk -v a="$end" -v b="$base" -v n="$fit" 'BEGIN { printf "%.2f", (a - b) / n }')
        row memory "$n" "$1" KiB/VU "$each"
        row "memory growth" "$n" "$1" % "$(awk -v m="$middle" -v e="$end" \
            'BEGIN { printf "%.2f", (e - m) / m * 100 }')"
        if [ "$1" = brunt ]; then
            gate "KiB a VU, $n" most 15 "$each"
        fi
    done
}

bench_lane brunt ''
if two_lanes; then
    bench_lane brunt_libcurl '"lane": "libcurl"'
fi
