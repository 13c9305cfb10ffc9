/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "record/recording.h"
#include "record/recording_in.h"
#include "record/recording_internal.h"
#include "record/results.h"
#include "support/sim.h"

/* This exercises: a recording whose disk hangs. The run goes on, what waits is
 * bounded, the seconds that are put together are counted, and what is read
 * afterwards has every figure of the run. The disk is this file's. */

/* Those of the first two seconds, of which the first tick is one, may be at the
 * disk; sixteen wait, and the last is always taken. */
#define FRAMES_AT_MOST 20
/* Longer than a recording can take to notice; a run that is held up would
 * never end. */
#define PATIENCE_S 60

static struct {
    pthread_mutex_t lock;
    pthread_cond_t bell;
    bool hangs;
    int fails; /* with this error; 0 = it does not */
    unsigned asked;
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER, .bell = PTHREAD_COND_INITIALIZER};

/* The linker takes this one before libc's: what a recording writes is on its
 * disk once this has returned. */
int fdatasync(int fd)
{
    int error;

    (void)fd;
    pthread_mutex_lock(&disk.lock);
    disk.asked++;
    pthread_cond_broadcast(&disk.bell);
    while (disk.hangs) {
        pthread_cond_wait(&disk.bell, &disk.lock);
    }
    error = disk.fails;
    pthread_mutex_unlock(&disk.lock);
    errno = error;
    return error != 0 ? -1 : 0;
}

static void disk_set(bool hangs, int fails)
{
    pthread_mutex_lock(&disk.lock);
    disk.hangs = hangs;
    disk.fails = fails;
    disk.asked = 0;
    pthread_cond_broadcast(&disk.bell);
    pthread_mutex_unlock(&disk.lock);
}

/* Until something is at the disk. */
static void disk_await(void)
{
    pthread_mutex_lock(&disk.lock);
    while (disk.asked == 0) {
        pthread_cond_wait(&disk.bell, &disk.lock);
    }
    pthread_mutex_unlock(&disk.lock);
}

struct slow {
    struct sim sim;
    struct recording *recording;
    char folder[64], path[128];
};

static void slow_tick(void *ctx, const struct tick *t)
{
    struct slow *x = ctx;

    recording_tick(x->recording, t);
}

static void slow_init(struct slow *x, const char *plan)
{
    struct recording_config c = {.path = x->path};
    struct err e = ERR_INIT;

    memset(x, 0, sizeof *x);
    snprintf(x->folder, sizeof x->folder, "/tmp/brunt-slow-XXXXXX");
    assert_non_null(mkdtemp(x->folder));
    snprintf(x->path, sizeof x->path, "%s/a.brunt", x->folder);
    sim_init(&x->sim, plan, 7);
    c.info = &x->sim.info;
    if (!recording_begin(&c, &x->recording, &e)) {
        fail_msg("%s", e.text);
    }
    x->sim.tap = slow_tick;
    x->sim.tap_ctx = x;
}

static void slow_end(struct slow *x)
{
    struct recording_sum sum = {.frames = 0};

    recording_sum_of(x->sim.story, &sum);
    recording_end(x->recording, &sum);
}

static void slow_clear(struct slow *x)
{
    assert_null(x->recording);
    unlink(x->path);
    assert_int_equal(rmdir(x->folder), 0);
    sim_clear(&x->sim);
}

/* What is read: its story, and how long its frames are at most. */
struct slow_read {
    struct recording_in *file;
    struct story *story;
    struct recording_sum sum;
    size_t frames;
    uint64_t longest_us, newest_us; /* of all, and of the last but one */
};

