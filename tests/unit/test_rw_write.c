/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/rw_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* This exercises: samples as remote write has them, read back by a reader that
 * knows nothing of how they were written: labels in order, floats, native
 * histograms, the bits of a stale marker; what does not fit is not there. */

#ifdef HAVE_REMOTE_WRITE

#include <snappy-c.h>

#include "base/xalloc.h"
#include "support/rw_read.h"

static void samples_come_back_as_they_were(void **state)
{
    static const char labels[] = "A\0upper\0_a\0under\0name\0x \"y\" \xc3\xa9";
    struct rw_sample s = {.name = "k6_http_reqs_total",
                          .labels = labels,
                          .labels_len = sizeof labels,
                          .unix_ms = INT64_C(1764277920123),
                          .value = 42.5};
    struct rw_gots got = {NULL, 0, 0};
    const struct rw_got *g;
    struct buf raw;

    (void)state;
    buf_init(&raw, 10000);
    assert_true(rw_write_add(&raw, &s));
    s.name = "k6_vus";
    s.labels_len = 0;
    s.value = 0;
    assert_true(rw_write_add(&raw, &s));
    s.name = "k6_gone";
    s.value = rw_stale();
    s.unix_ms++;
    assert_true(rw_write_add(&raw, &s));
    rw_read(raw.data, raw.len, &got);
    assert_int_equal(got.n, 3);
    g = rw_got(&got, "k6_http_reqs_total",
               "{A=\"upper\",_a=\"under\",name=\"x \"y\" \xc3\xa9\"}");
    assert_true(g->value == 42.5 && !g->stale && !g->native);
    assert_true(g->unix_ms == INT64_C(1764277920123));
    g = rw_got(&got, "k6_vus", "");
    assert_true(g->value == 0 && !g->stale);
    assert_true(g->unix_ms == INT64_C(1764277920123));
    g = rw_got(&got, "k6_gone", "");
    assert_true(g->stale);
    assert_true(g->unix_ms == INT64_C(1764277920124));
    rw_gots_clear(&got);
    buf_clear(&raw);
}

static void a_native_histogram_comes_back_as_it_was(void **state)
{
    struct rw_native *n = xcalloc(1, sizeof *n);
    struct rw_sample s = {.name = "k6_x_seconds",
                          .labels = "name\0y",
                          .labels_len = 7,
                          .unix_ms = 1,
                          .value = 99,
                          .native = n};
    struct rw_gots got = {NULL, 0, 0};
    const struct rw_got *g;
    struct buf raw;

    (void)state;
    n->count = 12;
    n->zero = 3;
    n->sum = 0.75;
    n->n_spans = 2;
    n->spans[0] = (struct rw_span){-70, 2};
    n->spans[1] = (struct rw_span){5, 1};
    n->n_deltas = 3;
    n->deltas[0] = 4;
    n->deltas[1] = -3;
    n->deltas[2] = 3;
    buf_init(&raw, 10000);
    assert_true(rw_write_add(&raw, &s));
    /* An empty one has its count all the same. */
    *n = (struct rw_native){.count = 0};
    s.name = "k6_empty_seconds";
    assert_true(rw_write_add(&raw, &s));
    rw_read(raw.data, raw.len, &got);
    g = rw_got(&got, "k6_x_seconds", "{name=\"y\"}");
    assert_true(g->native && g->count == 12 && g->zero == 3);
    assert_true(g->value == 0.75 && g->schema == 3 && g->unix_ms == 1);
    assert_true(g->zero_threshold == RW_NATIVE_ZERO);
    assert_int_equal(g->n_spans, 2);
    assert_int_equal(g->offsets[0], -70);
    assert_int_equal(g->lengths[0], 2);
    assert_int_equal(g->offsets[1], 5);
    assert_int_equal(g->lengths[1], 1);
    assert_int_equal(g->n_deltas, 3);
    assert_int_equal(g->deltas[0], 4);
    assert_int_equal(g->deltas[1], -3);
    assert_int_equal(g->deltas[2], 3);
    g = rw_got(&got, "k6_empty_seconds", "{name=\"y\"}");
    assert_true(g->native && g->count == 0 && g->n_spans == 0);
    rw_gots_clear(&got);
    buf_clear(&raw);
    free(n);
}

static void what_does_not_fit_leaves_no_trace(void **state)
{
    struct rw_sample s = {.name = "k6_vus", .labels = "", .unix_ms = 1};
    struct buf raw, out;
    size_t one;

    (void)state;
    buf_init(&raw, 10000);
    assert_true(rw_write_add(&raw, &s));
    one = raw.len;
    buf_clear(&raw);
    buf_init(&raw, 2 * one - 1);
    assert_true(rw_write_add(&raw, &s));
    assert_false(rw_write_add(&raw, &s));
    assert_int_equal(raw.len, one);
    assert_false(raw.cut);
    buf_init(&out, 10);
    assert_false(rw_write_pack(&raw, &out));
    assert_int_equal(out.len, 0);
    buf_clear(&raw);
}

static void what_is_packed_is_in_snappy_s_block_format(void **state)
{
    struct rw_sample s = {.name = "k6_vus", .labels = "", .unix_ms = 1};
    char back[20000];
    size_t n = sizeof back;
    struct buf raw, out;
    int i;

    (void)state;
    buf_init(&raw, sizeof back);
    buf_init(&out, sizeof back);
    for (i = 0; i < 100; i++) {
        assert_true(rw_write_add(&raw, &s));
    }
    assert_true(rw_write_pack(&raw, &out));
    assert_true(out.len < raw.len / 2);
    assert_int_equal(snappy_uncompress(out.data, out.len, back, &n), SNAPPY_OK);
    assert_int_equal(n, raw.len);
    assert_memory_equal(back, raw.data, n);
    buf_clear(&raw);
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_come_back_as_they_were),
        cmocka_unit_test(a_native_histogram_comes_back_as_it_was),
        cmocka_unit_test(what_does_not_fit_leaves_no_trace),
        cmocka_unit_test(what_is_packed_is_in_snappy_s_block_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
    return 77; /* skipped */
}

#endif
