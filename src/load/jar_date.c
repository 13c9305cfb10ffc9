/* SPDX-License-Identifier: MIT
 *
 * jar_date - RFC 6265, 5.1.1: a date is what is found of time, day, month and
 * year in any order, whatever else stands between. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "load/jar.h"

struct jar_parts {
    bool time, day, month, year; /* found */
    int hour, minute, second, d, m, y;
};

static bool jar_delimiter(char ch)
{
    unsigned char c = (unsigned char)ch;

    return c == 0x09 || (c >= 0x20 && c <= 0x2f) || (c >= 0x3b && c <= 0x40) ||
           (c >= 0x5b && c <= 0x60) || (c >= 0x7b && c <= 0x7e);
}

/* lo to hi digits at s, and no digit behind them; bytes taken, or 0. */
static size_t jar_digits(const char *s, size_t n, size_t lo, size_t hi,
                         int *out)
{
    size_t i = 0;
    int v = 0;

    while (i < n && i <= hi && s[i] >= '0' && s[i] <= '9') {
        v = v * 10 + (s[i] - '0');
        i++;
    }
    if (i < lo || i > hi) {
        return 0;
    }
    *out = v;
    return i;
}

static bool jar_take_time(const char *s, size_t n, struct jar_parts *p)
{
    int field[3];
    size_t at = 0;

    for (int i = 0; i < 3; i++) {
        size_t took;

        if (i > 0 && (at >= n || s[at++] != ':')) {
            return false;
        }
        took = jar_digits(s + at, n - at, 1, 2, &field[i]);
        if (took == 0) {
            return false;
        }
        at += took;
    }
    p->hour = field[0];
    p->minute = field[1];
    p->second = field[2];
    return true;
}

static bool jar_take_month(const char *s, size_t n, struct jar_parts *p)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    for (int i = 0; n >= 3 && i < 12; i++) {
        if (strncasecmp(s, names + (size_t)i * 3, 3) == 0) {
            p->m = i + 1;
            return true;
        }
    }
    return false;
}

static void jar_take(const char *s, size_t n, struct jar_parts *p)
{
    if (!p->time && jar_take_time(s, n, p)) {
        p->time = true;
    } else if (!p->day && jar_digits(s, n, 1, 2, &p->d) > 0) {
        p->day = true;
    } else if (!p->month && jar_take_month(s, n, p)) {
        p->month = true;
    } else if (!p->year && jar_digits(s, n, 2, 4, &p->y) > 0) {
        p->year = true;
    }
}

static bool jar_leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

/* Days from 1970-01-01 to that day; the year is 1601 or later. */
static int64_t jar_days(int y, int m, int d)
{
    static const int before[] = {0,   31,  59,  90,  120, 151,
                                 181, 212, 243, 273, 304, 334};
    int64_t last = y - 1;

    return last * 365 + last / 4 - last / 100 + last / 400 - 719162 +
           before[m - 1] + (m > 2 && jar_leap(y)) + d - 1;
}

static bool jar_sane(struct jar_parts *p)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (!p->time || !p->day || !p->month || !p->year) {
        return false;
    }
    if (p->y >= 70 && p->y <= 99) {
        p->y += 1900;
    } else if (p->y >= 0 && p->y <= 69) {
        p->y += 2000;
    }
    return p->y >= 1601 && p->hour <= 23 && p->minute <= 59 &&
           p->second <= 59 && p->d >= 1 &&
           p->d <= days[p->m - 1] + (p->m == 2 && jar_leap(p->y));
}

bool jar_date(const char *s, size_t n, int64_t *out)
{
    struct jar_parts p = {.time = false};
    size_t i = 0;

    while (i < n) {
        size_t from;

        while (i < n && jar_delimiter(s[i])) {
            i++;
        }
        from = i;
        while (i < n && !jar_delimiter(s[i])) {
            i++;
        }
        if (i > from) {
            jar_take(s + from, i - from, &p);
        }
    }
    if (!jar_sane(&p)) {
        return false;
    }
    *out = jar_days(p.y, p.m, p.d) * 86400 + p.hour * 3600 + p.minute * 60 +
           p.second;
    return true;
}
