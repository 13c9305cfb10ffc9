/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "net/prom.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

/* No number is longer that means something. */
enum { PROM_NUMBER_MAX = 64 };

static bool prom_is(const char *s, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(s, word, n) == 0;
}

static bool prom_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *prom_skip(const char *p, const char *end)
{
    while (p < end && prom_blank(*p)) {
        p++;
    }
    return p;
}

static size_t prom_word(const char *p, const char *end)
{
    const char *s = p;

    while (p < end && !prom_blank(*p)) {
        p++;
    }
    return (size_t)(p - s);
}

static bool prom_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t prom_span(const char *s, size_t n, bool colon)
{
    size_t i = 0;

    while (i < n && (prom_letter(s[i]) || (colon && s[i] == ':') ||
                     (i > 0 && s[i] >= '0' && s[i] <= '9'))) {
        i++;
    }
    return i;
}

size_t prom_name(const char *s, size_t n)
{
    return prom_span(s, n, true);
}

/* Behind the closing quote; NULL: there is none. */
static const char *prom_quoted(const char *p, const char *end)
{
    while (p < end && *p != '"') {
        p += *p == '\\' && p + 1 < end ? 2 : 1;
    }
    return p < end ? p + 1 : NULL;
}

bool prom_label(const char **at, const char *end, struct prom_label *out)
{
    const char *p = prom_skip(*at, end), *q;
    size_t n = prom_span(p, (size_t)(end - p), false);

    if (n == 0) {
        return false;
    }
    q = prom_skip(p + n, end);
    if (q == end || *q != '=') {
        return false;
    }
    q = prom_skip(q + 1, end);
    if (q == end || *q != '"') {
        return false;
    }
    out->name = p;
    out->n_name = n;
    out->value = q + 1;
    p = prom_quoted(q + 1, end);
    if (p == NULL) {
        return false;
    }
    out->n_value = (size_t)(p - 1 - out->value);
    p = prom_skip(p, end);
    if (p < end && *p != ',') {
        return false;
    }
    *at = p < end ? p + 1 : p;
    return true;
}

/* All of them are labels; a comma may stand behind the last. */
static bool prom_labels_fit(const char *p, const char *end)
{
    struct prom_label l;

    while (prom_label(&p, end, &l)) {
    }
    return prom_skip(p, end) == end;
}

const char *prom_labels(const char *p, const char *end, size_t *n)
{
    const char *q = p;

    /* A brace in quotes ends nothing. */
    while (q != NULL && q < end && *q != '}') {
        q = *q == '"' ? prom_quoted(q + 1, end) : q + 1;
    }
    if (q == NULL || q == end || !prom_labels_fit(p, q)) {
        return NULL;
    }
    *n = (size_t)(q - p);
    return q + 1;
}

/* As Go's ParseFloat writes and reads them. */
static bool prom_number(const char *s, size_t n, double *out)
{
    char text[PROM_NUMBER_MAX];
    size_t sign = n > 0 && (*s == '+' || *s == '-') ? 1 : 0;

    if (prom_is(s, n, "NaN")) {
        *out = (double)NAN;
        return true;
    }
    if (prom_is(s + sign, n - sign, "Inf")) {
        *out = *s == '-' ? (double)-INFINITY : (double)INFINITY;
        return true;
    }
    if (n >= sizeof text || memchr(s, '\0', n) != NULL) {
        return false;
    }
    if (sign == 1 && *s == '+') {
        s++;
        n--;
    }
    memcpy(text, s, n);
    text[n] = '\0';
    return num_double(text, out);
}

/* A time may follow the value, and, in OpenMetrics, what begins with '#'. */
static bool prom_rest(const char *p, const char *end)
{
    double when;
    size_t n;

    p = prom_skip(p, end);
    if (p < end && *p != '#') {
        n = prom_word(p, end);
        if (!prom_number(p, n, &when)) {
            return false;
        }
        p = prom_skip(p + n, end);
    }
    return p == end || *p == '#';
}

static enum prom_type prom_type_read(const char *s, size_t n)
{
    return prom_is(s, n, "counter")                               ? PROM_COUNTER
           : prom_is(s, n, "gauge")                               ? PROM_GAUGE
           : prom_is(s, n, "untyped") || prom_is(s, n, "unknown") ? PROM_UNTYPED
                                                                  : PROM_OTHER;
}

/* "# TYPE name counter"; all else behind a '#' is for people. */
static void prom_comment(struct prom_walk *w, const char *p, const char *end)
{
    size_t n;

    p = prom_skip(p + 1, end);
    n = prom_word(p, end);
    if (!prom_is(p, n, "TYPE")) {
        return;
    }
    p = prom_skip(p + n, end);
    w->family = p;
    w->n_family = prom_word(p, end);
    p = prom_skip(p + w->n_family, end);
    w->type = prom_type_read(p, prom_word(p, end));
}

/* The type of a sample of that name: its family's, whose name may go on. */
static enum prom_type prom_type_of(const struct prom_walk *w,
                                   const struct prom_sample *s)
{
    static const char *const counted[] = {"_total", "_count", "_sum",
                                          "_bucket"};
    const char *rest;
    size_t n, i;

    if (w->n_family == 0 || s->n_name < w->n_family ||
        memcmp(s->name, w->family, w->n_family) != 0) {
        return PROM_UNTYPED;
    }
    rest = s->name + w->n_family;
    n = s->n_name - w->n_family;
    if (n == 0) {
        return w->type;
    }
    for (i = 0; i < sizeof counted / sizeof counted[0]; i++) {
        if (prom_is(rest, n, counted[i])) {
            return w->type == PROM_GAUGE ? PROM_UNTYPED : PROM_COUNTER;
        }
    }
    return PROM_UNTYPED;
}

static bool prom_line(const struct prom_walk *w, const char *p, const char *end,
                      struct prom_sample *out)
{
    size_t n = prom_name(p, (size_t)(end - p));

    *out = (struct prom_sample){.name = p, .n_name = n, .labels = p + n};
    if (n == 0) {
        return false;
    }
    p = prom_skip(p + n, end);
    if (p < end && *p == '{') {
        out->labels = p + 1;
        p = prom_labels(p + 1, end, &out->n_labels);
        if (p == NULL) {
            return false;
        }
        p = prom_skip(p, end);
    } else if (p == out->name + n) {
        return false; /* something stands right behind the name */
    }
    n = prom_word(p, end);
    if (n == 0 || !prom_number(p, n, &out->value) || !prom_rest(p + n, end)) {
        return false;
    }
    out->type = prom_type_of(w, out);
    return true;
}

void prom_begin(struct prom_walk *w, const char *s, size_t n)
{
    *w = (struct prom_walk){.p = s, .end = s + n};
}

bool prom_next(struct prom_walk *w, struct prom_sample *out)
{
    while (w->p < w->end) {
        const char *p = w->p;
        const char *end = memchr(p, '\n', (size_t)(w->end - p));

        end = end != NULL ? end : w->end;
        w->p = end < w->end ? end + 1 : end;
        end -= end > p && end[-1] == '\r' ? 1 : 0;
        p = prom_skip(p, end);
        if (p == end) {
            continue;
        }
        if (*p == '#') {
            prom_comment(w, p, end);
        } else if (prom_line(w, p, end, out)) {
            return true;
        } else {
            w->wrong++;
        }
    }
    return false;
}
