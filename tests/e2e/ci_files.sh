#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the examples for CI systems: they are YAML, what they run is
# shell without mistakes, and every option of brunt in them is one of its own.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
needs python3 shellcheck
python=python3
"$python" -c 'import yaml' 2>/dev/null || python=/usr/bin/python3
"$python" -c 'import yaml' 2>/dev/null || {
    echo "needs Python's yaml (./bootstrap check installs it)" >&2
    exit 77
}

for file in github-actions gitlab-ci; do
    mkdir "$work/$file"
    "$python" "$SRCDIR/tests/e2e/ci_files.py" "$SRCDIR/data/ci/$file.yml" "$work/$file"
    [ -s "$work/$file/1.sh" ] || fail "$file.yml runs nothing"
    shellcheck -s bash "$work/$file"/*.sh || fail "$file.yml"
    lines=$(cat "$work/$file"/*.sh | grep -o 'brunt [a-z]* .*')
    [ -n "$lines" ] || fail "$file.yml does not run brunt"
    while read -r _ command rest; do
        "$BRUNT" "$command" --help >"$work/help"
        for word in $rest; do
            case $word in --*) grep -q -- "^ .*$word\\b" "$work/help" || fail "$file.yml: brunt $command has no $word" ;; esac
        done
    done <<<"$lines"
done
