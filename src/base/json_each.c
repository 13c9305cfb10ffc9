/* SPDX-License-Identifier: MIT
 *
 * json_each - one array, element by element, so that a large file of data never
 * stands in memory as a tree. */
#include "config.h"

#include "base/json.h"

#include "base/json_scan.h"

void json_place(const char *text, size_t at, int *line, int *column)
{
    json_scan_place(text, at, line, column);
}

static bool json_each_fail(const struct json_scan *s, const char *where,
                           const char *problem, struct err *e)
{
    int line, column;

    json_scan_place(s->text, s->at, &line, &column);
    err_set_at(e, ERR_SYNTAX, where, line, column, "%s", problem);
    return false;
}

/* Passes the comma behind an element, or the end; *more tells which. */
static bool json_each_next(struct json_scan *s, bool *more)
{
    char c = json_scan_peek(s);

    if (c != ',' && c != ']') {
        return false;
    }
    s->at++;
    *more = c == ',';
    return true;
}

bool json_each(const char *text, size_t n, const char *where, json_each_fn *fn,
               void *ctx, struct err *e)
{
    struct json_scan s;
    bool more = true;

    json_scan_init(&s, text, n);
    if (json_scan_peek(&s) != '[') {
        return json_each_fail(&s, where, "expected an array", e);
    }
    s.at++;
    if (json_scan_peek(&s) == ']') {
        s.at++;
        more = false;
    }
    while (more) {
        size_t from;

        (void)json_scan_peek(&s);
        from = s.at;
        if (!json_scan_value(&s)) {
            return json_each_fail(&s, where, s.problem, e);
        }
        if (!fn(ctx, from, s.at - from)) {
            return true;
        }
        if (!json_each_next(&s, &more)) {
            return json_each_fail(&s, where, "expected ',' or ']'", e);
        }
    }
    if (!json_scan_end(&s)) {
        return json_each_fail(&s, where, s.problem, e);
    }
    return true;
}
