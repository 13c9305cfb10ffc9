#!/bin/sh
# SPDX-License-Identifier: MIT
#
# This exercises: what bootstrap does before and after the build. It runs in a
# machine of our own making: its programs are a few basic ones, and others that
# write down that they were called and do next to nothing.
set -eu
bootstrap=${SRCDIR:?}/bootstrap
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
bad=0
ci= # what CI is in the environment of a run

# program NAME LINE...: a program of the machine.
program() {
    program_path=$top/bin/$1
    shift
    {
        printf '#!%s/bin/sh\n' "$top"
        printf '%s\n' "$@"
    } >"$program_path"
    chmod +x "$program_path"
}

# Written into the programs, for them to expand.
# shellcheck disable=SC2016
note='echo "${0##*/} $*" >>"$CALLS"'

# A machine on which nothing is missing, and a fresh clone; not root.
machine() {
    rm -rf "${top:?}"/*
    mkdir "$top/bin" "$top/clone" "$top/missing" "$top/elsewhere"
    : >"$top/calls"
    cp "$bootstrap" "$top/clone/bootstrap"
    for name in sh cat chmod cut grep tr sed mktemp rm mkdir dirname env \
        touch; do
        ln -s "$(command -v "$name")" "$top/bin/$name"
    done
    program id 'echo 1000'
    program uname 'echo Linux'
    program getconf 'echo 2'
    program gcc 'exit 0'
    program automake 'exit 0'
    for name in shellcheck bash curl jq nginx node npm openssl prometheus protoc \
        python3 xmllint; do
        program "$name" 'exit 0'
    done
    program curl 'exit 0'
    program jq 'exit 0'
    # It is asked --exists "NAME >= VERSION".
    # shellcheck disable=SC2016
    program pkg-config 'name=${2%% *}' '[ ! -e "$MISSING/$name" ]'
    # shellcheck disable=SC2016
    program autoreconf "$note" 'touch Makefile.in config.h.in' \
        'printf "#!%s\n%s\n" "${0%/*}/sh" "echo configure >>\"\$CALLS\"" \
            >configure' \
        'echo "touch Makefile" >>configure' 'chmod +x configure'
    program make "$note"
    mkdir -p "$top/clone/build"
    # shellcheck disable=SC2016
    printf '#!%s/bin/sh\necho "brunt $* in $PWD" >>"$CALLS"\n' "$top" \
        >"$top/clone/build/brunt"
    chmod +x "$top/clone/build/brunt"
}

lacks() {
    : >"$top/missing/$1"
}

# A package manager that delivers, and one that does not.
manager() {
    # shellcheck disable=SC2016
    program "$1" "$note" 'rm -f "$MISSING"/*'
}

# sudo runs what it is told.
with_sudo() {
    # shellcheck disable=SC2016
    program sudo "$note" '[ "$1" != -n ] || shift' 'exec "$@"'
}

run() {
    rc=0
    (cd "$top/elsewhere" &&
        env -i PATH="$top/bin" CALLS="$top/calls" MISSING="$top/missing" \
            TMPDIR="$top" CI="$ci" "$top/bin/sh" "$top/clone/bootstrap" "$@") \
        </dev/null >"$top/out" 2>&1 || rc=$?
}

wrong() {
    echo "$1"
    sed 's/^/    it said:   /' "$top/out"
    sed 's/^/    it called: /' "$top/calls"
    bad=1
}

ends() {
    [ "$rc" -eq "$1" ] || wrong "$case: ends $rc, not $1"
}

says() {
    grep -Fq -- "$1" "$top/out" || wrong "$case: does not say '$1'"
}

calls() {
    grep -Eq -- "$1" "$top/calls" || wrong "$case: does not call $1"
}

calls_no() {
    ! grep -Eq -- "$1" "$top/calls" || wrong "$case: calls $1"
}

case='nothing is missing'
machine
manager apt-get
with_sudo
run
ends 0
calls '^autoreconf '
calls '^configure'
calls '^make .* all$'
calls_no 'apt-get|sudo'

case='a second time'
: >"$top/calls"
run
ends 0
calls '^make .* all$'
calls_no 'autoreconf|configure|apt-get'

case='a library is missing'
machine
manager apt-get
with_sudo
lacks libcjson
run
ends 0
says 'missing: cJSON'
says 'installing with apt: libcjson-dev'
calls '^sudo -n apt-get .*update'
calls '^apt-get .*install .*libcjson-dev$'
calls '^make .* all$'

case='a tool is missing, and the manager does not bring it'
machine
manager apt-get
with_sudo
rm "$top/bin/automake"
run
ends 1
says 'missing: automake'
says 'installing with apt: automake'
says 'still missing, or too old here: automake'
calls_no '^make'

case='root needs no sudo'
machine
manager apt-get
program id 'echo 0'
lacks libev
lacks libpcre2-8
run
ends 0
calls '^apt-get .*libpcre2-dev$'

case='not root and no sudo'
machine
manager apt-get
lacks libmicrohttpd
run
ends 1
says 'have someone install libmicrohttpd-dev (apt), then run this again'
calls_no 'apt-get|make|autoreconf'

case='no package manager'
machine
lacks libcurl
run
ends 1
says 'no package manager known here'
says 'missing: libcurl 7.83'
calls_no 'make'

case='the manager fails'
machine
with_sudo
program apt-get 'exit 100'
lacks libcurl
run
ends 1
says 'apt could not install: libcurl4-openssl-dev'
calls_no 'make'

case='the manager has only an old one'
machine
with_sudo
program apt-get 'exit 0'
lacks libcurl
run
ends 1
says 'still missing, or too old here: libcurl 7.83'
calls_no 'make'

for pair in dnf:cjson-devel pacman:cjson apk:cjson-dev brew:cjson; do
    case="with ${pair%:*}"
    machine
    manager "${pair%:*}"
    with_sudo
    lacks libcjson
    run
    ends 0
    says "untried with ${pair%:*}"
    calls "^${pair%:*} .*${pair#*:}\$"
done

case='the tests need more than the build'
machine
manager apt-get
with_sudo
lacks cmocka
run
ends 0
calls_no 'apt-get'
run check
ends 0
says 'installing with apt: libcmocka-dev'
calls '^make .* check-programs$'
calls '^make .* check-abreast$'
calls '^make .* check-waiting$'
calls '^make .* check RECHECK_LOGS= VERBOSE=1$'

case='a browser is for CI alone'
machine
manager apt-get
with_sudo
run check
ends 0
calls_no 'apt-get'
ci=true
run check
says 'installing with apt: chromium'
ci=

case='build/ was configured without the tests'
machine
run
printf 'CMOCKA_LIBS = \n' >"$top/clone/build/Makefile"
printf '#!%s/bin/sh\necho "config.status %s" >>"%s"\n' "$top" "\$*" \
    "$top/calls" >"$top/clone/build/config.status"
chmod +x "$top/clone/build/config.status"
run
calls_no 'config.status'
run check
ends 0
calls '^config.status -q --recheck'

case='the demo'
machine
run demo spike
ends 0
calls "^brunt demo spike in $top/elsewhere\$"

case='help'
machine
run --help
ends 0
says 'Usage: ./bootstrap'
calls_no '.'

case='a word it does not know'
run install
ends 2
says "'install' is none of demo, check"
calls_no '.'

case='a word too many'
run check twice
ends 2
says "'twice' is too much"
calls_no '.'

exit "$bad"
