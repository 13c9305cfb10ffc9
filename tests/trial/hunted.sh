# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the trials of brunt hunt share: is the answer near enough to the truth?

# hunted TRUTH LEAST MINUTES EXIT FILE: a line on the hunt whose results are in
# that file and that ended with that code. It begins with ok where the answer is
# within 8 % of the truth, or that LEAST, came in less than so many minutes, and
# is confirmed unless it was --quick; else with FAIL, and that is what it returns.
hunted() {
    jq -r --argjson at "$1" --argjson least "$2" --argjson minutes "$3" --argjson code "$4" '
        .insights.hunt as $h | ([$at * 0.08, $least] | max) as $may |
        ($code == 0 and $h.load != null and (($h.load - $at) | fabs) <= $may and
         .duration_s < $minutes * 60 and $h.confirmed == ($h.quick | not)) as $ok |
        "    \(if $ok then "ok  " else "FAIL" end) \($h.low)-\($h.high) (\($h.load)) for \($at), may be off by \($may * 10 | round / 10); " +
        "\($h.probes | length) probes, \($h.soft) soft, \(.duration_s / 6 | round / 10) min: \($h.text)"' "$5" | tee "$5.said"
    grep -q '^    ok' "$5.said"
}
