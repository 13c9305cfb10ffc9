/* SPDX-License-Identifier: MIT
 *
 * json - reading JSON text through cJSON, with the places that cJSON does not
 * keep: the line and column of a value are found by scanning the text along
 * its path. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/attr.h"
#include "base/err.h"

/* Nesting deeper than this is refused. */
#define JSON_DEPTH_MAX 64

/* Parses the whole of text (n bytes; nothing but white space may follow).
 * where names the file in errors, which carry line and column. NULL on
 * failure; else owned by the caller (cJSON_Delete). Duplicate keys in one
 * object are an error: the second would silently win. */
cJSON *json_parse(const char *text, size_t n, const char *where,
                  struct err *e) MUST_CHECK;

/* An element of an array: n bytes from `at` of the text. false: enough. */
typedef bool json_each_fn(void *ctx, size_t at, size_t n);
/* Calls fn for each element of a text that is one array, as it is read. false:
 * it is none, or no JSON (names that stand twice aside, which a json_parse of
 * the element finds); fn may have been called before that was found. */
bool json_each(const char *text, size_t n, const char *where, json_each_fn *fn,
               void *ctx, struct err *e) MUST_CHECK;
/* Line and column (1-based, in bytes) of a place in text. */
void json_place(const char *text, size_t at, int *line, int *column);

/* Where the value at a path stands. path is as json_path writes it:
 * "$.flow[0].checks['health is up'].status". With key, the place of the
 * member's name rather than of its value. false: no such path. */
bool json_where(const char *text, size_t n, const char *path, bool key,
                int *line, int *column);

/* Appends a member to a path: ".name", or "['na me']" when it is not a plain
 * word ([A-Za-z_][A-Za-z0-9_-]*); quotes and backslashes in it are escaped with
 * a backslash. size is that of path's array; false when it does not fit. */
bool json_path_member(char *path, size_t size, const char *name);
/* Appends "[i]". */
bool json_path_index(char *path, size_t size, size_t i);

/* o as text that steers no terminal: what text_escape would escape stands as
 * \u (RFC 8259, section 7), what is not UTF-8 as U+FFFD. Owned by the caller;
 * never NULL. */
char *json_print(const cJSON *o, bool formatted);

/* RFC 6901: the value that pointer names in root ("" is root itself), or NULL.
 * Borrowed from root. */
const cJSON *json_pointer(const cJSON *root, const char *pointer);
/* Is it well-formed (empty, or begins with '/', and '~' only as ~0 or ~1)? */
bool json_pointer_valid(const char *pointer);

#endif
