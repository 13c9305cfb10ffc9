#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: a rate of arrival that is steered by hand. Its schedule begins
# anew at each change and after each pause: what nginx's log has in each tenth of
# a second is the rate that holds, with no burst to catch up and no hole. Needs
# nginx.
set -eu
export LC_ALL=C
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/witness.sh
. "$SRCDIR/tests/e2e/witness.sh"

start_nginx "\$msec" 'location / { return 200 "ok"; }'
"$BUILDDIR/tests/trial/rate_run" "$base/" >"$work/changes"
stop_nginx
mapfile -t at <"$work/changes"
same "changes" 5 "${#at[@]}"

# part NAME FROM TO RATE: from 50 ms after a change, and up to 50 ms before the
# next: tenths of a second, within 10 % and two requests, and in all within 2 %.
part() {
    sort -n "$work/access.log" | awk -v name="$1" -v from="$2" -v to="$3" -v rate="$4" '
        BEGIN { from += 0.05; tenths = int((to - 0.05 - from) * 10) }
        $1 >= from && $1 < from + tenths / 10 { n[int(($1 - from) * 10 + 1e-6)]++; all++ }
        END {
            for (i = 0; i < tenths; i++) {
                most = n[i] > most ? n[i] : most
                least = i == 0 || n[i] + 0 < least ? n[i] + 0 : least
            }
            due = rate / 10
            printf "%-22s %3d tenths, %.1f due in each: %d to %d, in all %+.2f %%\n", name, tenths, due, least, most,
                rate ? (all / (due * tenths) - 1) * 100 : all
            if (rate == 0) exit all > 0
            exit most > due * 1.1 + 2 || least < due * 0.9 - 2 || all > due * tenths * 1.02 + 1 || all < due * tenths * 0.98 - 1
        }' || fail "$1: not the rate that was asked for"
}

first=$(sort -n "$work/access.log" | head -n 1)
part "500 by the plan" "$first" "${at[0]}" 500
part "2,000 by hand" "${at[0]}" "${at[1]}" 2000
part "300 by hand" "${at[1]}" "${at[2]}" 300
part "paused" "${at[2]}" "${at[3]}" 0
part "300 after the pause" "${at[3]}" "${at[4]}" 300
