/* SPDX-License-Identifier: MIT
 *
 * test_sse - the event stream parser, whole and in pieces. */
#include "config.h"

#include "load/sse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/xalloc.h"

#define DATA_MAX 64

static void log_event(void *ctx, const struct sse_event *e)
{
    buf_addf(ctx, "[%s|%s|%s%s]", e->name, e->data, e->id,
             e->cut ? "|cut" : "");
    assert_int_equal(strlen(e->data), e->data_len);
}

/* The events of a stream that comes in two pieces, as text. */
static char *events_split(const char *s, size_t n, size_t at)
{
    struct buf log;
    struct sse p;

    buf_init(&log, 1 << 20);
    sse_init(&p, DATA_MAX);
    sse_feed(&p, s, at, log_event, &log);
    sse_feed(&p, s + at, n - at, log_event, &log);
    sse_clear(&p);
    return buf_take(&log);
}

static void expect_n(const char *stream, size_t n, const char *want)
{
    struct buf log;
    struct sse p;

    for (size_t at = 0; at <= n; at++) {
        char *got = events_split(stream, n, at);

        assert_string_equal(got, want);
        free(got);
    }
    buf_init(&log, 1 << 20);
    sse_init(&p, DATA_MAX);
    for (size_t i = 0; i < n; i++) {
        sse_feed(&p, stream + i, 1, log_event, &log);
    }
    assert_string_equal(buf_str(&log), want);
    sse_clear(&p);
    buf_clear(&log);
}

static void expect(const char *stream, const char *want)
{
    expect_n(stream, strlen(stream), want);
}

static void events_have_a_name_and_data(void **state)
{
    (void)state;
    expect("event: ready\ndata: {\"a\":1}\n\nevent: done\ndata: x\n\n",
           "[ready|{\"a\":1}|][done|x|]");
}

static void an_event_without_a_name_is_a_message(void **state)
{
    (void)state;
    expect("data: a\n\nevent: e\ndata: b\n\ndata: c\n\n",
           "[message|a|][e|b|][message|c|]");
}

static void several_data_lines_are_joined_by_line_feeds(void **state)
{
    (void)state;
    expect("data: YHOO\ndata: +2\ndata: 10\n\n", "[message|YHOO\n+2\n10|]");
}

static void an_event_without_data_is_none_and_loses_its_name(void **state)
{
    (void)state;
    expect("event: lost\n\ndata: x\n\n", "[message|x|]");
}

static void the_standards_own_example_of_empty_data_holds(void **state)
{
    (void)state;
    expect("data\n\ndata\ndata\n\ndata:", "[message||][message|\n|]");
}

static void one_space_behind_the_colon_is_dropped_and_no_more(void **state)
{
    (void)state;
    expect("data:test\n\ndata: test\n\ndata:  test\n\ndata:\ttest\n\n",
           "[message|test|][message|test|][message| test|][message|\ttest|]");
}

static void lines_end_in_lf_cr_or_crlf(void **state)
{
    (void)state;
    expect("event: a\r\ndata: 1\r\n\r\nevent: b\rdata: 2\r\rdata: 3\n\n",
           "[a|1|][b|2|][message|3|]");
    expect("data: 1\r\n\n", "[message|1|]");
    expect("data: 1\n\r\ndata: 2\r\r\n", "[message|1|][message|2|]");
}

static void comments_are_passed_over(void **state)
{
    (void)state;
    expect(": hello\ndata: a\n:\n: data: no\ndata: b\n\n:\n\n",
           "[message|a\nb|]");
}

static void unknown_fields_and_longer_names_mean_nothing(void **state)
{
    (void)state;
    expect("foo: 1\ndatax: 2\neventdata: 3\nda: 4\n data: 5\nDATA: 6\n"
           "a very long field name: 7\ndata: ok\n\n",
           "[message|ok|]");
}

static void the_last_id_stays_until_another_comes(void **state)
{
    (void)state;
    expect("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: 2\n\ndata: d\n\n",
           "[message|a|1][message|b|1][message|c|][message|d|2]");
}

static void an_id_with_a_nul_is_ignored(void **state)
{
    static const char stream[] = "id: 1\ndata: a\n\nid: 2\0x\ndata: b\n\n";

    (void)state;
    expect_n(stream, sizeof stream - 1, "[message|a|1][message|b|1]");
}

static void a_byte_order_mark_at_the_beginning_is_dropped(void **state)
{
    (void)state;
    expect("\xEF\xBB\xBF"
           "data: a\n\n",
           "[message|a|]");
    expect("data: a\n\n\xEF\xBB\xBF"
           "data: b\n\n",
           "[message|a|]");
    expect("\xEF\xBB"
           "data: a\n\ndata: b\n\n",
           "[message|b|]");
    expect("\xEF\xBB\xBF\xEF\xBB\xBF"
           "data: a\n\ndata: b\n\n",
           "[message|b|]");
}

