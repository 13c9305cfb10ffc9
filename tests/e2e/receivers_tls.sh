#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: receivers of --out over HTTPS whose certificate an authority of
# our own made: refused in so many words and nothing sent; taken where the
# authority is named (opentelemetry) or nothing is verified (influxdb,
# opentelemetry); credentials are shown nowhere.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/receivers.sh
. "$SRCDIR/tests/e2e/receivers.sh"
needs python3 openssl

# An authority, and a certificate of it for 127.0.0.1.
(
    cd "$work"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=test authority" \
        -keyout ca.key -out ca.pem
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=receiver" -keyout key -out csr
    echo 'subjectAltName=IP:127.0.0.1' >san
    openssl x509 -req -in csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san -out cert
    cat cert key >receiver.pem
) 2>/dev/null

start_target
receiver_plan >"$work/plan.json"
mkdir "$work/posts"
TLS_PEM=$work/receiver.pem python3 "$SRCDIR/tests/e2e/otlp_receiver.py" "$work/posts" >"$work/port" 2>"$work/receiver.log" &
receiver_pid=$!
until_line . "$work/port"
at=127.0.0.1:$(head -n 1 "$work/port")

posts() {
    find "$work/posts" -name '*.pb' | wc -l
}
# to KIND URL: a run into it, in the background.
to() {
    begin run "$work/plan.json" -e "BASE_URL=$base" --headless --results "$work/r.json" --out "$1=$2"
}
hushed() {
    ! grep -q hush42 "$work/out" "$work/err" "$work/r.json" || fail "credentials are shown"
}
refused() {
    to "$@"
    until_line "^brunt: waiting for $1 to https://$at/.*: SSL certificate problem: " "$work/err"
    kill -INT "$pid" # no more
    ended 0
    query '.outputs[0]' >"$work/o.json"
    jq -e '.points == 0 and .dropped > 0 and (.error | contains("certificate"))' "$work/o.json" >/dev/null || fail "$(cat "$work/o.json")"
    same "what $1 sent to whom it does not know" 0 "$(posts)"
    hushed
}
taken() {
    rm -f "$work"/posts/*
    to "$@"
    ended 0
    same "lost by $1" "0 true" "$(query '.outputs[0] | "\(.dropped) \(.points > 0)"')"
    [ "$(posts)" -gt 0 ] || fail "nothing came of $1"
    hushed
}

export K6_OTEL_HEADERS=x-token=hush42
refused influxdb "https://me:hush42@$at/load"
refused opentelemetry "https://$at"
K6_INFLUXDB_INSECURE=true taken influxdb "https://me:hush42@$at/load"
K6_OTEL_TLS_CERTIFICATE=$work/ca.pem taken opentelemetry "https://$at"
K6_OTEL_TLS_INSECURE_SKIP_VERIFY=true taken opentelemetry "https://$at"
