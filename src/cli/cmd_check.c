/* SPDX-License-Identifier: MIT
 *
 * brunt check: every mistake of a plan, with its line. */
#include "config.h"

#include <stdio.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/dial_args.h"
#include "cli/load_plan.h"

/* Requests as the plan has them: what a scenario has of its own is a copy. */
static size_t check_requests(const struct plan *p)
{
    size_t n = 0, i;

    for (i = 0; i < p->n_requests; i++) {
        n += p->requests[i]->lineup < 0;
    }
    return n;
}

/* "2 scenarios"; "6 scenarios in 1 choice" where an array runs together. */
static const char *check_scenarios(const struct plan *p, char *buf, size_t size)
{
    size_t n = 0, i;

    for (i = 0; i < p->n_lineups; i++) {
        n += p->lineups[i].n;
    }
    snprintf(buf, size, "%zu scenario%s", n, n == 1 ? "" : "s");
    if (n != p->n_lineups) {
        text_add(buf, size, " in %zu choice%s", p->n_lineups,
                 p->n_lineups == 1 ? "" : "s");
    }
    return buf;
}

int cmd_check(const struct cli_args *a)
{
    struct plan *plan;
    char name[128], file[256], scenarios[64];
    size_t requests;

    if (a->n_words != 1) {
        fputs("brunt check: expected one plan file\n", stderr);
        return EXIT_INVALID;
    }
    plan = load_plan(a->words[0], NULL, a, NULL);
    if (plan == NULL) {
        return EXIT_INVALID;
    }
    if (!dial_check(plan)) {
        plan_free(&plan);
        return EXIT_INVALID;
    }
    requests = check_requests(plan);
    text_safe(name, sizeof name, plan->name);
    text_safe(file, sizeof file, a->words[0]);
    printf("%s: valid: \"%s\", %s, %zu request%s, %zu check%s, "
           "%zu threshold%s\n",
           file, name, check_scenarios(plan, scenarios, sizeof scenarios),
           requests, requests == 1 ? "" : "s", plan->n_checks,
           plan->n_checks == 1 ? "" : "s", plan->n_thresholds,
           plan->n_thresholds == 1 ? "" : "s");
    plan_free(&plan);
    return EXIT_OK;
}
