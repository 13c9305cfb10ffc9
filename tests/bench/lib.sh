# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the benches share: an nginx on a core of its own, clients on another, the
# same request for all of them, what each took, and rows that say so. A row is a
# line of JSON in $BENCH_ROWS, which run.sh makes one file of.
#
# ROUNDS (7), SECONDS_EACH (2), SERVER_CORE (0), CLIENT_CORE (1) may be set.

set -eu
export LC_ALL=C # numbers with a point

BRUNT=${BRUNT:?the program that is measured}
BUILDDIR=${BUILDDIR:?the build tree}
ROUNDS=${ROUNDS:-7}
SECONDS_EACH=${SECONDS_EACH:-2}
SERVER_CORE=${SERVER_CORE:-0}
CLIENT_CORE=${CLIENT_CORE:-1}
PATH=$PATH:/usr/sbin
cost=$BUILDDIR/tests/bench/cost
work=$(mktemp -d)
export XDG_STATE_HOME=$work/state # where recordings go
BENCH_ROWS=${BENCH_ROWS:-$work/rows}

# 70 bytes there, 40 back.
body='{"message":"01234567890123456789012345678901234567890123456789012345"}'
reply='{"output":"01234567","recordId":"r1234"}'

bench_end() {
    server_stop
    rm -rf "$work"
}
trap bench_end EXIT
trap 'exit 130' INT TERM

have() {
    command -v "$1" >/dev/null 2>&1
}

# need TOOL...: 77 when one is missing.
need() {
    local tool
    for tool; do
        have "$tool" || {
            echo "needs $tool (Debian: nginx-light, wrk, util-linux, jq, openssl)" >&2
            exit 77
        }
    done
    if [ "$(nproc)" -lt 2 ]; then
        echo "needs two cores: one for the server, one for the client" >&2
        exit 77
    fi
}

on_client() {
    taskset -c "$CLIENT_CORE" "$@"
}

### Rows ######################################################################

# note TEXT: what the machine could not give, or what stands in the way.
note() {
    echo "note: $*"
    jq -cn --arg text "$*" '{note: $text}' >>"$BENCH_ROWS"
}

# spread: of the numbers on standard input: "min median max" of three
# digits.
spread() {
    sort -g | awk '{ v[NR] = $1 }
        END {
            m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
            if (NR) printf "%.6g %.6g %.6g\n", v[1], m, v[NR]
        }'
}

# row WHAT SCALE TOOL UNIT VALUE...: measured values, one a round.
row() {
    local what=$1 scale=$2 tool=$3 unit=$4 low median high
    shift 4
    read -r low median high < <(printf '%s\n' "$@" | spread)
    printf '%-22s %-7s %-14s %10s %s (%s to %s)\n' "$what" "$scale" "$tool" \
        "$median" "$unit" "$low" "$high"
    jq -cn --arg what "$what" --arg scale "$scale" --arg tool "$tool" \
        --arg unit "$unit" --argjson min "$low" --argjson median "$median" \
        --argjson max "$high" '{row: {$what, $scale, $tool, $unit, $min,
            $median, $max, values: [$ARGS.positional[] | tonumber]}}' \
        --args "$@" >>"$BENCH_ROWS"
}

# gate TEXT WANT(most|least) LIMIT VALUE: a goal, and whether it is reached.
gate() {
    local reached=true said=reached
    awk -v w="$2" -v l="$3" -v v="$4" \
        'BEGIN { exit !(w == "most" ? v <= l : v >= l) }' || {
        reached=false
        said='NOT REACHED'
    }
    printf '  %s: %s, at %s %s: %s\n' "$1" "$4" "$2" "$3" "$said"
    jq -cn --arg text "$1" --arg want "at $2" --argjson limit "$3" \
        --argjson value "$4" --argjson reached "$reached" \
        '{gate: {gate: $text, $want, $limit, $value, $reached}}' >>"$BENCH_ROWS"
}

### The server ################################################################

server_pid=

# Descriptors that a process may have.
hard_limit() {
    ulimit -H -n
}

