#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: how connections are made, witnessed by nginx's log: TLS with an
# authority of our own and client certificates, HTTP/2, proxies, --resolve, source
# addresses, connection reuse, cookies, and the mistakes that are told before a
# run.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/nginx.sh
. "$SRCDIR/tests/e2e/nginx.sh"

proxy_pid=
proxy_start() { # [CREDENTIALS]: sets $proxy to host:port, its log is $work/proxied
    mkfifo "$work/port"
    "$BUILDDIR/tests/support/proxy" "$@" >"$work/port" 2>"$work/proxied" &
    proxy_pid=$!
    read -r proxy <"$work/port"
    rm "$work/port"
    proxy=127.0.0.1:$proxy
}
proxy_stop() {
    [ -z "$proxy_pid" ] || kill "$proxy_pid" 2>/dev/null || true
    proxy_pid=
}
trap 'proxy_stop; nginx_stop; cleanup' EXIT

# get EXIT URL OPTION...: ten requests by two VUs, none of which may fail.
get() {
    local want=$1 url=$2
    shift 2
    forget
    run "$want" run "$url" -u 2 -i 10 --headless -q --results "$work/r.json" "$@"
}

# kinds: the kinds of errors that came, with their counts.
kinds() {
    query '[.errors[] | "\(.kind) \(.count)"] | join(", ")'
}

# refused TEXT OPTION...: the run does not begin, and says why.
refused() {
    local text=$1
    shift
    run 104 run "$plain/" -i 1 --headless "$@"
    grep -qF -- "$text" "$work/err" || {
        cat "$work/err" >&2
        fail "$*: does not say '$text'"
    }
}

# Nothing of this is consulted.
export http_proxy=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9 \
    ALL_PROXY=http://127.0.0.1:9

nginx_start

# way LANES PROTOCOLS: how requests went, as the results have it.
way() {
    same "lanes and protocols" "$1 $2" \
        "$(query '.endpoints[0] | (.lanes | join("+")) + " " + (.protocols | join("+"))')"
}

# --- plain, as a measure for the rest ---
get 0 "$plain/x"
way direct HTTP/1.1
same "requests seen" 10 "$(seen '^GET /x 200 127.0.0.1 .* HTTP/1.1')"
same "no errors" "" "$(kinds)"

# --- TLS ---
get 0 "$secure/x"
same "an authority that is not known" "tls 10" "$(kinds)"
way libcurl ''
same "none got through" 0 "$(seen .)"
get 0 "$secure/x" --cacert "$ca"
same "no errors" "" "$(kinds)"
way libcurl HTTP/2
same "HTTP/2 is negotiated" 10 "$(seen '^GET /x 200 .* HTTP/2.0')"
get 0 "$secure/x" --cacert "$ca" --http1
way direct HTTP/1.1
same "HTTP/1.1 by option" 10 "$(seen '^GET /x 200 .* HTTP/1.1')"
get 0 "$secure/x" --insecure-skip-tls-verify
same "unverified" 10 "$(seen '^GET /x 200 ')"
get 0 "https://localhost:${secure##*:}/x" --cacert "$ca"
same "a name the certificate does not have" "tls 10" "$(kinds)"

get 0 "$secure/members" --cacert "$ca"
same "no client certificate" 10 "$(seen '^GET /members 403 ')"
for lane in '' --http1; do
    # shellcheck disable=SC2086 # no option is none
    get 0 "$secure/members" --cacert "$ca" $lane \
        --cert "$nginx_dir/client.pem" --key "$nginx_dir/client.key"
    same "client certificate $lane" 10 "$(seen '^GET /members 200 .*client=CN=client')"
done

# The same in a plan, its paths from its own folder, the key with a password.
cat >"$nginx_dir/plan.json" <<P
{ "env": { "BASE": "", "PASSWORD": "sesame" }, "secrets": ["PASSWORD"],
  "http": { "tls": { "ca": "ca.pem", "cert": "client.pem", "key": "client-locked.key",
                     "password": "\${PASSWORD}", "minVersion": "tls1.2", "ciphers": "ECDHE-ECDSA-AES256-GCM-SHA384" } },
  "flow": [ { "get": "\${BASE}/members" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 2, "iterations": 10 } } }
