#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: a step of 1,000 VUs up and down again, seen by an independent
# witness (nginx's log, in milliseconds): within 200 ms of the step every new VU
# has sent its first request, and of the surplus ones none begins another
# iteration. Needs nginx.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/witness.sh
. "$SRCDIR/tests/e2e/witness.sh"

NGINX_CONNECTIONS=1100 start_nginx "\$msec \$arg_vu" 'location / { return 200 "ok"; }'
cat >"$work/plan.json" <<P
{ "name": "step", "flow": [ { "get": "$base/?vu=\${vu}", "name": "Get" }, { "think": "1s" } ],
  "scenarios": { "step": { "executor": "ramping-vus", "startVUs": 10, "stages": [
    { "duration": "3s", "target": 10 }, { "duration": "0s", "target": 1010 },
    { "duration": "3s", "target": 1010 }, { "duration": "0s", "target": 10 },
    { "duration": "4s", "target": 10 } ] } } }
P
run 0 run "$work/plan.json" --headless --results "$work/r.json"
stop_nginx
# The step up is at 3 s of the stage clock, the step down at 6 s; the clock
# began with the first stage's event.
began=$(query '(.started | sub("\\.[0-9]+Z"; "Z") | fromdate) + (.started | capture("\\.(?<f>[0-9]+)Z").f | "0." + . | tonumber)
    + ([.events[] | select(.type == "stage")][0].t)')
# The ten that ran before have each sent more than one request by then: whoever is
# heard for the first time after that is new.
awk -v began="$began" '
    { t = $1 - began }
    t < 2.5 { old[$2] }
    t >= 2.5 && t <= 3.2 && !($2 in old) && !($2 in new) { new[$2]; first[++n] = t - 3 }
    t > 6.2 { after++ }
    END {
        printf "new VUs heard in the 200 ms after the step up: %d, the 1,000th %.0f ms after it\n", n, first[1000] * 1000
        printf "requests later than 200 ms after the step down: %d (ten VUs can send 40)\n", after
        exit !(n == 1000 && after <= 50)
    }' <(sort -n "$work/access.log") || fail "the step took longer"
