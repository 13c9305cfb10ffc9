/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <pthread.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "base/text.h"
#include "record/out_internal.h"
#include "measure/tap.h"
#include "support/sim.h"
#include "support/with_curl.h"

/* This exercises: what becomes of a run's seconds while a receiver hangs,
 * refuses, dies and comes back: how often it is tried, what is told of it, what
 * is counted. Waiting between tries takes no time here. */

#define TRIES_MAX 1000

enum { FAKE_PLAYED = 16 };

/* A receiver, and the time that passes between tries. */
struct fake {
    struct sim sim;
    struct out *out;
    struct out_time time;
    struct clk clk;
    bool remarks; /* of what was sent it says why, too */
    bool real_time;
    /* What it answers: played[i] to the i-th try, and then `after`. */
    struct out_reply played[FAKE_PLAYED];
    size_t n_played;
    struct out_reply after;
    /* Of the output's thread. */
    size_t points, requests, lasts, seconds, lost_each;
    const char *lost_why;
    int64_t unix_ms;
    /* Both threads', under lock. */
    pthread_mutex_t lock;
    pthread_cond_t bell;
    mono_us now;
    mono_us tried[TRIES_MAX];
    size_t tries, waits;
    bool hangs;         /* a try does not end */
    bool stopped;       /* but then */
    size_t holds_waits; /* the wait of that number does not end; 0 = none */
    bool open;          /* it was opened, and not closed */
};

static mono_us fake_now(void *ctx)
{
    struct fake *f = ctx;
    mono_us now;

    pthread_mutex_lock(&f->lock);
    now = f->now;
    pthread_mutex_unlock(&f->lock);
    return now;
}

static void fake_wait(void *ctx, uint64_t us)
{
    struct fake *f = ctx;

    pthread_mutex_lock(&f->lock);
    f->now += us;
    f->waits++;
    pthread_cond_broadcast(&f->bell);
    while (f->waits == f->holds_waits) {
        pthread_cond_wait(&f->bell, &f->lock);
    }
    pthread_mutex_unlock(&f->lock);
}

static void *fake_open(const struct out_config *c, struct err *e)
{
    struct fake *f = c->env_ctx;

    if (c->place == NULL) {
        err_set(e, ERR_SYNTAX, "no place");
        return NULL;
    }
    f->open = true;
    return f;
}

static const char *fake_where(const void *ctx)
{
    (void)ctx;
    return "no\nwhere";
}

static void fake_point(void *ctx, const struct point *p)
{
    struct fake *f = ctx;

    f->points++;
    if (p->metric == METRIC_HTTP_REQS) {
        f->requests += p->count;
    }
}

static size_t fake_encode(void *ctx, const struct out_second *s,
                          struct buf *payload, struct out_lost *lost)
{
    struct fake *f = ctx;
    size_t before = f->points;

    MUST(s->unix_ms > f->unix_ms);
    f->unix_ms = s->unix_ms;
    MUST(f->lasts == 0);
    f->lasts += s->last ? 1 : 0;
    f->seconds++;
    points_each(s->points, s->tick, fake_point, f);
    buf_addf(payload, "%zu points\n", f->points - before);
    out_lost_add(lost, f->lost_each, f->lost_why);
    return f->points - before;
}

static void fake_send(void *ctx, const struct buf *payload, struct out_reply *r)
{
    struct fake *f = ctx;

    MUST(payload->len > 0 && r->sent == OUT_SENT);
    pthread_mutex_lock(&f->lock);
    MUST(f->tries < TRIES_MAX);
    f->tried[f->tries] = f->now;
    *r = f->tries < f->n_played ? f->played[f->tries] : f->after;
    if (r->sent == OUT_SENT && !f->remarks) {
        r->why[0] = '\0';
    }
    f->tries++;
    pthread_cond_broadcast(&f->bell);
    while (f->hangs && !f->stopped) {
        pthread_cond_wait(&f->bell, &f->lock);
    }
    if (f->stopped) {
        *r = (struct out_reply){.sent = OUT_LATER, .why = "stopped"};
    }
    pthread_mutex_unlock(&f->lock);
}

static void fake_stop(void *ctx)
{
    struct fake *f = ctx;

    pthread_mutex_lock(&f->lock);
    f->stopped = true;
    pthread_cond_broadcast(&f->bell);
    pthread_mutex_unlock(&f->lock);
}

