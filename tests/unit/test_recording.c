/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "run/frame.h"
#include "record/baseline.h"
#include "record/info_code.h"
#include "record/recording.h"
#include "record/recording_in.h"
#include "record/recording_internal.h"
#include "record/recording_scan.h"
#include "record/results.h"
#include "support/picture.h"
#include "support/recording_mend.h"
#include "support/sim.h"

/* This exercises: a run that is recorded is the same when it is read again, to
 * the digit; whatever is missing of the file or wrong in it, what comes before
 * is read, and what is said names the place. */

#define ROOM (64u << 20)

struct taped {
    struct sim sim;
    struct recording *recording;
    char folder[64], path[128];
    bool hurried; /* nobody waits for the disk */
};

static void taped_tick(void *ctx, const struct tick *t)
{
    struct taped *x = ctx;

    recording_tick(x->recording, t);
    if (!x->hurried) {
        recording_settle(x->recording);
    }
}

static void taped_init(struct taped *x, const char *plan)
{
    struct recording_config c = {.path = x->path};
    struct err e = ERR_INIT;

    memset(x, 0, sizeof *x);
    snprintf(x->folder, sizeof x->folder, "/tmp/brunt-rec-XXXXXX");
    assert_non_null(mkdtemp(x->folder));
    snprintf(x->path, sizeof x->path, "%s/a.brunt", x->folder);
    sim_init(&x->sim, plan, 7);
    c.info = &x->sim.info;
    if (!recording_begin(&c, &x->recording, &e)) {
        fail_msg("%s", e.text);
    }
    x->sim.tap = taped_tick;
    x->sim.tap_ctx = x;
}

static void taped_end(struct taped *x)
{
    struct recording_sum sum = {.frames = 0};

    recording_sum_of(x->sim.story, &sum);
    recording_end(x->recording, &sum);
    assert_true(recording_close(&x->recording, NULL));
}

static void taped_clear(struct taped *x)
{
    assert_true(recording_close(&x->recording, NULL));
    unlink(x->path);
    assert_int_equal(rmdir(x->folder), 0);
    sim_clear(&x->sim);
}

/* All of it into a story of its own; what recording_next said last. */
static int play(struct recording_in *r, struct story *s, size_t *n,
                struct err *e)
{
    struct tick_read t;
    int got;

    *n = 0;
    while ((got = recording_next(r, &t, e)) == 1) {
        story_feed(s, &t.tick);
        tick_read_clear(&t);
        ++*n;
    }
    return got;
}

static struct recording_in *opened(const char *path)
{
    struct err e = ERR_INIT;
    struct recording_in *r = recording_open(path, &e);

    if (r == NULL) {
        fail_msg("%s: %s", e.where, e.text);
    }
    return r;
}

static void assert_same_pictures(struct story *a, struct story *b, bool done)
{
    static const enum ui_panel panels[] = {PANEL_NONE,     PANEL_ERRORS,
                                           PANEL_LOG,      PANEL_THRESHOLDS,
                                           PANEL_REQUESTS, PANEL_STAGES};
    size_t i;

    for (i = 0; i < sizeof panels / sizeof panels[0]; i++) {
        struct buf here, there;

        buf_init(&here, ROOM);
        buf_init(&there, ROOM);
        picture(a, 120, 36, done, panels[i], &here);
        picture(b, 120, 36, done, panels[i], &there);
        if (!same_text(buf_str(&here), buf_str(&there))) {
            fprintf(stderr, "%s\nand of the recording\n%s", buf_str(&here),
                    buf_str(&there));
            fail();
        }
        buf_clear(&here);
        buf_clear(&there);
    }
}

static void steered(struct sim *s)
{
    sim_run(s, 25);
    sim_command(s, COMMAND_SET_VUS, 63, "");
    sim_run(s, 14);
    sim_command(s, COMMAND_MARK, 0, "deploy 42");
    s->limits = true;
    sim_run(s, 6);
    sim_command(s, COMMAND_PAUSE, 0, "");
    sim_run(s, 3);
    sim_command(s, COMMAND_PAUSE, 0, "");
    sim_run(s, 12);
}