server_stop() {
    if [ -n "$server_pid" ]; then
        kill "$server_pid" 2>/dev/null || true
        wait "$server_pid" 2>/dev/null || true
        server_pid=
    fi
}

certificate() {
    [ -s "$work/tls.key" ] || openssl req -x509 -newkey ec \
        -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=localhost -addext 'subjectAltName=IP:127.0.0.1' \
        -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null
}

# Without multi_accept it takes one new connection for every 512 requests: those
# who connect would wait for the server alone.
server_config() { # PORT LOG
    local connections
    connections=$(hard_limit)
    [ "$connections" != unlimited ] && [ "$connections" -le 40000 ] ||
        connections=40000
    cat <<N
daemon off; worker_processes 1; pid $work/nginx.pid;
error_log $work/nginx.error crit; worker_rlimit_nofile $connections;
events { worker_connections $((connections - 100)); multi_accept on; }
http {
    log_format seen '\$msec \$status \$connection \$request_time \$arg_vu';
    access_log $2;
    keepalive_requests 1000000000; keepalive_timeout 600s;
    client_body_temp_path $work/a; proxy_temp_path $work/b;
    fastcgi_temp_path $work/c; uwsgi_temp_path $work/d; scgi_temp_path $work/e;
    default_type application/json;
    server {
        listen 127.0.0.1:$1 backlog=16384;
        listen 127.0.0.1:$(($1 + 1)) ssl backlog=16384;
        ssl_certificate $work/tls.crt; ssl_certificate_key $work/tls.key;
        location / { return 200 '$reply'; }
    }
}
N
}

