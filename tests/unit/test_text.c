/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <utf8proc.h>

#include "base/rng.h"
#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

struct pair {
    const char *in;
    const char *out;
};

static void harmless_text_stays_as_it_is(void **state)
{
    static const char *const good[] = {
        "",
        "plain \\ text ~",
        "\xc3\xa9t\xc3\xa9 \xc2\xb5s",
        "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
        "\xf0\x9f\x98\x80",
        "e\xcc\x81",                /* a combining accent */
        "\xe2\x9d\xa4\xef\xb8\x8f", /* a heart and its variation selector */
        "\xef\xbf\xbd",             /* U+FFFD itself */
        "\xee\x80\x80",             /* private use */
    };
    struct buf b;
    char buf[64];

    (void)state;
    buf_init(&b, 100);
    for (size_t i = 0; i < COUNT(good); i++) {
        buf_reset(&b);
        text_escape(&b, good[i], strlen(good[i]));
        assert_string_equal(buf_str(&b), good[i]);
        assert_string_equal(text_safe(buf, sizeof buf, good[i]), good[i]);
    }
    buf_clear(&b);
}

static void what_steers_or_hides_is_escaped(void **state)
{
    static const struct pair cases[] = {
        {"a\nb\rc\td", "a\\nb\\rc\\td"},
        {"\x1b[2J", "\\x1b[2J"},
        {"\x7f\x01", "\\x7f\\x01"},
        {"\xc2\x9b"
         "31m",
         "\\u{009B}31m"}, /* C1: CSI as a character */
        {"\x9b"
         "31m",
         "\\x9b31m"},                  /* and as a byte */
        {"\xe2\x80\xae", "\\u{202E}"}, /* right-to-left override */
        {"\xe2\x81\xa6", "\\u{2066}"}, /* isolate */
        {"\xe2\x80\x8b", "\\u{200B}"}, /* zero width space */
        {"\xef\xbb\xbf", "\\u{FEFF}"}, /* byte order mark */
        {"\xc2\xad", "\\u{00AD}"},     /* soft hyphen */
        {"\xe2\x80\xa8\xe2\x80\xa9", "\\u{2028}\\u{2029}"},
        {"\xef\xbf\xbe", "\\u{FFFE}"}, /* noncharacters */
        {"\xef\xb7\x90", "\\u{FDD0}"},
        {"\xf4\x8f\xbf\xbf", "\\u{10FFFF}"},
        {"\xe3\x85\xa4", "\\u{3164}"},      /* Hangul filler, a blank letter */
        {"\xf3\xa0\x81\x81", "\\u{E0041}"}, /* a tag letter */
    };
    struct buf b;
    char buf[64];

    (void)state;
    buf_init(&b, 100);
    for (size_t i = 0; i < COUNT(cases); i++) {
        buf_reset(&b);
        text_escape(&b, cases[i].in, strlen(cases[i].in));
        assert_string_equal(buf_str(&b), cases[i].out);
        assert_string_equal(text_safe(buf, sizeof buf, cases[i].in),
                            cases[i].out);
    }
    buf_reset(&b);
    text_escape(&b, "a\0b", 3);
    assert_string_equal(buf_str(&b), "a\\x00b");
    buf_clear(&b);
}

