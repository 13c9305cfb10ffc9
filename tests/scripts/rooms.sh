#!/bin/sh
# SPDX-License-Identifier: MIT
#
# This exercises: the order of the rooms. A room includes only from those before
# it, and only some know curses, libcurl, libev, libxml2, libprotobuf-c, Snappy or
# libmicrohttpd.
set -eu
cd "${1:-${SRCDIR:?}}"

# What awk reads is awk's own.
# shellcheck disable=SC2016
find src -name '*.[ch]' | sort | tr '\n' '\0' | xargs -0 awk '
BEGIN {
    n = split("base net plan measure insight load run chart record remote " \
              "screen console target cli", order, " ")
    for (i = 1; i <= n; i++)
        rank[order[i]] = i
    allowed["curses"] = " screen "
    allowed["curl"] = " net load "
    allowed["ev"] = " load run remote record screen console cli "
    allowed["microhttpd"] = " target remote "
    allowed["libxml"] = " record "
    allowed["protobuf-c"] = " record "
    allowed["snappy"] = " record "
}
function wrong(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text
    bad = 1
}
function third_party(header) {
    if (header ~ /curses/ || header ~ /^(term|panel|menu|form)\.h$/)
        return "curses"
    if (header ~ /^curl\//)
        return "curl"
    if (header ~ /^ev(\+\+)?\.h$/ || header ~ /libev\//)
        return "ev"
    if (header ~ /^libxml\//)
        return "libxml"
    if (header ~ /^protobuf-c\//)
        return "protobuf-c"
    if (header ~ /^snappy/)
        return "snappy"
    if (header ~ /^microhttpd/)
        return "microhttpd"
    return ""
}
FNR == 1 {
    parts = split(FILENAME, path, "/")
    room = parts > 2 ? path[2] : ""
    is_main = FILENAME == "src/main.c"
    is_header = FILENAME ~ /\.h$/
    first = 1
    if (!(room in rank) && !is_main)
        wrong("stands in no room")
}
/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
    name = $0
    sub(/^[^<"]*[<"]/, "", name)
    sub(/[>"].*/, "", name)
    quoted = $0 ~ /include[ \t]*"/
    if (name == "config.h") {
        if (is_header)
            wrong("config.h belongs into .c files only")
        else if (!first)
            wrong("config.h comes first")
    } else {
        if (first && !is_header)
            wrong("config.h comes first")
        other = name
        sub(/\/.*/, "", other)
        if (quoted && name !~ /\//)
            wrong("\"" name "\": a header is named with its room")
        else if (quoted && !(other in rank))
            wrong("\"" name "\": no such room")
        else if (quoted && is_main && other != "cli" && other != "base")
            wrong("main knows only cli")
        else if (quoted && !is_main && rank[other] > rank[room])
            wrong("room " room " comes before " other " and must not know it")
        else if (quoted && room == "target" && other != room && other != "base")
            wrong("target uses base alone, not " other)
        party = quoted ? "" : third_party(name)
        if (party != "" && !index(allowed[party], " " room " "))
            wrong("<" name "> is for" allowed[party] "only")
    }
    first = 0
}
END {
    exit bad
}'
