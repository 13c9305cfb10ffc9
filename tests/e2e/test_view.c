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

#include "base/text.h"
#include "support/live_kit.h"

/* This exercises: what of the run is looked at, and how: time cursor, zoom,
 * heatmap and scale, from the keyboard, at every size of the screen; and that
 * the heatmap of a real run against the built-in target shows two kinds of
 * answers as two bands. */

#define KEY_LEFT        "\033[D"
#define KEY_RIGHT       "\033[C"
#define KEY_SHIFT_LEFT  "\033[1;2D"
#define KEY_SHIFT_RIGHT "\033[1;2C"
#define KEY_END         "\033[F"

static void the_cursor_is_told_by_every_part_of_the_screen(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < PTY_SIZES; i++) {
        struct pty p;

        demo_start(&p, pty_sizes[i][0], pty_sizes[i][1], demo_env,
                   "--at 60 --stop");
        assert_true(pty_sees(&p, "requests, last 10 s"));
        pty_type(&p, KEY_LEFT);
        assert_true(pty_sees(&p, " cursor 0:5"));
        assert_true(pty_loses(&p, "requests, last 10 s"));
        assert_true(pty_sees(&p, "End live"));
        /* Out of the spike, ten columns at once. */
        while (strstr(pty_text(&p), "hold 20  End") == NULL) {
            const char *was = strstr(pty_text(&p), " cursor ");
            char at[16];

            assert_non_null(was);
            snprintf(at, sizeof at, "%.12s", was);
            pty_type(&p, KEY_SHIFT_LEFT);
            assert_true(pty_loses(&p, at));
        }
        pty_type(&p, KEY_END);
        assert_true(pty_sees(&p, "requests, last 10 s"));
        assert_true(pty_loses(&p, " cursor "));
        /* Right of now there is only the plan. */
        pty_type(&p, KEY_SHIFT_RIGHT);
        assert_true(pty_sees(&p, "planned"));
        pty_type(&p, "\033");
        assert_true(pty_loses(&p, " cursor "));
        pty_end(&p);
    }
}

static void a_small_screen_has_the_cursor_too(void **state)
{
    struct pty p;

    (void)state;
    demo_start(&p, 60, 16, demo_env, "--at 60 --stop");
    assert_true(pty_sees(&p, "numbers: last 10 s"));
    pty_type(&p, KEY_LEFT);
    assert_true(pty_sees(&p, "numbers: 0:5"));
    pty_type(&p, KEY_END);
    assert_true(pty_sees(&p, "numbers: last 10 s"));
    pty_end(&p);
}

/* What is not of now stays as it was while the run goes on. */
static void the_cursor_stands_while_the_run_goes_on(void **state)
{
    struct pty p;
    char row[512];
    const char *at;

    (void)state;
    demo_start(&p, 120, 36, demo_env, "--at 40");
    assert_true(pty_sees(&p, "RUNNING"));
    pty_type(&p, KEY_SHIFT_LEFT);
    assert_true(pty_sees(&p, " cursor "));
    assert_true(pty_sees(&p, "ChatRequest"));
    at = strstr(pty_text(&p), "ChatRequest");
    snprintf(row, sizeof row, "%.60s", at);
    assert_true(pty_sees(&p, "0:43 / 1:48"));
    assert_true(pty_sees(&p, row));
    /* In a picture that stands still, too. */
    pty_type(&p, "f");
    assert_true(pty_sees(&p, "VIEW FROZEN"));
    pty_type(&p, KEY_SHIFT_LEFT);
    assert_true(pty_loses(&p, row));
    assert_true(pty_sees(&p, "VIEW FROZEN"));
    pty_end(&p);
}

static void zoom_shows_the_last_minute_and_the_whole(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < PTY_SIZES; i++) {
        struct pty p;

        demo_start(&p, pty_sizes[i][0], pty_sizes[i][1], demo_env,
                   "--at 100 --stop");
        assert_true(pty_sees(&p, "0:00╌"));
        pty_type(&p, "z");
        assert_true(pty_sees(&p, "z 1min"));
        assert_true(pty_loses(&p, "0:00╌"));
        assert_null(strstr(pty_text(&p), "warm-up"));
        /* The cursor takes the picture along to where it goes. */
        while (strstr(pty_text(&p), "0:00╌") == NULL &&
               strstr(pty_text(&p), "▲0:00") == NULL) {
            pty_type(&p, KEY_SHIFT_LEFT);
            assert_true(pty_pump(&p, 20));
        }
        pty_type(&p, KEY_END);
        assert_true(pty_loses(&p, " cursor "));
        pty_type(&p, "z");
        assert_true(pty_loses(&p, "z 1min"));
        assert_true(pty_sees(&p, "0:00╌"));
        pty_end(&p);
    }
}