static void fake_close(void *ctx)
{
    struct fake *f = ctx;

    f->open = false;
}

static const struct out_kind fake_kind = {
    .name = "fake",
    .place = "PLACE",
    .help = "a receiver for tests",
    .open = fake_open,
    .where = fake_where,
    .encode = fake_encode,
    .send = fake_send,
    .stop = fake_stop,
    .close = fake_close,
};

static void fake_tap(void *ctx, const struct tick *t)
{
    struct fake *f = ctx;

    out_tick(f->out, t);
}

static void fake_begin(struct fake *f)
{
    struct out_config c = {
        .place = "somewhere",
        .env_ctx = f,
    };
    struct err e = ERR_INIT;

    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->bell, NULL);
    f->clk = (struct clk){fake_now, f};
    f->time = (struct out_time){&f->clk, fake_wait, f};
    sim_init(&f->sim, NULL, 7);
    c.info = &f->sim.info;
    c.time = f->real_time ? NULL : &f->time;
    f->out = out_new(&fake_kind, &c, &e);
    if (f->out == NULL) {
        fail_msg("%s", e.text);
    }
    f->sim.tap = fake_tap;
    f->sim.tap_ctx = f;
}

static void fake_clear(struct fake *f)
{
    out_free(&f->out);
    assert_false(f->open);
    pthread_mutex_destroy(&f->lock);
    pthread_cond_destroy(&f->bell);
    sim_clear(&f->sim);
}

/* What was measured up to now. */
static uint64_t measured(const struct fake *f)
{
    return ledger_summary(story_ledger(f->sim.story), -1, SPAN_RUN).requests;
}

/* All of the run was looked at, and each of its points is counted once. */
static struct output assert_all_counted(struct fake *f)
{
    struct output s;

    out_status(f->out, &s);
    assert_int_equal(f->requests, measured(f));
    assert_int_equal(s.points + s.dropped,
                     f->points + f->seconds * f->lost_each);
    return s;
}

static void answers(struct fake *f, enum out_sent sent, uint64_t wait_ms,
                    size_t n)
{
    while (n-- > 0) {
        f->played[f->n_played++] = (struct out_reply){
            .sent = sent, .wait_ms = wait_ms, .why = "it is down"};
    }
}

/* Seconds that end, one after the other. */
static void seconds(struct fake *f, unsigned n)
{
    while (n-- > 0) {
        sim_run(&f->sim, 1);
        out_settle(f->out);
    }
}

static void assert_no_news(struct fake *f)
{
    char text[700];

    if (out_news(f->out, text, sizeof text)) {
        fail_msg("%s", text);
    }
}

static void assert_next_news(struct fake *f, const char *expected)
{
    char text[700];

    assert_true(out_news(f->out, text, sizeof text));
    assert_string_equal(text, expected);
}

static void assert_news(struct fake *f, const char *expected)
{
    assert_next_news(f, expected);
    assert_no_news(f);
}

static void every_second_goes_once(void **state)
{
    struct fake f = {.n_played = 0};
    struct output s;

    (void)state;
    fake_begin(&f);
    seconds(&f, 12);
    out_status(f.out, &s);
    assert_int_equal(s.points, f.points);
    assert_true(f.tries >= 12);
    assert_int_equal(f.lasts, 0);
    sim_finish(&f.sim, 0);
    out_end(f.out);
    out_settle(f.out);
    assert_int_equal(f.lasts, 1);
    /* More ticks of a run that has ended are nobody's. */
    fake_tap(&f, &f.sim.tick);
    out_stop(f.out);
    assert_true(out_over(f.out));
    s = assert_all_counted(&f);
    assert_int_equal(s.points, f.points);
    assert_int_equal(s.dropped, 0);
    assert_int_equal(s.retries, 0);
    assert_int_equal(s.held_back, 0);
    assert_false(s.dead || s.behind);
    assert_string_equal(s.kind, "fake");
    assert_string_equal(s.where, "no\\nwhere");
    assert_string_equal(s.why, "");
    assert_no_news(&f);
    fake_clear(&f);
}

