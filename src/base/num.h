/* SPDX-License-Identifier: MIT
 *
 * num - numbers and durations, read from text and written for people. The only
 * place that calls strto*. The whole string must be the number. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* A whole number in decimal, lo..hi. false: not a number, or out of range;
 * *out untouched. */
bool num_u64(const char *s, uint64_t lo, uint64_t hi, uint64_t *out) MUST_CHECK;
bool num_i64(const char *s, int64_t lo, int64_t hi, int64_t *out) MUST_CHECK;
/* A finite decimal number ("0.05", "1e3"), with '.' whatever the locale. */
bool num_double(const char *s, double *out) MUST_CHECK;
/* The number at the beginning of s; *end points behind it. */
bool num_double_prefix(const char *s, double *out, const char **end) MUST_CHECK;

/* A duration as k6 writes it: "90s", "1m30s", "500ms", "1.5h", "2d", "250us",
 * "0"; a bare number other than 0 is refused. Result in µs. */
bool dur_parse(const char *s, uint64_t *us) MUST_CHECK;

/* A number of bytes: "512MB", "1.5GiB", "4096"; kB, MB, GB and TB are powers of
 * 1000, KiB, MiB, GiB and TiB of 1024. */
bool bytes_parse(const char *s, uint64_t *bytes) MUST_CHECK;

/* v without what is behind its point, for counts and times in µs: what is below
 * 0, or no number, is 0, and nothing is more than NUM_WHOLE_MAX. A cast of what
 * a type cannot hold is undefined (C11 6.3.1.4). */
#define NUM_WHOLE_MAX UINT64_C(1000000000000000)
uint64_t num_whole(double v);

/* For people; each returns buf, which holds at least NUM_MAX bytes.
 * Three significant digits with the unit attached: */
#define NUM_MAX 32
/* "412 µs" is written "0.41 ms": "0.41 ms", "5.2 ms", "574 ms", "1.79 s",
 * "42.0 s", "1:30 m" beyond 100 s. */
const char *num_latency(char *buf, uint64_t us);
/* The same for a value in (fractional) milliseconds, as metrics have it. */
const char *num_ms(char *buf, double ms);
/* A clock: "0:12", "9:05", "1:02:03". */
const char *num_clock(char *buf, uint64_t us);
/* The same for a moment that windows tell, which begin with the tick that a
 * stage or a mark comes in: up to 120 ms before a second is that second. */
const char *num_when(char *buf, uint64_t us);
/* A duration as plans write it: "500ms", "1m30s", "0s". */
const char *num_dur(char *buf, uint64_t us);
/* The same in a sentence: "500 ms", "30 s", "1m30s". */
const char *num_period(char *buf, uint64_t us);
/* "58,576". */
const char *num_count(char *buf, uint64_t n);
/* "402 MB", "2.1 kB", "48 B" (powers of 1000, as k6). */
const char *num_bytes(char *buf, uint64_t bytes);
/* A rate with three significant digits: "0.50", "93.4", "412", "12,345". */
const char *num_rate(char *buf, double per_second);
/* A share 0..1 as per cent with one decimal: "2.1 %". */
const char *num_percent(char *buf, double share);
/* A value that stands beside its limit, in so many digits that rounding puts it
 * neither on the limit nor beyond it: "4.996 s" beside "5 s". */
const char *num_ms_beside(char *buf, double ms, double limit_ms);
const char *num_percent_beside(char *buf, double share, double limit);
/* A limit, as short as it goes: "3 s", "1.5 s", "500 ms"; "5 %". */
const char *num_limit_ms(char *buf, double ms);
const char *num_limit_percent(char *buf, double share);
/* A plain number, shortest form that keeps six digits: "3000", "0.05". */
const char *num_plain(char *buf, double v);

#endif
