#!/bin/sh
# SPDX-License-Identifier: MIT
#
# This exercises: the sources are as clang-format writes them. Other versions
# than 14 write some lines differently, so they are not asked.
set -eu
cd "${1:-${SRCDIR:?}}"
for program in clang-format-14 clang-format; do
    if "$program" --version 2>/dev/null | grep -q 'version 14\.'; then
        bad=0
        for file in $(find src tests -name '*.[ch]' | sort); do
            "$program" --dry-run -Werror "$file" 2>/dev/null || {
                echo "$file: run clang-format on it"
                bad=1
            }
        done
        exit "$bad"
    fi
done
echo "clang-format 14 is not installed"
exit 77