static void a_run_is_read_as_it_was(void **state)
{
    const char *const plans[] = {NULL, sim_plan_mixed, sim_plan_arrivals,
                                 sim_plan_returns};
    size_t i, n, again;

    (void)state;
    for (i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        struct taped x;
        struct recording_in *r;
        struct story *s;
        struct err e = ERR_INIT;

        taped_init(&x, plans[i]);
        steered(&x.sim);
        /* While it is written. */
        r = opened(x.path);
        assert_true(recording_live(r));
        s = story_new(recording_info(r));
        assert_int_equal(play(r, s, &n, &e), -1);
        assert_in_range(n, 60, 80);
        assert_non_null(strstr(e.text, "still being written after "));
        assert_same_pictures(x.sim.story, s, false);
        story_free(&s);
        recording_shut(&r);
        sim_finish(&x.sim, 99);
        taped_end(&x);
        r = opened(x.path);
        s = story_new(recording_info(r));
        e = (struct err)ERR_INIT;
        assert_int_equal(play(r, s, &n, &e), 0);
        assert_int_equal(story_tick(s)->outcome.exit_code, 99);
        story_free(&s);
        /* And once more. */
        recording_rewind(r);
        s = story_new(recording_info(r));
        assert_int_equal(play(r, s, &again, &e), 0);
        assert_int_equal(again, n);
        story_free(&s);
        recording_shut(&r);
        taped_clear(&x);
    }
}

static void what_it_was_and_how_it_went_is_known_without_its_ticks(void **state)
{
    struct taped x;
    struct recording_in *r;
    const struct recording_sum *sum;
    struct summary all;

    (void)state;
    taped_init(&x, NULL);
    steered(&x.sim);
    sim_finish(&x.sim, 99);
    taped_end(&x);
    r = opened(x.path);
    sum = recording_sum(r);
    assert_non_null(sum);
    assert_false(recording_live(r));
    assert_string_equal(recording_meta(r)->plan, x.sim.plan->name);
    assert_string_equal(recording_meta(r)->scenario, "spike");
    assert_string_equal(recording_meta(r)->version, PACKAGE_VERSION);
    assert_true(recording_meta(r)->began.us == x.sim.info.started.us);
    assert_true(recording_meta(r)->cores >= 1);
    all = ledger_summary(story_ledger(x.sim.story), -1, SPAN_RUN);
    assert_int_equal(sum->requests, all.requests);
    assert_int_equal(sum->failed, all.failed);
    assert_int_equal(sum->p95_us, all.p95_us);
    assert_int_equal(sum->vus_peak,
                     ledger_totals(story_ledger(x.sim.story)).vus_max);
    assert_int_equal(sum->t_us, story_tick(x.sim.story)->t_us);
    assert_int_equal(sum->exit_code, 99);
    assert_int_equal(sum->held_back, 0);
    assert_int_equal(sum->lost, 0);
    recording_shut(&r);
    taped_clear(&x);
}

/* Who goes to a stage is there, not a second later. */
static void a_stage_begins_with_a_frame_of_its_own(void **state)
{
    size_t stage = SIZE_MAX, begun = 0;
    struct taped x;
    struct recording_in *r;
    struct tick_read t;
    uint64_t before_us = 0;

    (void)state;
    taped_init(&x, NULL);
    sim_run(&x.sim, 70);
    sim_finish(&x.sim, 0);
    taped_end(&x);
    r = opened(x.path);
    while (recording_next(r, &t, NULL) == 1) {
        const struct tick_scenario *s = &t.tick.scenarios[0];

        if (s->state == SCENARIO_RUNNING && s->stage != stage) {
            assert_true(t.tick.t_us <= before_us + 3 * TICK_US / 2);
            stage = s->stage;
            begun++;
        }
        before_us = t.tick.t_us;
        tick_read_clear(&t);
    }
    assert_int_equal(begun, 6);
    recording_shut(&r);
    taped_clear(&x);
}

