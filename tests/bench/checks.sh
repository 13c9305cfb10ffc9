#!/bin/bash
# SPDX-License-Identifier: MIT
# What checks and extraction add to a request, apart from the gate: 50 VUs, the
# same POST with one status check, with JSON checks, and with extraction.
set -eu
# shellcheck source=SCRIPTDIR/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx curl taskset jq openssl
# shellcheck disable=SC2119
server_start

status='"is 200": { "status": 200 }'
json='"has output": { "json": "/output", "type": "string", "min_length": 1 }, "is r1234": { "json": "/recordId", "equals": "r1234" }'
declare -A steps=(
    [status]="\"checks\": { $status }"
    [json]="\"checks\": { $status, $json }"
    [extract]="\"checks\": { $status }, \"extract\": { \"record\": { \"json\": \"/recordId\" } }"
)

for ((round = 1; round <= ROUNDS; round++)); do
    for kind in status json extract; do
        plan_post 50 "$server_url" '' "${steps[$kind]}" >"$work/plan.json"
        run_brunt
        echo "$cpu" >>"$work/cpu.$kind"
    done
done
for kind in status json extract; do
    mapfile -t list <"$work/cpu.$kind"
    row "cpu, checks" "$kind" brunt us/request "${list[@]}"
    [ "$kind" != status ] || continue
    mapfile -t list < <(paste "$work/cpu.$kind" "$work/cpu.status" |
        awk '{ printf "%.4f\n", $1 / $2 }')
    row "cpu, checks ratio" "$kind" "$kind/status" x "${list[@]}"
done