static void bytes_that_are_not_utf8_are_shown_one_by_one(void **state)
{
    static const struct pair cases[] = {
        {"\x80", "\\x80"},
        {"\xff\xfe", "\\xff\\xfe"},
        {"\xc0\xaf", "\\xc0\\xaf"}, /* overlong '/' */
        {"\xc1\xbf", "\\xc1\\xbf"},
        {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"}, /* overlong in three */
        {"\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* a surrogate */
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* beyond U+10FFFF */
        {"\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80"},
        {"\xe6\x97", "\\xe6\\x97"}, /* cut in the middle */
        {"\xe6\x97"
         "a",
         "\\xe6\\x97"
         "a"},
        {"\xe6\x1b\x97", "\\xe6\\x1b\\x97"}, /* ESC inside */
    };
    struct buf b;

    (void)state;
    buf_init(&b, 100);
    for (size_t i = 0; i < COUNT(cases); i++) {
        buf_reset(&b);
        text_escape(&b, cases[i].in, strlen(cases[i].in));
        assert_string_equal(buf_str(&b), cases[i].out);
    }
    buf_clear(&b);
}

static void an_escape_is_never_cut_in_two(void **state)
{
    char buf[16];
    struct buf b;

    (void)state;
    for (size_t size = 1; size < sizeof buf; size++) {
        text_safe(buf, size,
                  "ab\x1b\xc3\xa9"
                  "c");
        assert_true(strlen(buf) < size);
        assert_true(strlen(buf) <= 2 || strlen(buf) == 6 || strlen(buf) >= 8);
    }
    buf_init(&b, 5);
    text_escape(&b, "ab\x1b", 3);
    assert_string_equal(buf_str(&b), "ab");
    assert_true(b.cut);
    buf_clear(&b);
    buf[0] = 'x';
    text_safe(buf, 0, "abc");
    assert_int_equal(buf[0], 'x');
}

static void whatever_comes_in_only_printable_utf8_comes_out(void **state)
{
    struct rng r;
    struct buf b;
    unsigned char in[40];

    (void)state;
    rng_seed(&r, 5, 0);
    buf_init(&b, 1000);
    for (int round = 0; round < 5000; round++) {
        size_t n = rng_range(&r, 0, sizeof in);
        const char *p;
        size_t left;

        for (size_t i = 0; i < n; i++) {
            /* Mostly bytes from which sequences are made. */
            in[i] = (unsigned char)(rng_range(&r, 0, 3) == 0
                                        ? rng_range(&r, 0, 255)
                                        : rng_range(&r, 0x80, 0xf5));
        }
        buf_reset(&b);
        text_escape(&b, in, n);
        p = buf_str(&b);
        for (left = b.len; left > 0;) {
            uint32_t cp = 0;
            size_t used = text_next(p, left, &cp);

            assert_true(used > 1 || (*p >= 0x20 && *p < 0x7f));
            assert_true(cp < 0x80 || cp >= 0xa0);
            assert_false(cp >= 0x202a && cp <= 0x202e);
            p += used;
            left -= used;
        }
    }
    buf_clear(&b);
}

static void every_character_survives_coding_and_decoding(void **state)
{
    char out[4];
    uint32_t back = 0;

    (void)state;
    for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
        size_t n;

        if (cp >= 0xd800 && cp <= 0xdfff) {
            continue;
        }
        n = text_put(out, cp);
        assert_int_equal(n, cp < 0x80      ? 1
                            : cp < 0x800   ? 2
                            : cp < 0x10000 ? 3
                                           : 4);
        assert_int_equal(text_next(out, n, &back), n);
        assert_int_equal(back, cp);
        assert_in_range(text_cp_width(cp), 0, 2);
    }
    assert_int_equal(text_put(out, 0xd800), 3);
    assert_memory_equal(out, "\xef\xbf\xbd", 3);
    assert_int_equal(text_put(out, 0x110000), 3);
    assert_memory_equal(out, "\xef\xbf\xbd", 3);
    assert_int_equal(text_put(out, UINT32_MAX), 3);
    assert_int_equal(text_next("x", 0, &back), 0);
    assert_int_equal(text_next("\xff", 1, &back), 1);
    assert_int_equal(back, 0xfffd);
    assert_int_equal(text_next("\xe6\x97\xa5", 2, &back), 1);
    assert_int_equal(back, 0xfffd);
    assert_int_equal(text_cp_width(0x110000), 0);
}

static void widths_are_those_of_terminals(void **state)
{
    static const struct {
        uint32_t cp;
        int width;
    } cases[] = {
        {'a', 1},    {0, 0},       {0x1b, 0},    {0x7f, 0},    {0x9b, 0},
        {0xe9, 1},   {0x300, 0},   {0x200b, 0},  {0x200d, 0},  {0xfe0f, 0},
        {0x4e2d, 2}, {0x3042, 2},  {0xac00, 2},  {0xff21, 2},  {0xff61, 1},
        {0x3000, 2}, {0x20000, 2}, {0x1f600, 2}, {0x1f680, 2}, {0x231a, 2},
        {0x2500, 1}, {0x2588, 1},  {0x28ff, 1},  {0x2026, 1},  {0xb7, 1},
        {0x1160, 0}, {0x1100, 2},  {0x93e, 1},   {0x94d, 0},   {0xe000, 1},
        {0x5d0, 1},  {0x5b0, 0},   {0x202e, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (text_cp_width(cases[i].cp) != cases[i].width) {
            fail_msg("U+%04X takes %d, not %d", (unsigned)cases[i].cp,
                     text_cp_width(cases[i].cp), cases[i].width);
        }
    }
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("a\xe6\x97\xa5"
                                "e\xcc\x81"),
                     4);
    assert_int_equal(text_width("\xff"), 1);
}

static void text_is_cut_at_whole_characters_that_fit(void **state)
{
    const char *s = "a\xe6\x97\xa5"
                    "e\xcc\x81"
                    "z";

    (void)state;
    assert_int_equal(text_fit(s, -1), 0);
    assert_int_equal(text_fit(s, 0), 0);
    assert_int_equal(text_fit(s, 1), 1);
    assert_int_equal(text_fit(s, 2), 1); /* half of a wide one does not fit */
    assert_int_equal(text_fit(s, 3), 4);
    assert_int_equal(text_fit(s, 4), 7); /* the accent belongs to its letter */
    assert_int_equal(text_fit(s, 5), 8);
    assert_int_equal(text_fit(s, 100), 8);
    assert_int_equal(text_fit("", 5), 0);
}

static void the_nearest_word_is_what_was_meant(void **state)
{
    static const char *const words[] = {"get",      "post",       "put",
                                        "duration", "thresholds", "BASE_URL"};
    static const struct pair cases[] = {
        {"gte", "get"},           {"GET", "get"},
        {"pst", "post"},          {"durration", "duration"},
        {"duratoin", "duration"}, {"treshold", "thresholds"},
        {"base_ulr", "BASE_URL"}, {"ge", "get"},
        {"put", "put"},
    };
    static const char *const far[] = {"",      "x",      "zzz", "g",
                                      "patch", "delete", "thr"};
    char big[200];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *near = text_nearest(cases[i].in, words, COUNT(words));

        assert_non_null(near);
        assert_string_equal(near, cases[i].out);
    }
    for (size_t i = 0; i < COUNT(far); i++) {
        if (text_nearest(far[i], words, COUNT(words)) != NULL) {
            fail_msg("'%s' gave '%s'", far[i],
                     text_nearest(far[i], words, COUNT(words)));
        }
    }
    assert_null(text_nearest("get", words, 0));
    memset(big, 'x', sizeof big);
    big[sizeof big - 1] = '\0';
    assert_null(text_nearest(big, words, COUNT(words)));
    big[64] = '\0';
    assert_null(text_nearest(big, words, COUNT(words)));
}