/* How a program dies by itself is tried in tests/e2e/recording.sh. */
static void every_full_second_is_there_before_the_next_begins(void **state)
{
    struct taped x;
    struct recording_in *r;
    struct story *s;
    struct err e = ERR_INIT;
    size_t n;

    (void)state;
    taped_init(&x, NULL);
    sim_run(&x.sim, 12);
    assert_true(recording_close(&x.recording, NULL)); /* without an end */
    r = opened(x.path);
    assert_null(recording_sum(r));
    s = story_new(recording_info(r));
    assert_int_equal(play(r, s, &n, &e), -1);
    assert_non_null(strstr(e.text, "cut off after 0:12 of the run, at byte "));
    assert_false(recording_damaged(r));
    assert_int_equal(story_tick(s)->t_us, story_tick(x.sim.story)->t_us);
    /* The same again, however often it is asked. */
    e = (struct err)ERR_INIT;
    assert_int_equal(play(r, s, &n, &e), -1);
    assert_non_null(strstr(e.text, "after 0:12"));
    story_free(&s);
    recording_shut(&r);
    taped_clear(&x);
}

/* One that was killed at once: its story has no tick. */
static void of_a_run_without_a_tick_is_known_what_it_was(void **state)
{
    struct taped x;
    struct recording_sum sum;
    enum recording_state is;
    struct err e = ERR_INIT;

    (void)state;
    taped_init(&x, NULL);
    assert_true(recording_scan(x.path, &sum, &is, &e));
    assert_int_equal(is, RECORDING_IS_RUNNING);
    assert_true(recording_close(&x.recording, NULL));
    assert_true(recording_scan(x.path, &sum, &is, &e));
    assert_int_equal(is, RECORDING_IS_CUT);
    assert_int_equal(sum.t_us, 0);
    assert_int_equal(sum.requests, 0);
    assert_int_equal(sum.exit_code, -1);
    taped_clear(&x);
}

/* What is told of a run that was cut off is what its end would have said of
 * the time until then. */
static void how_far_it_came_is_told_from_its_ticks(void **state)
{
    struct taped x;
    struct recording_sum cut, whole, live = {.frames = 0};
    enum recording_state is;
    struct err e = ERR_INIT;

    (void)state;
    taped_init(&x, NULL);
    steered(&x.sim);
    recording_sum_of(x.sim.story, &live);
    assert_true(recording_scan(x.path, &cut, &is, &e));
    assert_int_equal(is, RECORDING_IS_RUNNING);
    assert_int_equal(cut.t_us, live.t_us);
    assert_int_equal(cut.requests, live.requests);
    assert_int_equal(cut.failed, live.failed);
    assert_int_equal(cut.p95_us, live.p95_us);
    assert_int_equal(cut.vus_peak, live.vus_peak);
    assert_int_equal(cut.level, live.level);
    assert_true(cut.frames > 50);
    sim_finish(&x.sim, 0);
    taped_end(&x);
    assert_true(recording_scan(x.path, &whole, &is, &e));
    assert_int_equal(is, RECORDING_IS_WHOLE);
    assert_true(whole.frames > cut.frames);
    taped_clear(&x);
}

static void whole_file(const char *path, struct buf *b)
{
    struct err e = ERR_INIT;

    buf_init(b, ROOM);
    assert_true(file_read(path, b, &e));
}

static void write_over(const char *path, const void *data, size_t n)
{
    struct err e = ERR_INIT;

    assert_true(file_write(path, data, n, &e));
}

