/* SPDX-License-Identifier: MIT
 *
 * reader - places and mistakes of a plan's text; what its values are is read in
 * reader_value.c. */
#include "config.h"

#include "plan/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"

#define READER_HINT_WORDS 8   /* more than these are not listed */
#define READER_HINT_BYTES 90  /* nor longer ones */
#define READER_PATH_COLS  240 /* of a path in a message */

size_t reader_enter(struct reader *r, const char *name)
{
    size_t mark = strlen(r->path);

    /* A path that grows too long stays at its parent: the mistake is then
     * told a little above where it is. */
    if (!json_path_member(r->path, sizeof r->path, name)) {
        r->path[mark] = '\0';
    }
    return mark;
}

size_t reader_enter_index(struct reader *r, size_t i)
{
    size_t mark = strlen(r->path);

    if (!json_path_index(r->path, sizeof r->path, i)) {
        r->path[mark] = '\0';
    }
    return mark;
}

void reader_leave(struct reader *r, size_t mark)
{
    r->path[mark] = '\0';
}

/* Nothing of the file reaches the message as it stands: it is made fit for a
 * terminal, and a secret's value is hidden. */
static void reader_say(struct reader *r, struct err *e, const char *raw)
{
    struct buf masked;

    buf_init(&masked, 4 * sizeof e->text);
    plan_mask(r->plan, &masked, raw, strlen(raw));
    text_safe(e->text, sizeof e->text, buf_str(&masked));
    buf_clear(&masked);
}

static struct err *reader_new_err(struct reader *r, const char *where)
{
    struct plan_errors *list = r->errors;
    struct err *e;

    if (list->n >= PLAN_ERRORS_MAX) {
        r->hidden++;
        return NULL;
    }
    list->list = xgrow(list->list, list->n, &list->cap, sizeof *list->list);
    e = &list->list[list->n++];
    memset(e, 0, sizeof *e);
    e->code = ERR_RANGE;
    text_safe(e->where, sizeof e->where, where);
    return e;
}

static void reader_fail_v(struct reader *r, bool key, const char *fmt,
                          va_list ap) ATTR_PRINTF(3, 0);

static void reader_fail_v(struct reader *r, bool key, const char *fmt,
                          va_list ap)
{
    struct err *e = reader_new_err(r, r->file);
    int shown = (int)text_fit(r->path, READER_PATH_COLS);
    char what[1024], own[160] = "";
    char raw[sizeof what + sizeof r->path + sizeof own + 8];

    if (e == NULL) {
        return;
    }
    if (r->own.lineup >= 0) {
        (void)snprintf(
            own, sizeof own, " (as the scenario '%.100s' has it)",
            r->plan->lineups[r->own.lineup].list[r->own.scenario].name);
    }
    (void)json_where(r->text, r->n, r->path, key, &e->line, &e->column);
    (void)vsnprintf(what, sizeof what, fmt, ap);
    (void)snprintf(raw, sizeof raw, "%.*s%s: %s%s", shown, r->path,
                   r->path[shown] == '\0' ? "" : "…", what, own);
    reader_say(r, e, raw);
}

void reader_fail(struct reader *r, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    reader_fail_v(r, false, fmt, ap);
    va_end(ap);
}

void reader_fail_key(struct reader *r, const char *key, const char *fmt, ...)
{
    size_t mark = reader_enter(r, key);
    va_list ap;

    va_start(ap, fmt);
    reader_fail_v(r, true, fmt, ap);
    va_end(ap);
    reader_leave(r, mark);
}

void reader_fail_member(struct reader *r, const char *key, const char *fmt, ...)
{
    size_t mark = reader_enter(r, key);
    va_list ap;

    va_start(ap, fmt);
    reader_fail_v(r, false, fmt, ap);
    va_end(ap);
    reader_leave(r, mark);
}

void reader_fail_setting(struct reader *r, const char *where, const char *fmt,
                         ...)
{
    struct err *e = reader_new_err(r, where);
    char raw[1024];
    va_list ap;

    if (e == NULL) {
        return;
    }
    va_start(ap, fmt);
    (void)vsnprintf(raw, sizeof raw, fmt, ap);
    va_end(ap);
    reader_say(r, e, raw);
}

