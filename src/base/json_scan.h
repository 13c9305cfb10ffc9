/* SPDX-License-Identifier: MIT
 *
 * json_scan - JSON text, byte by byte: the grammar of RFC 8259 to the letter,
 * which cJSON is too lenient for, and the places of values, which cJSON does
 * not keep. For the json files of this room only. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct json_scan {
    const char *text; /* borrowed */
    size_t n;
    size_t at;         /* the next byte */
    size_t names;      /* member names passed so far */
    size_t want;       /* remember the place of this name, from 1; 0 = none */
    size_t want_at;    /* its quote */
    char problem[160]; /* what is wrong at `at`, when something is */
};

/* Begins behind a byte order mark, if there is one. */
void json_scan_init(struct json_scan *s, const char *text, size_t n);
/* The next byte that is not white space, '\0' at the end; does not pass it. */
char json_scan_peek(struct json_scan *s);
/* Passes one value, with white space before it. Does not recurse; nesting
 * deeper than JSON_DEPTH_MAX is a problem. */
bool json_scan_value(struct json_scan *s) MUST_CHECK;
/* Passes a member's name and its colon, with white space before them. */
bool json_scan_name(struct json_scan *s) MUST_CHECK;
/* Nothing but white space may follow. */
bool json_scan_end(struct json_scan *s) MUST_CHECK;
/* Line and column (1-based, in bytes) of a place in text. */
void json_scan_place(const char *text, size_t at, int *line, int *column);

#endif
