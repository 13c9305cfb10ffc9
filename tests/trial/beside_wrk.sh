#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: brunt's figures beside wrk's on a server that takes 5 ms for
# each request, in paired rounds with the same number of connections, client and
# server on a core of their own: requests a second, mean, p50 and p75 within 3 %,
# p90 and p99 within 5 %, as medians of the rounds' ratios.
#
# ROUNDS (7), SECONDS_EACH (8), CONNECTIONS (50) may be set.
set -eu
export LC_ALL=C
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/trial/delay.sh
. "$SRCDIR/tests/trial/delay.sh"
rounds=${ROUNDS:-7}
seconds=${SECONDS_EACH:-8}
connections=${CONNECTIONS:-50}

needs wrk
needs_two_cores
start_delay
cat >"$work/plan.json" <<P
{ "name": "beside wrk",
  "flow": [ { "get": "http://127.0.0.1:$port/", "name": "Get" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": $connections,
                        "duration": "${seconds}s" } } }
P

# Both write: requests a second, and in ms mean, p50, p75, p90, p99.
wrk_figures() {
    taskset -c 1 wrk -t1 -c"$connections" -d"$seconds" --latency \
        "http://127.0.0.1:$port/" |
        awk '
            function ms(text) {
                return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000
            }
            $1 == "Latency" && $2 != "Distribution" { mean = ms($2) }
            $1 ~ /^[0-9]+%$/ { p = p " " ms($2) }
            $1 == "Requests/sec:" { rate = $2 }
            END { print rate, mean p }'
}

brunt_figures() {
    taskset -c 1 "$BRUNT" run "$work/plan.json" --headless -q -w 1 \
        --results "$work/r.json" >"$work/out" 2>"$work/err" ||
        fail "brunt: $(cat "$work/err")"
    # The file has no p75 of its own: it is in the histogram.
    # shellcheck disable=SC2016
    query '.histograms.http_req_duration as $h | .metrics as $m | $m.http_req_duration.values as $v |
        ($v.count * 0.75 | ceil) as $rank |
        ([0, 0] | reduce $h[] as [$low, $n] (.;
            if .[0] >= $rank then . else [.[0] + $n, $low] end) |
            .[1] / 1000) as $p75 |
        [$m.http_reqs.values.rate, $v.avg, $v.med, $p75, $v["p(90)"], $v["p(99)"]] |
        map(tostring) | join(" ")'
}

for ((round = 1; round <= rounds; round++)); do
    wrk=$(wrk_figures)
    brunt=$(brunt_figures)
    echo "$wrk $brunt" >>"$work/rounds"
done
exec 3>&-

awk -v names="rate mean p50 p75 p90 p99" -v most="3 3 3 3 5 5" '
    function median(a, n,   i, j, t) {
        for (i = 2; i <= n; i++)
            for (j = i; j > 1 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
        return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
    }
    { for (i = 1; i <= 12; i++) v[NR, i] = $i }
    END {
        split(names, name); split(most, bound)
        print "        wrk         brunt     difference (medians)"
        for (i = 1; i <= 6; i++) {
            for (r = 1; r <= NR; r++) {
                w[r] = v[r, i]; b[r] = v[r, i + 6]; q[r] = (v[r, i + 6] / v[r, i] - 1) * 100
            }
            d = median(q, NR)
            off = d < -bound[i] || d > bound[i]
            printf "%-5s %9.2f  %9.2f  %7.2f %% (at most %d)%s\n", name[i], median(w, NR), median(b, NR), d, bound[i], off ? "  OFF" : ""
            bad += off
        }
        exit bad > 0
    }' "$work/rounds" || fail "figures differ from wrk's"
