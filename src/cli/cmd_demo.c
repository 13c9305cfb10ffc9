/* SPDX-License-Identifier: MIT
 *
 * brunt demo: target and run in one process. */
#include "config.h"

#include <stdio.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load_plan.h"
#include "cli/model.h"
#include "cli/session.h"
#include "target/target.h"

/* The service that the demo's own plan is made for: 30 VUs are no load for it,
 * 220 break it, and it is well again some ten seconds after. */
#define DEMO_MODEL                                                             \
    "places=40,service_ms=60,queue=150,degrade=0.75,recovery_s=10"

/* The plan's own demo scenario, or with a name a scenario of the Vi plan. */
static bool demo_select(const struct cli_args *a, const char *base_url,
                        struct selection *s)
{
    const char *name = a->n_words > 0 ? a->words[0] : NULL;
    struct load_plan_extra extra = {"BASE_URL", base_url};

    s->plan = load_plan(NULL, name != NULL ? "vi" : "demo", a, &extra);
    return s->plan != NULL && selection_choose(a, name, s);
}

int cmd_demo(const struct cli_args *a)
{
    struct selection s = {NULL, NULL};
    struct target_options o;
    struct target *target = NULL;
    struct err e = ERR_INIT;
    int code = EXIT_INVALID;
    char url[64];

    if (a->n_words > 1) {
        fputs("brunt demo: takes at most a scenario\n", stderr);
        return EXIT_INVALID;
    }
    target_options_init(&o);
    if (!model_from_args(a, a->n_words == 0 ? DEMO_MODEL : "", &o.model)) {
        return EXIT_INVALID;
    }
    if (!target_start(&o, &target, &e)) {
        print_err(&e);
        return EXIT_INVALID;
    }
    snprintf(url, sizeof url, "http://127.0.0.1:%u", target_port(target));
    if (demo_select(a, url, &s) && session_check(a, s.plan, s.lineup)) {
        code = session_run(a, s.plan, s.lineup, true);
    }
    selection_clear(&s);
    target_stop(&target);
    return code;
}