static void a_back_off_doubles_up_to_five_seconds(void **state)
{
    static const mono_us at_ms[] = {0,    250,   750,   1750, 3750,
                                    7750, 12750, 17750, 17750};
    struct fake f = {.n_played = 0};
    struct output s;
    size_t i;

    (void)state;
    answers(&f, OUT_LATER, 0, 7);
    fake_begin(&f);
    seconds(&f, 3);
    for (i = 0; i < sizeof at_ms / sizeof at_ms[0]; i++) {
        assert_int_equal(f.tried[i], at_ms[i] * 1000);
    }
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_int_equal(s.retries, 7);
    assert_int_equal(s.dropped, 0);
    assert_string_equal(s.why, "it is down");
    fake_clear(&f);
}

static void what_a_receiver_asks_for_is_kept(void **state)
{
    struct fake f = {.n_played = 0};

    (void)state;
    answers(&f, OUT_LATER, 7000, 1);
    answers(&f, OUT_LATER, 3600 * 1000, 1); /* up to a bound */
    answers(&f, OUT_LATER, 1, 1);
    fake_begin(&f);
    seconds(&f, 2);
    assert_int_equal(f.tried[1], 7000000);
    assert_int_equal(f.tried[2], 37000000);
    assert_int_equal(f.tried[3], 37001000);
    fake_clear(&f);
}

static void after_a_minute_a_second_is_given_up(void **state)
{
    struct fake f = {.after = {.sent = OUT_LATER, .why = "it is down"}};
    struct output s;

    (void)state;
    fake_begin(&f);
    sim_tick(&f.sim);
    sim_command(&f.sim, COMMAND_MARK, 0, "here"); /* ends a frame */
    sim_tick(&f.sim);
    out_settle(f.out);
    /* At 0, 0.25, 0.75, 1.75, 3.75, 7.75, every five seconds up to 57.75, and
     * at 60. */
    assert_int_equal(f.tries, 17);
    assert_int_equal(f.tried[15], 57750000);
    assert_int_equal(f.tried[16], 60000000);
    assert_int_equal(f.waits, 16);
    out_status(f.out, &s);
    assert_int_equal(s.points, 0);
    assert_int_equal(s.dropped, f.points);
    assert_int_equal(s.retries, 16);
    assert_true(s.behind);
    out_end(f.out);
    out_settle(f.out);
    /* The next is tried at once, and then as seldom as the last was. */
    assert_int_equal(f.tries, 30);
    assert_int_equal(f.tried[17], 60000000);
    assert_int_equal(f.tried[18], 65000000);
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_int_equal(s.points, 0);
    fake_clear(&f);
}

static void what_is_refused_is_dropped_and_the_next_goes(void **state)
{
    struct fake f = {.n_played = 0};
    struct output s;
    size_t first;

    (void)state;
    answers(&f, OUT_REFUSED, 0, 1);
    fake_begin(&f);
    sim_tick(&f.sim);
    sim_command(&f.sim, COMMAND_MARK, 0, "here");
    sim_tick(&f.sim);
    out_settle(f.out);
    first = f.points;
    assert_news(&f, "fake to no\\nwhere is refused: it is down; what is "
                    "refused is dropped, and counted");
    seconds(&f, 5);
    out_end(f.out);
    out_settle(f.out); /* what is stopped in the middle is dropped */
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_int_equal(s.dropped, first);
    assert_int_equal(s.retries, 0);
    assert_int_equal(f.tries, f.seconds);
    assert_no_news(&f);
    fake_clear(&f);
}

static void what_is_rejected_in_part_is_dropped_in_part(void **state)
{
    struct fake f = {
        .remarks = true,
        .after = {.sent = OUT_SENT, .rejected = 2, .why = "too old"}};
    struct output s;

    (void)state;
    fake_begin(&f);
    seconds(&f, 5);
    out_end(f.out);
    out_settle(f.out); /* what is stopped in the middle is dropped */
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_int_equal(s.dropped, 2 * f.seconds);
    assert_true(s.points > 0);
    assert_int_equal(s.retries, 0);
    assert_string_equal(s.why, "too old");
    assert_news(&f, "fake to no\\nwhere is refused: too old; what is refused "
                    "is dropped, and counted");
    assert_no_news(&f);
    fake_clear(&f);
}