void reader_fail_file(struct reader *r, const char *file, const struct err *e)
{
    struct err *to = reader_new_err(r, file);

    if (to != NULL) {
        to->line = e->line;
        to->column = e->column;
        reader_say(r, to, e->text);
    }
}

const char *reader_hint(char *buf, size_t size, const char *word,
                        const char *const *words, size_t n)
{
    const char *near = text_nearest(word, words, n);
    size_t len = 0;

    buf[0] = '\0';
    if (near != NULL) {
        (void)snprintf(buf, size, "; did you mean '%.120s'?", near);
        return buf;
    }
    for (size_t i = 0; i < n; i++) {
        len += strlen(words[i]) + 2;
    }
    if (n == 0 || n > READER_HINT_WORDS || len > READER_HINT_BYTES) {
        return buf;
    }
    (void)snprintf(buf, size, n == 1 ? "; there is " : "; there are ");
    for (size_t i = 0; i < n; i++) {
        text_add(buf, size, "%s%s", i == 0 ? "" : ", ",
                 *words[i] == '\0' ? "''" : words[i]);
    }
    return buf;
}

size_t reader_mistakes(const struct reader *r)
{
    return r->errors->n + r->hidden;
}

const cJSON *reader_get(const cJSON *obj, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(obj, key);
}

const char *reader_kind(const cJSON *v)
{
    if (cJSON_IsString(v)) {
        return "a string";
    }
    if (cJSON_IsNumber(v)) {
        return "a number";
    }
    if (cJSON_IsBool(v)) {
        return cJSON_IsTrue(v) ? "true" : "false";
    }
    if (cJSON_IsArray(v)) {
        return "an array";
    }
    return cJSON_IsObject(v) ? "an object" : "null";
}

static void reader_unknown_key(struct reader *r, const char *name,
                               enum key_place place)
{
    const char *words[64];
    const struct key *k;
    char hint[256];
    size_t n = 0;

    for (size_t i = 0; (k = key_at(i)) != NULL; i++) {
        if (k->place == place && k->now && n < 64) {
            words[n++] = k->name;
        }
    }
    reader_fail_key(r, name, "unknown key in %s%s", key_place_name(place),
                    reader_hint(hint, sizeof hint, name, words, n));
}

bool reader_object(struct reader *r, const cJSON *v, enum key_place place)
{
    const cJSON *m;

    if (!cJSON_IsObject(v)) {
        reader_fail(r, "expected %s as an object, not %s",
                    key_place_name(place), reader_kind(v));
        return false;
    }
    cJSON_ArrayForEach(m, v)
    {
        const struct key *k = key_find(place, m->string);

        if (k == NULL) {
            reader_unknown_key(r, m->string, place);
        } else if (!k->now) {
            reader_fail_key(r, m->string, "not supported yet: %s", k->help);
        }
    }
    return true;
}

bool reader_names(struct reader *r, const cJSON *v, const char *of, size_t max)
{
    const cJSON *m;
    size_t n = 0;

    if (!cJSON_IsObject(v)) {
        reader_fail(r, "expected an object of %s, not %s", of, reader_kind(v));
        return false;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t len = strlen(m->string);

        if (len == 0) {
            reader_fail_key(r, m->string, "a name is empty");
        } else if (len > PLAN_MEMBER_MAX) {
            reader_fail_key(r, m->string, "a name of %zu bytes (at most %d)",
                            len, PLAN_MEMBER_MAX);
        }
        n++;
    }
    if (n > max) {
        reader_fail(r, "%zu %s (at most %zu)", n, of, max);
        return false;
    }
    return true;
}

bool reader_array(struct reader *r, const cJSON *v, const char *of, size_t max)
{
    size_t n;

    if (!cJSON_IsArray(v)) {
        reader_fail(r, "expected an array of %s, not %s", of, reader_kind(v));
        return false;
    }
    n = (size_t)cJSON_GetArraySize(v);
    if (n == 0) {
        reader_fail(r, "empty: expected %s", of);
        return false;
    }
    if (n > max) {
        reader_fail(r, "%zu %s (at most %zu)", n, of, max);
        return false;
    }
    return true;
}
