/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/rng.h"
#include "screen/stroke.h"

/* This exercises: what a terminal sends, in pieces of any size and with lulls
 * between them, is made into the same characters, sequences and clicks; and
 * whatever happens to a report of the mouse, nothing of it becomes a key. */

/* Strokes as text: q, {[D} for a sequence, <click 9,4> with column and row. */
static void told(struct strokes *s, struct buf *out)
{
    static const char *const mouse[] = {
        [STROKE_CLICK] = "click",
        [STROKE_WHEEL_UP] = "up",
        [STROKE_WHEEL_DOWN] = "down",
    };
    struct stroke k;

    while (strokes_next(s, &k)) {
        switch (k.kind) {
        case STROKE_CHAR:
            if (k.cp < 0x20 || k.cp > 0x7e) {
                buf_addf(out, "(%x)", (unsigned)k.cp);
            } else {
                buf_addc(out, (char)k.cp);
            }
            break;
        case STROKE_SEQUENCE:
            buf_addf(out, "{%s}", k.bytes[0] != '\0' ? k.bytes + 1 : "long");
            break;
        case STROKE_MOUSE:
            buf_addf(out, "<%s %d,%d>", mouse[k.mouse], k.col, k.row);
            break;
        }
    }
    assert_true(strokes_room(s) > 0);
}

static void given(struct strokes *s, const char *bytes, size_t n,
                  struct buf *out)
{
    while (n > 0) {
        size_t room = strokes_room(s), part = n < room ? n : room;

        strokes_add(s, bytes, part);
        told(s, out);
        bytes += part;
        n -= part;
    }
}

static void quiet(struct strokes *s, struct buf *out)
{
    while (strokes_wait(s)) {
        strokes_lull(s);
        told(s, out);
    }
}

/* The n bytes in two pieces; lull: after the first. All ends with one. */
static void check_split(const char *bytes, size_t n, size_t at, bool lull,
                        const char *want)
{
    struct strokes s;
    struct buf out;

    buf_init(&out, 1 << 16);
    strokes_init(&s);
    given(&s, bytes, at, &out);
    if (lull) {
        quiet(&s, &out);
    }
    given(&s, bytes + at, n - at, &out);
    quiet(&s, &out);
    if (strcmp(buf_str(&out), want) != 0) {
        fail_msg("split at %zu%s: '%s', not '%s'", at, lull ? ", lull" : "",
                 buf_str(&out), want);
    }
    buf_clear(&out);
}

static void check_bytes(const char *bytes, size_t n, const char *want)
{
    struct strokes s;
    struct buf out;
    size_t i;

    for (i = 0; i <= n; i++) {
        check_split(bytes, n, i, false, want);
    }
    buf_init(&out, 1 << 16);
    strokes_init(&s);
    for (i = 0; i < n; i++) {
        given(&s, bytes + i, 1, &out);
    }
    quiet(&s, &out);
    assert_string_equal(buf_str(&out), want);
    buf_clear(&out);
}

static void check(const char *bytes, const char *want)
{
    check_bytes(bytes, strlen(bytes), want);
}

static void keys_are_the_same_in_any_pieces(void **state)
{
    (void)state;
    check("", "");
    check("qQ+ 8", "qQ+ 8");
    check("\r\t\177\001", "(d)(9)(7f)(1)");
    check("\xc3\xbc\xe6\x97\xa5\xf0\x9f\x99\x82", "(fc)(65e5)(1f642)");
    /* What is no character is no key. */
    check("\xff\x80q\xe6\x97", "q");
    check("\xe6q", "q");
    check("\xf0\x9fq+", "q+");
    check("\033", "(1b)");
    check("\033q", "(1b)q");
    check("\033\033", "(1b)(1b)");
    check("\033O", "(1b)O");
    check("\033[D\033[1;2C\033OP\033[3~x", "{[D}{[1;2C}{OP}{[3~}x");
    check("\033[[A", "{[[A}");
    check("\033[200~a\033[201~", "{[200~}a{[201~}");
    check("\033[1;\033[A", "{[1;}{[A}");
    check("\033[1\r", "{[1}(d)");
    check("\033[1;2", "{[1;2}");
    check_bytes("a\0b", 3, "a(0)b");
}

