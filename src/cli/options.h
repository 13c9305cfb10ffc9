/* SPDX-License-Identifier: MIT
 *
 * options - the option table and what a command line made of it. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum opt_kind {
    OPT_FLAG,
    OPT_TEXT,
    OPT_FILE,
    OPT_LIST,
    OPT_COUNT,
    OPT_NUMBER,
    OPT_DURATION,
    OPT_SIZE,
};

enum opt_id {
#define OPT(id, name, shrt, kind, arg, lo, hi, commands, help) OPTION_##id,
#include "cli/options.def"
#undef OPT
    OPTION_TOTAL
};

struct opt {
    const char *name; /* without the dashes */
    char letter;      /* 0 = none */
    enum opt_kind kind;
    const char *argument; /* NULL for a flag */
    double lo, hi;        /* OPT_COUNT, OPT_NUMBER */
    const char *commands;
    const char *help;
};

const struct opt *opt_row(enum opt_id id);

/* A parsed command line. Strings are borrowed from argv. */
struct cli_args {
    bool set[OPTION_TOTAL];
    const char *text[OPTION_TOTAL];  /* TEXT, FILE: the last one given */
    uint64_t count[OPTION_TOTAL];    /* COUNT; DURATION in µs; SIZE
                                        in bytes */
    double number[OPTION_TOTAL];     /* NUMBER */
    const char **list[OPTION_TOTAL]; /* LIST, in order; arrays owned */
    size_t n_list[OPTION_TOTAL];
    char *k6_out; /* owned: what lists of --out are parts of; may be NULL */
    const char **words; /* what is no option, in order; array owned */
    size_t n_words;
};

/* Parses argv (the words behind the command's name) for the command of that
 * letter; options and words may be mixed, "--" ends options, "--name=value" and
 * "-uN" are understood. a needs cli_args_clear also on failure. */
bool opt_parse(char command, int argc, char *const *argv, struct cli_args *a,
               struct err *e) MUST_CHECK;
/* Adds value to those of an option of kind LIST; borrowed as argv is. */
void cli_args_add(struct cli_args *a, enum opt_id id, const char *value);
void cli_args_clear(struct cli_args *a);

#endif
