/* SPDX-License-Identifier: MIT
 *
 * num_show - numbers for people. A unit changes where rounding would, so that
 * nothing reads "1000 ms" or "10.00". */
#include "config.h"

#include "base/num.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* printf with '.' whatever the locale. */
static const char *num_print(char *buf, const char *fmt, ...) ATTR_PRINTF(2, 3);

static const char *num_print(char *buf, const char *fmt, ...)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t old = uselocale(c);
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(buf, NUM_MAX, fmt, ap);
    va_end(ap);
    uselocale(old);
    freelocale(c);
    return buf;
}

const char *num_latency(char *buf, uint64_t us)
{
    uint64_t sec;

    if (us < 995) {
        return num_print(buf, "%.2f ms", (double)us / 1e3);
    }
    if (us < 99950) {
        return num_print(buf, "%.1f ms", (double)us / 1e3);
    }
    if (us < 999500) {
        return num_print(buf, "%.0f ms", (double)us / 1e3);
    }
    if (us < 9995000) {
        return num_print(buf, "%.2f s", (double)us / 1e6);
    }
    if (us < 99950000) {
        return num_print(buf, "%.1f s", (double)us / 1e6);
    }
    sec = us / 1000000 + (us % 1000000 >= 500000);
    return num_print(buf, "%" PRIu64 ":%02" PRIu64 " m", sec / 60, sec % 60);
}

const char *num_ms(char *buf, double ms)
{
    if (isnan(ms) || ms < 0) {
        return num_print(buf, "-");
    }
    if (ms > 1e15) {
        ms = 1e15;
    }
    return num_latency(buf, (uint64_t)(ms * 1e3 + 0.5));
}

const char *num_clock(char *buf, uint64_t us)
{
    uint64_t sec = us / 1000000;

    if (sec < 3600) {
        return num_print(buf, "%" PRIu64 ":%02" PRIu64, sec / 60, sec % 60);
    }
    return num_print(buf, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, sec / 3600,
                     sec / 60 % 60, sec % 60);
}

const char *num_when(char *buf, uint64_t us)
{
    return num_clock(buf, us + 120000);
}

/* Appends whole.fraction and the unit, without zeros at the end; the fraction
 * is in thousandths or millionths. */
static void num_dur_part(char *buf, uint64_t whole, uint64_t fraction,
                         bool thousandths, const char *unit)
{
    size_t at = strlen(buf);
    char decimals[NUM_MAX];
    size_t len;

    snprintf(decimals, sizeof decimals,
             thousandths ? ".%03" PRIu64 : ".%06" PRIu64, fraction);
    len = strlen(decimals);
    while (len > 0 && (decimals[len - 1] == '0' || decimals[len - 1] == '.')) {
        decimals[--len] = '\0';
    }
    snprintf(buf + at, NUM_MAX - at, "%" PRIu64 "%s%s", whole, decimals, unit);
}

const char *num_dur(char *buf, uint64_t us)
{
    uint64_t sec = us / 1000000;
    uint64_t rest = us % 1000000;

    buf[0] = '\0';
    if (sec == 0 && rest > 0) {
        if (rest < 1000) {
            num_dur_part(buf, rest, 0, true, "us");
        } else {
            num_dur_part(buf, rest / 1000, rest % 1000, true, "ms");
        }
        return buf;
    }
    if (sec >= 3600) {
        num_dur_part(buf, sec / 3600, 0, false, "h");
    }
    if (sec / 60 % 60 > 0) {
        num_dur_part(buf, sec / 60 % 60, 0, false, "m");
    }
    if (sec % 60 > 0 || rest > 0 || sec == 0) {
        num_dur_part(buf, sec % 60, rest, false, "s");
    }
    return buf;
}

const char *num_period(char *buf, uint64_t us)
{
    size_t n, unit;

    num_dur(buf, us);
    n = strlen(buf);
    unit = strspn(buf, "0123456789.");
    /* Only one number, and seconds or less: "2m" is no "2 m". */
    if (buf[strcspn(buf, "hm")] == '\0' || strcmp(buf + unit, "ms") == 0) {
        memmove(buf + unit + 1, buf + unit, n - unit + 1);
        buf[unit] = ' ';
    }
    return buf;
}

const char *num_count(char *buf, uint64_t n)
{
    char digits[NUM_MAX];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
    size_t at = 0;

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            buf[at++] = ',';
        }
        buf[at++] = digits[i];
    }
    buf[at] = '\0';
    return buf;
}

const char *num_bytes(char *buf, uint64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    double v = (double)bytes / 1e3;
    size_t u = 0;

    if (bytes < 1000) {
        return num_print(buf, "%" PRIu64 " B", bytes);
    }
    while (v >= 999.5 && u + 1 < sizeof units / sizeof units[0]) {
        v /= 1e3;
        u++;
    }
    return num_print(buf, v < 9.95 ? "%.1f %s" : "%.0f %s", v, units[u]);
}

