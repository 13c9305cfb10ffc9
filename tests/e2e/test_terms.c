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

#include <signal.h>

#include "support/live_kit.h"
#include "support/tape.h"

/* This exercises: the program itself, a run of it, on the terminals that people
 * have and had: what it sends is known to each, title and figures are to be
 * read, colours are there where there are any, and the terminal is given back.
 */

static const char terms_plan[] =
    "{ \"name\": \"terms\", \"flow\": ["
    "  { \"get\": \"@/corpus/hostile-body\", \"name\": \"Alpha\" },"
    "  { \"think\": \"100ms\" } ],"
    "  \"scenarios\": { \"steady\": { \"executor\": \"ramping-vus\","
    "    \"startVUs\": 2, \"stages\": ["
    "      { \"duration\": \"1h\", \"target\": 2, \"name\": \"level\" } ]"
    "    } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<5000\"] } }";

/* A colour is chosen: ESC [ 3x, 4x, 9x, also within a list. */
static bool has_colours(const char *at)
{
    for (at = strstr(at, "\033["); at != NULL; at = strstr(at + 2, "\033[")) {
        size_t n = strspn(at + 2, "0123456789;"), i;

        for (i = 0; at[2 + n] == 'm' && i + 1 < n; i++) {
            bool first = i == 0 || at[2 + i - 1] == ';';

            if (first && strchr("349", at[2 + i]) != NULL &&
                strchr("012345678", at[2 + i + 1]) != NULL) {
                return true;
            }
        }
    }
    return false;
}

/* What is seen at two sizes, and in a panel of each. */
static void figures_are_seen(struct pty *p)
{
    static const char *const words[] = {"steady", "RUNNING", "VUs",
                                        "req/s",  "p95",     "Alpha",
                                        "? help", "p95 <5s"};
    static const int sizes[][2] = {{120, 36}, {80, 24}};
    size_t i, k;

    for (k = 0; k < 2; k++) {
        pty_resize(p, sizes[k][0], sizes[k][1]);
        for (i = 0; i < sizeof words / sizeof words[0]; i++) {
            assert_true(pty_sees(p, words[i]));
        }
        pty_type(p, "?");
        assert_true(pty_sees(p, "back to the plan's own curve"));
        pty_type(p, "\033");
        assert_true(pty_loses(p, "back to the plan's own curve"));
    }
}

static void every_terminal_shows_the_run_and_is_given_back(void **state)
{
    static const char *const run[] = {"run", "./terms.json", NULL};
    static const struct {
        const char *env;
        bool colours, ascii;
    } rows[] = {
        {"TERM=xterm", true, false},  {"TERM=xterm-256color", true, false},
        {"TERM=screen", true, false}, {"TERM=screen-256color", true, false},
        {"TERM=tmux", true, false},   {"TERM=tmux-256color", true, false},
        {"TERM=linux", true, true},   {"TERM=vt100", false, false},
    };
    size_t i;

    (void)state;
    live_write(&kit, "terms.json", terms_plan);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *fault;
        struct pty p;

        kit.env[0] = rows[i].env;
        live_start(&kit, &p, 80, 24, run);
        figures_are_seen(&p);
        /* The summary behind it has colours of its own. */
        if (has_colours(buf_str(&p.raw)) != rows[i].colours ||
            pty_ascii(&p) != rows[i].ascii) {
            fail_msg("%s: colours %d, ASCII %d", rows[i].env,
                     has_colours(buf_str(&p.raw)), pty_ascii(&p));
        }
        kill(p.pid, SIGTERM);
        assert_int_equal(pty_exit(&p), 105);
        assert_true(pty_sees(&p, "GENERATOR"));
        if (!pty_restored(&p)) {
            fail_msg("%s is not as it was", rows[i].env);
        }
        fault = tape_fault(buf_str(&p.raw), p.raw.len, TAPE_SCREEN);
        if (fault != NULL) {
            fail_msg("%s: at %zu: %02x %02x %02x %02x", rows[i].env,
                     (size_t)(fault - buf_str(&p.raw)), (unsigned char)fault[0],
                     (unsigned char)fault[1], (unsigned char)fault[2],
                     (unsigned char)fault[3]);
        }
        pty_end(&p);
    }
}

/* Lines, without one escape sequence of the screen's. */
static void a_terminal_that_cannot_show_it_gets_lines(void **state)
{
    static const char *const run[] = {
        "run", "./terms.json", "-u", "1", "-i", "3", NULL};
    static const char *const names[] = {"TERM=dumb", "TERM=no-such-terminal"};
    size_t i;

    (void)state;
    live_write(&kit, "terms.json", terms_plan);
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct pty p;

        kit.env[0] = names[i];
        live_start(&kit, &p, 80, 24, run);
        assert_int_equal(pty_exit(&p), 0);
        assert_non_null(
            strstr(buf_str(&p.raw), "brunt: going on with plain lines"));
        assert_non_null(strstr(buf_str(&p.raw), "GENERATOR"));
        assert_null(strstr(buf_str(&p.raw), "\033[?1049h"));
        assert_null(strstr(buf_str(&p.raw), "\033[H"));
        assert_true(pty_restored(&p));
        pty_end(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_terminal_shows_the_run_and_is_given_back),
        cmocka_unit_test(a_terminal_that_cannot_show_it_gets_lines),
    };

    return cmocka_run_group_tests(tests, live_begin, live_end);
}
