/* SPDX-License-Identifier: MIT
 *
 * command - one way back: everything that changes a run while it runs. */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

enum command_kind {
#define COMMAND(id, name, argument, help) COMMAND_##id,
#include "run/command.def"
#undef COMMAND
    COMMAND_COUNT
};

enum command_argument { ARGUMENT_NONE, ARGUMENT_NUMBER, ARGUMENT_TEXT };

struct command {
    enum command_kind kind;
    unsigned scenario; /* whose load it is for: of the lineup, from 1; 0 = the
                          only one that runs. Hold, pause and the end are the
                          run's. */
    int64_t number;
    char text[256];  /* a mark's word, a file's path; any bytes */
    char by[48];     /* "keyboard", "plan", "signal", "socket USER PID" */
    uint32_t ticket; /* given back by the event that answers it; 0 = none */
};

const char *command_name(enum command_kind k);
const char *command_help(enum command_kind k);
/* The command of that name; false: there is none. */
bool command_find(const char *name, enum command_kind *k);
/* Which of number and text it reads. */
enum command_argument command_argument(enum command_kind k);

#endif
