/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "screen/picture.h"
#include "support/sheet.h"

/* This exercises: pictures of the screen as SVG and as ANSI text. */

static void grid_of(struct grid *g, const char *text, enum role role)
{
    grid_init(g, 24, 2, false);
    grid_put(g, 0, 1, role, text);
}

static const char *svg_of(const struct grid *g, enum theme t, bool no_color,
                          struct buf *b)
{
    struct picture p = {g, t, no_color};

    buf_reset(b);
    picture_svg(&p, b);
    assert_false(b->cut);
    return buf_str(b);
}

/* A reader of XML as strict as these documents need: elements closed in their
 * order, attributes quoted, no bare & or <, nothing but whole UTF-8 and what
 * XML 1.0 allows. */
static void check_xml(const char *s)
{
    char stack[16][16];
    int depth = 0, roots = 0;
    size_t n = strlen(s), at = 0;

    assert_memory_equal(s, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", 39);
    at = 39;
    while (at < n) {
        uint32_t cp;
        size_t took = text_next(s + at, n - at, &cp);

        assert_true(cp == '\n' || cp >= 0x20);
        assert_true(cp != 0xfffd || took == 3); /* bytes that are no UTF-8 */
        assert_true((cp & 0xfffe) != 0xfffe);
        if (cp == '&') {
            assert_true(strncmp(s + at, "&amp;", 5) == 0 ||
                        strncmp(s + at, "&lt;", 4) == 0 ||
                        strncmp(s + at, "&gt;", 4) == 0);
        } else if (cp == '<' && s[at + 1] == '/') {
            size_t len = strcspn(s + at + 2, ">");

            assert_true(depth > 0);
            depth--;
            assert_int_equal(len, strlen(stack[depth]));
            assert_memory_equal(s + at + 2, stack[depth], len);
            took = len + 3;
        } else if (cp == '<') {
            size_t len = strcspn(s + at + 1, " />"), i = at + 1 + len;
            bool quoted = false;

            assert_true(len > 0 && len < 16 && depth < 15);
            roots += depth == 0;
            snprintf(stack[depth], 16, "%.*s", (int)len, s + at + 1);
            for (; i < n && (quoted || s[i] != '>'); i++) {
                quoted ^= s[i] == '"';
                assert_true(s[i] != '<' && s[i] != '&');
            }
            assert_true(i < n);
            depth += s[i - 1] != '/';
            took = i + 1 - at;
        } else {
            assert_true(depth > 0 || cp == '\n');
        }
        at += took;
    }
    assert_int_equal(depth, 0);
    assert_int_equal(roots, 1);
}

static void text_is_text_and_escaped(void **state)
{
    struct grid g;
    struct buf b;
    const char *s;

    (void)state;
    buf_init(&b, PICTURE_MAX);
    grid_of(&g, "p95 <500ms & \"x\" 'y'", ROLE_BAD);
    s = svg_of(&g, THEME_DARK, false, &b);
    check_xml(s);
    /* In one piece, at its column, as wide as its cells, in its colour. */
    assert_non_null(
        strstr(s, "<text class=\"b\" x=\"9\" y=\"14\" textLength=\"180\" "
                  "fill=\"#ff5f5f\">p95 &lt;500ms &amp; \"x\" 'y'</text>"));
    grid_clear(&g);
    grid_of(&g, "a   b", ROLE_TEXT);
    s = svg_of(&g, THEME_LIGHT, false, &b);
    assert_non_null(strstr(s, ">a</text>"));
    assert_non_null(strstr(s, "x=\"45\" y=\"14\" textLength=\"9\" "
                              "fill=\"#000000\">b</text>"));
    assert_non_null(strstr(s, "height=\"54\" fill=\"#ffffff\"/>"));
    grid_clear(&g);
    buf_clear(&b);
}

static void charts_are_shapes_and_other_signs_stand_in_their_cells(void **state)
{
    struct grid g;
    struct buf b;
    const char *s;

    (void)state;
    buf_init(&b, PICTURE_MAX);
    /* Dots 1 and 8; a half block; a light shade; a line; a wide letter. */
    grid_of(&g,
            "\xe2\xa2\x81\xe2\x96\x84\xe2\x96\x91\xe2\x94\x80\xe6\x97\xa5"
            "\xe2\x9c\x93",
            ROLE_GOOD);
    s = svg_of(&g, THEME_DARK, false, &b);
    check_xml(s);
    assert_non_null(strstr(s, "<path class=\"d\" stroke=\"#5faf87\" "
                              "d=\"M11.25 2.25h0M15.75 15.75h0\"/>"));
    assert_non_null(
        strstr(s, "<path class=\"a\" fill=\"#5faf87\" d=\"M18 9h9v9h-9z\"/>"));
    assert_non_null(strstr(
        s, "<path class=\"a q1\" fill=\"#5faf87\" d=\"M27 0h9v18h-9z\"/>"));
    assert_non_null(
        strstr(s, "<path class=\"l\" stroke=\"#5faf87\" d=\"M36 9l9 0\"/>"));
    assert_non_null(strstr(s, "x=\"54\" y=\"14\" fill=\"#5faf87\">"
                              "\xe6\x97\xa5</text>"));
    assert_non_null(strstr(s, "x=\"67.5\" y=\"14\" fill=\"#5faf87\">"
                              "\xe2\x9c\x93</text>"));
    grid_clear(&g);
    buf_clear(&b);
}

static void grounds_and_the_cursor_are_there(void **state)
{
    struct grid g;
    struct buf b;
    const char *s;

    (void)state;
    buf_init(&b, PICTURE_MAX);
    grid_of(&g, "FAILED", ROLE_FAILED);
    s = svg_of(&g, THEME_CVD, false, &b);
    assert_non_null(strstr(s, "<rect x=\"9\" y=\"0\" width=\"54\" "
                              "height=\"18\" fill=\"#ff5f5f\"/>"));
    assert_null(strstr(s, "width=\"2\""));
    g.cursor_row = 1;
    g.cursor_col = 3;
    s = svg_of(&g, THEME_CVD, false, &b);
    assert_non_null(strstr(s, "<rect x=\"27\" y=\"20\" width=\"2\""));
    /* Without colour: turned around. */
    s = svg_of(&g, THEME_LIGHT, true, &b);
    assert_non_null(strstr(s, "<rect x=\"9\" y=\"0\" width=\"54\" "
                              "height=\"18\" fill=\"#000000\"/>"));
    assert_non_null(strstr(s, "fill=\"#ffffff\">FAILED</text>"));
    grid_clear(&g);
    buf_clear(&b);
}

static void ansi_text_has_the_colours_and_ends_them(void **state)
{
    struct grid g;
    struct picture p = {&g, THEME_DARK, false};
    struct buf b;

    (void)state;
    buf_init(&b, PICTURE_MAX);
    grid_of(&g, "\xe2\x9c\x97 p95 \xe6\x97\xa5", ROLE_BAD);
    picture_ansi(&p, &b);
    assert_string_equal(buf_str(&b),
                        "\033[0m \033[0;1;38;5;203m\xe2\x9c\x97 p95 "
                        "\xe6\x97\xa5\033[0m\n\033[0m\n");
    buf_reset(&b);
    p.no_color = true;
    picture_ansi(&p, &b);
    assert_string_equal(buf_str(&b), "\033[0m \033[0;7m\xe2\x9c\x97 p95 "
                                     "\xe6\x97\xa5\033[0m\n\033[0m\n");
    grid_clear(&g);
    buf_clear(&b);
}

/* All that can get into a grid, whoever sent it. */
static void any_cell_makes_a_whole_document(void **state)
{
    struct buf b;
    uint32_t cp;
    struct grid g;

    (void)state;
    buf_init(&b, PICTURE_MAX);
    for (cp = 0; cp < 0x11000; cp += 960) {
        int i;

        grid_init(&g, 80, 24, false);
        for (i = 0; i < 960; i++) {
            grid_cp(&g, i / 40, i % 40 * 2, (enum role)(i % ROLE_COUNT),
                    cp + (uint32_t)i);
        }
        check_xml(svg_of(&g, THEME_CONTRAST, false, &b));
        grid_clear(&g);
    }
    buf_clear(&b);
}

static void whole_screens_are_whole_documents(void **state)
{
    static const int sizes[][2] = {{59, 10}, {80, 24}, {120, 36}, {200, 55}};
    struct sheet s;
    struct buf b;
    size_t i, t;

    (void)state;
    buf_init(&b, PICTURE_MAX);
    sheet_init(&s, NULL);
    sim_run(&s.sim, 80);
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        sheet_take(&s, sizes[i][0], sizes[i][1]);
        for (t = 0; t < THEME_COUNT; t++) {
            check_xml(svg_of(&s.grid, (enum theme)t, false, &b));
            assert_true(b.len < 700000);
        }
    }
    sheet_clear(&s);
    buf_clear(&b);
}

