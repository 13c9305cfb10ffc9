/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "record/plan_save.h"
#include "support/sim.h"

/* This exercises: a run that was steered by the real steering, saved as a plan,
 * read again: its curve is the load that was asked for, second by second. */

enum { SECONDS_MAX = 400 };

struct world {
    struct sim sim;
    uint32_t wanted[SECONDS_MAX]; /* in the middle of each running second */
    unsigned n;
};

static void world_open(struct world *w, const char *plan)
{
    memset(w, 0, sizeof *w);
    sim_init(&w->sim, plan, 7);
}

static void go(struct world *w, unsigned seconds)
{
    while (seconds-- > 0) {
        unsigned i;

        for (i = 0; i < 10; i++) {
            sim_tick(&w->sim);
            if (i == 4) {
                w->wanted[w->n] = w->sim.tick.scenarios[0].wanted;
            }
        }
        w->n++;
    }
}

/* Saved and read again. */
static struct plan *saved(struct world *w, const char *path)
{
    struct plan_input in = {.file = path};
    struct plan_errors errors = {.n = 0};
    struct err e = ERR_INIT;
    char *text = plan_save_text(w->sim.story, path, &e);
    struct plan *p;

    if (text == NULL) {
        print_error("%s\n", e.text);
    }
    assert_non_null(text);
    p = plan_parse(text, strlen(text), &in, &errors);
    assert_non_null(p);
    free(text);
    return p;
}

static void check_curve(const struct world *w, const struct plan *p)
{
    const struct lineup *l = plan_choose(p, NULL, &(struct err)ERR_INIT);
    struct curve c;
    unsigned i;

    assert_non_null(l);
    curve_init(&c, &l->list[0], 1.0);
    for (i = 0; i < w->n; i++) {
        uint64_t t = i * UINT64_C(1000000) + 500000;
        uint32_t was = w->wanted[i], least = UINT32_MAX, most = 0;
        int k;

        /* A tick for each of its changes it may be early or late. */
        for (k = -3; k <= 3; k++) {
            uint32_t level = curve_at(&c, t + (uint64_t)(k * 100000));

            least = level < least ? level : least;
            most = level > most ? level : most;
        }
        if (was + 1 < least || was > most + 1) {
            print_error("second %u: %u to %u, was %u\n", i, least, most, was);
        }
        assert_true(was + 1 >= least && was <= most + 1);
    }
    assert_in_range(c.length_us, (w->n - 1) * UINT64_C(1000000),
                    (w->n + 1) * UINT64_C(1000000));
    curve_clear(&c);
}

static void what_was_steered_runs_again_without_a_hand(void **state)
{
    struct world w;
    struct plan *p;

    (void)state;
    world_open(&w, NULL);
    go(&w, 15);
    sim_command(&w.sim, COMMAND_SET_VUS, 63, "");
    go(&w, 10);
    sim_command(&w.sim, COMMAND_SPIKE, 0, "");
    go(&w, 15);
    sim_command(&w.sim, COMMAND_FOLLOW, 0, "");
    go(&w, 7);
    sim_command(&w.sim, COMMAND_HOLD, 0, "");
    go(&w, 6);
    sim_command(&w.sim, COMMAND_HOLD, 0, "");
    go(&w, 3);
    sim_command(&w.sim, COMMAND_JUMP_STAGE, 1, "");
    go(&w, 20);
    sim_command(&w.sim, COMMAND_NEXT_STAGE, 0, "");
    go(&w, 12);
    assert_true(track_steered(story_track(w.sim.story), 0));
    p = saved(&w, "x.json");
    check_curve(&w, p);
    assert_int_equal(
        plan_choose(p, NULL, &(struct err)ERR_INIT)->list[0].executor,
        EXECUTOR_RAMPING_VUS);
    plan_free(&p);
    sim_clear(&w.sim);
}

static void the_plan_s_own_curve_is_saved_as_it_was(void **state)
{
    struct world w;
    struct plan *p;

    (void)state;
    world_open(&w, NULL);
    go(&w, 80);
    assert_false(track_steered(story_track(w.sim.story), 0));
    p = saved(&w, "x.json");
    check_curve(&w, p);
    plan_free(&p);
    sim_clear(&w.sim);
}

