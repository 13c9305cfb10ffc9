#!/bin/sh
# SPDX-License-Identifier: MIT
# This exercises: the parts of the manual and the shell completion that are
# made from tables are what the tables say. `man.sh --write` writes them.
set -eu

src=${SRCDIR:-.}
build=${BUILDDIR:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# splice FILE NAME...: FILE with the fragments of these names, on stdout.
splice() {
    file=$1
    shift
    cp "$file" "$work/page"
    for name; do
        "$build/tests/support/fragments" "$name" >"$work/part"
        awk -v name="$name" -v part="$work/part" \
            -f "$src/tests/scripts/splice.awk" "$work/page" >"$work/next"
        mv "$work/next" "$work/page"
    done
    cat "$work/page"
}

# same FILE MADE: compares, or writes.
same() {
    if [ "${write:-no}" = yes ]; then
        cp "$2" "$1"
    elif ! diff -u "$1" "$2"; then
        echo "$1 is not what the tables say: run make fragments" >&2
        failed=1
    fi
}

[ "${1:-}" != --write ] || write=yes
splice "$src/man/brunt.1" options model outputs keys replay >"$work/brunt.1"
same "$src/man/brunt.1" "$work/brunt.1"
splice "$src/man/brunt-plan.5" metrics >"$work/brunt-plan.5"
same "$src/man/brunt-plan.5" "$work/brunt-plan.5"
"$build/tests/support/fragments" completion >"$work/brunt.bash"
same "$src/data/brunt.bash" "$work/brunt.bash"
exit "$failed"
