#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: packed responses in every coding that libcurl has: whole, cut
# off, broken, with rubbish behind their end, and one that would fill the memory.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_script packed.py

# get PATH: three requests of it, with a bound of 1 MiB.
get() {
    cat >"$work/p.json" <<P
{ "http": { "compression": true, "maxResponseBytes": 1048576 },
  "flow": [ { "get": "$base/$1", "checks": { "text": { "contains": "packed and unpacked again, packed" } } } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 1, "iterations": 3 } } }
P
    run 0 run "$work/p.json" --headless --results "$work/r.json"
    kinds=$(query '[.errors[] | select(.kind != "check") | "\(.kind) \(.count)"] | join(",")')
    message=$(query '[.errors[] | select(.kind != "check") | .message] | join(",")')
    whole=$(query '.checks[0].passes')
}

codings="gzip deflate"
if curl -V | grep -qw brotli; then
    codings="$codings br"
fi
for coding in $codings; do
    get "$coding/whole"
    same "$coding" "3 " "$whole $kinds"
    get "$coding/cut"
    same "$coding, cut off" "0 reset 3" "$whole $kinds"
    for how in broken more; do
        get "$coding/$how"
        same "$coding, $how" "0 encoding 3" "$whole $kinds"
        case $message in
        "packed body cannot be unpacked: "?*) ;;
        *) fail "$coding, $how: '$message'" ;;
        esac
    done
    get "$coding/bomb"
    same "$coding, a bomb" "0 too_large 3" "$whole $kinds"
    same "its text" "response body larger than 1048576 bytes" "$message"
done
