#!/bin/sh
# SPDX-License-Identifier: MIT
# One worker on one core beside wrk -t1, on the same nginx on another core: 50
# connections, a POST of 70 bytes, one status check; rounds in turn.
#
# ROUNDS (5), SECONDS_EACH (3), CONNECTIONS (50) may be set.
set -eu
cd "$(dirname "$0")"
# shellcheck source=SCRIPTDIR/server.sh
. ./server.sh
drive=$BUILDDIR/tests/bench/drive
rounds=${ROUNDS:-5}
seconds=${SECONDS_EACH:-3}
connections=${CONNECTIONS:-50}

need nginx wrk taskset awk
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

round_brunt () {
    taskset -c 1 "$drive" load "$SERVER_URL" "$connections" "$seconds" \
        >"$SERVER_DIR/brunt"
    awk '$5 > 0 { print "failed requests: " $5 >"/dev/stderr"; exit 1 }
        { print $1, $2 }' "$SERVER_DIR/brunt"
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
