/* SPDX-License-Identifier: MIT
 *
 * test_feeder - which row of a data file an iteration gets, over several
 * workers, and what happens when there are none left. */
#include "config.h"

#include "load/feeder.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "support/squad_world.h"

#define S US_PER_SEC

/* A folder with users.csv of so many rows, and a plan beside it. */
struct home {
    char folder[64];
    struct buf seen; /* "url " of each call */
};

static void home_write(const struct home *h, const char *name, const char *text)
{
    char path[128];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s", h->folder, name);
    f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int home_setup(void **state)
{
    struct home *h = xcalloc(1, sizeof *h);

    (void)snprintf(h->folder, sizeof h->folder, "/tmp/brunt-feeder-XXXXXX");
    assert_non_null(mkdtemp(h->folder));
    buf_init(&h->seen, 1u << 20);
    home_write(h, "users.csv", "name,n\nann,0\nbob,1\ncid,2\ndan,3\n");
    *state = h;
    return 0;
}

static int home_teardown(void **state)
{
    struct home *h = *state;
    char path[128];

    (void)snprintf(path, sizeof path, "%s/users.csv", h->folder);
    (void)unlink(path);
    (void)rmdir(h->folder);
    buf_clear(&h->seen);
    free(h);
    return 0;
}

static void home_answer(void *ctx, const struct fake_call *call,
                        struct fake_reply *reply)
{
    struct home *h = ctx;

    (void)reply;
    assert_true(buf_addf(&h->seen, "%s ", call->call->url + 9));
}

/* A world whose iterations ask for http://h/…; data is what stands behind
 * "file". */
static struct world *home_world(struct home *h, const char *data,
                                const char *flow, unsigned squads)
{
    char *plan = xasprintf(
        "{\"data\":{\"users\":{\"file\":\"%s/users.csv\"%s}},\"flow\":[%s],"
        "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\","
        "\"duration\":\"1h\"}}}",
        h->folder, data, flow);
    struct world *w = world_new(plan, squads, 1);

    free(plan);
    w->fake.answer = home_answer;
    w->fake.ctx = h;
    return w;
}

#define ASK "{\"get\":\"http://h/${data.users.name}\"}"
/* Twice in one iteration, and the VU. */
#define ASK_TWICE                                                              \
    "{\"get\":\"http://h/${data.users.name}${data.users.n}\"},"                \
    "{\"get\":\"http://h/${vu}${data.users.name}\"},{\"think\":\"1s\"}"

static void one_iteration_has_one_row(void **state)
{
    struct home *h = *state;
    struct world *w = home_world(h, "", ASK_TWICE, 1);

    world_vus(w, 2);
    world_pass(w, 3 * S - 1);
    /* Two VUs, three iterations each: in turn, and from the front again. */
    assert_string_equal(buf_str(&h->seen),
                        "ann0 bob1 1ann 2bob cid2 dan3 1cid 2dan "
                        "ann0 bob1 1ann 2bob ");
    world_free(&w);
}

static void unique_rows_end_the_vus_that_find_none(void **state)
{
    struct home *h = *state;
    struct world *w =
        home_world(h, ",\"pick\":\"unique\"", ASK ",{\"think\":\"1s\"}", 2);
    struct delta *d;
    char news[200];

    world_vus(w, 3);
    world_pass(w, 1);
    assert_false(world_state(w).exhausted);
    world_pass(w, 10 * S);
    assert_string_equal(buf_str(&h->seen), "ann bob cid dan ");
    assert_int_equal(world_active(w), 0);
    assert_true(world_state(w).exhausted);
    assert_int_equal(world_state(w).iterations_begun, 4);
    d = world_take(w);
    assert_int_equal(d->iterations, 4);
    assert_int_equal(delta_failed(d), 0);
    delta_free(&d);
    assert_true(feeder_news(w->feeder, news, sizeof news));
    assert_string_equal(news, "data 'users': all 4 rows are used: no iteration "
                              "begins any more");
    assert_false(feeder_news(w->feeder, news, sizeof news));
    /* Neither does anybody who comes later. */
    world_vus(w, 10);
    world_pass(w, 10 * S);
    assert_int_equal(w->fake.started, 4);
    world_free(&w);
}

static void unique_rows_may_begin_again(void **state)
{
    struct home *h = *state;
    struct world *w =
        home_world(h, ",\"pick\":\"unique\",\"whenDone\":\"wrap\"",
                   ASK ",{\"think\":\"1s\"}", 1);

    world_vus(w, 1);
    world_pass(w, 6 * S - 1);
    assert_string_equal(buf_str(&h->seen), "ann bob cid dan ann bob ");
    assert_false(world_state(w).exhausted);
    world_free(&w);
}

static void unique_rows_may_fail_when_there_are_none(void **state)
{
    struct home *h = *state;
    struct world *w =
        home_world(h, ",\"pick\":\"unique\",\"whenDone\":\"fail\"",
                   ASK ",{\"think\":\"1s\"}", 1);
    struct delta *d;

    world_vus(w, 1);
    world_pass(w, 6 * S - 1);
    assert_string_equal(buf_str(&h->seen), "ann bob cid dan ");
    d = world_take(w);
    assert_int_equal(delta_failures(d, FAILURE_UNRESOLVED), 2);
    assert_string_equal(delta_sample(d, FAILURE_UNRESOLVED)->message,
                        "'users' has no row left");
    delta_free(&d);
    assert_false(world_state(w).exhausted);
    world_free(&w);
}

static void a_vu_keeps_its_row_for_life(void **state)
{
    struct home *h = *state;
    struct world *w =
        home_world(h, ",\"pick\":\"vu\"", ASK ",{\"think\":\"1s\"}", 2);
    char news[200];

    world_vus(w, 2);
    world_pass(w, 2 * S - 1);
    assert_string_equal(buf_str(&h->seen), "ann bob ann bob ");
    buf_reset(&h->seen);
    world_vus(w, 0);
    world_pass(w, 5 * S);
    world_vus(w, 6);
    world_pass(w, S - 1);
    /* VUs 5 and 6 have none, and do not run; the others do. */
    assert_int_equal(world_active(w), 4);
    assert_int_equal(w->fake.started, 8);
    assert_non_null(strstr(buf_str(&h->seen), "ann"));
    assert_non_null(strstr(buf_str(&h->seen), "dan"));
    assert_false(world_state(w).exhausted);
    assert_true(feeder_news(w->feeder, news, sizeof news));
    assert_string_equal(news, "data 'users': 4 rows for as many VUs: those "
                              "beyond them do not run");
    world_free(&w);
}

static void random_rows_repeat_with_the_seed(void **state)
{
    struct home *h = *state;
    char *first = NULL;

    for (int i = 0; i < 2; i++) {
        struct world *w =
            home_world(h, ",\"pick\":\"random\"", ASK ",{\"think\":\"1s\"}", 1);

        buf_reset(&h->seen);
        world_vus(w, 1);
        world_pass(w, 100 * S);
        world_free(&w);
        if (i == 0) {
            first = xstrdup(buf_str(&h->seen));
        }
    }
    assert_string_equal(buf_str(&h->seen), first);
    assert_non_null(strstr(first, "ann"));
    assert_non_null(strstr(first, "bob"));
    assert_non_null(strstr(first, "cid"));
    assert_non_null(strstr(first, "dan"));
    free(first);
}

static void only_a_flow_that_uses_a_file_takes_rows(void **state)
{
    struct home *h = *state;
    struct world *w =
        home_world(h, ",\"pick\":\"unique\"",
                   "{\"get\":\"http://h/x\"},{\"think\":\"1s\"}", 1);

    assert_int_equal(w->plan->flows[0].n_data, 0);
    world_vus(w, 1);
    world_pass(w, 10 * S - 1);
    assert_int_equal(w->fake.started, 10);
    world_free(&w);
}

/* Many threads draw from one counter: each row comes out once. */
#define THREADS 4
#define ROWS    20000

struct drawer {
    struct feeder *f;
    const struct plan *plan;
    unsigned *times; /* by row */
    unsigned got;
};

static void *draw(void *arg)
{
    struct drawer *d = arg;
    struct rng rng;
    uint32_t row = 0;

    rng_seed(&rng, 1, 1);
    while (feeder_take(d->f, &d->plan->flows[0], 1, &rng, &row)) {
        __atomic_fetch_add(&d->times[row], 1, __ATOMIC_RELAXED);
        d->got++;
    }
    return NULL;
}

static void threads_never_get_the_same_row(void **state)
{
    struct home *h = *state;
    struct drawer drawers[THREADS];
    pthread_t threads[THREADS];
    unsigned *times = xcalloc(ROWS, sizeof *times);
    struct world *w;
    struct buf text;
    unsigned sum = 0;

    buf_init(&text, 1u << 20);
    (void)buf_adds(&text, "name,n\n");
    for (int i = 0; i < ROWS; i++) {
        (void)buf_addf(&text, "u%d,%d\n", i, i);
    }
    home_write(h, "users.csv", buf_str(&text));
    buf_clear(&text);
    w = home_world(h, ",\"pick\":\"unique\"", ASK, 1);
    for (int i = 0; i < THREADS; i++) {
        drawers[i] = (struct drawer){w->feeder, w->plan, times, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, draw, &drawers[i]),
                         0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        sum += drawers[i].got;
    }
    assert_int_equal(sum, ROWS);
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(times[i], 1);
    }
    free(times);
    world_free(&w);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, home_setup, home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_iteration_has_one_row),
        TEST(unique_rows_end_the_vus_that_find_none),
        TEST(unique_rows_may_begin_again),
        TEST(unique_rows_may_fail_when_there_are_none),
        TEST(a_vu_keeps_its_row_for_life),
        TEST(random_rows_repeat_with_the_seed),
        TEST(only_a_flow_that_uses_a_file_takes_rows),
        TEST(threads_never_get_the_same_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
