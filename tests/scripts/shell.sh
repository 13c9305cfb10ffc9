#!/bin/sh
# SPDX-License-Identifier: MIT
#
# This exercises: every script of the tree passes ShellCheck.
set -eu
cd "${1:-${SRCDIR:?}}"
if ! command -v shellcheck >/dev/null 2>&1; then
    echo "shellcheck is not installed"
    exit 77
fi
for script in bootstrap .ci/run; do
    [ ! -e "$script" ] || shellcheck "$script"
done
find tests -name '*.sh' | sort | tr '\n' '\0' | xargs -0 shellcheck -x
