#!/bin/sh
# SPDX-License-Identifier: MIT
# Resident memory a VU: 5,000 VUs of one worker, plain HTTP, kept connections,
# one request a second each. Aim: 25 KiB, and flat.
#
# VUS (5000) and SECONDS_EACH (20) may be set.
set -eu
cd "$(dirname "$0")"
# shellcheck source=SCRIPTDIR/server.sh
. ./server.sh
vus=${VUS:-5000}
need nginx taskset awk
limit=$(hard_limit)
case $limit in
unlimited) ;;
*)
    if [ "$limit" -lt $((vus + vus / 16 + 200)) ]; then
        echo "$vus VUs asked, but only $limit descriptors are allowed"
        vus=$((limit * 9 / 10 - 200))
    fi
    ;;
esac
server_start 0
echo "$vus VUs, one request a second each"
"$BUILDDIR/tests/bench/drive" memory "$SERVER_URL" "$vus" \
    "${SECONDS_EACH:-20}" 1s