static void a_pause_is_left_out(void **state)
{
    struct world w;
    struct plan *p;
    unsigned i;

    (void)state;
    world_open(&w, NULL);
    go(&w, 15);
    sim_command(&w.sim, COMMAND_PAUSE, 0, "");
    for (i = 0; i < 80; i++) {
        sim_tick(&w.sim);
    }
    sim_command(&w.sim, COMMAND_PAUSE, 0, "");
    go(&w, 20);
    p = saved(&w, "x.json");
    check_curve(&w, p);
    plan_free(&p);
    sim_clear(&w.sim);
}

static void a_rate_is_saved_as_a_rate(void **state)
{
    struct world w;
    struct plan *p;
    const struct scenario *s;

    (void)state;
    world_open(&w, sim_plan_arrivals);
    go(&w, 10);
    sim_command(&w.sim, COMMAND_SET_VUS, 40, "");
    go(&w, 10);
    p = saved(&w, "x.json");
    check_curve(&w, p);
    s = &plan_choose(p, NULL, &(struct err)ERR_INIT)->list[0];
    assert_int_equal(s->executor, EXECUTOR_RAMPING_ARRIVAL_RATE);
    assert_true(s->max_vus > 0);
    plan_free(&p);
    sim_clear(&w.sim);
}

/* Those that nobody touched stay as they are. */
static void of_several_only_what_was_steered_changes(void **state)
{
    struct world w;
    struct plan *p;
    const struct lineup *l;

    (void)state;
    world_open(&w, sim_plan_mixed);
    go(&w, 20);
    w.sim.steered = 1;
    sim_command(&w.sim, COMMAND_SET_VUS, 33, "");
    go(&w, 10);
    p = saved(&w, "x.json");
    check_curve(&w, p);
    l = plan_choose(p, NULL, &(struct err)ERR_INIT);
    assert_int_equal(l->list[1].executor, w.sim.info.lineup->list[1].executor);
    assert_int_equal(l->list[1].duration_us,
                     w.sim.info.lineup->list[1].duration_us);
    plan_free(&p);
    sim_clear(&w.sim);
}

static const char secret_plan[] =
    "{ \"name\": \"S\", \"env\": { \"KEY\": \"hunter2\", \"SCENARIO\": \"b\","
    "    \"BASE\": \"here\", \"LOGIN\": \"none\" },"
    "  \"secrets\": [\"KEY\"],"
    "  \"data\": { \"rows\": { \"file\": \"rows.csv\" } },"
    "  \"flow\": [ { \"post\": \"http://127.0.0.1:1/a\","
    "    \"json\": { \"file\": \"body.txt\", \"x\": \"${data.rows.x}\" },"
    "    \"headers\": { \"X-Key\": \"${KEY}\" } } ],"
    "  \"scenarios\": { \"a\": { \"executor\": \"constant-vus\", \"vus\": 5,"
    "    \"duration\": \"30s\", \"gracefulStop\": \"3s\" },"
    "  \"b\": { \"executor\": \"constant-vus\", \"vus\": 2,"
    "    \"duration\": \"1m\" } } }";

/* As -e does. */
static void set_env(const struct plan *p, const char *name, const char *value)
{
    size_t i;

    for (i = 0; i < p->n_env; i++) {
        if (strcmp(p->env[i].name, name) == 0) {
            free(p->env[i].value);
            p->env[i].value = xstrdup(value);
            return;
        }
    }
    fail();
}