static void refusals_are_told_once(void **state)
{
    struct fake f = {.after = {.sent = OUT_REFUSED, .why = "no"}};
    struct output s;

    (void)state;
    fake_begin(&f);
    seconds(&f, 2);
    assert_news(&f, "fake to no\\nwhere is refused: no; what is refused is "
                    "dropped, and counted");
    seconds(&f, 20);
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_int_equal(s.points, 0);
    assert_no_news(&f);
    fake_clear(&f);
}

static void one_that_is_dead_is_left_alone(void **state)
{
    struct fake f = {.n_played = 0};
    struct output s;

    (void)state;
    answers(&f, OUT_SENT, 0, 3);
    answers(&f, OUT_DEAD, 0, 1);
    fake_begin(&f);
    seconds(&f, 20);
    assert_int_equal(f.tries, 4);
    assert_news(&f, "fake to no\\nwhere ends here: it is down");
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_true(s.dead);
    assert_false(s.behind);
    assert_true(s.points > 0 && s.dropped > 0);
    fake_clear(&f);
}

/* Awaits the next wait between tries, which goes on until release. */
static void hold(struct fake *f)
{
    pthread_mutex_lock(&f->lock);
    while (f->waits < f->holds_waits) {
        pthread_cond_wait(&f->bell, &f->lock);
    }
    pthread_mutex_unlock(&f->lock);
}

/* That wait ends, and the one of this number, 0 = none, is the next that does
 * not. */
static void release_up_to(struct fake *f, enum out_sent after, size_t wait)
{
    pthread_mutex_lock(&f->lock);
    f->holds_waits = wait;
    f->after = (struct out_reply){.sent = after, .why = "it is down"};
    pthread_cond_broadcast(&f->bell);
    pthread_mutex_unlock(&f->lock);
}

static void release(struct fake *f, enum out_sent after)
{
    release_up_to(f, after, 0);
    out_settle(f->out);
}

static void trouble_is_told_once_and_so_is_its_end(void **state)
{
    struct fake f = {.holds_waits = 3};
    struct output s;

    (void)state;
    answers(&f, OUT_LATER, 0, 6);
    fake_begin(&f);
    sim_run(&f.sim, 3);
    hold(&f);
    assert_news(&f, "fake to no\\nwhere does not go: it is down; it is tried "
                    "again");
    out_status(f.out, &s);
    assert_true(s.behind);
    release(&f, OUT_SENT);
    assert_news(&f, "fake to no\\nwhere goes again");
    out_status(f.out, &s);
    assert_false(s.behind);
    /* What comes and goes within a minute is told no more. */
    release(&f, OUT_LATER);
    f.holds_waits = f.waits + 1;
    sim_run(&f.sim, 2);
    hold(&f);
    assert_no_news(&f);
    release(&f, OUT_SENT);
    assert_no_news(&f);
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_int_equal(s.dropped, 0);
    fake_clear(&f);
}

/* What is told last is so: of an outage that began within a minute of the last
 * word, too. */
static void one_that_comes_and_stays_down_is_told(void **state)
{
    struct fake f = {.holds_waits = 1};
    struct output s;

    (void)state;
    answers(&f, OUT_LATER, 0, 1);
    answers(&f, OUT_SENT, 0, 1);
    fake_begin(&f);
    sim_run(&f.sim, 3);
    hold(&f);
    assert_news(&f, "fake to no\\nwhere does not go: it is down; it is tried "
                    "again");
    release_up_to(&f, OUT_LATER, 2);
    hold(&f);
    assert_news(&f, "fake to no\\nwhere goes again");
    out_status(f.out, &s);
    assert_true(s.behind);
    release(&f, OUT_LATER); /* up to a minute after its first try */
    assert_true(f.now > 60 * US_PER_SEC);
    assert_news(&f, "fake to no\\nwhere does not go: it is down; it is tried "
                    "again");
    seconds(&f, 5); /* minutes */
    assert_no_news(&f);
    f.after.sent = OUT_SENT;
    seconds(&f, 2);
    assert_news(&f, "fake to no\\nwhere goes again");
    out_stop(f.out);
    s = assert_all_counted(&f);
    fake_clear(&f);
}

/* An outage between refusals is told, and so is the first refusal after it:
 * what is told last is so. */
