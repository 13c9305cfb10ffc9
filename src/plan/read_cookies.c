/* SPDX-License-Identifier: MIT
 *
 * read_cookies - what the plan says of cookies: how long a VU keeps those it is
 * given, and which a request sends by itself. */
#include "config.h"

#include "plan/read.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plan/compile.h"

#define COOKIES_LIST_MAX   100
#define COOKIES_LINE_BYTES 8192

void read_jar(struct reader *r, const cJSON *v)
{
    static const char *const words[] = {
        [COOKIES_ITERATION] = "iteration",
        [COOKIES_KEEP] = "keep",
        [COOKIES_OFF] = "off",
    };
    const char *s = NULL;
    char hint[64];

    if (!reader_string(r, v, &s)) {
        return;
    }
    for (int i = COOKIES_ITERATION; i <= COOKIES_OFF; i++) {
        if (strcmp(s, words[i]) == 0) {
            r->plan->http.cookies = i;
            return;
        }
    }
    reader_fail(r, "'%.120s' is not known%s", s,
                reader_hint(hint, sizeof hint, s, words, 3));
}

static bool cookies_text_ok(struct reader *r, const char *text)
{
    for (const char *s = text; *s != '\0'; s++) {
        if (*s == ';' || (unsigned char)*s < ' ' || *s == 0x7f) {
            reader_fail(r, "a cookie's value has no ';' and no control "
                           "characters");
            return false;
        }
    }
    return true;
}

/* A value, or {"value", "replace"}. */
static void cookies_one(struct reader *r, const cJSON *v, struct compile *line,
                        struct request_cookie *out)
{
    const cJSON *value = v;
    char *text;

    if (cJSON_IsObject(v)) {
        (void)reader_object(r, v, KEY_COOKIE);
        (void)reader_m_bool(r, v, "replace", &out->replace);
        value = reader_get(v, "value");
        if (value == NULL) {
            reader_fail(r, "'value' is missing");
            return;
        }
    }
    text = reader_scalar(r, value);
    if (text != NULL && cookies_text_ok(r, text)) {
        compile_literal(line, out->name);
        compile_literal(line, "=");
        (void)compile_text(r, line, text, ESCAPE_NONE);
    }
    free(text);
}

void read_cookies(struct reader *r, const cJSON *v, struct request *q)
{
    struct compile line;
    const cJSON *m;

    if (!reader_names(r, v, "cookies", COOKIES_LIST_MAX)) {
        return;
    }
    if (read_has_header(q->headers, q->n_headers, "Cookie")) {
        reader_fail(r, "headers have Cookie already");
        return;
    }
    compile_init(&line, COOKIES_LINE_BYTES);
    cJSON_ArrayForEach(m, v)
    {
        size_t mark;

        if (!read_is_token(m->string)) {
            reader_fail_key(r, m->string, "not a cookie's name");
            continue;
        }
        mark = reader_enter(r, m->string);
        q->cookies =
            xreallocarray(q->cookies, q->n_cookies + 1, sizeof *q->cookies);
        q->cookies[q->n_cookies] =
            (struct request_cookie){.name = xstrdup(m->string)};
        if (q->n_cookies > 0) {
            compile_literal(&line, "; ");
        }
        cookies_one(r, m, &line, &q->cookies[q->n_cookies++]);
        reader_leave(r, mark);
    }
    if (q->n_cookies > 0) {
        read_one_line(r, &line);
        line.settled_text = true; /* sent, whatever its values are */
        read_put_header(r, &q->headers, &q->n_headers, "Cookie", &line);
    }
    compile_clear(&line);
}