/* Two in a second are four files. */
static void pictures_are_named_like_results_and_never_overwrite(void **state)
{
    char folder[] = "/tmp/brunt-picture-XXXXXX", was[512], first[512],
         second[512], name[512];
    struct sim sim;
    struct grid g;
    struct picture p = {&g, THEME_DARK, false};
    struct buf b;
    struct err e = ERR_INIT;

    (void)state;
    assert_non_null(getcwd(was, sizeof was));
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    sim_init(&sim, NULL, 7);
    grid_of(&g, "here", ROLE_TEXT);
    assert_true(picture_save(&p, story_info(sim.story), first, sizeof first));
    assert_true(picture_save(&p, story_info(sim.story), second, sizeof second));
    assert_memory_equal(first, "picture in ", 11);
    assert_string_not_equal(first, second);
    snprintf(name, sizeof name, "%.*s",
             (int)(strstr(first, " and") - first) - 11, first + 11);
    buf_init(&b, PICTURE_MAX);
    assert_true(file_read(name, &b, &e));
    check_xml(buf_str(&b));
    assert_int_equal(unlink(name), 0);
    memcpy(strrchr(name, '.'), ".ansi", 6);
    assert_int_equal(unlink(name), 0);
    snprintf(name, sizeof name, "%.*s",
             (int)(strstr(second, " and") - second) - 11, second + 11);
    assert_int_equal(unlink(name), 0);
    memcpy(strrchr(name, '.'), ".ansi", 6);
    assert_int_equal(unlink(name), 0);
    /* Where nothing can be written that is said. */
    assert_int_equal(chdir(was), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(chdir("/proc"), 0);
    assert_false(picture_save(&p, story_info(sim.story), first, sizeof first));
    assert_memory_equal(first, "no picture: ", 12);
    assert_int_equal(chdir(was), 0);
    buf_clear(&b);
    grid_clear(&g);
    sim_clear(&sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_text_and_escaped),
        cmocka_unit_test(
            charts_are_shapes_and_other_signs_stand_in_their_cells),
        cmocka_unit_test(grounds_and_the_cursor_are_there),
        cmocka_unit_test(ansi_text_has_the_colours_and_ends_them),
        cmocka_unit_test(any_cell_makes_a_whole_document),
        cmocka_unit_test(whole_screens_are_whole_documents),
        cmocka_unit_test(pictures_are_named_like_results_and_never_overwrite),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
