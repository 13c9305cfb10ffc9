/* SPDX-License-Identifier: MIT
 *
 * jar_read - a Set-Cookie as RFC 6265, 5.2, reads it. */
#include "config.h"

#include "load/jar_internal.h"

#include <string.h>
#include <strings.h>

bool jar_is_set(const char *head, size_t n)
{
    const char *s = head, *end = head + n;

    while (end - s > 10) {
        const char *lf;

        if ((*s | 0x20) == 's' && strncasecmp(s, "set-cookie", 10) == 0) {
            return true;
        }
        lf = memchr(s, '\n', (size_t)(end - s));
        s = lf != NULL ? lf + 1 : end;
    }
    return false;
}

static struct head_text jar_trim(const char *s, const char *end)
{
    while (s < end && (*s == ' ' || *s == '\t')) {
        s++;
    }
    while (end > s && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    return (struct head_text){s, (size_t)(end - s)};
}

/* "name=value" between s and end; without '=' it is all name. */
static bool jar_pair(const char *s, const char *end, struct head_text *name,
                     struct head_text *value)
{
    const char *eq = memchr(s, '=', (size_t)(end - s));

    *name = jar_trim(s, eq != NULL ? eq : end);
    *value = eq != NULL ? jar_trim(eq + 1, end) : (struct head_text){end, 0};
    return eq != NULL;
}

/* -1: it is no number. What is large is very large. */
static bool jar_max_age(const struct head_text *t, int64_t now, int64_t *out)
{
    bool minus = t->n > 0 && t->s[0] == '-';
    int64_t v = 0;

    if (t->n == (minus ? 1u : 0u)) {
        return false;
    }
    for (size_t i = minus; i < t->n; i++) {
        if (t->s[i] < '0' || t->s[i] > '9') {
            return false;
        }
        v = v < (int64_t)1 << 40 ? v * 10 + (t->s[i] - '0') : v;
    }
    *out = minus || v == 0 ? INT64_MIN : now + v;
    return true;
}

static void jar_attribute(struct jar_set *c, const struct head_text *name,
                          const struct head_text *value, int64_t now)
{
    int64_t date;

    if (head_name_is(name, "expires")) {
        if (!c->has_max_age && jar_date(value->s, value->n, &date)) {
            c->expires = date;
        }
    } else if (head_name_is(name, "max-age")) {
        c->has_max_age = jar_max_age(value, now, &c->expires) || c->has_max_age;
    } else if (head_name_is(name, "domain")) {
        if (value->n > 0) {
            bool dot = value->s[0] == '.';

            c->has_domain = true;
            c->domain = (struct head_text){value->s + dot, value->n - dot};
        }
    } else if (head_name_is(name, "path")) {
        c->path = *value;
    } else if (head_name_is(name, "secure")) {
        c->secure = true;
    }
}

/* Nothing that would break out of a header line. */
static bool jar_plain(const struct head_text *t)
{
    for (size_t i = 0; i < t->n; i++) {
        unsigned char c = (unsigned char)t->s[i];

        if ((c < ' ' && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return true;
}

bool jar_parse(struct jar_set *c, const struct head_text *field, int64_t now)
{
    const char *s = field->s, *end = field->s + field->n;
    const char *stop = memchr(s, ';', field->n);

    *c = (struct jar_set){.expires = JAR_NEVER};
    if (!jar_pair(s, stop != NULL ? stop : end, &c->name, &c->value) ||
        c->name.n == 0 || c->name.n + c->value.n > JAR_COOKIE_MAX ||
        !jar_plain(&c->name) || !jar_plain(&c->value)) {
        return false;
    }
    while (stop != NULL) {
        struct head_text name, value;

        s = stop + 1;
        stop = memchr(s, ';', (size_t)(end - s));
        (void)jar_pair(s, stop != NULL ? stop : end, &name, &value);
        if (value.n <= JAR_FIELD_MAX && jar_plain(&value)) {
            jar_attribute(c, &name, &value, now);
        }
    }
    return true;
}