P
forget
run 0 run "$nginx_dir/plan.json" -e "BASE=$secure" --headless -q --results "$work/r.json"
same "client certificate by plan" 10 "$(seen '^GET /members 200 .*client=CN=client')"
same "ciphers by plan" 10 "$(seen 'cipher=ECDHE-ECDSA-AES256-GCM-SHA384 ')"
jq '.http.tls.minVersion = "tls1.3"' "$nginx_dir/plan.json" >"$nginx_dir/tls13.json"
run 0 run "$nginx_dir/tls13.json" -e "BASE=$secure" --headless -q --results "$work/r.json"
same "the server has no TLS 1.3" "tls 10" "$(kinds)"
run 104 run "$nginx_dir/plan.json" -e "BASE=$secure" -e PASSWORD=wrong --headless
grep -qE 'plan\.json:2:[0-9]+: \$\.http\.tls\.cert: certificate .*client.pem.* with key .*client-locked.key.*password' "$work/err" ||
    fail "a wrong password is not told: $(cat "$work/err")"
run 104 check "$nginx_dir/plan.json" -e PASSWORD=wrong

# --- HTTP/2 at once ---
cat >"$work/h2c.json" <<P
{ "http": { "http2": "prior-knowledge" }, "flow": [ { "get": "$h2c/x" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 2, "iterations": 10 } } }
P
forget
run 0 run "$work/h2c.json" --headless -q
same "HTTP/2 without asking" 10 "$(seen '^GET /x 200 .* HTTP/2.0')"

# --- one name, two ways ---
cat >"$work/ways.json" <<P
{ "http": { "tls": { "ca": "$ca" } },
  "flow": [ { "get": "$secure/x", "name": "x" }, { "get": "$secure/x", "name": "x", "lane": "direct" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 2, "iterations": 10 } } }
P
run 0 run "$work/ways.json" --headless -q --results "$work/r.json"
way direct+libcurl HTTP/1.1+HTTP/2
grep -qE '^ +x .* direct\+libcurl HTTP/1\.1\+2$' "$work/out" || fail "the summary does not name the lanes: $(cat "$work/out")"

# --- names and sources ---
for url in "http://shop.test:${plain##*:}" "https://shop.test:${secure##*:}"; do
    get 0 "$url/x" --cacert "$ca" --resolve "shop.test:${url##*:}:127.0.0.1"
    same "resolved by option, $url" 10 "$(seen "^GET /x 200 .* shop.test:")"
    same "no errors" "" "$(kinds)"
done
get 0 "$plain/x" --local-ips 127.0.0.7,127.0.3.1-127.0.3.9
same "the first VU's address" 10 "$(seen '^GET /x 200 (127.0.0.7|127.0.3.1) ')"
run 0 run "$plain/y" -u 4 -d 1s --headless -q --local-ips 127.0.0.2-127.0.0.4
same "addresses go round" "127.0.0.2 127.0.0.3 127.0.0.4" \
    "$(awk '$2 == "/y" { print $4 }' "$log" | sort -u | paste -sd' ')"
same "VUs 1 and 4 share one, over two connections" 2 \
    "$(awk '$2 == "/y" && $4 == "127.0.0.2" { print $5 }' "$log" | sort -u | wc -l)"

# --- connections ---
get 0 "$plain/x"