static void a_refusal_after_an_outage_is_told_again(void **state)
{
    static const char refused[] = "fake to no\\nwhere is refused: it is down; "
                                  "what is refused is dropped, "
                                  "and counted";
    static const char down[] =
        "fake to no\\nwhere does not go: it is down; it is tried again";
    struct fake f = {.n_played = 0};

    (void)state;
    answers(&f, OUT_REFUSED, 0, 1);
    answers(&f, OUT_LATER, 0, 1);
    answers(&f, OUT_REFUSED, 0, 1);
    f.holds_waits = 1;
    fake_begin(&f);
    sim_run(&f.sim, 4);
    hold(&f);
    assert_next_news(&f, refused);
    assert_news(&f, down);
    release_up_to(&f, OUT_LATER, 2);
    hold(&f);
    assert_news(&f, refused);
    release(&f, OUT_REFUSED);
    assert_no_news(&f);
    fake_clear(&f);
}

/* What does not fit, with the reason: each reason once. */
static void what_is_left_out_says_why(void **state)
{
    static const char wide[] = "too wide: be brief",
                      many[] = "too many: do less";
    struct fake f = {.lost_each = 3, .lost_why = wide};
    struct output s;

    (void)state;
    fake_begin(&f);
    seconds(&f, 12);
    assert_news(&f, "fake to no\\nwhere leaves points out: too wide: be brief; "
                    "what is left out is counted as dropped");
    out_status(f.out, &s);
    assert_string_equal(s.why, wide);
    assert_int_equal(s.dropped, 3 * f.seconds);
    f.lost_why = many;
    seconds(&f, 5);
    assert_news(&f, "fake to no\\nwhere leaves points out: too many: do less; "
                    "what is left out is counted as dropped");
    f.lost_why = wide;
    seconds(&f, 5);
    assert_no_news(&f);
    /* Of one that cannot be reached that is said first. */
    f.after = (struct out_reply){.sent = OUT_LATER, .why = "it is down"};
    seconds(&f, 5);
    out_status(f.out, &s);
    assert_string_equal(s.why, "it is down");
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_true(s.dropped > 0);
    fake_clear(&f);
}

/* A kind, and a second of it that has no room. */
struct narrow {
    struct sim sim;
    struct points *points;
    const struct out_kind *kind;
    void *ctx;
    struct out_lost lost;
};

static void narrow_tick(void *ctx, const struct tick *t)
{
    struct narrow *w = ctx;
    struct out_second s = {.info = &w->sim.info,
                           .tick = t,
                           .points = w->points,
                           .unix_ms = 1 + (int64_t)(t->t_us / 1000),
                           .last = true};
    struct buf payload;

    buf_init(&payload, 10);
    assert_int_equal(w->kind->encode(w->ctx, &s, &payload, &w->lost), 0);
    buf_clear(&payload);
}

static void every_kind_says_what_does_not_fit(void **state)
{
    struct narrow w;
    struct out_config c = {.info = &w.sim.info};
    struct err e = ERR_INIT;
    size_t i;

    (void)state;
    for (i = 0; (w.kind = out_kind_at(i)) != NULL; i++) {
        sim_init(&w.sim, NULL, 1);
        w.points = points_new(&w.sim.info);
        w.lost = (struct out_lost){0, NULL};
        c.place = w.kind->file ? "/dev/null" : NULL;
        c.taps = w.kind->samples ? taps_new(clk_system()) : NULL;
        w.ctx = w.kind->open(&c, &e);
        if (w.ctx == NULL) {
            assert_int_equal(e.code, ERR_SUPPORT); /* its library is not here */
            e = (struct err)ERR_INIT;
        } else {
            w.sim.tap = narrow_tick;
            w.sim.tap_ctx = &w;
            sim_run(&w.sim, 1);
            if (w.lost.points == 0 || w.lost.why == NULL) {
                fail_msg("%s: %zu points left out", w.kind->name,
                         w.lost.points);
            }
            w.kind->close(w.ctx);
        }
        taps_free(&c.taps);
        points_free(&w.points);
        sim_clear(&w.sim);
    }
}

