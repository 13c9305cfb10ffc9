# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# An nginx of our own on the loopback as a witness: it speaks HTTP/1.1, TLS and
# HTTP/2, asks for client certificates, packs, and logs what it saw. Sourced
# after lib.sh by scripts that need it; without nginx or openssl they are skipped.
#
# nginx_start leaves $plain, $secure, $h2c (URLs without a path), $ca, $log.

PATH=$PATH:/usr/sbin
needs nginx openssl

nginx_dir=${work:?}/nginx

# certificate NAME ARGUMENT...: a key and a certificate of our authority.
certificate() {
    local name=$1
    shift
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -subj "/CN=$name" -keyout "$nginx_dir/$name.key" \
        -out "$nginx_dir/$name.csr" 2>/dev/null
    openssl x509 -req -in "$nginx_dir/$name.csr" -CA "$nginx_dir/ca.pem" \
        -CAkey "$nginx_dir/ca.key" -CAcreateserial -days 2 "$@" \
        -out "$nginx_dir/$name.pem" 2>/dev/null
}

# shellcheck disable=SC2034 # what is left is the sourcing script's
certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -days 2 -subj "/CN=test authority" -keyout "$nginx_dir/ca.key" \
        -out "$nginx_dir/ca.pem" 2>/dev/null
    printf 'subjectAltName=DNS:shop.test,IP:127.0.0.1\n' >"$nginx_dir/san"
    certificate server -extfile "$nginx_dir/san"
    certificate client
    openssl ec -aes128 -passout pass:sesame -in "$nginx_dir/client.key" \
        -out "$nginx_dir/client-locked.key" 2>/dev/null
    ca=$nginx_dir/ca.pem
}

nginx_conf() { # PLAIN SECURE H2C
    # Bodies that it keeps are for us to read.
    [ "$(id -u)" != 0 ] || echo "user root;"
    cat <<END
worker_processes 1;
pid $nginx_dir/pid;
error_log $nginx_dir/error;
events { worker_connections 512; }
http {
    log_format seen '\$request_method \$request_uri \$status \$remote_addr'
        ' \$connection \$server_protocol \$http_host'
        ' cookie=\$http_cookie client=\$ssl_client_s_dn sent=\$bytes_sent'
        ' took=\$request_length cipher=\$ssl_cipher type=\$content_type';
    access_log $nginx_dir/log seen;
    default_type text/plain;
    client_max_body_size 64m;
    client_body_temp_path $nginx_dir/body;
    proxy_temp_path $nginx_dir/t1;
    fastcgi_temp_path $nginx_dir/t2;
    uwsgi_temp_path $nginx_dir/t3;
    scgi_temp_path $nginx_dir/t4;
    keepalive_requests 100000;
    gzip on;
    gzip_min_length 100;
    gzip_types text/plain application/json;
    gzip_http_version 1.1;
    server {
        listen 127.0.0.1:$1;
        listen 127.0.0.1:$2 ssl http2;
        listen 127.0.0.1:$3 http2;
        ssl_certificate $nginx_dir/server.pem;
        ssl_certificate_key $nginx_dir/server.key;
        ssl_client_certificate $nginx_dir/ca.pem;
        ssl_protocols TLSv1.2;
        ssl_verify_client optional;
        location / { return 200 "hello\n"; }
        location /members {
            if (\$ssl_client_verify != SUCCESS) { return 403; }
            return 200 "welcome\n";
        }
        location /login {
            add_header Set-Cookie "session=s1; Path=/";
            add_header Set-Cookie "gone=1; Max-Age=0";
            add_header Set-Cookie "elsewhere=1; Domain=other.test";
            return 302 /home;
        }
        location /home { add_header X-Got "\$cookie_session" always; return 200 ok; }
        location /files/ { alias $nginx_dir/files/; }
        location /keep {
            client_body_in_file_only on;
            proxy_pass http://127.0.0.1:$1/kept;
            proxy_set_header X-Type \$http_content_type;
        }
        location /kept { access_log off; return 200 "kept\n"; }
    }
}
END
}

nginx_stop() {
    [ ! -s "$nginx_dir/pid" ] || kill "$(cat "$nginx_dir/pid")" 2>/dev/null || true
    while [ -s "$nginx_dir/pid" ]; do sleep 0.05; done
}
trap 'nginx_stop; cleanup' EXIT

# nginx_start: on three free ports.
# shellcheck disable=SC2034 # the same
nginx_start() {
    local port
    mkdir -p "$nginx_dir/files" "$nginx_dir/body"
    certificates
    log=$nginx_dir/log
    for _ in 1 2 3 4 5 6 7 8; do
        port=$((20000 + RANDOM % 12000))
        nginx_conf $port $((port + 1)) $((port + 2)) >"$nginx_dir/conf"
        if nginx -c "$nginx_dir/conf" -e "$nginx_dir/error" 2>/dev/null; then
            plain=http://127.0.0.1:$port
            secure=https://127.0.0.1:$((port + 1))
            h2c=http://127.0.0.1:$((port + 2))
            return
        fi
    done
    cat "$nginx_dir/error" >&2
    fail "nginx does not start"
}

# seen PATTERN: how many lines of the log match.
seen() {
    grep -cE -- "$1" "$log" || true
}

# one_a_vu WHAT N: a quick VU may have left nothing for the other.
one_a_vu() {
    case $2 in
    1 | 2) ;;
    *) fail "$1: $2, not one a VU" ;;
    esac
}

# forget: an empty log.
forget() {
    : >"$log"
}
