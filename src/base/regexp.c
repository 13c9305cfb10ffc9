/* SPDX-License-Identifier: MIT
 *
 * regexp - what is matched comes from a service, which may be hostile to the
 * pattern: steps, depth, memory and stack of a match are bounded. */
#include "config.h"

#include "base/regexp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"

#define REGEXP_STEPS_MAX 1000000u /* at one place of the text */
#define REGEXP_DEPTH_MAX 10000u
#define REGEXP_HEAP_KIB  8192u
#define REGEXP_STACK_MIN (32u << 10)
#define REGEXP_STACK_MAX (512u << 10)

struct regexp {
    pcre2_code *code; /* owned */
    unsigned groups;
};

struct regexp_scratch {
    pcre2_match_data *data; /* owned, as all */
    pcre2_match_context *context;
    pcre2_jit_stack *stack; /* NULL: there is no JIT here */
};

static bool regexp_fail(const char *pattern, int code, size_t at, struct err *e)
{
    char message[160];
    size_t characters = 0, i = 0;
    uint32_t cp;

    (void)pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof message);
    while (i < at && pattern[i] != '\0') {
        i += text_next(pattern + i, strlen(pattern + i), &cp);
        characters++;
    }
    err_set(e, ERR_SYNTAX, "at character %zu: %s", characters + 1, message);
    return false;
}

/* false: it is wrong. */
static bool regexp_compile(struct regexp *r, const char *pattern, struct err *e)
{
    uint32_t groups = 0;
    size_t at = 0;
    int code = 0;

    r->code = pcre2_compile((PCRE2_SPTR)pattern, strlen(pattern),
                            PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
                                PCRE2_NEVER_BACKSLASH_C,
                            &code, &at, NULL);
    if (r->code == NULL) {
        return regexp_fail(pattern, code, at, e);
    }
    (void)pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &groups);
    if (groups > REGEXP_GROUPS_MAX) {
        err_set(e, ERR_LIMIT, "more than %d groups", REGEXP_GROUPS_MAX);
        return false;
    }
    r->groups = groups;
    /* Where there is no JIT, the interpreter does it. */
    (void)pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
    return true;
}

struct regexp *regexp_new(const char *pattern, struct err *e)
{
    struct regexp *r = xcalloc(1, sizeof *r);
    bool ok = true;

    if (strlen(pattern) > REGEXP_PATTERN_MAX) {
        err_set(e, ERR_LIMIT, "longer than %d bytes", REGEXP_PATTERN_MAX);
        ok = false;
    }
    if (!ok || !regexp_compile(r, pattern, e)) {
        regexp_free(&r);
    }
    return r;
}

void regexp_free(struct regexp **r)
{
    if (*r == NULL) {
        return;
    }
    pcre2_code_free((*r)->code);
    free(*r);
    *r = NULL;
}

unsigned regexp_groups(const struct regexp *r)
{
    return r->groups;
}

int regexp_group(const struct regexp *r, const char *name)
{
    int n = pcre2_substring_number_from_name(r->code, (PCRE2_SPTR)name);

    return n > 0 ? n : -1;
}

struct regexp_scratch *regexp_scratch_new(void)
{
    struct regexp_scratch *s = xcalloc(1, sizeof *s);

    s->data = pcre2_match_data_create(REGEXP_GROUPS_MAX + 1, NULL);
    s->context = pcre2_match_context_create(NULL);
    MUST(s->data != NULL && s->context != NULL);
    (void)pcre2_set_match_limit(s->context, REGEXP_STEPS_MAX);
    (void)pcre2_set_depth_limit(s->context, REGEXP_DEPTH_MAX);
    (void)pcre2_set_heap_limit(s->context, REGEXP_HEAP_KIB);
    s->stack = pcre2_jit_stack_create(REGEXP_STACK_MIN, REGEXP_STACK_MAX, NULL);
    if (s->stack != NULL) {
        pcre2_jit_stack_assign(s->context, NULL, s->stack);
    }
    return s;
}

void regexp_scratch_free(struct regexp_scratch **s)
{
    if (*s == NULL) {
        return;
    }
    pcre2_match_data_free((*s)->data);
    pcre2_match_context_free((*s)->context);
    pcre2_jit_stack_free((*s)->stack);
    free(*s);
    *s = NULL;
}

enum regexp_result regexp_find(const struct regexp *r, struct regexp_scratch *s,
                               const char *text, size_t n, unsigned group,
                               const char **at, size_t *len)
{
    int rc =
        pcre2_match(r->code, (PCRE2_SPTR)text, n, 0, 0, s->data, s->context);
    const size_t *places;

    if (rc == PCRE2_ERROR_NOMATCH) {
        return REGEXP_NOT_FOUND;
    }
    if (rc < 0) {
        return REGEXP_TOO_HARD;
    }
    MUST(group <= r->groups);
    places = pcre2_get_ovector_pointer(s->data);
    /* A group that took no part is unset; \K may put an end before a
     * beginning. */
    if ((unsigned)rc <= group || places[2 * group] == PCRE2_UNSET ||
        places[2 * group + 1] < places[2 * group]) {
        if (at != NULL) {
            *at = NULL;
            *len = 0;
        }
    } else if (at != NULL) {
        *at = text + places[2 * group];
        *len = places[2 * group + 1] - places[2 * group];
    }
    return REGEXP_FOUND;
}
