# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# An nginx of a script's own, whose log is the witness. Sourced behind lib.sh.

PATH=$PATH:/usr/sbin
needs nginx

# It is given room for twice as many connections: it closes idle ones as soon as
# a sixteenth of that room is all that is left, and they would not be counted.
#
# start_nginx LOG-FORMAT LOCATIONS: sets base; the log is $work/access.log, a
# line a request, and is whole once stop_nginx has returned. NGINX_CONNECTIONS
# (1000) may be set.
start_nginx() {
    local port fds=${NGINX_CONNECTIONS:-1000}
    mkdir -p "$work/nginx"
    rm -f "$work/access.log"
    while :; do
        port=$((10000 + RANDOM % 20000))
        cat >"$work/nginx.conf" <<N
daemon off; pid $work/nginx/pid; error_log $work/nginx/error.log crit;
worker_processes 1; worker_rlimit_nofile $((fds + 200));
events { worker_connections $((fds * 2 + 100)); multi_accept on; }
http {
    log_format witness '$1';
    access_log $work/access.log witness;
    keepalive_timeout 600s; keepalive_requests ${NGINX_KEEP:-1000000000};
    client_body_temp_path $work/nginx/a; proxy_temp_path $work/nginx/b;
    fastcgi_temp_path $work/nginx/c; uwsgi_temp_path $work/nginx/d;
    scgi_temp_path $work/nginx/e;
    server {
        listen 127.0.0.1:$port backlog=8192;
        location = /alive { access_log off; return 200; }
        $2
    }
}
N
        ${NGINX_UNDER:-} nginx -e "$work/nginx/error.log" -c "$work/nginx.conf" \
            -p "$work/nginx" 2>/dev/null &
        target_pid=$!
        base=http://127.0.0.1:$port
        # Either it listens or it has left: the port is another's.
        while kill -0 "$target_pid" 2>/dev/null; do
            if [ -s "$work/nginx/pid" ] && curl -s -o /dev/null "$base/alive"; then
                return 0
            fi
        done
    done
}

# Lets it end what it has begun.
stop_nginx() {
    kill -QUIT "$target_pid"
    wait "$target_pid" || true
    target_pid=
}

# May a plan ask for the libcurl lane? There VUs may lend each other idle
# connections; in the direct lane each has its own.
libcurl_lane() {
    cat >"$work/lane.json" <<P
{ "name": "lane", "http": { "lane": "libcurl" }, "flow": [ { "get": "http://127.0.0.1/" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 1, "duration": "1s" } } }
P
    "$BRUNT" check "$work/lane.json" >/dev/null 2>&1
}
