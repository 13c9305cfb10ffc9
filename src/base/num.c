/* SPDX-License-Identifier: MIT
 *
 * num - reading numbers. The grammar is checked here, so that neither the
 * locale nor hexadecimal, "inf" or leading blanks reach strtod. */
#include "config.h"

#include "base/num.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static bool num_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits to a whole number; *end behind the last. false: none, or too many. */
static bool num_digits(const char *s, uint64_t *out, const char **end)
{
    uint64_t v = 0;
    const char *p = s;

    for (; num_digit(*p); p++) {
        uint64_t d = (uint64_t)(*p - '0');

        if (v > (UINT64_MAX - d) / 10) {
            return false;
        }
        v = v * 10 + d;
    }
    *out = v;
    *end = p;
    return p != s;
}

bool num_u64(const char *s, uint64_t lo, uint64_t hi, uint64_t *out)
{
    uint64_t v;
    const char *end;

    if (!num_digits(s, &v, &end) || *end != '\0' || v < lo || v > hi) {
        return false;
    }
    *out = v;
    return true;
}

bool num_i64(const char *s, int64_t lo, int64_t hi, int64_t *out)
{
    bool minus = *s == '-';
    uint64_t top = minus ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t u;
    int64_t v;

    if (!num_u64(s + (minus ? 1 : 0), 0, top, &u)) {
        return false;
    }
    /* INT64_MIN has no positive counterpart: one is taken off and put back. */
    v = minus && u > 0 ? -(int64_t)(u - 1) - 1 : (int64_t)u;
    if (v < lo || v > hi) {
        return false;
    }
    *out = v;
    return true;
}

/* Bytes of the decimal number at the beginning of s; 0: there is none. */
static size_t num_span(const char *s)
{
    const char *p = s;
    const char *e;
    size_t digits = 0;

    if (*p == '-') {
        p++;
    }
    for (; num_digit(*p); p++) {
        digits++;
    }
    if (*p == '.') {
        for (p++; num_digit(*p); p++) {
            digits++;
        }
    }
    if (digits == 0) {
        return 0;
    }
    if (*p == 'e' || *p == 'E') {
        e = p + 1;
        if (*e == '+' || *e == '-') {
            e++;
        }
        if (num_digit(*e)) {
            for (p = e; num_digit(*p); p++) {
            }
        }
    }
    return (size_t)(p - s);
}

bool num_double_prefix(const char *s, double *out, const char **end)
{
    size_t len = num_span(s);
    char *copy;
    locale_t c;
    locale_t old;
    double v;

    if (len == 0) {
        return false;
    }
    copy = xstrndup(s, len);
    /* strtod takes the locale's comma; a thread can have a locale of its own
     * (for "C" the C library has it ready, and this costs nothing). */
    c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    old = uselocale(c);
    v = strtod(copy, NULL);
    uselocale(old);
    freelocale(c);
    free(copy);
    if (!isfinite(v)) {
        return false;
    }
    *out = v;
    *end = s + len;
    return true;
}

bool num_double(const char *s, double *out)
{
    double v;
    const char *end;

    if (!num_double_prefix(s, &v, &end) || *end != '\0') {
        return false;
    }
    *out = v;
    return true;
}

struct dur_unit {
    const char *name;
    uint64_t us;
};

/* Where one name begins another, the longer stands first. */
static const struct dur_unit dur_units[] = {
    {"d", 86400 * UINT64_C(1000000)},
    {"h", 3600 * UINT64_C(1000000)},
    {"ms", 1000},
    {"m", 60 * UINT64_C(1000000)},
    {"s", UINT64_C(1000000)},
    {"us", 1},
    {"\xc2\xb5s", 1}, /* U+00B5, the micro sign */
    {"\xce\xbcs", 1}, /* U+03BC, the Greek letter */
};

static const struct dur_unit *dur_unit_at(const char *s)
{
    for (size_t i = 0; i < sizeof dur_units / sizeof dur_units[0]; i++) {
        if (strncmp(s, dur_units[i].name, strlen(dur_units[i].name)) == 0) {
            return &dur_units[i];
        }
    }
    return NULL;
}

/* Decimals behind the point as a fraction num/den; those behind the eighth
 * are less than a microsecond of an hour, and dropped. */
static size_t dur_decimals(const char *s, uint64_t *num, uint64_t *den)
{
    size_t n = 0;

    *num = 0;
    *den = 1;
    for (; num_digit(s[n]); n++) {
        if (n < 8) {
            *num = *num * 10 + (uint64_t)(s[n] - '0');
            *den *= 10;
        }
    }
    return n;
}

/* One "1.5h" of a duration; returns what stands behind it, NULL when wrong. */
static const char *dur_part(const char *s, uint64_t *us)
{
    const struct dur_unit *unit;
    uint64_t whole = 0;
    uint64_t num = 0;
    uint64_t den = 1;
    size_t decimals = 0;
    const char *p = s;

    if (num_digit(*p) && !num_digits(s, &whole, &p)) {
        return NULL;
    }
    if (*p == '.') {
        decimals = dur_decimals(p + 1, &num, &den);
        if (p == s && decimals == 0) {
            return NULL;
        }
        p += 1 + decimals;
    }
    unit = dur_unit_at(p);
    if (p == s || unit == NULL || whole > UINT64_MAX / unit->us) {
        return NULL;
    }
    whole *= unit->us;
    num = num * unit->us / den;
    if (whole > UINT64_MAX - num || *us > UINT64_MAX - num - whole) {
        return NULL;
    }
    *us += whole + num;
    return p + strlen(unit->name);
}

bool dur_parse(const char *s, uint64_t *us)
{
    uint64_t sum = 0;

    if (strcmp(s, "0") == 0) {
        *us = 0;
        return true;
    }
    if (*s == '\0') {
        return false;
    }
    while (*s != '\0') {
        s = dur_part(s, &sum);
        if (s == NULL) {
            return false;
        }
    }
    *us = sum;
    return true;
}

uint64_t num_whole(double v)
{
    return !(v > 0)                    ? 0
           : v < (double)NUM_WHOLE_MAX ? (uint64_t)v
                                       : NUM_WHOLE_MAX;
}

static const struct {
    const char *name;
    double bytes;
} bytes_units[] = {
    {"", 1},
    {"B", 1},
    {"kB", 1e3},
    {"KB", 1e3},
    {"MB", 1e6},
    {"GB", 1e9},
    {"TB", 1e12},
    {"KiB", 1024.0},
    {"MiB", 1024.0 * 1024},
    {"GiB", 1024.0 * 1024 * 1024},
    {"TiB", 1024.0 * 1024 * 1024 * 1024},
};

bool bytes_parse(const char *s, uint64_t *bytes)
{
    const char *unit;
    double v;

    if (!num_double_prefix(s, &v, &unit) || v < 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof bytes_units / sizeof bytes_units[0]; i++) {
        if (strcmp(unit, bytes_units[i].name) == 0 &&
            v * bytes_units[i].bytes < 1e18) {
            *bytes = (uint64_t)(v * bytes_units[i].bytes + 0.5);
            return true;
        }
    }
    return false;
}
