#!/bin/sh
# SPDX-License-Identifier: MIT
#
# This exercises: what the house style bans: functions that overflow, depend on
# the locale or hide a failure, clocks and allocators outside their one place,
# and marks of unfinished work.
set -eu
cd "${1:-${SRCDIR:?}}"
bad=0

code=$(mktemp)
trap 'rm -f "$code"' EXIT

# FILE:LINE:CODE of all sources, without what stands in comments and strings.
# shellcheck disable=SC2016
find src tests -name '*.[ch]' | sort | tr '\n' '\0' | xargs -0 awk '
FNR == 1 {
    inside = 0
}
{
    line = $0
    if (inside) {
        if (!match(line, /\*\//))
            next
        line = substr(line, RSTART + 2)
        inside = 0
    }
    gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
    while (match(line, /\/\*/)) {
        head = substr(line, 1, RSTART - 1)
        line = substr(line, RSTART + 2)
        if (!match(line, /\*\//)) {
            line = head
            inside = 1
            break
        }
        line = head " " substr(line, RSTART + 2)
    }
    sub(/\/\/.*/, "", line)
    print FILENAME ":" FNR ":" line
}' >"$code"

# ban REASON CALLS [EXEMPT]: calls of functions, by extended regular
# expressions; what matches EXEMPT, of the path, may call them. What follows a
# dot or an arrow is a member of that name.
ban() {
    found=$(grep -E "^[^:]*:[0-9]+:(.*[^[:alnum:]_>.])?($2)[[:space:]]*\(" \
        "$code" | grep -Ev "${3:-^$}") || true
    if [ -n "$found" ]; then
        printf '%s\n' "$found" | sed "s|\$|   <- $1|"
        bad=1
    fi
}

ban 'use base/num.h' 'ato(i|l|ll|f)|strto[a-z]+|v?sscanf|v?fscanf|scanf' \
    '^src/base/num\.c:'
ban 'may write too far; use base/buf.h or snprintf' \
    'v?sprintf|strn?cpy|strn?cat|stp?n?cpy|gets'
ban 'not for threads' \
    'strtok|localtime|gmtime|ctime|asctime|s?rand|random|drand48'
ban 'clocks are read by base/clk.c and base/wall.c alone' \
    'gettimeofday|clock_gettime|time|clock' \
    '^(src/base/(clk|wall)\.c:|tests/)'
ban 'runs a shell' 'system|popen'
ban 'not bounded' 'alloca|setjmp|longjmp' '^tests/'
ban 'use base/xalloc.h' \
    'malloc|calloc|realloc|reallocarray|strn?dup|v?asprintf' \
    '^(src/base/xalloc\.c:|tests/)'
ban 'spelled in base/attr.h alone' '__attribute__' '^src/base/attr\.h:'
ban 'no assembly' '(__)?asm(__)?( +volatile)?'
ban 'only cli, screen, console and target print' 'printf|puts|putchar|perror' \
    '^(src/(cli|screen|console|target)/|src/main\.c:|tests/)'
ban 'only cli reads the environment' 'getenv|secure_getenv' \
    '^(src/(cli|screen|console|remote)/|tests/)'
ban 'only cli ends the program' 'exit|_exit|_Exit' '^(src/cli/|tests/)'

# Spelled so that this file does not find itself.
marks='TO''DO|FIX''ME|XX''X|HA''CK|[Ss]tub|[Pp]lace''holder'
left=$(find src tests data man bootstrap configure.ac Makefile.am \
    -type f ! -name '*.png' ! -path '*/corpus/*' 2>/dev/null | sort |
    tr '\n' '\0' |
    xargs -0 grep -InE "(^|[^[:alnum:]_])($marks)([^[:alnum:]_]|\$)") || true
if [ -n "$left" ]; then
    printf '%s\n' "$left" | sed 's/$/   <- unfinished/'
    bad=1
fi
exit "$bad"
