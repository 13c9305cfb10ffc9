# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# A server that takes 5 ms for each request, on a core of its own. Sourced behind
# lib.sh.

# start_delay: sets port. It ends when descriptor 3 is closed, and then tells on
# descriptor 4 what it measured.
start_delay() {
    mkfifo "$work/in" "$work/server"
    taskset -c 0 "$BUILDDIR/tests/trial/delay_server" <"$work/in" >"$work/server" &
    exec 3>"$work/in" 4<"$work/server"
    read -r port <&4
}