static void heat_and_scale_are_chosen_by_keys(void **state)
{
    static const char band[] = "\n latency "; /* at the begin of a row */
    struct pty p;

    (void)state;
    demo_start(&p, 120, 36, demo_env, "--at 60 --stop");
    assert_true(pty_sees(&p, band));
    pty_type(&p, "g");
    assert_true(pty_sees(&p, "linear"));
    pty_type(&p, "g");
    assert_true(pty_loses(&p, "linear"));
    pty_type(&p, "h");
    assert_true(pty_sees(&p, "share of requests"));
    assert_true(pty_sees(&p, band));
    assert_true(pty_sees(&p, "█▓"));
    pty_type(&p, "h");
    assert_true(pty_loses(&p, band));
    assert_true(pty_sees(&p, "heat "));
    pty_type(&p, "h");
    assert_true(pty_sees(&p, band));
    pty_end(&p);
    /* A large screen has it from the start; one without colours and without
     * more than ASCII, too. */
    demo_start(&p, 200, 55, demo_env, "--at 60 --stop --ascii --no-color");
    assert_true(pty_sees(&p, "share of a column's requests"));
    assert_true(pty_sees(&p, "- <3  : <10  + <25  % <50  # >50 %"));
    assert_true(pty_sees(&p, "####"));
    pty_end(&p);
}

/* In some column of the picture two stretches of strong cells, and rows without
 * any between them. */
static bool view_two_bands(struct pty *p, const void *ctx)
{
    const char *row = pty_text(p);
    int runs[256] = {0}, col, i;
    bool in[256] = {false};

    (void)ctx;
    while (*row != '\0') {
        uint32_t cp = 0;

        for (col = 0; *row != '\0' && *row != '\n'; col++) {
            row += text_next(row, strlen(row), &cp);
            if (col < 8 || col >= 88) {
                continue;
            }
            /* ▒ ▓ █: at least a tenth of the requests */
            if (cp != 0x2592 && cp != 0x2593 && cp != 0x2588) {
                in[col] = false;
            } else if (!in[col]) {
                in[col] = true;
                runs[col]++;
            }
        }
        for (i = col; i < 256; i++) {
            in[i] = false;
        }
        row += *row == '\n';
    }
    for (i = 0; i < 256; i++) {
        if (runs[i] >= 2) {
            return true;
        }
    }
    return false;
}

static void two_kinds_of_answers_are_two_bands(void **state)
{
    static const char *const target[] = {"target",  "--port",         "0",
                                         "--model", "service_ms=250", NULL};
    char plan[1024];
    const char *said, *end;
    struct pty server, p;

    (void)state;
    assert_true(live_open(&kit));
    live_start(&kit, &server, 100, 24, target);
    assert_true(pty_sees(&server, "(ends with Ctrl-C)"));
    said = strstr(pty_text(&server), "http://");
    end = strchr(said, ' ');
    snprintf(plan, sizeof plan,
             "{\"flow\":[{\"get\":\"%.*s/v1/health\",\"name\":\"quick\"},"
             "{\"post\":\"%.*s/v1/chat\",\"name\":\"slow\","
             "\"json\":{\"message\":\"m\",\"sessionId\":\"${vu.uuid}\"}},"
             "{\"get\":\"%.*s/v1/health\",\"name\":\"quick\"}],"
             "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\","
             "\"vus\":3,\"duration\":\"40s\"}}}",
             (int)(end - said), said, (int)(end - said), said,
             (int)(end - said), said);
    live_run(&kit, &p, "bands", plan);
    assert_true(pty_sees(&p, "RUNNING"));
    pty_resize(&p, 120, 36);
    pty_type(&p, "h");
    assert_true(pty_sees(&p, "share of requests"));
    assert_true(pty_holds(&p, view_two_bands, NULL));
    /* Errors would be blocks, too. */
    if (strstr(pty_text(&p), "none so far") == NULL) {
        fail_msg("%s", pty_text(&p));
    }
    pty_end(&p);
    pty_end(&server);
    live_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cursor_is_told_by_every_part_of_the_screen),
        cmocka_unit_test(a_small_screen_has_the_cursor_too),
        cmocka_unit_test(the_cursor_stands_while_the_run_goes_on),
        cmocka_unit_test(zoom_shows_the_last_minute_and_the_whole),
        cmocka_unit_test(heat_and_scale_are_chosen_by_keys),
        cmocka_unit_test(two_kinds_of_answers_are_two_bands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
