#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: requests by status equal nginx's access log, to the request,
# through changes of VUs by hand and by plan, stage jumps, holds, pauses, spikes,
# undone commands, connections that the server closes, and a run that drains. In
# a run that is cut off the log has what was answered, and at most what was
# interrupted besides.
#
# VUS (200), PACE (150, ms) may be set. Needs nginx.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/witness.sh
. "$SRCDIR/tests/e2e/witness.sh"
vus=${VUS:-200}

steered() { # HOW-IT-ENDS KEEP: $work/ours and $work/theirs
    NGINX_CONNECTIONS=$((vus * 8 / 5 + 400)) NGINX_KEEP=$2 start_nginx "\$status" '
        location /ok { return 200 "ok"; }
        location /made { return 201 "made"; }
        location /missing { return 404 "no"; }
        location /busy { return 503 "later"; }
        location /moved { return 302 /ok; }
        location /empty { return 204; }'
    "$BUILDDIR/tests/e2e/counts_run" "$base" "$vus" "${PACE:-150}" "$1" \
        >"$work/counted" || fail "counts_run $1"
    stop_nginx
    grep -E '^[0-9]' "$work/counted" | sort >"$work/ours"
    sort "$work/access.log" | uniq -c | awk '{ print $2, $1 }' | sort >"$work/theirs"
    sent=$(sed -n 's/^sent //p' "$work/counted")
    same "requests without a response" "none 0" "$(grep '^none' "$work/counted")"
    echo "$1: $(wc -l <"$work/access.log") requests, $sent of them cut off, $(grep '^most' "$work/counted") connections"
}

steered drain 1000000000
same "cut off in a run that drained" 0 "$sent"
same "counts by status" "$(cat "$work/theirs")" "$(cat "$work/ours")"
[ "$(wc -l <"$work/ours")" = 6 ] || fail "not all six statuses occurred"

# The server closes a connection after seven requests.
steered drain 7
same "counts by status, connections closed" "$(cat "$work/theirs")" "$(cat "$work/ours")"

steered cut 1000000000
join -a 1 -e 0 -o 0,1.2,2.2 "$work/theirs" "$work/ours" |
    awk -v sent="$sent" '
        { over += $2 - $3 } $2 < $3 { print "more of " $1 " than nginx: " $3 ", " $2; bad = 1 }
        over > sent { print over " more at nginx than counted, " sent " were cut off"; bad = 1 }
        END { exit bad }' || fail "counts of a run that was cut off"
