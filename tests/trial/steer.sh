#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: VUs beside the planned curve at every tick of steep ramps in
# real time, and how soon a thousand more or fewer are at work.
set -eu
"$BUILDDIR/tests/trial/trial_steer"
