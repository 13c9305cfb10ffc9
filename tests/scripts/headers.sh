#!/bin/sh
# SPDX-License-Identifier: MIT
#
# This exercises: every header compiles alone, and twice, and has the guard of
# its place. CC and HEADER_CFLAGS come from make.
set -eu
cd "${1:-${SRCDIR:?}}"
bad=0

for header in src/*/*.h; do
    name=${header#src/}
    guard=$(printf '%s' "$name" | tr 'a-z/.' 'A-Z__')
    if ! grep -q "^#ifndef $guard\$" "$header"; then
        echo "$header: its guard is not $guard"
        bad=1
    fi
    # HEADER_CFLAGS are many words; a program is more than declarations.
    # shellcheck disable=SC2086
    printf '#include "%s"\n#include "%s"\nextern int alone;\n' \
        "$name" "$name" |
        ${CC:-cc} ${HEADER_CFLAGS:-} -Isrc -Werror -fsyntax-only -x c - ||
        {
            echo "$header: does not compile alone"
            bad=1
        }
done
exit "$bad"
