# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# An nginx of our own on the loopback, pinned to one core: answers every POST
# with 40 bytes, keeps connections, logs nothing. Sourced by the benches.
#
# server_start CORE leaves SERVER_URL and SERVER_DIR; all is undone at exit.

need () {
    for tool do
        command -v "$tool" >/dev/null 2>&1 ||
            PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null 2>&1 || {
            echo "needs $tool (Debian: nginx-light, wrk, util-linux, jq)" >&2
            exit 1
        }
    done
}

# Descriptors that a process may have.
hard_limit () {
    # shellcheck disable=SC3045 # dash and busybox have it, too
    ulimit -H -n
}

server_stop () {
    [ ! -s "$SERVER_DIR/pid" ] || kill "$(cat "$SERVER_DIR/pid")" || :
    while [ -s "$SERVER_DIR/pid" ]; do sleep 0.1; done
    rm -rf "$SERVER_DIR"
}

server_config () { # PORT
    cat <<END
worker_processes 1;
pid $SERVER_DIR/pid;
error_log $SERVER_DIR/error;
worker_rlimit_nofile $(hard_limit);
events { worker_connections 12000; }
http {
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
    client_body_temp_path $SERVER_DIR/body;
    proxy_temp_path $SERVER_DIR/proxy;
    fastcgi_temp_path $SERVER_DIR/fastcgi;
    uwsgi_temp_path $SERVER_DIR/uwsgi;
    scgi_temp_path $SERVER_DIR/scgi;
    server {
        listen 127.0.0.1:$1 backlog=8192;
        location / { return 200 "0123456789012345678901234567890123456789"; }
    }
}
END
}

server_start () { # CORE
    SERVER_DIR=$(mktemp -d)
    trap server_stop EXIT
    trap 'exit 130' INT TERM
    PATH=$PATH:/usr/sbin
    for port in 18100 18200 18300 18400 18500; do
        server_config "$port" >"$SERVER_DIR/conf"
        if taskset -c "$1" nginx -c "$SERVER_DIR/conf" \
            -e "$SERVER_DIR/error" 2>/dev/null; then
            # shellcheck disable=SC2034 # the sourcing script's
            SERVER_URL=http://127.0.0.1:$port/
            return
        fi
    done
    echo "nginx does not start:" >&2
    cat "$SERVER_DIR/error" >&2
    exit 1
}

# median of the numbers on standard input, one a line
median () {
    sort -n | awk '{ v[NR] = $1 }
        END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
