/* SPDX-License-Identifier: MIT
 *
 * head - a service may send any bytes here. */
#include "config.h"

#include "load/head.h"

#include <string.h>
#include <strings.h>

static bool head_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct head_text head_trim(const char *s, const char *end)
{
    while (s < end && head_space(*s)) {
        s++;
    }
    while (end > s && head_space(end[-1])) {
        end--;
    }
    return (struct head_text){s, (size_t)(end - s)};
}

/* End of the line at s, before its LF; *next behind it. */
static const char *head_line(const char *s, const char *end, const char **next)
{
    const char *lf = memchr(s, '\n', (size_t)(end - s));

    *next = lf != NULL ? lf + 1 : end;
    return lf != NULL ? lf : end;
}

static bool head_is_status(const char *s, const char *end)
{
    return end - s >= 5 && memcmp(s, "HTTP/", 5) == 0;
}

void head_begin(struct head_walk *w, const char *head, size_t n)
{
    *w = (struct head_walk){.at = head, .end = head};
    if (n == 0) {
        return;
    }
    w->end = head + n;
    for (const char *s = head; s < w->end;) {
        const char *next;
        const char *line_end = head_line(s, w->end, &next);

        if (head_is_status(s, line_end)) {
            w->at = next;
        }
        s = next;
    }
}

static bool head_split(const char *s, const char *end, struct head_field *f)
{
    const char *colon = memchr(s, ':', (size_t)(end - s));

    if (colon == NULL || colon == s || head_space(*s)) {
        return false;
    }
    for (const char *c = s; c < colon; c++) {
        if (head_space(*c)) {
            return false;
        }
    }
    f->name = (struct head_text){s, (size_t)(colon - s)};
    f->value = head_trim(colon + 1, end);
    return true;
}

bool head_next(struct head_walk *w, struct head_field *f)
{
    while (w->at < w->end) {
        const char *s = w->at;
        const char *end = head_line(s, w->end, &w->at);

        if (head_split(s, end, f)) {
            return true;
        }
    }
    return false;
}

bool head_name_is(const struct head_text *name, const char *want)
{
    return name->n == strlen(want) && strncasecmp(name->s, want, name->n) == 0;
}

bool head_find(const char *head, size_t n, const char *name,
               struct head_text *value)
{
    struct head_walk w;
    struct head_field f;

    head_begin(&w, head, n);
    while (head_next(&w, &f)) {
        if (head_name_is(&f.name, name)) {
            *value = f.value;
            return true;
        }
    }
    return false;
}

bool head_is_secret(const struct head_text *name)
{
    static const char *const secret[] = {"authorization", "proxy-authorization",
                                         "cookie", "set-cookie"};

    for (size_t i = 0; i < sizeof secret / sizeof secret[0]; i++) {
        if (head_name_is(name, secret[i])) {
            return true;
        }
    }
    return false;
}