static void slow_read(struct slow_read *r, const struct slow *x)
{
    struct err e = ERR_INIT;
    struct tick_read t;
    uint64_t dt_us = 0;
    int got;

    *r = (struct slow_read){.frames = 0};
    r->file = recording_open(x->path, &e);
    if (r->file == NULL) {
        fail_msg("%s", e.text);
    }
    assert_non_null(recording_sum(r->file));
    r->sum = *recording_sum(r->file);
    r->story = story_new(recording_info(r->file));
    while ((got = recording_next(r->file, &t, &e)) == 1) {
        r->frames++;
        r->newest_us = dt_us;
        dt_us = t.tick.dt_us;
        r->longest_us = dt_us > r->longest_us ? dt_us : r->longest_us;
        story_feed(r->story, &t.tick);
        tick_read_clear(&t);
    }
    assert_int_equal(got, 0);
    assert_int_equal(r->sum.frames, r->frames);
    assert_int_equal(r->sum.lost, 0);
}

static void slow_read_clear(struct slow_read *r)
{
    story_free(&r->story);
    recording_shut(&r->file);
}

/* Without the series of requests, whose grain it is. */
static cJSON *slow_results(struct story *s)
{
    char *text = results_text(s);
    cJSON *all = cJSON_Parse(text), *x;

    assert_non_null(all);
    free(text);
    cJSON_ArrayForEach(x, cJSON_GetObjectItemCaseSensitive(all, "endpoints"))
    {
        assert_true(cJSON_HasObjectItem(x, "series"));
        cJSON_DeleteItemFromObjectCaseSensitive(x, "series");
    }
    return all;
}

/* All of the whole run that has no grain. */
static void assert_same_sums(struct story *a, struct story *b)
{
    static const char *const parts[] = {"duration_s", "outcome",    "metrics",
                                        "endpoints",  "thresholds", "checks",
                                        "errors",     "histograms", "events"};
    cJSON *x = slow_results(a), *y = slow_results(b);
    size_t i;

    for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const cJSON *p = cJSON_GetObjectItemCaseSensitive(x, parts[i]);
        const cJSON *q = cJSON_GetObjectItemCaseSensitive(y, parts[i]);

        assert_non_null(p);
        if (!cJSON_Compare(p, q, true)) {
            char *here = cJSON_PrintUnformatted(p);
            char *there = cJSON_PrintUnformatted(q);

            fprintf(stderr, "%s: %.400s\nnot %.400s\n", parts[i], here, there);
            free(here);
            free(there);
            fail();
        }
    }
    cJSON_Delete(x);
    cJSON_Delete(y);
}

/* Ninety seconds, of which nothing but the first two reach the disk. */
static void slow_run(struct slow *x)
{
    disk_set(true, 0);
    alarm(PATIENCE_S);
    sim_run(&x->sim, 2);
    disk_await();
    sim_run(&x->sim, 10);
    assert_int_equal(recording_held_back(x->recording), 0);
    sim_command(&x->sim, COMMAND_MARK, 0, "before");
    sim_run(&x->sim, 40);
    sim_command(&x->sim, COMMAND_SET_VUS, 63, "");
    sim_command(&x->sim, COMMAND_MARK, 0, "deploy 42");
    x->sim.limits = true;
    sim_run(&x->sim, 20);
    sim_command(&x->sim, COMMAND_PAUSE, 0, "");
    sim_run(&x->sim, 3);
    sim_command(&x->sim, COMMAND_PAUSE, 0, "");
    sim_run(&x->sim, 15);
    alarm(0);
    assert_in_range(recording_held_back(x->recording), 50, 90);
}

static void a_disk_that_hangs_costs_grain_and_no_figure(void **state)
{
    struct slow x;
    struct slow_read r;
    struct err e = ERR_INIT;
    uint64_t held;

    (void)state;
    slow_init(&x, NULL);
    slow_run(&x);
    sim_finish(&x.sim, 99);
    assert_false(recording_stopped(x.recording, &e)); /* it is but slow */
    slow_end(&x);
    held = recording_held_back(x.recording);
    disk_set(false, 0);
    assert_true(recording_close(&x.recording, &e));
    slow_read(&r, &x);
    assert_int_equal(r.sum.held_back, held);
    assert_in_range(r.frames, 2, FRAMES_AT_MOST);
    assert_true(r.longest_us > 50 * US_PER_SEC);
    assert_same_sums(x.sim.story, r.story);
    slow_read_clear(&r);
    slow_clear(&x);
}