/* The end of the last block that ends within n bytes; *frames of them. */
static size_t blocks_within(const struct buf *b, size_t n, size_t *frames)
{
    size_t at = RECORDING_BLOCKS;

    *frames = 0;
    while (at + RECORDING_BLOCK_HEAD <= n) {
        size_t len = recording_get_u32((const unsigned char *)b->data + at + 1);

        if (at + RECORDING_BLOCK_HEAD + len > n) {
            break;
        }
        *frames += b->data[at] == RECORDING_FRAME;
        at += RECORDING_BLOCK_HEAD + len;
    }
    return at;
}

static void cut_at_any_byte_it_is_read_up_to_there(void **state)
{
    struct taped x;
    struct buf all;
    size_t n, frames, front;

    (void)state;
    taped_init(&x, NULL);
    sim_run(&x.sim, 5);
    sim_finish(&x.sim, 0);
    taped_end(&x);
    whole_file(x.path, &all);
    for (front = 0, frames = 0; frames == 0; front++) {
        (void)blocks_within(&all, front, &frames);
    }
    for (n = 0; n < all.len; n += n < 64 || n + 64 > all.len ? 1 : 13) {
        struct err e = ERR_INIT;
        struct recording_in *r;
        struct story *s;
        size_t got, want;

        write_over(x.path, all.data, n);
        (void)blocks_within(&all, n, &want);
        r = recording_open(x.path, &e);
        if (r == NULL) {
            assert_true(want == 0);
            assert_non_null(strstr(e.text, "before its header does"));
            continue;
        }
        s = story_new(recording_info(r));
        assert_int_equal(play(r, s, &got, &e), -1);
        assert_int_equal(got, want);
        assert_non_null(strstr(e.text, "cut off "));
        story_free(&s);
        recording_shut(&r);
    }
    buf_clear(&all);
    taped_clear(&x);
}

/* Of the labels a bit may be wrong and nothing is lost: there are two. */
static void
a_bit_that_is_wrong_is_seen_and_what_is_before_it_is_read(void **state)
{
    struct taped x;
    struct buf all;
    size_t at, bad = 0;

    (void)state;
    taped_init(&x, NULL);
    sim_run(&x.sim, 5);
    sim_finish(&x.sim, 0);
    taped_end(&x);
    whole_file(x.path, &all);
    for (at = RECORDING_BLOCKS; at < all.len; at += 7) {
        struct err e = ERR_INIT;
        struct recording_in *r;
        struct story *s;
        size_t got, want;
        int last;

        all.data[at] = (char)(all.data[at] ^ 1 << at % 8);
        write_over(x.path, all.data, all.len);
        all.data[at] = (char)(all.data[at] ^ 1 << at % 8);
        r = recording_open(x.path, &e);
        if (r == NULL) {
            assert_non_null(strstr(e.text, "header"));
            continue;
        }
        s = story_new(recording_info(r));
        last = play(r, s, &got, &e);
        assert_int_equal(last, -1);
        (void)blocks_within(&all, at, &want);
        assert_int_equal(got, want);
        /* A length that is wrong may look as if the file were cut. */
        assert_true(strstr(e.text, "damaged ") != NULL ||
                    strstr(e.text, "cut off ") != NULL);
        bad += recording_damaged(r);
        story_free(&s);
        recording_shut(&r);
    }
    assert_true(bad > 20);
    buf_clear(&all);
    taped_clear(&x);
}