static void a_remark_of_what_was_sent_is_told(void **state)
{
    struct fake f = {.remarks = true};
    struct output s;

    (void)state;
    answers(&f, OUT_SENT, 0, 1);
    fake_begin(&f);
    seconds(&f, 3);
    assert_news(&f, "fake to no\\nwhere: it is down");
    assert_no_news(&f);
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_int_equal(s.dropped, 0);
    assert_string_equal(s.why, "");
    fake_clear(&f);
}

/* What follows the points is given up; they are not. */
static void what_has_arrived_is_counted_at_once(void **state)
{
    struct fake f = {.after = {.sent = OUT_LATER, .why = "it is down"}};
    struct output s;

    (void)state;
    f.after.arrived = true;
    fake_begin(&f);
    seconds(&f, 2);
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_true(s.points > 0 && s.retries > 0);
    assert_int_equal(s.dropped, 0);
    fake_clear(&f);
}

static void one_that_hangs_costs_no_more_than_grain(void **state)
{
    struct fake f = {.hangs = true};
    struct output s;

    (void)state;
    fake_begin(&f);
    sim_run(&f.sim, 100);
    sim_finish(&f.sim, 0);
    out_end(f.out);
    pthread_mutex_lock(&f.lock);
    assert_in_range(f.tries, 0, 1);
    f.hangs = false;
    pthread_cond_broadcast(&f.bell);
    pthread_mutex_unlock(&f.lock);
    out_settle(f.out);
    out_stop(f.out);
    /* One that hung, sixteen that waited, and the last. */
    assert_in_range(f.seconds, 2, 18);
    s = assert_all_counted(&f);
    assert_int_equal(s.dropped, 0);
    assert_true(s.held_back > 50);
    assert_int_equal(f.lasts, 1);
    fake_clear(&f);
}

static void one_that_hangs_for_ever_is_stopped(void **state)
{
    struct fake f = {.hangs = true};
    struct output s;

    (void)state;
    fake_begin(&f);
    sim_run(&f.sim, 40);
    out_end(f.out);
    pthread_mutex_lock(&f.lock);
    while (f.tries == 0) {
        pthread_cond_wait(&f.bell, &f.lock);
    }
    pthread_mutex_unlock(&f.lock);
    assert_false(out_over(f.out));
    out_stop(f.out);
    assert_true(out_over(f.out));
    s = assert_all_counted(&f);
    assert_int_equal(s.points, 0);
    assert_int_equal(f.tries, 1);
    /* It is no fault of the receiver's that it was stopped. */
    assert_string_equal(s.why, "it had not taken all when it was waited for no "
                               "longer");
    assert_no_news(&f);
    fake_clear(&f);
}

/* Here waiting takes its time, but for the end. */
static void a_stop_ends_the_wait_for_the_next_try(void **state)
{
    struct fake f = {
        .real_time = true,
        .after = {.sent = OUT_LATER, .wait_ms = 30000, .why = "come back"}};
    struct output s;

    (void)state;
    fake_begin(&f);
    sim_run(&f.sim, 5);
    pthread_mutex_lock(&f.lock);
    while (f.tries == 0) {
        pthread_cond_wait(&f.bell, &f.lock);
    }
    pthread_mutex_unlock(&f.lock);
    out_stop(f.out);
    s = assert_all_counted(&f);
    assert_int_equal(s.points, 0);
    assert_int_equal(f.tries, 1);
    assert_int_equal(s.retries, 0);
    fake_clear(&f);
}

static void one_that_cannot_be_opened_says_why(void **state)
{
    struct out_config c = {.place = NULL};
    struct sim sim;
    struct fake f = {.open = false};
    struct err e = ERR_INIT;

    (void)state;
    sim_init(&sim, NULL, 1);
    c.info = &sim.info;
    c.env_ctx = &f;
    assert_null(out_new(&fake_kind, &c, &e));
    assert_string_equal(e.text, "no place");
    sim_clear(&sim);
}

/* A stream of one kind, all of it. */
struct stream {
    struct sim sim;
    struct points *points;
    const struct out_kind *kind;
    void *ctx;
    struct buf payload;
};

static void stream_tick(void *ctx, const struct tick *t)
{
    struct stream *w = ctx;
    struct out_second s = {.info = &w->sim.info,
                           .tick = t,
                           .points = w->points,
                           .unix_ms = 1 + (int64_t)(t->t_us / 1000)};
    struct out_lost lost = {0, NULL};

    (void)w->kind->encode(w->ctx, &s, &w->payload, &lost);
    assert_int_equal(lost.points, 0);
}