# server_start [LOG-FILE]: sets server_url, server_tls, server_port. With a log
# each request is a line: time, status, connection, time it took, the value of
# "vu" in the query.
server_start() {
    local try log=off
    [ $# -eq 0 ] || log="$1 seen"
    certificate
    server_stop
    for try in 1 2 3 4 5; do
        server_port=$((10000 + (RANDOM + try) % 10000 * 2))
        server_config "$server_port" "$log" >"$work/nginx.conf"
        taskset -c "$SERVER_CORE" nginx -e "$work/nginx.error" \
            -c "$work/nginx.conf" -p "$work" &
        server_pid=$!
        server_url=http://127.0.0.1:$server_port/
        # shellcheck disable=SC2034 # the sourcing script's
        server_tls=https://127.0.0.1:$((server_port + 1))/
        while kill -0 "$server_pid" 2>/dev/null; do
            ! curl -s -o "$work/reply" "$server_url" || return 0
            sleep 0.05
        done
    done
    echo "nginx does not start:" >&2
    cat "$work/nginx.error" >&2
    exit 1
}

### What descriptors allow ####################################################

# fitting N: as many of N connections as client and server may have, and why.
fitting() {
    local limit
    limit=$(hard_limit)
    if [ "$limit" = unlimited ] || [ "$limit" -ge $(($1 * 21 / 20 + 200)) ]; then
        echo "$1"
    else
        echo $(((limit - 200) * 20 / 21))
        echo "asked $1 connections, $limit descriptors allow fewer" >&2
    fi
}

### The clients ###############################################################

# client_NAME CONNECTIONS URL: runs for $SECONDS_EACH, and sets rate (requests a
# second) and cpu (µs a request), both from start to exit.
export rate='' cpu=''

# charged REQUESTS: sets both of what cost wrote. The rate is not what the tools
# say: some begin to count when all their connections stand, others at once.
charged() {
    read -r cpu rate < <(awk -v n="$1" '{ printf "%.3f %.1f\n", $1 / n, n * 1e6 / $2 }' "$work/cost")
}

client_failed() { # NAME
    cat "$work/client.out" "$work/client.err" >&2
    echo "$1 failed" >&2
    exit 1
}

client_wrk() {
    local n
    cat >"$work/post.lua" <<L
wrk.method = "POST"
wrk.body = '$body'
wrk.headers["Content-Type"] = "application/json"
L
    on_client "$cost" "$work/cost" wrk -t1 -c"$1" -d"$SECONDS_EACH" \
        -s "$work/post.lua" "$2" >"$work/client.out" 2>"$work/client.err" ||
        client_failed wrk
    n=$(awk '/requests in/ { print $1 }' "$work/client.out")
    charged "$n"
}

client_hey() {
    local n
    on_client "$cost" "$work/cost" hey -z "${SECONDS_EACH}s" -c "$1" -cpus 1 \
        -m POST -T application/json -d "$body" "$2" \
        >"$work/client.out" 2>"$work/client.err" || client_failed hey
    n=$(awk '$1 ~ /^\[[0-9]+\]$/ { n += $2 } END { print n + 0 }' "$work/client.out")
    charged "$n"
}

client_h2load() {
    local n
    printf '%s' "$body" >"$work/body"
    on_client "$cost" "$work/cost" h2load --h1 -t1 -c"$1" -D "$SECONDS_EACH" \
        -d "$work/body" -H 'Content-Type: application/json' "$2" \
        >"$work/client.out" 2>"$work/client.err" || client_failed h2load
    n=$(sed -n 's/^requests:.* \([0-9]*\) succeeded.*/\1/p' "$work/client.out")
    charged "$n"
}

client_k6() {
    local n
    cat >"$work/post.js" <<J
import http from 'k6/http';
import { check } from 'k6';
const params = { headers: { 'Content-Type': 'application/json' } };
export default function () {
    const r = http.post(__ENV.URL, '$body', params);
    check(r, { 'is 200': (r) => r.status === 200 });
}
J
    on_client "$cost" "$work/cost" k6 run -q --no-usage-report \
        --insecure-skip-tls-verify -u "$1" -d "${SECONDS_EACH}s" \
        -e "URL=$2" --summary-export "$work/k6.json" "$work/post.js" \
        >"$work/client.out" 2>"$work/client.err" || client_failed k6
    n=$(jq -r '.metrics.http_reqs.count' "$work/k6.json")
    charged "$n"
}

# plan_post CONNECTIONS URL [HTTP [STEP]]: a plan on standard output; HTTP adds
# to its "http" object, STEP replaces what is checked.
plan_post() {
    local checks='"checks": { "is 200": { "status": 200 } }'
    cat <<P
{ "name": "bench", "http": { ${3:-} },
  "flow": [ { "post": "$2", "name": "Post", "json": $body, ${4:-$checks} } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": $1,
                        "duration": "${SECONDS_EACH}s" } } }
P
}

# run_brunt: of $work/plan.json; sets rate and cpu.
run_brunt() {
    local n
    on_client "$cost" "$work/cost" "$BRUNT" run "$work/plan.json" --headless \
        -q -w 1 --http1 --insecure-skip-tls-verify --results "$work/r.json" \
        >"$work/client.out" 2>"$work/client.err" || client_failed brunt
    n=$(jq -r '.metrics | if .checks.values.rate != 1
        then error("checks failed") else .http_reqs.values.count end' "$work/r.json")
    charged "$n"
}

client_brunt() {
    plan_post "$1" "$2" >"$work/plan.json"
    run_brunt
}

client_brunt_libcurl() {
    plan_post "$1" "$2" '"lane": "libcurl"' >"$work/plan.json"
    run_brunt
}

# Has brunt a second lane, which a plan may ask for?
two_lanes() {
    plan_post 1 http://127.0.0.1/ '"lane": "libcurl"' >"$work/lanes.json"
    "$BRUNT" check "$work/lanes.json" >"$work/check.out" 2>&1
}

# peers: those that are here, brunt first.
peers() {
    local tool
    # The two that are held against each other one after the other: a machine
    # that others share changes its pace within seconds.
    echo brunt
    for tool in wrk h2load hey k6; do
        ! have "$tool" || echo "$tool"
    done
    if two_lanes; then
        echo brunt_libcurl
    fi
}

# resident PID: KiB.
resident() {
    awk '$1 == "VmRSS:" { print $2 }' "/proc/$1/status"
}