static void what_the_end_cuts_off_is_no_event(void **state)
{
    (void)state;
    expect("data: a\n\ndata: b\n", "[message|a|]");
    expect("data: a", "");
    expect("", "");
}

static uint64_t retry_after(const char *stream)
{
    struct buf log;
    struct sse p;
    uint64_t ms;

    buf_init(&log, 1000);
    sse_init(&p, DATA_MAX);
    sse_feed(&p, stream, strlen(stream), log_event, &log);
    ms = p.retry_ms;
    sse_clear(&p);
    buf_clear(&log);
    return ms;
}

static void retry_takes_digits_only(void **state)
{
    (void)state;
    assert_int_equal(retry_after("retry: 2500\n"), 2500);
    assert_int_equal(retry_after("retry: 2500\nretry: -1\n"), 2500);
    assert_int_equal(retry_after("retry: 10x\n"), 0);
    assert_int_equal(retry_after("retry\n"), 0);
    assert_int_equal(retry_after("retry:\n"), 0);
    assert_int_equal(retry_after("retry: 99999999999999999999999\n"), 0);
    assert_int_equal(retry_after("retry: 99999999999999999999999x1\n"), 0);
}

static void what_is_too_long_is_cut_and_says_so(void **state)
{
    struct buf stream, want;

    (void)state;
    buf_init(&stream, 1 << 20);
    buf_init(&want, 1 << 20);
    buf_adds(&stream, "data: ");
    buf_adds(&want, "[message|");
    for (int i = 0; i < 1000; i++) {
        buf_addc(&stream, 'x');
        if (i < DATA_MAX) {
            buf_addc(&want, 'x');
        }
    }
    buf_adds(&stream, "\n\ndata: short\n\n");
    buf_adds(&want, "||cut][message|short|]");
    expect(buf_str(&stream), buf_str(&want));
    buf_clear(&stream);
    buf_clear(&want);
}

static void memory_does_not_grow_with_the_stream(void **state)
{
    static const char noise[] = "eventdata:id:retry : \nx";
    struct buf log;
    struct sse p;
    struct rng r;
    char *line = xmalloc(1 << 16);

    (void)state;
    rng_seed(&r, 1, 1);
    buf_init(&log, 10);
    sse_init(&p, DATA_MAX);
    for (int i = 0; i < 64; i++) {
        for (size_t k = 0; k < 1 << 16; k++) {
            line[k] = noise[rng_range(&r, 0, sizeof noise - 2)];
        }
        sse_feed(&p, line, 1 << 16, log_event, &log);
    }
    assert_true(p.data.cap <= DATA_MAX + 1);
    assert_true(p.name.cap <= SSE_NAME_MAX + 1);
    assert_true(p.id.cap <= SSE_NAME_MAX + 1);
    assert_true(p.next_id.cap <= SSE_NAME_MAX + 1);
    sse_clear(&p);
    buf_clear(&log);
    free(line);
}

static void
a_parser_that_is_reset_knows_nothing_of_the_stream_before(void **state)
{
    struct buf log;
    struct sse p;

    (void)state;
    buf_init(&log, 1000);
    sse_init(&p, DATA_MAX);
    sse_feed(&p, "id: 7\nevent: e\ndata: a\r", 23, log_event, &log);
    sse_reset(&p);
    sse_feed(&p, "\n\xEF\xBB\xBF", 4, log_event, &log);
    sse_reset(&p);
    sse_feed(&p,
             "\xEF\xBB\xBF"
             "data: b\n\n",
             12, log_event, &log);
    assert_string_equal(buf_str(&log), "[message|b|]");
    sse_clear(&p);
    buf_clear(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_have_a_name_and_data),
        cmocka_unit_test(an_event_without_a_name_is_a_message),
        cmocka_unit_test(several_data_lines_are_joined_by_line_feeds),
        cmocka_unit_test(an_event_without_data_is_none_and_loses_its_name),
        cmocka_unit_test(the_standards_own_example_of_empty_data_holds),
        cmocka_unit_test(one_space_behind_the_colon_is_dropped_and_no_more),
        cmocka_unit_test(lines_end_in_lf_cr_or_crlf),
        cmocka_unit_test(comments_are_passed_over),
        cmocka_unit_test(unknown_fields_and_longer_names_mean_nothing),
        cmocka_unit_test(the_last_id_stays_until_another_comes),
        cmocka_unit_test(an_id_with_a_nul_is_ignored),
        cmocka_unit_test(a_byte_order_mark_at_the_beginning_is_dropped),
        cmocka_unit_test(what_the_end_cuts_off_is_no_event),
        cmocka_unit_test(retry_takes_digits_only),
        cmocka_unit_test(what_is_too_long_is_cut_and_says_so),
        cmocka_unit_test(memory_does_not_grow_with_the_stream),
        cmocka_unit_test(
            a_parser_that_is_reset_knows_nothing_of_the_stream_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