static void of_a_damaged_one_what_is_before_that_is_an_earlier_run(void **state)
{
    struct taped x;
    struct buf all;
    struct baseline_run *b;
    struct err e = ERR_INIT;

    (void)state;
    taped_init(&x, NULL);
    sim_run(&x.sim, 20);
    sim_finish(&x.sim, 0);
    taped_end(&x);
    b = baseline_recorded(x.path, "a", &e);
    assert_non_null(b);
    assert_true(b->over && b->damage == NULL);
    baseline_free(&b);
    whole_file(x.path, &all);
    memset(all.data + all.len / 4 * 3, 0, 64);
    write_over(x.path, all.data, all.len);
    b = baseline_recorded(x.path, "a", &e);
    assert_non_null(b);
    assert_false(b->over);
    assert_true(b->rps.n > 0);
    assert_non_null(strstr(b->damage, "damaged after 0:"));
    baseline_free(&b);
    /* Without its header there is nothing. */
    memset(all.data + RECORDING_BLOCKS, 0, all.len - RECORDING_BLOCKS);
    write_over(x.path, all.data, all.len);
    assert_null(baseline_recorded(x.path, "a", &e));
    assert_non_null(strstr(e.text, "damaged"));
    buf_clear(&all);
    taped_clear(&x);
}

static void assert_refused(const char *path, const void *data, size_t n,
                           const char *text)
{
    struct err e = ERR_INIT;

    write_over(path, data, n);
    assert_null(recording_open(path, &e));
    if (strstr(e.text, text) == NULL) {
        fail_msg("'%s' has no '%s'", e.text, text);
    }
    assert_string_equal(e.where, path);
}

static void what_is_none_is_refused_by_name(void **state)
{
    struct taped x;
    struct err e = ERR_INIT;
    struct buf all;
    size_t meta = RECORDING_BLOCKS + RECORDING_BLOCK_HEAD;

    (void)state;
    taped_init(&x, NULL);
    sim_run(&x.sim, 2);
    sim_finish(&x.sim, 0);
    taped_end(&x);
    whole_file(x.path, &all);
    assert_refused(x.path, "", 0, "ends after 0 bytes, before its header");
    assert_refused(x.path, "{\"schema\"", 9, "is not a recording: it begins");
    assert_refused(x.path, "{}", 2, "is not a recording: it begins");
    all.data[RECORDING_MAGIC_LEN] = 2;
    assert_refused(x.path, all.data, all.len,
                   "is a recording of format 2; this is brunt " PACKAGE_VERSION
                   ", which knows format 1: use a newer one");
    all.data[RECORDING_MAGIC_LEN] = 1;
    /* Its ticks are of another code: behind the text of the version. */
    all.data[meta + 1 + strlen(PACKAGE_VERSION)]++;
    recording_put_u32((unsigned char *)all.data + RECORDING_BLOCKS + 5, 0);
    assert_refused(x.path, all.data, all.len, "is damaged at byte 1040");
    unlink(x.path);
    assert_null(recording_open(x.path, &e));
    assert_non_null(strstr(e.text, "cannot be opened: No such file"));
    e = (struct err)ERR_INIT;
    assert_null(recording_open(x.folder, &e));
    assert_non_null(strstr(e.text, "is no file with a recording"));
    assert_int_equal(mkfifo(x.path, 0600), 0);
    e = (struct err)ERR_INIT;
    assert_null(recording_open(x.path, &e)); /* and does not wait */
    assert_non_null(strstr(e.text, "is no file with a recording"));
    buf_clear(&all);
    taped_clear(&x);
}

/* As sparse as the disk has it: nothing is allocated for what is said to be
 * long. */
static void a_gigabyte_of_zeros_is_refused_at_once(void **state)
{
    char path[] = "/tmp/brunt-zeros-XXXXXX";
    struct err e = ERR_INIT;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    if (ftruncate(fd, 1 << 30) == 0) {
        assert_null(recording_open(path, &e));
        assert_non_null(strstr(e.text, "is not a recording: it begins"));
    }
    close(fd);
    unlink(path);
}

