#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: connections as ss counts them at the server's port: as many as
# VUs, while VUs are added and taken away by the plan. In the libcurl lane, whose
# VUs may lend each other idle ones, there are no more than that. VUS (5000) may be set. Needs nginx and ss.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/witness.sh
. "$SRCDIR/tests/e2e/witness.sh"
needs ss
vus=${VUS:-5000}
few=$((vus / 5))

NGINX_CONNECTIONS=$((vus + 100)) start_nginx "\$status" 'location / { return 200 "ok"; }'
open() {
    ss -Htn state established "dport = :${base##*:}" | wc -l
}

# stages HTTP-OPTIONS: sets seen, past the middle of each stage: all have sent a
# request by then, and those that are too many have ended.
stages() {
    cat >"$work/plan.json" <<P
{ "name": "connections", "http": { $1 },
  "flow": [ { "get": "$base/", "name": "Get" }, { "think": { "min": "500ms", "max": "1s" } } ],
  "scenarios": { "s": { "executor": "ramping-vus", "startVUs": $few, "gracefulRampDown": "5s", "stages": [
    { "duration": "6s", "target": $few }, { "duration": "0s", "target": $vus }, { "duration": "8s", "target": $vus },
    { "duration": "0s", "target": $few }, { "duration": "6s", "target": $few } ] } } }
P
    local at
    begin run "$work/plan.json" --headless --results "$work/r.json"
    seen=()
    for at in 4.5 8 7; do
        sleep "$at"
        seen+=("$(open)")
    done
    ended 0
    echo "${1:-as it is}: ss counted ${seen[*]}"
    same "requests without a response" null "$(query '.endpoints[0].no_response | to_entries[0]')"
}

no_more() {
    local i most=("$few" "$vus" "$few")
    for i in 0 1 2; do
        [ "${seen[$i]}" -le "${most[$i]}" ] || fail "more connections than VUs: ${seen[*]}"
    done
}

stages ''
same "connections" "$few $vus $few" "${seen[*]}"
if libcurl_lane; then
    stages '"lane": "libcurl"'
    no_more
fi
