#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: latency as brunt has it beside what a server of a fixed delay
# of 5 ms measured of itself, at about 50 requests a second, each of the two on
# a core of its own: p50 within 0.2 ms, p99 within 1 ms.
#
# REQUESTS (5000) may be set.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/trial/delay.sh
. "$SRCDIR/tests/trial/delay.sh"
requests=${REQUESTS:-5000}

needs_two_cores
start_delay

# Five VUs, one request each in about 100 ms.
cat >"$work/plan.json" <<P
{ "name": "latency",
  "flow": [ { "get": "http://127.0.0.1:$port/", "name": "Get",
              "checks": { "is 200": { "status": 200 } } },
            { "think": { "min": "85ms", "max": "105ms" } } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 5,
                        "iterations": $requests, "maxDuration": "30m" } } }
P
BRUNT_PINNED=$work/brunt
printf '#!/bin/sh\nexec taskset -c 1 "%s" "$@"\n' "$BRUNT" >"$BRUNT_PINNED"
chmod +x "$BRUNT_PINNED"
BRUNT=$BRUNT_PINNED run 0 run "$work/plan.json" --headless -q -w 1 \
    --results "$work/r.json"
exec 3>&-
read -r count p50 p99 max <&4

same "requests" "$count" "$(query '.metrics.http_reqs.values.count')"
query '.metrics.http_req_duration.values |
    [.med, ."p(99)", .max] | map(. * 1000 | round) | join(" ")' |
    {
        read -r our_p50 our_p99 our_max
        echo "$count requests, in us:     p50     p99     max"
        printf 'the server of itself: %7d %7d %7d\n' "$p50" "$p99" "$max"
        printf 'brunt:                %7d %7d %7d\n' "$our_p50" "$our_p99" "$our_max"
        printf 'difference:           %7d %7d   (aim: 200 and 1000 at most)\n' \
            $((our_p50 - p50)) $((our_p99 - p99))
        near() { [ $(($1 - $2)) -le "$3" ] && [ $(($2 - $1)) -le "$3" ]; }
        near "$our_p50" "$p50" 200 || fail "p50 is off"
        near "$our_p99" "$p99" 1000 || fail "p99 is off"
    }
