#!/bin/bash
# SPDX-License-Identifier: MIT
#
# This exercises: what runs receivers, trials and benches. All scripts are run,
# also behind one that fails; a skip is named and is no failure; a failure is;
# nothing to run is a mistake.
set -eu
each=${SRCDIR:?}/tests/each.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
bad=0

for code in 0 3 77 130; do
    printf '#!/bin/sh\necho "ran %d"\nexit %d\n' "$code" "$code" >"$tree/ends_$code"
    chmod +x "$tree/ends_$code"
done

# ends CODE SCRIPT...: how it ends; what it says is in $tree/out.
ends() {
    local want=$1 got=0
    shift
    : >"$tree/ends"
    SRCDIR=$tree "$each" -o "$tree/ends" check-x "$@" >"$tree/out" 2>&1 || got=$?
    if [ "$got" != "$want" ]; then
        echo "of '$*': exit code $got, not $want: $(cat "$tree/out")"
        bad=1
    fi
}

says() {
    if ! grep -qxF -e "$1" "$tree/out"; then
        echo "does not say '$1': $(cat "$tree/out")"
        bad=1
    fi
}

ends 0 ends_0 ends_0
says '== check-x: 2 passed, 0 skipped, 0 failed'

ends 0 ends_77 ends_0
says 'ran 0'
says '== check-x: 1 passed, 1 skipped, 0 failed'
says '   skipped: ends_77'

ends 1 ends_3 ends_77 ends_0
says 'ran 0'
says '== check-x: 1 passed, 1 skipped, 1 failed'
says '   skipped: ends_77'
says '   failed: ends_3'
if [ "$(cat "$tree/ends")" != $'passed ends_0\nskipped ends_77\nfailed ends_3' ]; then
    echo "FILE has: $(cat "$tree/ends")"
    bad=1
fi

ends 1 absent ends_0
says '   failed: absent'

ends 130 ends_130 ends_0
if grep -q 'ran 0' "$tree/out"; then
    echo "goes on after an interrupt: $(cat "$tree/out")"
    bad=1
fi

ends 1
says 'check-x: no script to run: were the tests configured (./bootstrap check)?'
exit "$bad"
