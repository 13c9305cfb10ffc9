/* SPDX-License-Identifier: MIT
 *
 * expand - what is put into a template comes from data files, from the service
 * or from chance: it is escaped here, so that it stays one string, one path
 * segment or one line. */
#include "config.h"

#include "load/expand.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "base/wall.h"

static size_t expand_digits(const char *s, size_t n, size_t i)
{
    while (i < n && s[i] >= '0' && s[i] <= '9') {
        i++;
    }
    return i;
}

bool expand_is_number(const char *s, size_t n)
{
    size_t i = n > 0 && s[0] == '-' ? 1 : 0;
    size_t from = i;

    i = i < n && s[i] == '0' ? i + 1 : expand_digits(s, n, i);
    if (i == from) {
        return false;
    }
    if (i < n && s[i] == '.') {
        from = ++i;
        i = expand_digits(s, n, i);
        if (i == from) {
            return false;
        }
    }
    if (i < n && (s[i] == 'e' || s[i] == 'E')) {
        i++;
        if (i < n && (s[i] == '+' || s[i] == '-')) {
            i++;
        }
        from = i;
        i = expand_digits(s, n, i);
        if (i == from) {
            return false;
        }
    }
    return i == n;
}

/* Bytes that are no UTF-8 would make the whole body invalid JSON. */
static void expand_json(struct buf *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        uint32_t cp;
        size_t used;

        if (c == '"' || c == '\\') {
            buf_addc(out, '\\');
            buf_addc(out, (char)c);
            i++;
        } else if (c < 0x20) {
            buf_addf(out, "\\u%04x", c);
            i++;
        } else if (c < 0x80) {
            buf_addc(out, (char)c);
            i++;
        } else {
            used = text_next(s + i, n - i, &cp);
            if (used == 1) {
                buf_adds(out, "\\ufffd");
            } else {
                buf_add(out, s + i, used);
            }
            i += used;
        }
    }
}

static bool expand_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

static void expand_url(struct buf *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (expand_unreserved(s[i])) {
            buf_addc(out, s[i]);
        } else {
            buf_addf(out, "%%%02X", (unsigned)(unsigned char)s[i]);
        }
    }
}

static void expand_line(struct buf *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] != '\r' && s[i] != '\n' && s[i] != '\0') {
            buf_addc(out, s[i]);
        }
    }
}

static void expand_put(struct buf *out, enum value_escape escape, const char *s,
                       size_t n)
{
    switch (escape) {
    case ESCAPE_NONE:
        buf_add(out, s, n);
        return;
    case ESCAPE_JSON:
        expand_json(out, s, n);
        return;
    case ESCAPE_URL:
        expand_url(out, s, n);
        return;
    case ESCAPE_LINE:
        expand_line(out, s, n);
        return;
    }
    MUST(!"an escape");
}

/* The text of a part before escaping, in tmp unless it stands elsewhere; NULL:
 * a variable without value. */
static const char *expand_text(struct expand *x, const struct value_part *p,
                               char *tmp, size_t size)
{
    const struct plan_data *d;

    tmp[0] = '\0';
    switch (p->kind) {
    case VALUE_LITERAL:
        break;
    case VALUE_DATA:
        MUST(p->index < x->plan->n_data);
        d = &x->plan->data[p->index];
        return d->values[rng_range(x->rng, 0, d->n - 1)];
    case VALUE_VU:
        (void)snprintf(tmp, size, "%" PRIu32, x->vu);
        return tmp;
    case VALUE_ITER:
        (void)snprintf(tmp, size, "%" PRIu64, x->iter);
        return tmp;
    case VALUE_UUID:
        rng_uuid(x->rng, tmp);
        return tmp;
    case VALUE_VU_UUID:
        return x->uuid;
    case VALUE_RANDOM:
        /* Unsigned, so that a range over all of int64 does not overflow. */
        (void)snprintf(
            tmp, size, "%" PRId64,
            (int64_t)((uint64_t)p->lo +
                      rng_range(x->rng, 0, (uint64_t)p->hi - (uint64_t)p->lo)));
        return tmp;
    case VALUE_TIMESTAMP:
        (void)snprintf(tmp, size, "%" PRId64, wall_now().us / 1000);
        return tmp;
    case VALUE_VAR:
        MUST(p->index < x->plan->n_vars);
        return x->vars != NULL ? x->vars[p->index] : NULL;
    }
    MUST(!"a kind of value");
    return NULL;
}

static bool expand_part(struct expand *x, const struct value_part *p,
                        struct buf *out, bool *put)
{
    char tmp[64];
    const char *s = expand_text(x, p, tmp, sizeof tmp);
    size_t n;

    if (s == NULL) {
        (void)snprintf(x->why, sizeof x->why, "'%s' has no value",
                       x->plan->vars[p->index]);
        return false;
    }
    n = strlen(s);
    if (p->number && !expand_is_number(s, n)) {
        (void)snprintf(x->why, sizeof x->why, "'%.60s' is not a number", s);
        return false;
    }
    if (n > 0) {
        *put = true;
    }
    expand_put(out, p->escape, s, n);
    return true;
}

bool expand_value(struct expand *x, const struct value *v, struct buf *out,
                  bool *blank)
{
    bool any = false, put = false;

    for (size_t i = 0; i < v->n; i++) {
        const struct value_part *p = &v->parts[i];

        if (p->kind == VALUE_LITERAL) {
            buf_add(out, p->text, p->len);
            continue;
        }
        any = true;
        if (!expand_part(x, p, out, &put)) {
            return false;
        }
    }
    if (blank != NULL) {
        *blank = any && !put;
    }
    if (out->cut) {
        (void)snprintf(x->why, sizeof x->why, "larger than %zu bytes",
                       out->max);
        return false;
    }
    return true;
}
