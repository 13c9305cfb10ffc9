#!/bin/sh
# SPDX-License-Identifier: MIT
#
# This exercises: the checks of the tree themselves. Into a small tree that
# passes, one fault after the other is sown, and the check that is for it must
# fail on it.
set -eu
checks=${SRCDIR:?}/tests/scripts
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
bad=0

sow_clean_tree() {
    rm -rf "$tree/src" "$tree/tests"
    mkdir -p "$tree/src/base" "$tree/src/load" "$tree/src/screen" \
        "$tree/tests/unit" "$tree/tests/fuzz"
    cp "$SRCDIR/.clang-format" "$tree"
    cat >"$tree/src/base/good.h" <<'END'
/* SPDX-License-Identifier: MIT */
#ifndef BASE_GOOD_H
#define BASE_GOOD_H

int good(void);

#endif
END
    cat >"$tree/src/base/good.c" <<'END'
/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/good.h"

int good(void)
{
    return 0;
}
END
}

# fails CHECK WHAT: the check must fail on the tree, and not by being skipped.
fails() {
    rc=0
    sh "$checks/$1" "$tree" >"$tree/out" 2>&1 || rc=$?
    if [ "$rc" -eq 77 ]; then
        echo "skipped: $1: $2"
    elif [ "$rc" -eq 0 ]; then
        echo "not seen by $1: $2"
        bad=1
    fi
    sow_clean_tree
}

passes() {
    rc=0
    sh "$checks/$1" "$tree" >"$tree/out" 2>&1 || rc=$?
    if [ "$rc" -ne 0 ] && [ "$rc" -ne 77 ]; then
        cat "$tree/out"
        echo "$1 fails on a tree without fault"
        bad=1
    fi
}

banner='/* SPDX-License-Identifier: MIT */'

# c_file PATH LINE...: a source file of these lines.
c_file() {
    c_path=$tree/$1
    shift
    printf '%s\n#include "config.h"\n\n' "$banner" >"$c_path"
    printf '%s\n' "$@" >>"$c_path"
}

sow_clean_tree
printf '#!/bin/sh\necho ok\n' >"$tree/tests/ok.sh"
for check in rooms.sh words.sh headers.sh shape.sh shell.sh format.sh; do
    passes "$check"
done
sow_clean_tree

c_file src/base/bad.c '#include "load/x.h"'
fails rooms.sh 'a room that includes a later one'
c_file src/load/bad.c '#include <curses.h>'
fails rooms.sh 'curses outside the screen'
c_file src/screen/bad.c '#include <curl/curl.h>'
fails rooms.sh 'curl in the screen'
c_file src/base/bad.c '#include <ev.h>'
fails rooms.sh 'libev in base'
mkdir "$tree/src/other"
c_file src/other/bad.c ''
fails rooms.sh 'a folder that is no room'
printf '%s\n#include <stdio.h>\n' "$banner" >"$tree/src/base/bad.c"
fails rooms.sh 'a source file without config.h'
printf '%s\n#include "config.h"\n' "$banner" >"$tree/src/base/bad.h"
fails rooms.sh 'config.h in a header'
c_file src/base/bad.c '#include "good.h"'
fails rooms.sh 'a header named without its room'

for call in 'atoi(s)' 'strtoul(s, 0, 10)' 'sscanf(s, f)' 'sprintf(s, f)' \
    'strcpy(a, b)' 'strncat(a, b, 1)' 'strtok(s, t)' 'gmtime(&t)' \
    'gettimeofday(&t, 0)' 'clock_gettime(c, &t)' 'system(s)' 'malloc(1)' \
    'strdup(s)' 'printf(s)' 'getenv(s)' 'exit(1)'; do
    c_file src/load/bad.c "x = $call;"
    fails words.sh "$call"
done
c_file src/base/bad.c '__attribute__((unused)) int x;'
fails words.sh '__attribute__'
c_file src/base/bad.c "/* TO""DO: more */"
fails words.sh 'unfinished work'

printf '%s\n#ifndef BASE_BAD_H\n#define BASE_BAD_H\nsize_t bad(void);\n%s\n' \
    "$banner" '#endif' >"$tree/src/base/bad.h"
fails headers.sh 'a header that does not compile alone'
printf '%s\n#ifndef OTHER_H\n#define OTHER_H\n#endif\n' "$banner" \
    >"$tree/src/base/bad.h"
fails headers.sh 'a guard of another name'

c_file src/base/bad.c "$(awk 'BEGIN { while (i++ < 500) print "int x;" }')"
fails shape.sh 'a file that is too long'
c_file src/base/bad.c 'int f(void)' '{' \
    "$(awk 'BEGIN { while (i++ < 61) print "    g();" }')" '}'
fails shape.sh 'a function that is too long'
echo 'int x;' >"$tree/src/base/bad.c"
fails shape.sh 'a file without licence'

# A script's fault, not one of this script.
# shellcheck disable=SC2016
printf '#!/bin/sh\nrm $1\n' >"$tree/tests/bad.sh"
fails shell.sh 'a variable without quotes'
c_file src/base/bad.c 'int  x;'
fails format.sh 'two blanks'
exit "$bad"
