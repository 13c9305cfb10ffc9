#!/bin/sh
# SPDX-License-Identifier: MIT
# What measuring costs: nanoseconds a sample, microseconds a tick.
exec "$BUILDDIR/tests/bench/bench_measure"
