#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: what goes out and comes back, in both lanes and byte for byte:
# bodies from files and of several parts, HEAD, packed responses, limits of size,
# and which lane a request takes. nginx keeps the bodies and logs the rest.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/nginx.sh
. "$SRCDIR/tests/e2e/nginx.sh"

nginx_start
# shellcheck disable=SC2154 # nginx.sh sets them
files=$nginx_dir/files
head -c 200000 /dev/urandom >"$files/random"
# shellcheck disable=SC2016 # it is not to be expanded
printf 'a\000b\r\n${vu}' >>"$files/random"
printf 'small\n' >"$files/small.txt"
for _ in $(seq 4000); do echo "the same line over and over"; done >"$files/text.txt"
size=$(wc -c <"$files/text.txt")

# plan HTTP STEPS: into $nginx_dir/plan.json, ten iterations by two VUs.
plan() {
    cat >"$nginx_dir/plan.json" <<P
{ "http": { $1 }, "data": { "words": ["0123456789"] }, "flow": [ $2 ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 2, "iterations": 10 } } }
P
    forget
    rm -rf "$nginx_dir"/body/*
    run 0 run "$nginx_dir/plan.json" --headless -q --results "$work/r.json"
}

# kept FILE: how many bodies nginx kept that are this one, byte for byte.
kept() {
    local n=0 body
    for body in "$nginx_dir"/body/*; do
        ! cmp -s "$1" "$body" || n=$((n + 1))
    done
    echo "$n"
}

kinds() {
    query '[.errors[] | "\(.kind) \(.count)"] | join(", ")'
}

# shellcheck disable=SC2154
for lane in direct libcurl; do
    # --- bodies ---
    plan "\"lane\": \"$lane\"" "{ \"put\": \"$plain/keep\", \"body_file\": \"files/random\" }"
    same "a file, $lane" 10 "$(kept "$files/random")"
    same "and nothing else" 10 "$(find "$nginx_dir/body" -type f | wc -l)"
    same "all went well" 10 "$(seen '^PUT /keep 200 ')"
    # The same file, to a URL that is another one each time.
    plan "\"lane\": \"$lane\"" "{ \"post\": \"$plain/keep?\${uuid}\", \"body_file\": \"files/random\" }"
    same "a file of requests that differ, $lane" 10 "$(kept "$files/random")"

    plan "\"lane\": \"$lane\"" "{ \"post\": \"$plain/keep\", \"multipart\": {
        \"text\": \"\${data.words}\", \"n\": 5, \"quote\\\"d\": \"x\",
        \"many\": [ { \"file\": \"files/random\" },
                    { \"file\": \"files/small.txt\", \"filename\": \"b.txt\", \"type\": \"text/plain\" } ] } }"
    boundary=brunt-$(sha256sum "$nginx_dir/plan.json" | cut -c1-32)
    {
        for part in 'text"|0123456789' 'n"|5' 'quote%22d"|x'; do
            printf -- '--%s\r\nContent-Disposition: form-data; name="%s\r\n\r\n%s\r\n' \
                "$boundary" "${part%%|*}" "${part#*|}"
        done
        printf -- '--%s\r\nContent-Disposition: form-data; name="many"; filename="random"\r\n' "$boundary"
        printf 'Content-Type: application/octet-stream\r\n\r\n'
        cat "$files/random"
        printf -- '\r\n--%s\r\nContent-Disposition: form-data; name="many"; filename="b.txt"\r\n' "$boundary"
        printf 'Content-Type: text/plain\r\n\r\nsmall\n\r\n--%s--\r\n' "$boundary"
    } >"$work/parts"
    same "parts, $lane" 10 "$(kept "$work/parts")"
    same "their type" 10 "$(seen "type=multipart/form-data; boundary=$boundary\$")"

    # --- HEAD: no body comes, whatever its length, and the connection lives on ---
    plan "\"lane\": \"$lane\"" "{ \"head\": \"$plain/files/text.txt\", \"checks\": {
        \"length\": { \"header\": \"Content-Length\", \"equals\": \"$size\" } } }"
    same "HEAD, $lane" 10 "$(seen '^HEAD /files/text.txt 200 ')"
    same "its length" 10 "$(query '.checks[0].passes')"
    one_a_vu "connections" "$(awk '{ print $5 }' "$log" | sort -u | wc -l)"

    # --- limits ---
    plan "\"lane\": \"$lane\", \"maxResponseBytes\": $((size - 1))" "{ \"get\": \"$plain/files/text.txt\" }"
    same "a response one byte too large, $lane" "too_large 10" "$(kinds)"
    query '.errors[0].message' | grep -q "larger than $((size - 1)) bytes" || fail "the limit is not told"
    same "its connection is closed" 10 "$(awk '{ print $5 }' "$log" | sort -u | wc -l)"
    plan "\"lane\": \"$lane\", \"maxResponseBytes\": $size" "{ \"get\": \"$plain/files/text.txt\" }"
    same "one that just fits, $lane" "" "$(kinds)"
    plan "\"lane\": \"$lane\", \"maxRequestBytes\": 9" "{ \"post\": \"$plain/x\", \"body\": \"\${data.words}\" }"
    same "a request too large, $lane" "unresolved 10" "$(kinds)"
    query '.errors[0].message' | grep -q http.maxRequestBytes || fail "the limit is not named"
    same "is not sent" 0 "$(seen .)"
done

# --- packed responses ---
step="{ \"get\": \"$plain/files/text.txt\", \"checks\": { \"whole\": { \"contains\": \"over and over\\n\" } } }"
plan '' "$step"
same "not asked for" 10 "$(seen "^GET .* sent=[0-9]{6} ")"
plan '"compression": true' "$step"
same "asked for" 10 "$(seen "^GET .* sent=[0-9]{3,4} ")"
same "unpacked" 10 "$(query '.checks[0].passes')"
# Counted as they came, but for the frames of chunks: some 12 bytes each.
received=$(query '.metrics.data_received.values.count')
awk -v got="$received" '{ for (i = 1; i <= NF; i++)
    if ($i ~ /^sent=/) sum += substr($i, 6) }
    END { exit !(got <= sum && got > sum - 20 * NR) }' "$log" ||
    fail "data_received is $received"
plan "\"compression\": true, \"maxResponseBytes\": $((size - 1))" "{ \"get\": \"$plain/files/text.txt\" }"
same "the limit is for what is unpacked" "too_large 10" "$(kinds)"

# --- which lane ---
# shellcheck disable=SC2154
for row in ' 2.0' '"lane": "libcurl", 2.0' '"lane": "direct", 1.1'; do
    plan "${row% *} \"tls\": { \"ca\": \"ca.pem\" }" "{ \"get\": \"$secure/x\" }"
    same "protocol, $row" 10 "$(seen "^GET /x 200 .* HTTP/${row##* }")"
done
plan '"tls": { "ca": "ca.pem" }' "{ \"get\": \"$secure/x\", \"lane\": \"direct\" },
    { \"get\": \"$secure/y\" }"
same "one request by itself" 10 "$(seen '^GET /x 200 .* HTTP/1.1')"
same "the other as ever" 10 "$(seen '^GET /y 200 .* HTTP/2.0')"