# opened: connections, as nginx has them and as brunt counts them.
opened() {
    local n
    n=$(awk '{ print $5 }' "$log" | sort -u | wc -l)
    same "connections opened" "$n" "$(query .counts.connections_opened)"
    same "most at a time" "true" "$(query ".counts.connections_max <= $n")"
    echo "$n"
}
one_a_vu "connections" "$(opened)"
get 0 "$secure/x" --cacert "$ca"
one_a_vu "HTTP/2 connections" "$(opened)"
run 0 run "$plain/x" -u 5 -d 500ms --headless -q --results "$work/r.json"
same "most at a time" 5 "$(query .counts.connections_max)"
for mode in '10 --no-connection-reuse' '10 --no-vu-connection-reuse'; do
    # shellcheck disable=SC2086 # words of the option
    get 0 "$plain/x" ${mode#* }
    same "connections, ${mode#* }" "${mode%% *}" "$(opened)"
done

# --- proxies ---
proxy_start
get 0 "$plain/x" --proxy "http://$proxy"
same "plain proxying" 10 "$(seen '^GET /x 200 ')"
grep -q "^GET $plain/x\$" "$work/proxied" || fail "the proxy was not asked"
for lane in '' --http1; do
    : >"$work/proxied"
    # shellcheck disable=SC2086 # no option is none
    get 0 "https://shop.test:${secure##*:}/x" --cacert "$ca" --proxy "$proxy" $lane
    same "a tunnel $lane" 10 "$(seen '^GET /x 200 .* shop.test:')"
    one_a_vu "tunnels $lane" "$(grep -c "^CONNECT shop.test:${secure##*:}\$" "$work/proxied")"
done
: >"$work/proxied"
get 0 "http://shop.test:${plain##*:}/x" --proxy "socks5h://$proxy"
same "by SOCKS" 10 "$(seen '^GET /x 200 .* shop.test:')"
grep -q "^SOCKS shop.test:${plain##*:}\$" "$work/proxied" || fail "SOCKS: $(cat "$work/proxied")"
: >"$work/proxied"
get 0 "$plain/x" --proxy "$proxy" --noproxy other.test,127.0.0.1
same "excepted" 10 "$(seen '^GET /x 200 ')"
same "the proxy was not asked" 0 "$(grep -c . "$work/proxied" || true)"
for lane in '' --http1; do
    # shellcheck disable=SC2086 # no option is none
    get 0 "https://shop.test:1/x" --proxy "$proxy" $lane
    same "a tunnel to nowhere $lane" "connect 10" "$(kinds)"
done
proxy_stop
proxy_start "$(printf 'me:secret' | openssl base64)"
get 0 "https://shop.test:${secure##*:}/x" --cacert "$ca" --proxy "http://$proxy"
same "a proxy that asks who is there" "connect 10" "$(kinds)"
get 0 "https://shop.test:${secure##*:}/x" --cacert "$ca" --proxy "http://me:secret@$proxy"
same "one that is told" 10 "$(seen '^GET /x 200 ')"
! grep -rq 'me:secret' "$work/r.json" "$work/out" "$work/err" || fail "the password is shown"
proxy_stop

# --- cookies ---
cat >"$work/cookies.json" <<P
{ "flow": [
    { "get": "$plain/home", "name": "before",
      "checks": { "empty": { "header": "X-Got", "equals": "s1" } } },
    { "post": "$plain/login", "name": "login", "body": "x",
      "checks": { "followed": { "header": "X-Got", "equals": "s1" } } },
    { "get": "$plain/home", "name": "after", "cookies": { "mine": "m1" },
      "checks": { "kept": { "header": "X-Got", "equals": "s1" } } } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 2, "iterations": 6 } } }
P
forget
run 0 run "$work/cookies.json" --headless -q --results "$work/r.json"
checks() {
    query '[.checks[] | "\(.name) \(.passes)/\(.fails)"] | join(", ")'
}
same "checks" "empty 0/6, followed 6/0, kept 6/0" "$(checks)"
same "sent beside the plan's own" 6 "$(seen '^GET /home .* cookie=mine=m1; session=s1 ')"
same "nothing for others" 0 "$(seen 'gone=|elsewhere=')"
jq '.http.cookies = "keep"' "$work/cookies.json" >"$work/keep.json"
run 0 run "$work/keep.json" -u 1 -i 6 --headless -q --results "$work/r.json"
same "kept" "empty 5/1, followed 6/0, kept 6/0" "$(checks)"
jq '.http.cookies = "off"' "$work/cookies.json" >"$work/off.json"
run 0 run "$work/off.json" --headless -q --results "$work/r.json"
same "none" "empty 0/6, followed 0/6, kept 0/6" "$(checks)"
! grep -q 's1' "$work/r.json" || grep -q '"equals"' "$work/r.json" ||
    fail "a cookie's value stands in the results"

# --- told before the run ---
forget
refused "'$work/none.pem' cannot be read" --cacert "$work/none.pem"
refused "holds no certificates of authorities" --cacert "$nginx_dir/ca.key"
refused "PEM files that belong together" --cert "$nginx_dir/client.pem" --key "$nginx_dir/server.key"
refused "the key is encrypted: http.tls.password opens it" --cert "$nginx_dir/client.pem" --key "$nginx_dir/client-locked.key"
jq --arg d "$nginx_dir" '.http.tls = { "cert": ($d + "/client.pem"), "key": ($d + "/client-locked.key"), "password": "wrong" }' \
    "$work/keep.json" >"$work/locked.json"
run 104 check "$work/locked.json"
grep -Eq 'locked\.json:[0-9]+:[0-9]+: \$\.http\.tls\.cert: certificate .*: http\.tls\.password does not open the key' \
    "$work/err" || fail "a wrong password is not told with its place: $(cat "$work/err")"
refused "goes with --cert" --key "$nginx_dir/client.key"
refused "is no proxy" --proxy ftp://127.0.0.1:1
refused "names no port" --proxy http://127.0.0.1
refused "is no IP address" --resolve shop.test:80:localhost
refused "is no IP address" --local-ips localhost
refused "'ip addr' shows" --local-ips 192.0.2.1
same "nothing was sent" 0 "$(seen .)"
