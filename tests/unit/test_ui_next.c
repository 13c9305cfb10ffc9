/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "screen/model.h"
#include "screen/ui.h"

/* This exercises: which keys make a command, and which ask first. */

struct table {
    struct curve_stage stages[3];
    struct curve curve;
    struct run_info info;
    struct model model;
    struct ui ui;
    int nexts;
};

static void table_post(void *ctx, const struct command *cmd)
{
    struct table *t = ctx;

    t->nexts += cmd->kind == COMMAND_NEXT_STAGE;
}

/* Three stages, the middle one without length. */
static void table_init(struct table *t)
{
    struct ui_config config = {.post = table_post, .post_ctx = t};

    *t = (struct table){
        .stages = {{.end_us = 10},
                   {.start_us = 10, .end_us = 10},
                   {.start_us = 10, .end_us = 20}},
        .curve = {.n = 3, .length_us = 20},
    };
    t->curve.stages = t->stages;
    t->info.curves = &t->curve;
    t->model.info = &t->info;
    t->model.any = true;
    t->model.tick.state = RUN_RUNNING;
    t->model.tick.n_scenarios = 1;
    t->model.tick.scenarios[0].state = SCENARIO_RUNNING;
    ui_init(&t->ui, &config);
}

static void next_on_the_last_stage_asks_before_it_ends_the_run(void **state)
{
    struct table t;

    (void)state;
    table_init(&t);
    t.model.tick.scenarios[0].stage = 2;
    ui_key(&t.ui, &t.model, '>', 1);
    assert_int_equal(t.nexts, 0);
    assert_int_equal(t.ui.prompt, PROMPT_QUIT);
}

static void next_held_down_asks_though_the_picture_lags(void **state)
{
    struct table t;

    (void)state;
    table_init(&t);
    ui_key(&t.ui, &t.model, '>', 1);
    assert_int_equal(t.ui.prompt, PROMPT_NONE);
    ui_key(&t.ui, &t.model, '>', 30000);
    assert_int_equal(t.nexts, 1);
    assert_int_equal(t.ui.prompt, PROMPT_QUIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_on_the_last_stage_asks_before_it_ends_the_run),
        cmocka_unit_test(next_held_down_asks_though_the_picture_lags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
