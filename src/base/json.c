/* SPDX-License-Identifier: MIT
 *
 * json - text is checked by our own scan first and built by cJSON after: cJSON
 * takes text that is not JSON, and says of an error only where it stopped. */
#include "config.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"

#define JSON_PRINT_MAX (1u << 30)

struct json_name {
    const char *name; /* borrowed from the tree */
    size_t ordinal;   /* among all names of the text, from 1 */
};

static int json_name_compare(const void *a, const void *b)
{
    const struct json_name *x = a;
    const struct json_name *y = b;
    int order = strcmp(x->name, y->name);

    if (order != 0) {
        return order;
    }
    return x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

static void json_duplicate_in(struct json_name *names, size_t n,
                              struct json_name *found)
{
    if (n < 2) {
        return;
    }
    /* Sorted: an object of a hundred thousand names must not take the square
     * of that. */
    qsort(names, n, sizeof *names, json_name_compare);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(names[i].name, names[i - 1].name) == 0 &&
            (found->name == NULL || names[i].ordinal < found->ordinal)) {
            *found = names[i];
        }
    }
}

/* The first name in the text that its object has already. The tree keeps the
 * order of the text, so names can be counted. */
static void json_duplicate(const cJSON *v, size_t *ordinal,
                           struct json_name *found)
{
    struct json_name *names = NULL;
    const cJSON *child;
    size_t n = 0;
    size_t cap = 0;

    cJSON_ArrayForEach(child, v)
    {
        if (cJSON_IsObject(v)) {
            names = xgrow(names, n, &cap, sizeof *names);
            names[n].name = child->string;
            names[n++].ordinal = ++*ordinal;
        }
        json_duplicate(child, ordinal, found);
    }
    json_duplicate_in(names, n, found);
    free(names);
}

static void json_problem(const struct json_scan *s, size_t at,
                         const char *where, const char *problem, struct err *e)
{
    int line;
    int column;

    json_scan_place(s->text, at, &line, &column);
    err_set_at(e, ERR_SYNTAX, where, line, column, "%s", problem);
}

static bool json_names_unique(const cJSON *root, struct json_scan *s,
                              const char *where, struct err *e)
{
    struct json_name found = {NULL, 0};
    size_t ordinal = 0;
    char *problem;
    bool ok;

    json_duplicate(root, &ordinal, &found);
    if (found.name == NULL) {
        return true;
    }
    json_scan_init(s, s->text, s->n);
    s->want = found.ordinal;
    ok = json_scan_value(s);
    problem = xasprintf("'%s' stands twice in the same object", found.name);
    json_problem(s, ok ? s->want_at : 0, where, problem, e);
    free(problem);
    return false;
}

cJSON *json_parse(const char *text, size_t n, const char *where, struct err *e)
{
    struct json_scan s;
    cJSON *root;

    json_scan_init(&s, text, n);
    if (!json_scan_value(&s) || !json_scan_end(&s)) {
        json_problem(&s, s.at, where, s.problem, e);
        return NULL;
    }
    root = cJSON_ParseWithLength(text, n);
    if (root == NULL) {
        json_problem(&s, 0, where, "cannot be read as JSON", e);
        return NULL;
    }
    if (!json_names_unique(root, &s, where, e)) {
        cJSON_Delete(root);
        return NULL;
    }
    return root;
}

static void json_put_escape(struct buf *out, uint32_t cp)
{
    if (cp >= 0x10000) { /* a surrogate pair */
        buf_addf(out, "\\u%04x\\u%04x",
                 (unsigned)(0xd800 + ((cp - 0x10000) >> 10)),
                 (unsigned)(0xdc00 + ((cp - 0x10000) & 0x3ff)));
    } else {
        buf_addf(out, "\\u%04x", (unsigned)cp);
    }
}

/* Outside of strings there is ASCII only, and inside of them cJSON has escaped
 * what is below a blank. */
char *json_print(const cJSON *o, bool formatted)
{
    char *text = formatted ? cJSON_Print(o) : cJSON_PrintUnformatted(o);
    size_t n, at, used;
    struct buf out;

    MUST(text != NULL);
    n = strlen(text);
    buf_init(&out, JSON_PRINT_MAX);
    for (at = 0; at < n; at += used) {
        uint32_t cp = 0;
        bool bad;

        used = text_next(text + at, n - at, &cp);
        bad = used == 1 && cp >= 0x80;
        if (bad || (cp >= 0x7f && text_hidden(cp))) {
            json_put_escape(&out, cp);
        } else {
            buf_add(&out, text + at, used);
        }
    }
    free(text);
    return buf_take(&out);
}