static void once_it_goes_again_seconds_are_seconds(void **state)
{
    struct slow x;
    struct slow_read r;
    struct err e = ERR_INIT;
    uint64_t held;

    (void)state;
    slow_init(&x, sim_plan_soak);
    disk_set(true, 0);
    alarm(PATIENCE_S);
    sim_run(&x.sim, 2);
    disk_await();
    sim_run(&x.sim, 38);
    held = recording_held_back(x.recording);
    assert_in_range(held, 15, 30);
    disk_set(false, 0);
    recording_settle(x.recording);
    sim_run(&x.sim, 10); /* the first ends what was put together */
    assert_int_equal(recording_held_back(x.recording), held);
    recording_settle(x.recording);
    sim_run(&x.sim, 10);
    alarm(0);
    assert_int_equal(recording_held_back(x.recording), held);
    sim_finish(&x.sim, 0);
    slow_end(&x);
    assert_true(recording_close(&x.recording, &e));
    slow_read(&r, &x);
    assert_int_equal(r.sum.held_back, held);
    assert_in_range(r.newest_us, 1, US_PER_SEC);
    assert_same_sums(x.sim.story, r.story);
    slow_read_clear(&r);
    slow_clear(&x);
}

/* A tick is no larger for what was put together in it than its series and
 * distributions make it. */
static void what_waits_does_not_grow_with_the_time_that_it_waits(void **state)
{
    const unsigned minutes[] = {2, 15};
    off_t bytes[2];
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        struct slow x;
        struct err e = ERR_INIT;
        struct stat st;

        slow_init(&x, sim_plan_soak);
        disk_set(true, 0);
        alarm(PATIENCE_S);
        sim_run(&x.sim, 2);
        disk_await();
        sim_run(&x.sim, minutes[i] * 60);
        alarm(0);
        slow_end(&x);
        disk_set(false, 0);
        assert_true(recording_close(&x.recording, &e));
        assert_int_equal(stat(x.path, &st), 0);
        bytes[i] = st.st_size;
        slow_clear(&x);
    }
    assert_true(bytes[1] < 2 * bytes[0]);
}

/* Gone while it hung. */
static void what_waited_for_a_disk_that_fails_is_let_go(void **state)
{
    struct slow x;
    struct recording_in *r;
    struct err e = ERR_INIT;
    struct tick_read t;
    int got;

    (void)state;
    slow_init(&x, NULL);
    slow_run(&x);
    disk_set(false, EIO);
    recording_settle(x.recording);
    assert_true(recording_stopped(x.recording, &e));
    assert_non_null(strstr(e.text, "cannot be written any more: "));
    assert_non_null(strstr(e.text, strerror(EIO)));
    assert_false(recording_stopped(x.recording, &e)); /* once */
    sim_run(&x.sim, 5);
    sim_finish(&x.sim, 0);
    slow_end(&x);
    assert_true(recording_close(&x.recording, &e));
    disk_set(false, 0);
    e = (struct err)ERR_INIT;
    r = recording_open(x.path, &e);
    assert_non_null(r);
    assert_null(recording_sum(r));
    while ((got = recording_next(r, &t, &e)) == 1) {
        tick_read_clear(&t);
    }
    assert_int_equal(got, -1);
    if (strstr(e.text, "cut off after 0:0") == NULL) {
        fail_msg("%s", e.text);
    }
    recording_shut(&r);
    slow_clear(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_that_hangs_costs_grain_and_no_figure),
        cmocka_unit_test(once_it_goes_again_seconds_are_seconds),
        cmocka_unit_test(what_waits_does_not_grow_with_the_time_that_it_waits),
        cmocka_unit_test(what_waited_for_a_disk_that_fails_is_let_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
