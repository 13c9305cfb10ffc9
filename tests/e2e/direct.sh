#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the direct lane against a real server, in the clear and over
# TLS 1.2 and 1.3: large bodies there and back, byte for byte, over connections
# that live on. nginx keeps what it was sent, and logs what it saw.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
PATH=$PATH:/usr/sbin
needs nginx openssl

server_pid=
server_stop() {
    [ -z "$server_pid" ] || kill -QUIT "$server_pid" 2>/dev/null || true
    [ -z "$server_pid" ] || wait "$server_pid" || true
    server_pid=
}
trap 'server_stop; cleanup' EXIT

server_config() { # PORT
    [ "$(id -u)" != 0 ] || echo "user root;" # what it keeps is ours to read
    cat <<N
daemon off; worker_processes 1; pid $work/pid; error_log $work/error.log;
events { worker_connections 512; }
http {
    client_max_body_size 64m; keepalive_requests 100000;
    log_format seen '\$status \$connection \$ssl_session_reused \$ssl_protocol \$server_protocol';
    access_log $work/access.log seen;
    client_body_temp_path $work/kept; proxy_temp_path $work/b;
    fastcgi_temp_path $work/c; uwsgi_temp_path $work/d; scgi_temp_path $work/e;
    server {
        listen 127.0.0.1:$1;
        location /files/ { alias $work/files/; }
        location /keep {
            client_body_in_file_only on;
            proxy_pass http://127.0.0.1:$1/kept;
        }
        location /kept { access_log off; return 200 "kept"; }
    }
    server {
        listen 127.0.0.1:$(($1 + 1)) ssl;
        ssl_certificate $work/tls.crt; ssl_certificate_key $work/tls.key;
        ssl_protocols ${2:-TLSv1.2 TLSv1.3};
        location /files/ { alias $work/files/; }
        location /keep {
            client_body_in_file_only on;
            proxy_pass http://127.0.0.1:$1/kept;
        }
    }
}
N
}

server_start() { # PROTOCOL; sets port
    server_stop
    while :; do
        port=$((20000 + RANDOM % 10000))
        server_config "$port" "$1" >"$work/nginx.conf"
        nginx -e "$work/error.log" -c "$work/nginx.conf" -p "$work" &
        server_pid=$!
        while kill -0 "$server_pid" 2>/dev/null; do
            ! curl -s -o /dev/null "http://127.0.0.1:$port/kept" || return 0
            sleep 0.05
        done
    done
}

mkdir -p "$work/files" "$work/kept"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -days 2 -subj /CN=localhost -addext 'subjectAltName=IP:127.0.0.1' \
    -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null
{
    head -c 900000 /dev/zero | tr '\0' x
    echo THE-END
} >"$work/files/big"
long=$(head -c 700000 /dev/zero | tr '\0' y)

# go BASE: two VUs get the file, post a large body and a small one, five times
# each.
go() {
    local plan
    rm -rf "$work/kept" && mkdir "$work/kept"
    server_start "$2"
    : >"$work/access.log"
    case $1 in
    http) plan=http://127.0.0.1:$port ;;
    *) plan=https://127.0.0.1:$((port + 1)) ;;
    esac
    cat >"$work/plan.json" <<P
{ "name": "direct", "flow": [
    { "get": "$plan/files/big", "name": "Get", "checks": { "end": { "contains": "THE-END" } } },
    { "post": "$plan/keep", "name": "Long", "body": "${long}LAST", "checks": { "kept": { "contains": "kept" } } },
    { "post": "$plan/keep", "name": "Short", "body": "small", "checks": { "kept": { "contains": "kept" } } } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 2, "iterations": 10 } } }
P
    run 0 run "$work/plan.json" --headless -q -w 1 --http1 \
        --insecure-skip-tls-verify --results "$work/r.json"
    server_stop
    same "$1 $2: checks" 30 "$(jq '.checks | map(.passes) | add' "$work/r.json")"
    same "$1 $2: failed requests" 0 "$(jq '.metrics.http_req_failed.values.passes // 0' "$work/r.json")"
    same "$1 $2: requests that nginx saw" 30 "$(grep -c "^200 .* $3 HTTP/1.1$" "$work/access.log")"
    # A VU keeps its connection; which of them took part is chance.
    [ "$(awk '{ print $2 }' "$work/access.log" | sort -u | wc -l)" -le 2 ] ||
        fail "$1 $2: more connections than VUs"
    same "$1 $2: long bodies, whole" 10 "$(find "$work/kept" -type f -size +600k -exec sh -c \
        'tail -c 5 "$1" | grep -qx yLAST && [ "$(wc -c <"$1")" = 700004 ] && echo' sh {} \; | wc -l)"
    same "$1 $2: short bodies" 10 "$(find "$work/kept" -type f -size -600k -exec grep -lx small {} + | wc -l)"
}

# fresh LANE PROTOCOL: a VU that keeps no connection shakes hands anew each time.
fresh() {
    server_start "$2"
    : >"$work/access.log"
    cat >"$work/plan.json" <<P
{ "name": "fresh", "http": { "reuse": "never", "lane": "$1" },
  "flow": [ { "get": "https://127.0.0.1:$((port + 1))/files/big" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 1, "iterations": 4 } } }
P
    run 0 run "$work/plan.json" --headless -q -w 1 --http1 \
        --insecure-skip-tls-verify
    server_stop
    same "$1 $2: connections" 4 "$(awk '{ print $2 }' "$work/access.log" | sort -u | wc -l)"
    same "$1 $2: whole handshakes" 4 "$(awk '$3 == "."' "$work/access.log" | wc -l)"
}

for lane in direct libcurl; do
    fresh $lane TLSv1.2
    fresh $lane TLSv1.3
done

go http TLSv1.3 -
go https TLSv1.2 TLSv1.2
go https TLSv1.3 TLSv1.3