static void reports_are_the_same_in_any_pieces(void **state)
{
    (void)state;
    check("\033[<0;1;1M", "<click 0,0>");
    check("\033[<0;200;55M", "<click 199,54>");
    check("a\033[<0;10;5Mb", "a<click 9,4>b");
    check("\033[<64;10;5M\033[<65;10;5M", "<up 9,4><down 9,4>");
    /* Shift, Alt and Ctrl make no difference. */
    check("\033[<4;1;2M\033[<8;1;2M\033[<16;1;2M\033[<28;1;2M",
          "<click 0,1><click 0,1><click 0,1><click 0,1>");
    check("\033[<80;1;2M", "<up 0,1>");
    check("\033[<0;10;5M\033[<0;10;5m\033[<0;10;5M", "<click 9,4><click 9,4>");
    /* As terminals send them that know no SGR. */
    check("\033[M !!", "<click 0,0>");
    check("\033[M `*%a", "<click 63,9>%a");
    check("\033[M`!\"\033[Ma!\"", "<up 0,1><down 0,1>");
    check("\033[M \xff\xff", "<click 222,222>");
    check("\033[M#!!q", "q");
}

/* Motion, releases, other buttons, places that are none. */
static void what_is_no_click_is_nothing(void **state)
{
    (void)state;
    check("\033[<0;10;5m", "");
    check("\033[<1;10;5M\033[<2;10;5M\033[<3;10;5M", "");
    check("\033[<32;10;5M\033[<35;10;5M\033[<96;10;5M", "");
    check("\033[<66;10;5M\033[<67;10;5M\033[<128;10;5M", "");
    check("\033[<0;0;5M\033[<0;5;0M", "");
    check("\033[M  !\033[M ! ", "");
}

static void nothing_of_a_broken_report_is_a_key(void **state)
{
    char many[3000];

    (void)state;
    check("\033[<Mq", "q");
    check("\033[<;;Mq", "q");
    check("\033[<0;5Mq", "q");
    check("\033[<0;5;6;7Mq", "q");
    check("\033[<0;5;Mq", "q");
    check("\033[<-1;5;6Mq", "q");
    check("\033[<0;5;6 Mq", "q");
    check("\033[<0:5:6Mq", "q");
    /* Letters in the middle. */
    check("\033[<0;q5;6Mx", "x");
    check("\033[<0;5Q;6+Mx", "x");
    check("\033[<quitmx", "x");
    /* Numbers that nothing holds. */
    check("\033[<0;100000;5Mq", "q");
    check("\033[<4294967296;1;1Mq", "q");
    check("\033[<18446744073709551616;1;1Mq", "q");
    check("\033[<0;99999;99999Mq", "<click 99998,99998>q");
    memset(many, '9', sizeof many);
    memcpy(many, "\033[<0;", 5);
    memcpy(many + sizeof many - 4, "Mqx", 4);
    check(many, "qx");
    /* Cut off by what cannot stand in any. */
    check("\033[<0;1\033[A", "{[A}");
    check("\033[<0;1\033", "(1b)");
    check("\033[<0;1\rq", "(d)q");
    check("\033[<0;1\033[<0;2;3M", "<click 1,2>");
    check("\033[<0;1\xc3\xbcq", "(fc)q");
    check("\033[M !\033[A", "{[A}");
    check("\033[M\rq", "(d)q");
}

/* A network may be as slow as it likes. Only the first byte of all, alone, is
 * what Esc sends, too. */
static void a_lull_in_a_report_makes_no_keys_of_it(void **state)
{
    static const char *const reports[] = {"\033[<0;10;5M", "\033[<64;10;5M"};
    static const char *const want[] = {"<click 9,4>", "<up 9,4>"};
    char late[64];
    size_t i, at;

    (void)state;
    for (i = 0; i < 2; i++) {
        size_t n = strlen(reports[i]);

        for (at = 3; at < n; at++) {
            check_split(reports[i], n, at, true, want[i]);
        }
        snprintf(late, sizeof late, "(1b)%s", want[i]);
        check_split(reports[i], n, 1, true, late);
        snprintf(late, sizeof late, "{[}%s", want[i]);
        check_split(reports[i], n, 2, true, late);
    }
    for (at = 3; at < 6; at++) {
        check_split("\033[M !!", 6, at, true, "<click 0,0>");
    }
}

static void after_a_report_that_was_cut_off_keys_are_keys_again(void **state)
{
    (void)state;
    check_split("\033[<0;1q+", 8, 6, true, "q+");
    check_split("\033[<0;1\033q", 8, 6, true, "(1b)q");
    check_split("\033[<q", 4, 3, true, "q");
    /* What may still belong to it does not become one. */
    check_split("\033[<0;15;6Mq", 11, 6, true, "<click 14,5>q");
    check_split("\033[<0;1;Mq", 9, 6, true, "q");
    /* Typed by a person, one after the other. */
    check_split("\033[", 2, 1, true, "(1b)[");
    check_split("\033[]", 3, 1, true, "(1b)[]");
    check_split("\033[<", 3, 1, true, "(1b)[<");
    check_split("\033[<>", 4, 1, true, "(1b)[<>");
    check_split("\033O", 2, 1, true, "(1b)O");
    check_split("\033[8", 3, 2, true, "{[}8");
}