const char *num_rate(char *buf, double per_second)
{
    if (isnan(per_second) || per_second < 0) {
        return num_print(buf, "-");
    }
    if (per_second < 9.995) {
        return num_print(buf, "%.2f", per_second);
    }
    if (per_second < 99.95) {
        return num_print(buf, "%.1f", per_second);
    }
    if (per_second > 1e18) {
        per_second = 1e18;
    }
    return num_count(buf, (uint64_t)(per_second + 0.5));
}

const char *num_percent(char *buf, double share)
{
    double percent = share * 100;

    if (isnan(share)) {
        return num_print(buf, "-");
    }
    /* One error in a million is not "0.0 %", nor all but one "100.0 %". */
    if (percent > 0 && percent < 0.05) {
        return num_print(buf, "<0.1 %%");
    }
    if (percent < 100 && percent >= 99.95) {
        return num_print(buf, ">99.9 %%");
    }
    return num_print(buf, "%.1f %%", percent);
}

const char *num_plain(char *buf, double v)
{
    double size = fabs(v);
    size_t len;

    if (!isfinite(v)) {
        return num_print(buf, "-");
    }
    if (size >= 1e15 || (size > 0 && size < 1e-4)) {
        return num_print(buf, "%.6g", v);
    }
    if (size >= 99999.95) {
        return num_print(buf, "%.0f", v);
    }
    num_print(buf, "%#.6g", v);
    len = strlen(buf);
    while (buf[len - 1] == '0') {
        len--;
    }
    buf[buf[len - 1] == '.' ? len - 1 : len] = '\0';
    return buf;
}

/* Below, at or above a limit; 7 % is 0.07 times 100, and not quite 7. */
static int num_side(double v, double limit)
{
    double about = 1e-9 * (fabs(limit) + 1);

    return (v > limit + about) - (v < limit - about);
}

/* Does rounding to so many decimals leave v on its side of limit? */
static bool num_keeps_side(double v, double limit, int decimals)
{
    double scale = pow(10, decimals), shown = round(v * scale) / scale;

    return num_side(v, limit) == num_side(shown, limit);
}

/* So many decimals more, at most, than a number has by itself. */
enum { NUM_DECIMALS_MAX = 6 };

static int num_decimals(double v, double limit, int least)
{
    int n = least;

    while (n < NUM_DECIMALS_MAX && !num_keeps_side(v, limit, n)) {
        n++;
    }
    return n;
}

const char *num_ms_beside(char *buf, double ms, double limit_ms)
{
    double s = ms / 1e3, limit_s = limit_ms / 1e3;

    if (!(ms >= 0) || ms > 1e12 || !isfinite(limit_ms)) {
        return num_ms(buf, ms);
    }
    if (ms < 999.5) {
        int least = ms < 0.995 ? 2 : ms < 99.95 ? 1 : 0;
        int n = num_decimals(ms, limit_ms, least);

        return n == least ? num_ms(buf, ms) : num_print(buf, "%.*f ms", n, ms);
    }
    if (ms < 99950) {
        int least = ms < 9995 ? 2 : 1, n = num_decimals(s, limit_s, least);

        return n == least ? num_ms(buf, ms) : num_print(buf, "%.*f s", n, s);
    }
    /* Minutes are shown to the second. */
    return num_keeps_side(s, limit_s, 0)
               ? num_ms(buf, ms)
               : num_print(buf, "%.*f s", num_decimals(s, limit_s, 1), s);
}

const char *num_percent_beside(char *buf, double share, double limit)
{
    double percent = share * 100, edge = limit * 100;
    /* "<0.1 %" and ">99.9 %" say as much as these. */
    bool small = percent > 0 && percent < 0.05 && edge < 0.1;
    bool large = percent < 100 && percent >= 99.95 && edge > 99.9;

    if (isnan(share) || !isfinite(limit) ||
        (!small && !large && num_keeps_side(percent, edge, 1))) {
        return num_percent(buf, share);
    }
    return num_print(buf, "%.*f %%", num_decimals(percent, edge, 2), percent);
}

const char *num_limit_ms(char *buf, double ms)
{
    char number[NUM_MAX];
    bool seconds = ms >= 1000;

    num_plain(number, seconds ? ms / 1e3 : ms);
    return num_print(buf, "%.24s %s", number, seconds ? "s" : "ms");
}

const char *num_limit_percent(char *buf, double share)
{
    char number[NUM_MAX];

    num_plain(number, share * 100);
    return num_print(buf, "%.24s %%", number);
}
