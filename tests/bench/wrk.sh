#!/bin/sh
# SPDX-License-Identifier: MIT
# brunt with one worker on one core beside wrk -t1, on the same nginx on another
# core: 50 VUs or connections, a POST of 70 bytes, one status check; rounds in
# turn. Requests a second and CPU are those of the whole process, from start to
# exit.
#
# ROUNDS (5), SECONDS_EACH (4), CONNECTIONS (50) may be set.
set -eu
cd "$(dirname "$0")"
# shellcheck source=SCRIPTDIR/server.sh
. ./server.sh
drive=$BUILDDIR/tests/bench/drive
rounds=${ROUNDS:-5}
seconds=${SECONDS_EACH:-4}
connections=${CONNECTIONS:-50}

need nginx wrk taskset awk jq
if [ "$(nproc)" -lt 2 ]; then
    echo "needs two cores: one for the server, one for the client" >&2
    exit 1
fi
server_start 0
cat >"$SERVER_DIR/post.lua" <<'END'
wrk.method = "POST"
wrk.body = '{"message":"01234567890123456789012345678901234567890123456789012345"}'
wrk.headers["Content-Type"] = "application/json"
END

# Each prints: requests a second, CPU µs a request.
round_wrk () {
    taskset -c 1 "$drive" cpu wrk -t1 -c"$connections" -d"$seconds" \
        -s "$SERVER_DIR/post.lua" "$SERVER_URL" \
        >"$SERVER_DIR/wrk" 2>"$SERVER_DIR/cpu"
    awk -v cpu="$(tail -n 1 "$SERVER_DIR/cpu")" '
        /requests in/ { n = $1 } /^Requests\/sec:/ { rate = $2 }
        END { printf "%.0f %.2f\n", rate, cpu / n }' "$SERVER_DIR/wrk"
}

cat >"$SERVER_DIR/plan.json" <<END
{ "name": "beside wrk",
  "flow": [ { "post": "$SERVER_URL", "name": "Post",
              "json": { "message": "01234567890123456789012345678901234567890123456789012345" },
              "checks": { "is 200": { "status": 200 } } } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": $connections,
                        "duration": "${seconds}s" } } }
END

round_brunt () {
    taskset -c 1 "$drive" cpu "$BRUNT" run "$SERVER_DIR/plan.json" --headless \
        -q -w 1 --results "$SERVER_DIR/results" \
        >"$SERVER_DIR/out" 2>"$SERVER_DIR/cpu" || {
        cat "$SERVER_DIR/out" "$SERVER_DIR/cpu" >&2
        exit 1
    }
    jq -r --argjson cpu "$(tail -n 1 "$SERVER_DIR/cpu")" '
        .metrics.http_reqs.values as $n
        | if .metrics.checks.values.rate != 1 then error("checks failed")
          else "\($n.rate | round) \($cpu / $n.count * 100 | round / 100)"
          end' "$SERVER_DIR/results"
    rm "$SERVER_DIR/results"
}

echo "$connections connections, $rounds rounds of $seconds s, 1 core each"
echo "round   wrk req/s   CPU us   brunt req/s   CPU us   req/s ratio  CPU ratio"
round=1
while [ "$round" -le "$rounds" ]; do
    echo "$round $(round_wrk) $(round_brunt)" >>"$SERVER_DIR/rounds"
    tail -n 1 "$SERVER_DIR/rounds" |
        awk '{ printf "%5d  %10d %8.2f  %12d %8.2f  %11.2f  %9.2f\n",
            $1, $2, $3, $4, $5, $4 / $2, $5 / $3 }'
    round=$((round + 1))
done

# Medians of the columns, and of the ratios of each round.
medians () {
    for expression do
        awk "{ print $expression }" "$SERVER_DIR/rounds" | median
    done | tr '\n' ' '
}
# shellcheck disable=SC2016 # awk's fields, not the shell's
medians '$2' '$3' '$4' '$5' '$4 / $2' '$5 / $3' | awk '{
    printf "median: wrk %d req/s, %.2f us; brunt %d req/s, %.2f us\n",
        $1, $2, $3, $4
    reached = ($5 >= 0.4) ? "reached" : "NOT REACHED"
    printf "brunt / wrk: %.2f in requests a second (aim: 0.40, %s), ", $5, reached
    printf "%.2f in CPU a request\n", $6 }'
