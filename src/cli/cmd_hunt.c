/* SPDX-License-Identifier: MIT
 *
 * brunt hunt: finds the breaking point of what a plan, a URL or the built-in
 * plan asks. */
#include "config.h"

#include <stdio.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/dial_args.h"
#include "cli/load_plan.h"
#include "cli/session.h"
#include "run/hunt.h"

/* VUs that a rate may have, if --max-vus does not say it. */
#define HUNT_RATE_VUS 500

/* Options that make no sense together. */
static bool hunt_options(const struct cli_args *a)
{
    uint64_t start = a->set[OPTION_VUS] ? a->count[OPTION_VUS] : 1;

    if (a->set[OPTION_RATE] && a->set[OPTION_VUS]) {
        fputs("brunt hunt: -u is the first number of VUs, --rate the first "
              "rate: give one or the other\n",
              stderr);
        return false;
    }
    if (a->set[OPTION_MAX_VUS] && a->count[OPTION_MAX_VUS] < start) {
        fprintf(stderr,
                "brunt hunt: -u %llu is more than --max-vus %llu allows\n",
                (unsigned long long)start,
                (unsigned long long)a->count[OPTION_MAX_VUS]);
        return false;
    }
    return true;
}

/* Without one on latency there is nothing to be found. */
static bool hunt_has_limits(const struct hunt_config *c)
{
    const struct rules *r = &c->rules;
    size_t i = 0;

    if (hunt_limits(c) > 0) {
        return true;
    }
    while (i < r->n &&
           (r->list[i].percentile < 0 || r->list[i].percentile >= 100)) {
        i++;
    }
    if (i < r->n) {
        fprintf(stderr,
                "brunt hunt: no limit to hunt for: nothing that scenario '%s' "
                "asks has a sample of %s; mend what that threshold selects, "
                "or give --limit 500ms (of p95)\n",
                c->lineup->name, r->words[i].subject);
    } else {
        fputs("brunt hunt: no limit to hunt for: give --limit 500ms (of p95), "
              "or in the plan \"thresholds\": { \"http_req_duration\": "
              "[\"p(95)<500\"] }\n",
              stderr);
    }
    return false;
}

static bool hunt_choose(const struct cli_args *a, const char *scenario,
                        struct selection *s, struct hunt_config *c)
{
    struct err e = ERR_INIT;
    const struct lineup *chosen = plan_choose(s->plan, scenario, &e);
    struct plan_hunt h = {.rate = a->set[OPTION_RATE], .start = 1};

    if (h.rate) {
        h.start = (uint32_t)a->count[OPTION_RATE];
        h.max_vus = a->set[OPTION_MAX_VUS] ? (uint32_t)a->count[OPTION_MAX_VUS]
                                           : HUNT_RATE_VUS;
    } else if (a->set[OPTION_VUS]) {
        h.start = (uint32_t)a->count[OPTION_VUS];
    }
    s->lineup = chosen != NULL ? plan_hunted(chosen, &h, &e) : NULL;
    if (s->lineup == NULL) {
        print_err(&e);
        return false;
    }
    if (a->set[OPTION_LIMIT]) {
        plan_set_limit(s->plan, a->count[OPTION_LIMIT]);
    }
    rules_of(s->plan, &c->rules);
    c->plan = s->plan;
    c->lineup = s->lineup;
    c->start = h.start;
    c->max = h.rate ? 0 : (uint32_t)a->count[OPTION_MAX_VUS];
    c->quick = a->set[OPTION_QUICK];
    c->budget_us =
        a->set[OPTION_DURATION] ? a->count[OPTION_DURATION] : HUNT_BUDGET_US;
    return true;
}

int cmd_hunt(const struct cli_args *a)
{
    struct selection s = {NULL, NULL};
    struct hunt_config c = {.quick = false};
    const char *scenario = NULL;
    int code = EXIT_INVALID;

    if (hunt_options(a) && selection_plan(a, "hunt", &s, &scenario) &&
        dial_args(a, s.plan) && hunt_choose(a, scenario, &s, &c) &&
        hunt_has_limits(&c) && dial_check(s.plan) &&
        session_check_files(a, s.plan)) {
        code = session_hunt(a, s.plan, s.lineup, &c);
    }
    selection_clear(&s);
    return code;
}