/* What is told without a table is what the table says. */
static void plain_characters_are_as_wide_as_unicode_has_them(void **state)
{
    uint32_t cp;

    (void)state;
    for (cp = 0x20; cp <= 0x28ff; cp++) {
        bool plain =
            cp <= 0x7e || (cp >= 0x2500 && cp <= 0x259f) || cp >= 0x2800;

        if (plain) {
            assert_int_equal(text_cp_width(cp), 1);
            assert_int_equal(utf8proc_charwidth((utf8proc_int32_t)cp), 1);
        }
    }
}

static void what_is_added_is_cut_where_there_is_no_room(void **state)
{
    char buf[12] = "";

    (void)state;
    text_add(buf, sizeof buf, "%d of", 3);
    assert_string_equal(buf, "3 of");
    text_add(buf, sizeof buf, " %s", "9");
    assert_string_equal(buf, "3 of 9");
    text_add(buf, sizeof buf, " requests");
    assert_string_equal(buf, "3 of 9 requ");
    text_add(buf, sizeof buf, "x");
    assert_string_equal(buf, "3 of 9 requ");
}

/* Not within a character, and not where all of it fits. */
static void what_is_cut_ends_with_an_ellipsis(void **state)
{
    char buf[12];

    (void)state;
    assert_string_equal(text_brief(buf, sizeof buf, "eleven char"),
                        "eleven char");
    assert_string_equal(text_brief(buf, sizeof buf, "twelve chars"),
                        "twelve c...");
    assert_string_equal(text_brief(buf, sizeof buf, "seven äöüß"),
                        "seven ä...");
    assert_string_equal(text_brief(buf, 4, "abcd"), "...");
    assert_string_equal(text_brief(buf, 3, "abcd"), "ab");
}

static void text_that_does_not_fit_ends_between_characters(void **state)
{
    /* a, é, 製, 🙂: 1, 2, 3 and 4 bytes. */
    static const char all[] = "a\xc3\xa9\xe8\xa3\xbd\xf0\x9f\x99\x82";
    static const size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
    char buf[16] = "", bytes[] = "\x80\x80\x80\x80";
    size_t i;

    (void)state;
    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        assert_int_equal(text_whole(all, i), ends[i]);
        buf[0] = '\0';
        text_add(buf, i + 1, "%s", all);
        assert_int_equal(strlen(buf), ends[i]);
    }
    /* What is no character stays. */
    assert_int_equal(text_whole(bytes, 4), 4);
    assert_int_equal(text_whole(bytes, 2), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_cut_ends_with_an_ellipsis),
        cmocka_unit_test(what_is_added_is_cut_where_there_is_no_room),
        cmocka_unit_test(harmless_text_stays_as_it_is),
        cmocka_unit_test(what_steers_or_hides_is_escaped),
        cmocka_unit_test(bytes_that_are_not_utf8_are_shown_one_by_one),
        cmocka_unit_test(an_escape_is_never_cut_in_two),
        cmocka_unit_test(whatever_comes_in_only_printable_utf8_comes_out),
        cmocka_unit_test(every_character_survives_coding_and_decoding),
        cmocka_unit_test(widths_are_those_of_terminals),
        cmocka_unit_test(text_is_cut_at_whole_characters_that_fit),
        cmocka_unit_test(text_that_does_not_fit_ends_between_characters),
        cmocka_unit_test(the_nearest_word_is_what_was_meant),
        cmocka_unit_test(plain_characters_are_as_wide_as_unicode_has_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
