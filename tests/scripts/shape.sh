#!/bin/sh
# SPDX-License-Identifier: MIT
#
# This exercises: the shape of the sources. A file has at most 500 lines, a
# function 60 (tables in .def files as many as they like), and the licence is
# named at the top.
set -eu
cd "${1:-${SRCDIR:?}}"

# What awk reads is awk's own.
# shellcheck disable=SC2016
find src tests/unit tests/fuzz \( -name '*.[ch]' -o -name '*.def' \) | sort |
    tr '\n' '\0' | xargs -0 awk '
function wrong(text) {
    print text
    bad = 1
}
function file_end() {
    if (in_src && lines > 500)
        wrong(file ": " lines " lines, more than 500")
}
FNR == 1 {
    file_end()
    file = FILENAME
    in_src = file ~ /^src\/.*\.[ch]$/
    begin = 0
    if ($0 !~ /SPDX-License-Identifier: MIT/)
        wrong(file ":1: names no licence")
}
{
    lines = FNR
}
in_src && /^\{/ {
    begin = FNR
}
in_src && /^\}/ && begin {
    if (FNR - begin - 1 > 60)
        wrong(file ":" begin ": a function of " FNR - begin - 1 \
              " lines, more than 60")
    begin = 0
}
END {
    file_end()
    exit bad
}'