/* Reports among keys, in pieces and with lulls by chance: every key comes, in
 * its order, and no other. */
static void a_storm_of_pieces_loses_and_adds_no_key(void **state)
{
    static const char *const noise[] = {
        "\033[<0;10;5M", "\033[<0;10;5m", "\033[<64;1;1M",      "\033[M !!",
        "\033[<0;q;5M",  "\033[<M",       "\033[<99999999;1;1M"};
    struct rng r;
    int round, i;

    (void)state;
    rng_seed(&r, 11, 0);
    for (round = 0; round < 3000; round++) {
        char bytes[512] = "", keys[64] = "", got[512];
        struct strokes s;
        struct buf out;
        size_t n, at, k = 0;
        int depth = 0;

        for (i = 0; i < 12; i++) {
            size_t b = strlen(bytes);

            if (rng_range(&r, 0, 1) == 0) {
                snprintf(bytes + b, sizeof bytes - b, "%s",
                         noise[rng_range(&r, 0, 6)]);
            } else {
                bytes[b] = keys[strlen(keys)] =
                    (char)('a' + rng_range(&r, 0, 25));
            }
        }
        buf_init(&out, 1 << 16);
        strokes_init(&s);
        for (n = strlen(bytes), at = 0; at < n;) {
            size_t part = 1 + rng_range(&r, 0, 8);

            part = part < n - at ? part : n - at;
            given(&s, bytes + at, part, &out);
            at += part;
        }
        quiet(&s, &out);
        for (at = 0; buf_str(&out)[at] != '\0'; at++) {
            char c = buf_str(&out)[at];

            depth += c == '<';
            if (depth == 0) {
                got[k++] = c;
            }
            depth -= c == '>';
        }
        got[k] = '\0';
        assert_string_equal(got, keys);
        buf_clear(&out);
    }
}

static void keys_are_called_as_people_call_them(void **state)
{
    static const struct {
        const char *bytes, *name;
    } rows[] = {
        {"\033[15~", "F5"},
        {"\033OQ", "F2"},
        {"\033[1;2P", "Shift-F1"},
        {"\033[24;5~", "Ctrl-F12"},
        {"\033[2~", "Insert"},
        {"\033[1;5A", "Ctrl-↑"},
        {"\033[1;4D", "Alt-Shift-←"},
        {"\033[Z", "Shift-Tab"},
        {"\033[[C", "F3"},
        {"\033[99~", "Esc [99~"},
        {"\033[5;7z", "Esc [5;7z"},
        {"\033[1;99A", "Esc [1;99A"},
        {"\033[?1;2c", "Esc [?1;2c"},
        {"\033[", "Esc ["},
        {"", ""},
        {"\033[16~", "Esc [16~"},
        {"\033[99999999999~", "Esc [99999999999~"},
        {"\033[4294967297~", "Esc [4294967297~"},
        {"\033[[F", "Esc [[F"},
    };
    struct stroke s = {.kind = STROKE_SEQUENCE};
    struct rng r;
    char name[24];
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(s.bytes, sizeof s.bytes, "%s", rows[i].bytes);
        assert_string_equal(stroke_name(&s, name, sizeof name), rows[i].name);
    }
    /* Whatever comes is cut, and nothing of it does anything. */
    rng_seed(&r, 4, 1);
    for (i = 0; i < 20000; i++) {
        size_t n = (size_t)rng_range(&r, 2, sizeof s.bytes - 1);

        memset(&s, 0, sizeof s);
        s.bytes[0] = '\033';
        s.bytes[1] = rng_range(&r, 0, 1) == 0 ? '[' : 'O';
        for (k = 2; k < n; k++) {
            s.bytes[k] = i % 2 == 0 ? "0123456789;~[A"[rng_range(&r, 0, 13)]
                                    : (char)rng_range(&r, 1, 255);
        }
        stroke_name(&s, name, sizeof name);
        for (k = 0; name[k] != '\0'; k++) {
            assert_true((unsigned char)name[k] >= 0x20 && name[k] != 0x7f);
        }
        assert_true(k < sizeof name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_the_same_in_any_pieces),
        cmocka_unit_test(reports_are_the_same_in_any_pieces),
        cmocka_unit_test(what_is_no_click_is_nothing),
        cmocka_unit_test(nothing_of_a_broken_report_is_a_key),
        cmocka_unit_test(a_lull_in_a_report_makes_no_keys_of_it),
        cmocka_unit_test(after_a_report_that_was_cut_off_keys_are_keys_again),
        cmocka_unit_test(a_storm_of_pieces_loses_and_adds_no_key),
        cmocka_unit_test(keys_are_called_as_people_call_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
