/* SPDX-License-Identifier: MIT
 *
 * Whatever line comes over the control socket, it is refused with a reason or
 * comes to a command within bounds. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "base/must.h"
#include "remote/ask.h"

static void resolved(const struct ask *a)
{
    static struct scenario list[2];
    static struct lineup lineup = {.list = list, .n = 2};
    static struct run_info info;
    struct tick t = {.n_scenarios = 2};
    struct err e = ERR_INIT;
    struct command c;
    bool already;
    char names[2][8] = {"a", "b"};

    list[0].name = names[0];
    list[1].name = names[1];
    info.lineup = &lineup;
    t.scenarios[0].wanted = 4000000000u;
    t.scenarios[1].wanted = 7;
    if (!ask_command(a, &info, &t, &c, &already, &e)) {
        MUST(e.text[0] != '\0');
        return;
    }
    MUST(c.kind < COMMAND_COUNT && c.scenario <= 2);
    MUST(memchr(c.text, '\0', sizeof c.text) != NULL);
    (void)ask_raises(&c, &t);
}

int fuzz_one(const uint8_t *data, size_t n)
{
    struct err e = ERR_INIT;
    struct ask a;

    if (!ask_read((const char *)data, n, &a, &e)) {
        MUST(e.text[0] != '\0');
        MUST(memchr(e.text, '\n', strlen(e.text)) == NULL);
        return 0;
    }
    MUST(memchr(a.text, '\0', sizeof a.text) != NULL);
    if (a.kind == ASK_COMMAND) {
        MUST(a.command < COMMAND_COUNT);
        resolved(&a);
    }
    return 0;
}
