/* SPDX-License-Identifier: MIT
 *
 * ask - one line of the control socket: a JSON object that says what is asked
 * for. Whoever may write it, what does not fit is refused by name. Pure.
 *
 *   {"do":"vus","number":80}             a command of run/command.def
 *   {"do":"vus","text":"+20"}            or "x2", "-5", "80"
 *   {"do":"mark","text":"deploy 42"}
 *   {"do":"hold","text":"on"}            "on" or "off"; without it the other
 *   {"do":"status"} {"do":"watch"} {"do":"attach","steer":true}
 *
 * Besides: "id", a whole number given back in the answer; "scenario", the name
 * of the one that is meant, of several; "confirm": true, for more load on a
 * host that is not this machine. */
#ifndef REMOTE_ASK_H
#define REMOTE_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "run/command.h"
#include "run/tick.h"

#define ASK_LINE_MAX 4096u /* bytes of a line, without its end */

enum ask_kind { ASK_COMMAND, ASK_STATUS, ASK_WATCH, ASK_ATTACH };

struct ask {
    enum ask_kind kind;
    enum command_kind command; /* ASK_COMMAND */
    bool has_number;
    int64_t number;
    char text[256];     /* "" = none */
    char scenario[128]; /* "" = none */
    bool steer;         /* ASK_ATTACH */
    bool confirm;
    bool has_id;
    int64_t id;
};

/* n bytes without a line feed. a has its id also on failure, where that could
 * be read. */
bool ask_read(const char *line, size_t n, struct ask *a,
              struct err *e) MUST_CHECK;

/* The command that an ask comes to as things stand: t is the newest tick. by
 * and ticket are the caller's to fill. already: it is so, and nothing is to be
 * done. */
bool ask_command(const struct ask *a, const struct run_info *info,
                 const struct tick *t, struct command *out, bool *already,
                 struct err *e) MUST_CHECK;
/* Would it raise the load? What a person is asked about where the load goes to
 * another machine. */
bool ask_raises(const struct command *c, const struct tick *t);

#endif
