#!/bin/bash
# SPDX-License-Identifier: MIT
# each.sh [-o FILE] NAME [SCRIPT...]: runs each script of the tree in turn, all of
# them even when one fails, and says at the end how many passed, and which were
# skipped (exit 77; why is what they say) or failed. FILE gets a line for each:
# passed, skipped or failed, and the script. Exit code 1 is for a failure, and
# where there is nothing to run, 130 for an interrupt.
set -eu

ends=/dev/null
if [ "${1:-}" = -o ]; then
    ends=$2
    shift 2
fi
name=$1
shift
if [ $# -eq 0 ]; then
    echo "$name: no script to run: were the tests configured (./bootstrap check)?" >&2
    exit 1
fi
passed=()
skipped=()
failed=()
for script; do
    echo "== $script"
    code=0
    "${SRCDIR:?}/$script" || code=$?
    case $code in
    0) passed+=("$script") ;;
    77) skipped+=("$script") ;;
    130) exit 130 ;;
    *) failed+=("$script") ;;
    esac
done

# tell WORD SCRIPT...
tell() {
    local word=$1
    shift
    for script; do
        echo "$word $script" >>"$ends"
    done
}
tell passed "${passed[@]}"
tell skipped "${skipped[@]}"
tell failed "${failed[@]}"
echo "== $name: ${#passed[@]} passed, ${#skipped[@]} skipped, ${#failed[@]} failed"
[ ${#skipped[@]} -eq 0 ] || printf '   skipped: %s\n' "${skipped[@]}"
[ ${#failed[@]} -eq 0 ] || printf '   failed: %s\n' "${failed[@]}"
[ ${#failed[@]} -eq 0 ]