/* What a second of this kind of file has of a request with an odd name. */
static void assert_named(const struct out_kind *kind, const char *there)
{
    static const char plan[] =
        "{\"flow\":[{\"get\":\"http://127.0.0.1/"
        "\",\"name\":\"a\\tb\\n\\\"c\\\"\"}],"
        "\"tags\":{\"own\":\"\\tfirst\"},\"scenarios\":{\"s\":{\"executor\":"
        "\"constant-vus\",\"vus\":2,\"duration\":\"9s\"}}}";
    struct stream w = {.kind = kind};
    struct out_config c = {.info = &w.sim.info, .place = "/dev/null"};
    struct err e = ERR_INIT;

    sim_init(&w.sim, plan, 1);
    w.points = points_new(&w.sim.info);
    buf_init(&w.payload, OUT_PAYLOAD_MAX);
    w.ctx = kind->open(&c, &e);
    assert_non_null(w.ctx);
    w.sim.tap = stream_tick;
    w.sim.tap_ctx = &w;
    sim_run(&w.sim, 2);
    if (strstr(buf_str(&w.payload), there) == NULL) {
        fail_msg("no %s in %.2000s", there, buf_str(&w.payload));
    }
    kind->close(w.ctx);
    buf_clear(&w.payload);
    points_free(&w.points);
    sim_clear(&w.sim);
}

/* As k6 has it, and as whoever reads either gets the same. */
static void names_are_themselves_in_json_and_csv(void **state)
{
    (void)state;
    assert_named(&out_kind_json, "\"name\":\"a\\tb\\n\\\"c\\\"\"");
    assert_named(&out_kind_csv, ",GET,\"a\tb\n\"\"c\"\"\",,");
    assert_named(&out_kind_csv, ",own=\tfirst,count=");
}

/* Names are told apart, and all that is needed is there. */
static void every_kind_is_whole(void **state)
{
    const struct out_kind *k;
    size_t i, j;

    (void)state;
    for (i = 0; (k = out_kind_at(i)) != NULL; i++) {
        assert_true(k->name[0] != '\0' && k->place[0] != '\0');
        assert_int_equal(k->file, strcmp(k->place, "FILE") == 0);
        assert_true(text_width(k->help) > 0);
        assert_true(k->open != NULL && k->where != NULL && k->encode != NULL &&
                    k->send != NULL && k->close != NULL);
        for (j = 0; j < i; j++) {
            assert_string_not_equal(k->name, out_kind_at(j)->name);
        }
    }
    assert_true(i > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_second_goes_once),
        cmocka_unit_test(a_back_off_doubles_up_to_five_seconds),
        cmocka_unit_test(what_a_receiver_asks_for_is_kept),
        cmocka_unit_test(after_a_minute_a_second_is_given_up),
        cmocka_unit_test(what_is_refused_is_dropped_and_the_next_goes),
        cmocka_unit_test(what_is_rejected_in_part_is_dropped_in_part),
        cmocka_unit_test(refusals_are_told_once),
        cmocka_unit_test(one_that_is_dead_is_left_alone),
        cmocka_unit_test(trouble_is_told_once_and_so_is_its_end),
        cmocka_unit_test(one_that_comes_and_stays_down_is_told),
        cmocka_unit_test(a_refusal_after_an_outage_is_told_again),
        cmocka_unit_test(what_is_left_out_says_why),
        cmocka_unit_test(every_kind_says_what_does_not_fit),
        cmocka_unit_test(a_remark_of_what_was_sent_is_told),
        cmocka_unit_test(what_has_arrived_is_counted_at_once),
        cmocka_unit_test(one_that_hangs_costs_no_more_than_grain),
        cmocka_unit_test(one_that_hangs_for_ever_is_stopped),
        cmocka_unit_test(a_stop_ends_the_wait_for_the_next_try),
        cmocka_unit_test(one_that_cannot_be_opened_says_why),
        cmocka_unit_test(names_are_themselves_in_json_and_csv),
        cmocka_unit_test(every_kind_is_whole),
    };

    return cmocka_run_group_tests(tests, curl_begin, curl_end);
}
