/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif

#include "base/buf.h"
#include "base/rng.h"
#include "measure/histo_internal.h"
#include "record/hdr_log.h"

/* This exercises: lines of an HdrHistogram log, taken apart again by the
 * published format: each bucket has its count, the head says what the
 * histogram is, times are the interval's, tags do not break a line. */

#ifdef HAVE_ZLIB

#define LINE_MAX_BYTES (1u << 20)

static size_t unbase64(const char *s, size_t n, uint8_t *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t i, len = 0;
    uint32_t word = 0;

    assert_int_equal(n % 4, 0);
    for (i = 0; i < n; i++) {
        const char *d = s[i] == '=' ? digits : strchr(digits, s[i]);

        assert_non_null(d);
        word = word << 6 | (uint32_t)(d - digits);
        if (i % 4 == 3) {
            out[len++] = (uint8_t)(word >> 16);
            out[len++] = (uint8_t)(word >> 8);
            out[len++] = (uint8_t)word;
        }
    }
    return len - (n > 0 && s[n - 1] == '=') - (n > 1 && s[n - 2] == '=');
}

static uint64_t big(const uint8_t *at, unsigned bytes)
{
    uint64_t v = 0;

    while (bytes-- > 0) {
        v = v << 8 | *at++;
    }
    return v;
}

/* LEB128 of at most nine bytes, the ninth whole, and ZigZag. */
static int64_t zigzag(const uint8_t **at, const uint8_t *end)
{
    uint64_t v = 0;
    unsigned i;

    for (i = 0; i < 9; i++) {
        uint8_t b = *(*at)++;

        assert_true(*at <= end);
        v |= (uint64_t)(i == 8 ? b : b & 0x7f) << (7 * i);
        if (i == 8 || (b & 0x80) == 0) {
            break;
        }
    }
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* The histogram of a line, as counts by index. */
static void decode(const char *line, uint64_t *counts)
{
    static uint8_t packed[LINE_MAX_BYTES], plain[LINE_MAX_BYTES];
    const char *code = strrchr(line, ',') + 1;
    const uint8_t *at, *end;
    uLongf len = sizeof plain;
    size_t n = unbase64(code, strcspn(code, "\n"), packed), next = 0;

    assert_int_equal(big(packed, 4), 0x1c849314);
    assert_int_equal(big(packed + 4, 4), n - 8);
    assert_int_equal(uncompress(plain, &len, packed + 8, n - 8), Z_OK);
    assert_int_equal(big(plain, 4), 0x1c849313);
    assert_int_equal(big(plain + 4, 4), len - 40);
    assert_int_equal(big(plain + 8, 4), 0);
    assert_int_equal(big(plain + 12, 4), 3);
    assert_int_equal(big(plain + 16, 8), 1);
    assert_int_equal(big(plain + 24, 8), HISTO_VALUE_MAX);
    assert_int_equal(big(plain + 32, 8), 0x3ff0000000000000);
    memset(counts, 0, HISTO_BUCKETS * sizeof *counts);
    for (at = plain + 40, end = plain + len; at < end;) {
        int64_t v = zigzag(&at, end);

        if (v < 0) {
            next += (size_t)-v;
        } else {
            assert_true(next < HISTO_BUCKETS);
            counts[next++] = (uint64_t)v;
        }
    }
}

static void every_bucket_has_its_count(void **state)
{
    static uint64_t counts[HISTO_BUCKETS];
    struct rng r;
    unsigned round;

    (void)state;
    rng_seed(&r, 11, 1);
    for (round = 0; round < 60; round++) {
        struct histo *h = histo_new();
        struct histo_sparse s;
        struct buf out;
        uint64_t i, n = rng_range(&r, 1, 500), sum = 0;
        char begin[80];

        for (i = 0; i < n; i++) {
            histo_record_n(h, rng_next(&r) >> rng_range(&r, 24, 63),
                           i % 40 == 3 ? 200000 : 1);
        }
        histo_to_sparse(h, &s);
        buf_init(&out, LINE_MAX_BYTES);
        assert_true(hdr_log_line(&out, "", 1764201600500, 1001, &s));
        snprintf(begin, sizeof begin, "1764201599.499,1.001,%llu.%03llu,",
                 (unsigned long long)s.max / 1000,
                 (unsigned long long)s.max % 1000);
        assert_int_equal(strncmp(buf_str(&out), begin, strlen(begin)), 0);
        decode(buf_str(&out), counts);
        for (i = 0; i < s.n; i++) {
            assert_true(counts[s.pairs[i].bucket] >= s.pairs[i].count);
            counts[s.pairs[i].bucket] -= s.pairs[i].count;
        }
        for (i = 0; i < HISTO_BUCKETS; i++) {
            sum += counts[i];
        }
        assert_int_equal(sum, 0);
        histo_sparse_clear(&s);
        histo_free(&h);
        buf_clear(&out);
    }
}

static void
tags_do_not_break_a_line_and_what_does_not_fit_is_left_out(void **state)
{
    static const char begin[] = "Tag=a__b_c_\xc3\xa9,1.000,1.000,1.500,";
    struct histo *h = histo_new();
    struct histo_sparse s;
    struct buf out;

    (void)state;
    histo_record(h, 1500);
    histo_to_sparse(h, &s);
    buf_init(&out, 4096);
    assert_true(hdr_log_head(&out, 1764201600500));
    assert_non_null(strstr(buf_str(&out),
                           "#[StartTime: 1764201600.500 (seconds "
                           "since epoch), "
                           "2025-11-27T00:00:00.500Z]\n"));
    buf_reset(&out);
    assert_true(hdr_log_line(&out, "a, b\nc\t\xc3\xa9", 2000, 1000, &s));
    assert_int_equal(strncmp(buf_str(&out), begin, strlen(begin)), 0);
    assert_ptr_equal(strchr(buf_str(&out), '\n'), out.data + out.len - 1);
    buf_clear(&out);
    buf_init(&out, 60);
    buf_adds(&out, "before");
    assert_false(hdr_log_line(&out, "x", 2000, 1000, &s));
    assert_string_equal(buf_str(&out), "before");
    buf_clear(&out);
    histo_sparse_clear(&s);
    histo_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bucket_has_its_count),
        cmocka_unit_test(
            tags_do_not_break_a_line_and_what_does_not_fit_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
    puts("built without zlib");
    return 77;
}

#endif