/* One with ticks of another code is still listed, and says by whom it is. */
static void of_another_version_what_can_be_known_is_known(void **state)
{
    struct taped x;
    struct recording_meta m;
    struct recording_front f;
    struct err e = ERR_INIT;
    struct buf b;
    int fd;

    (void)state;
    taped_init(&x, NULL);
    assert_true(recording_close(&x.recording, NULL));
    recording_meta_of(&x.sim.info, false, &m);
    snprintf(m.version, sizeof m.version, "9.1.0");
    m.code = TICK_CODE_VERSION + 1;
    buf_init(&b, ROOM);
    assert_true(recording_front(&b, &m, "of the future", 13));
    assert_refused(x.path, b.data, b.len, "was written by brunt 9.1.0");
    fd = recording_file(x.path, &e);
    assert_true(recording_front_read(fd, x.path, &f, &e));
    assert_string_equal(f.meta.scenario, "spike");
    close(fd);
    buf_clear(&b);
    taped_clear(&x);
}

static void secrets_are_not_in_it(void **state)
{
    static const char text[] =
        "{\"name\":\"t\",\"env\":{\"TOKEN\":\"s3cr3t\"},"
        "\"secrets\":[\"TOKEN\"],\"flow\":[{\"get\":\"http://127.0.0.1:1/\","
        "\"headers\":{\"Authorization\":\"Bearer ${TOKEN}\"},"
        "\"tags\":{\"who\":\"s3cr3t\"}}],"
        "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
        "\"duration\":\"3s\"}}}";
    struct taped x;
    struct buf all;
    struct stat st;

    (void)state;
    taped_init(&x, text);
    sim_run(&x.sim, 2);
    sim_finish(&x.sim, 0);
    taped_end(&x);
    whole_file(x.path, &all);
    assert_null(memmem(all.data, all.len, "s3cr3t", 6));
    assert_int_equal(stat(x.path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    buf_clear(&all);
    taped_clear(&x);
}

/* A file that is there is not touched. */
static void what_is_there_is_not_written_over(void **state)
{
    struct taped x;
    struct recording_config c = {.path = x.path};
    struct recording *r = NULL;
    struct err e = ERR_INIT;

    (void)state;
    taped_init(&x, NULL);
    c.info = &x.sim.info;
    assert_false(recording_begin(&c, &r, &e));
    assert_non_null(strstr(e.text, "give another name, or remove it"));
    taped_clear(&x);
}

/* --- What the fuzzer begins with --- */

/* What tests/fuzz/fuzz_recording.c does to the rest of an input. */
enum { SEED_WHOLE, SEED_MENDED, SEED_PACKED, SEEDS };
static const char *const seed_names[SEEDS] = {"whole", "mended", "ticks"};

struct seed {
    struct sim sim;
    struct frame *frame;
    struct buf *out;
    uint64_t frames;
};

static void seed_flush(struct seed *x)
{
    struct buf raw;

    buf_init(&raw, ROOM);
    assert_true(tick_encode(frame_tick(x->frame), &raw));
    assert_true(recording_block(x->out, RECORDING_FRAME, raw.data, raw.len));
    frame_reset(x->frame);
    buf_clear(&raw);
    x->frames++;
}

static void seed_tick(void *ctx, const struct tick *t)
{
    struct seed *x = ctx;

    if (frame_is_over(x->frame, t)) {
        seed_flush(x);
    }
    frame_add(x->frame, t);
}

/* Of no machine: the same wherever it is made. Frames are ticks as they are. */
static void seed_ticks(struct buf *out)
{
    struct recording_sum sum = {.frames = 0};
    struct recording_meta m;
    struct seed x = {.frame = frame_new(), .out = out};
    struct buf info;

    sim_init(&x.sim, NULL, 7);
    buf_init(&info, ROOM);
    recording_meta_of(&x.sim.info, false, &m);
    snprintf(m.machine, sizeof m.machine, "box");
    snprintf(m.system, sizeof m.system, "Linux 6.1.0 x86_64");
    snprintf(m.version, sizeof m.version, "0.6.0");
    m.cores = 2;
    m.memory_bytes = 1u << 30;
    assert_true(info_encode(&x.sim.info, &info));
    assert_true(recording_front(out, &m, info.data, info.len));
    x.sim.tap = seed_tick;
    x.sim.tap_ctx = &x;
    sim_run(&x.sim, 3);
    sim_command(&x.sim, COMMAND_MARK, 0, "deploy 42");
    x.sim.limits = true;
    sim_run(&x.sim, 3);
    sim_finish(&x.sim, 99);
    seed_flush(&x);
    recording_sum_of(x.sim.story, &sum);
    sum.frames = x.frames;
    recording_end_block(out, &sum);
    frame_free(&x.frame);
    buf_clear(&info);
    sim_clear(&x.sim);
}

static void seed_make(int which, struct buf *out)
{
    struct buf ticks;

    buf_init(&ticks, ROOM);
    seed_ticks(&ticks);
    buf_addc(out, (char)which);
    if (which == SEED_PACKED) {
        buf_add(out, ticks.data, ticks.len);
    } else {
        recording_mend(out, ticks.data, ticks.len, true);
    }
    buf_clear(&ticks);
}

/* Writes it anew where CORPUS names its folder. */
static void write_corpus(void **state)
{
    const char *dir = getenv("CORPUS");
    struct err e = ERR_INIT;
    char path[512];
    struct buf b;
    int i;

    (void)state;
    for (i = 0; dir != NULL && i < SEEDS; i++) {
        buf_init(&b, ROOM);
        seed_make(i, &b);
        snprintf(path, sizeof path, "%s/%s", dir, seed_names[i]);
        assert_true(file_write(path, b.data, b.len, &e));
        buf_clear(&b);
    }
}

/* Behind a version that is refused nothing would be fuzzed. */
static void the_corpus_is_of_this_version(void **state)
{
    char from[512], path[] = "/tmp/brunt-seed-XXXXXX";
    struct buf b, file;
    size_t n;
    int i;

    (void)state;
    close(mkstemp(path));
    for (i = 0; i < SEEDS; i++) {
        struct err e = ERR_INIT;
        struct recording_in *r;
        struct story *s;

        snprintf(from, sizeof from, "%s/tests/fuzz/corpus/recording/%s",
                 getenv("SRCDIR"), seed_names[i]);
        whole_file(from, &b);
        buf_init(&file, ROOM);
        assert_int_equal(b.data[0], i);
        recording_mend(&file, b.data + 1, b.len - 1, i == SEED_PACKED);
        write_over(path, file.data, file.len);
        r = opened(path);
        s = story_new(recording_info(r));
        if (play(r, s, &n, &e) != 0) {
            fail_msg("%s: %s", from, e.text);
        }
        assert_in_range(n, 6, 14);
        story_free(&s);
        recording_shut(&r);
        buf_clear(&b);
        buf_clear(&file);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_read_as_it_was),
        cmocka_unit_test(
            what_it_was_and_how_it_went_is_known_without_its_ticks),
        cmocka_unit_test(a_stage_begins_with_a_frame_of_its_own),
        cmocka_unit_test(every_full_second_is_there_before_the_next_begins),
        cmocka_unit_test(of_a_run_without_a_tick_is_known_what_it_was),
        cmocka_unit_test(how_far_it_came_is_told_from_its_ticks),
        cmocka_unit_test(cut_at_any_byte_it_is_read_up_to_there),
        cmocka_unit_test(
            a_bit_that_is_wrong_is_seen_and_what_is_before_it_is_read),
        cmocka_unit_test(
            of_a_damaged_one_what_is_before_that_is_an_earlier_run),
        cmocka_unit_test(what_is_none_is_refused_by_name),
        cmocka_unit_test(a_gigabyte_of_zeros_is_refused_at_once),
        cmocka_unit_test(of_another_version_what_can_be_known_is_known),
        cmocka_unit_test(secrets_are_not_in_it),
        cmocka_unit_test(what_is_there_is_not_written_over),
        cmocka_unit_test(write_corpus),
        cmocka_unit_test(the_corpus_is_of_this_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
