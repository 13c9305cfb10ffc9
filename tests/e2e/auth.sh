#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: who asks, said for all requests, for one, and for none; and
# that no redirect carries it to another host, in both lanes, with nginx's log as
# the witness.
# shellcheck disable=SC2016 # ${…} in plans and nginx's own variables
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/witness.sh
. "$SRCDIR/tests/e2e/witness.sh"

start_nginx '$host $uri [$http_authorization] $status' '
    location /token { return 200 "{\"t\":\"later\"}"; }
    location /away { return 307 http://other.test:$server_port/there; }
    location /near { return 302 /here; }
    location / { return 204; }'

for lane in direct libcurl; do
    cat >"$work/p.json" <<P
{ "env": { "BASE_URL": "" },
  "http": { "lane": "$lane", "auth": { "basic": { "user": "me", "password": "open" } } },
  "setup": [ { "get": "\${BASE_URL}/$lane/setup" } ],
  "vu_setup": [ { "get": "\${BASE_URL}/$lane/vu_setup" } ],
  "flow": [ { "get": "\${BASE_URL}/$lane/plain" },
            { "get": "\${BASE_URL}/$lane/own", "auth": { "bearer": "mine" } },
            { "get": "\${BASE_URL}/$lane/header", "headers": { "authorization": "Mine" } },
            { "get": "\${BASE_URL}/$lane/none", "auth": null },
            { "get": "\${BASE_URL}/near" },
            { "get": "\${BASE_URL}/away" } ],
  "teardown": [ { "get": "\${BASE_URL}/$lane/teardown" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "iterations": 1 } } }
P
    run 0 run "$work/p.json" -e "BASE_URL=$base" --headless \
        --resolve "other.test:${base##*:}:127.0.0.1"
done

# A token that setup takes: setup itself goes without, all others have it.
cat >"$work/p.json" <<'P'
{ "env": { "BASE_URL": "" }, "http": { "auth": { "bearer": "${t}" } },
  "setup": [ { "get": "${BASE_URL}/token", "extract": { "t": { "json": "/t" } } } ],
  "flow": [ { "get": "${BASE_URL}/run" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "iterations": 1 } } }
P
run 0 run "$work/p.json" -e "BASE_URL=$base" --headless
stop_nginx

basic="Basic $(printf 'me:open' | base64)"
for lane in direct libcurl; do
    cat <<W
127.0.0.1 /$lane/setup [$basic] 204
127.0.0.1 /$lane/vu_setup [$basic] 204
127.0.0.1 /$lane/plain [$basic] 204
127.0.0.1 /$lane/own [Bearer mine] 204
127.0.0.1 /$lane/header [Mine] 204
127.0.0.1 /$lane/none [-] 204
127.0.0.1 /near [$basic] 302
127.0.0.1 /here [$basic] 204
127.0.0.1 /away [$basic] 307
other.test /there [-] 204
127.0.0.1 /$lane/teardown [$basic] 204
W
done >"$work/want"
cat >>"$work/want" <<'W'
127.0.0.1 /token [-] 200
127.0.0.1 /run [Bearer later] 204
W
diff -u "$work/want" "$work/access.log" >&2 || fail "not what was to be said of who asks"
