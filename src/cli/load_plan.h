/* SPDX-License-Identifier: MIT
 *
 * load_plan - from the words of a command line to a plan and its scenario, with
 * every mistake printed. */
#ifndef CLI_LOAD_PLAN_H
#define CLI_LOAD_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "cli/options.h"
#include "plan/plan.h"

/* What a word of the command line is (contract, "WHAT"): with "://" a URL, with
 * '/' or ending in ".json" a file, else a scenario. */
enum word_kind { WORD_URL, WORD_FILE, WORD_SCENARIO };
enum word_kind word_kind_of(const char *word);

/* A setting that the program itself makes, weaker than the user's -e: demo's
 * BASE_URL. */
struct load_plan_extra {
    const char *name, *value; /* borrowed; name NULL = none */
};

/* The plan that file names (NULL = the built-in one of the given name), with
 * -e settings of a. NULL: mistakes were printed on standard error. Owned by the
 * caller. */
struct plan *load_plan(const char *file, const char *builtin,
                       const struct cli_args *a,
                       const struct load_plan_extra *extra) MUST_CHECK;

/* A run's plan and what of its menu runs. */
struct selection {
    struct plan *plan;     /* owned */
    struct lineup *lineup; /* owned */
};
/* Reads words and the options that shape a scenario. false: said why on
 * standard error. */
bool selection_make(const struct cli_args *a, struct selection *s) MUST_CHECK;
/* The plan of the words alone, of the command of that name; *scenario is the
 * word that names one, or NULL. */
bool selection_plan(const struct cli_args *a, const char *command,
                    struct selection *s, const char **scenario) MUST_CHECK;
/* Chooses name (NULL = the plan's own way) of s->plan and applies -u -d -s -i.
 */
bool selection_choose(const struct cli_args *a, const char *name,
                      struct selection *s) MUST_CHECK;
void selection_clear(struct selection *s);

/* Prints one mistake as "brunt: WHERE:LINE:COL: TEXT" on standard error. */
void print_err(const struct err *e);

struct baseline_run;
/* The earlier run of --baseline, read as a whole before this one begins; owned
 * by the caller, untouched without the option. false: what is wrong was printed
 * on standard error. */
bool load_baseline(const struct cli_args *a,
                   struct baseline_run **out) MUST_CHECK;

#endif
