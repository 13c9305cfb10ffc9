#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: what tests/e2e/witness_counts.sh does, at 10,000 connections,
# and up to 15,000 in its spike. VUS (10000) may be set.
set -eu
export VUS=${VUS:-10000} PACE=${PACE:-3000}
limit=$(ulimit -H -n)
if [ "$limit" != unlimited ] && [ "$limit" -lt $((VUS * 8 / 5 + 1000)) ]; then
    echo "$VUS VUs asked, but only $limit descriptors are allowed" >&2
    exit 77
fi
exec "$SRCDIR/tests/e2e/witness_counts.sh"