/* Written beside nothing that was there, with its files and without secrets. */
static void files_are_found_and_secrets_are_not(void **state)
{
    char dir[] = "/tmp/brunt-save-XXXXXX", path[128], from[128], where[128];
    struct plan_input in = {.file = from};
    struct plan_errors errors = {.n = 0};
    struct err e = ERR_INIT;
    struct world w;
    struct plan *p;
    struct buf text;

    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/rows.csv", dir);
    assert_true(file_write(path, "x\n1\n", 4, &e));
    snprintf(from, sizeof from, "%s/plan.json", dir);
    assert_true(file_write(from, secret_plan, sizeof secret_plan - 1, &e));
    p = plan_load(from, &in, &errors);
    assert_non_null(p);
    plan_free(&p);

    memset(&w, 0, sizeof w);
    sim_init_file(&w.sim, from, 7);
    go(&w, 4);
    sim_command(&w.sim, COMMAND_SET_VUS, 9, "");
    go(&w, 4);
    set_env(w.sim.info.plan, "BASE", "there");
    set_env(w.sim.info.plan, "LOGIN", "me:hunter2");
    /* Elsewhere: in the folder of the test. */
    snprintf(path, sizeof path, "save-%d.json", (int)getpid());
    assert_true(plan_save(w.sim.story, path, where, sizeof where, &e));
    assert_string_equal(where, path);
    assert_false(plan_save(w.sim.story, path, where, sizeof where, &e));
    assert_non_null(strstr(e.text, "exists"));
    in.file = path;
    p = plan_load(path, &in, &errors);
    assert_non_null(p);
    assert_string_equal(plan_choose(p, NULL, &(struct err)ERR_INIT)->name, "a");
    assert_int_equal(
        plan_choose(p, NULL, &(struct err)ERR_INIT)->list[0].graceful_stop_us,
        3000000);
    plan_free(&p);
    buf_init(&text, 1 << 20);
    assert_true(file_read(path, &text, &e));
    assert_null(strstr(buf_str(&text), "hunter2"));
    assert_non_null(strstr(buf_str(&text), "\"there\""));
    assert_non_null(strstr(buf_str(&text), "\"none\""));
    assert_non_null(strstr(buf_str(&text), "\"body.txt\""));
    assert_non_null(strstr(buf_str(&text), "/rows.csv\""));
    buf_clear(&text);
    unlink(path);
    snprintf(path, sizeof path, "%s/rows.csv", dir);
    unlink(path);
    unlink(from);
    rmdir(dir);
    sim_clear(&w.sim);
}

static void a_name_is_found_where_none_is_given(void **state)
{
    char dir[] = "/tmp/brunt-save-XXXXXX", home[1024], where[256], again[256],
         link[64];
    struct err e = ERR_INIT;
    struct world w;
    struct buf text;

    (void)state;
    assert_non_null(getcwd(home, sizeof home));
    assert_non_null(mkdtemp(dir));
    assert_int_equal(chdir(dir), 0);
    world_open(&w, NULL);
    /* What failed leaves nothing behind. */
    w.sim.setup = true;
    sim_run(&w.sim, 2);
    assert_false(plan_save(w.sim.story, "", where, sizeof where, &e));
    assert_int_equal(access(where, F_OK), -1);
    e = (struct err)ERR_INIT;
    assert_false(plan_save(w.sim.story, "mine.json", where, sizeof where, &e));
    assert_int_equal(access("mine.json", F_OK), -1);
    w.sim.setup = false;
    e = (struct err)ERR_INIT;
    go(&w, 4);
    if (!plan_save(w.sim.story, "", where, sizeof where, &e)) {
        fail_msg("%s", e.text);
    }
    assert_true(plan_save(w.sim.story, "", again, sizeof again, &e));
    assert_string_not_equal(where, again);
    buf_init(&text, 1 << 20);
    assert_true(file_read(where, &text, &e));
    assert_non_null(strstr(buf_str(&text), "\"scenarios\""));
    /* A link that leads nowhere is a name that is taken, too. */
    assert_int_equal(symlink("elsewhere", "link.json"), 0);
    e = (struct err)ERR_INIT;
    assert_false(plan_save(w.sim.story, "link.json", link, sizeof link, &e));
    assert_non_null(strstr(e.text, "exists"));
    assert_int_equal(access("elsewhere", F_OK), -1);
    unlink("link.json");
    unlink(where);
    unlink(again);
    buf_clear(&text);
    sim_clear(&w.sim);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(dir), 0);
    assert_int_equal(chdir(home), 0);
}

static void before_anything_ran_there_is_nothing_to_save(void **state)
{
    struct err e = ERR_INIT;
    struct world w;

    (void)state;
    world_open(&w, NULL);
    w.sim.setup = true;
    sim_run(&w.sim, 2);
    assert_null(plan_save_text(w.sim.story, "x.json", &e));
    assert_string_equal(e.text, "nothing has been run yet");
    sim_clear(&w.sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_steered_runs_again_without_a_hand),
        cmocka_unit_test(the_plan_s_own_curve_is_saved_as_it_was),
        cmocka_unit_test(a_pause_is_left_out),
        cmocka_unit_test(a_rate_is_saved_as_a_rate),
        cmocka_unit_test(of_several_only_what_was_steered_changes),
        cmocka_unit_test(files_are_found_and_secrets_are_not),
        cmocka_unit_test(a_name_is_found_where_none_is_given),
        cmocka_unit_test(before_anything_ran_there_is_nothing_to_save),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
