#!/bin/bash
# SPDX-License-Identifier: MIT
# From 1,000 VUs to 10,000 at once, all at full speed, seen by nginx's log: how
# long until each has sent its first request, and how those that ran already fare
# meanwhile. Beside it wrk with 1,000 connections while a second wrk opens 9,000
# more on the same core. What a connection waits is the time between two of its
# lines, which is the same measure for both.
#
# How they fare in two seconds from the step on is shown, too, but is no goal:
# once all are there it is no change any more. Two processes share their core by
# halves, so that wrk's 1,000 go on as if there were 1,000 others; in one process
# each of 10,000 connections is served like the others, by wrk, too.
set -eu
# shellcheck source=SCRIPTDIR/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx curl taskset jq openssl
rounds=$(((ROUNDS + 1) / 2))
few=1000
many=$(fitting 10000)
[ "$many" = 10000 ] || note "10,000 VUs asked, $many are what descriptors allow"
log=$work/access.log
server_start "$log"

# The p99 of the numbers on standard input.
p99() {
    sort -g | awk '{ v[NR] = $1 } END { i = int(NR * 0.99); print v[i < NR * 0.99 ? i + 1 : i] }'
}

# Of the log: ms from the step until every new one has sent a request, and the
# p99, in ms, of what those waited that had been there before: until then, and in
# two seconds. One is known by its VU's number or else by its connection.
seen() { # STEP-TIME COUNT
    awk -v step="$1" -v want="$2" '
        {
            key = $5 != "-" ? $5 : "c" $3
            if (!(key in last)) {
                if ($1 >= step) first = $1 > first ? $1 : first
                else old[key]
                n++
            } else if (key in old && $1 >= step) {
                print $1, ($1 - last[key]) * 1000 > waits
            }
            last[key] = $1
        }
        END {
            if (n < want) { print "only " n " of " want " sent a request" > "/dev/stderr"; exit 1 }
            printf "%.0f\n", (first - step) * 1000
        }' waits="$work/waits" <(sort -s -g -k 1,1 "$log") >"$work/all"
    awk -v step="$1" -v ms="$(cat "$work/all")" '$1 <= step + ms / 1000 { print $2 }' \
        "$work/waits" | p99 >"$work/p99"
    awk -v step="$1" '$1 < step + 2 { print $2 }' "$work/waits" | p99 >"$work/later"
}

change_brunt() {
    local step
    : >"$log"
    cat >"$work/plan.json" <<P
{ "name": "change",
  "flow": [ { "post": "$server_url?vu=\${vu}", "name": "Post", "json": $body } ],
  "scenarios": { "s": { "executor": "ramping-vus", "startVUs": $few, "stages": [
    { "duration": "2s", "target": $few }, { "duration": "0s", "target": $many },
    { "duration": "4s", "target": $many } ] } } }
P
    on_client "$BRUNT" run "$work/plan.json" --headless -q -w 1 \
        --results "$work/r.json" >"$work/client.out" 2>"$work/client.err" ||
        client_failed brunt
    step=$(jq -r '(.started | sub("\\.[0-9]+Z"; "Z") | fromdate) +
        (.started | capture("\\.(?<f>[0-9]+)Z").f | "0." + . | tonumber) +
        ([.events[] | select(.type == "stage")][0].t) + 2' "$work/r.json")
    seen "$step" "$many"
}

change_wrk() {
    local first step
    : >"$log"
    taskset -c "$CLIENT_CORE" wrk -t1 -c"$few" -d6 -s "$work/post.lua" "$server_url" >/dev/null &
    first=$!
    sleep 2
    step=$(date +%s.%3N)
    on_client wrk -t1 -c$((many - few)) -d4 -s "$work/post.lua" "$server_url" >/dev/null
    wait "$first"
    seen "$step" "$many"
}

cat >"$work/post.lua" <<L
wrk.method = "POST"
wrk.body = '$body'
wrk.headers["Content-Type"] = "application/json"
L
tools=(brunt)
! have wrk || tools+=(wrk)
for ((round = 1; round <= rounds; round++)); do
    for tool in "${tools[@]}"; do
        "change_$tool"
        cat "$work/all" >>"$work/all.$tool"
        cat "$work/p99" >>"$work/p99.$tool"
        cat "$work/later" >>"$work/later.$tool"
    done
done
for tool in "${tools[@]}"; do
    mapfile -t list <"$work/all.$tool"
    row "change, all at work" "$many" "$tool" ms "${list[@]}"
    if [ "$tool" = brunt ]; then
        read -r _ median _ < <(printf '%s\n' "${list[@]}" | spread)
        gate "ms until $many VUs are at work" most 2000 "$median"
    fi
    mapfile -t list <"$work/p99.$tool"
    row "change, p99 of the old" "$many" "$tool" ms "${list[@]}"
    mapfile -t list <"$work/later.$tool"
    row "the same, of 2 s" "$many" "$tool" ms "${list[@]}"
done
if [ "${#tools[@]}" = 2 ]; then
    mapfile -t list < <(paste "$work/p99.brunt" "$work/p99.wrk" |
        awk '{ printf "%.3f\n", $1 / ($2 > 0 ? $2 : 1) }')
    row "change, p99 ratio" "$many" brunt/wrk x "${list[@]}"
    read -r _ median _ < <(printf '%s\n' "${list[@]}" | spread)
    gate "p99 meanwhile beside wrk" most 1 "$median"
fi
