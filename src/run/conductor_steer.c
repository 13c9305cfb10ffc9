/* SPDX-License-Identifier: MIT
 *
 * conductor_steer - time, commands and what comes due, applied at once: workers
 * are told in the same call, the tick that shows it follows. */
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "run/conductor_internal.h"

struct event *conductor_event(struct conductor *c, mono_us now,
                              const char *type, const char *by, const char *fmt,
                              ...)
{
    char text[512];
    struct buf masked;
    struct event *e;
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    /* What a service answered, or a URL in a message, may hold a secret. */
    buf_init(&masked, 4 * sizeof text);
    plan_mask(c->config.plan, &masked, text, strlen(text));
    e = events_add(&c->events, conductor_t(c, now), type, by, "%s",
                   buf_str(&masked));
    buf_clear(&masked);
    return e;
}

/* How far the work of the run has gone: up to now while there may be any; then
 * to its last iteration's end, or to the moment from which none was to begin.
 */
static mono_us conductor_worked(const struct conductor *c, mono_us now)
{
    mono_us until = c->counting_from;
    size_t i;

    if (conductor_phase(c) < LOAD_DRAIN || c->state.late > 0 ||
        conductor_works(c) ||
        /* What has not heard of a command may have begun one since. */
        (c->unplanned && c->state.revision < c->posted)) {
        return now;
    }
    for (i = 0; i < c->n; i++) {
        mono_us halted = c->parts[i].halted;
        mono_us ended = c->state.scenarios[i].ended;

        until = halted > until ? halted : until;
        until = ended > until ? ended : until;
    }
    return until < now ? until : now;
}

/* What was counted in this tick, before it was known that the work was over by
 * then, is taken back. */
void conductor_account(struct conductor *c, mono_us now)
{
    mono_us until = c->counting ? conductor_worked(c, now) : now;
    bool counting = c->counting;

    if (counting && until >= c->counted) {
        c->active_us += until - c->counted;
    } else if (counting) {
        uint64_t less = c->counted - until;

        c->active_us -= less < c->active_us ? less : c->active_us;
    }
    c->counted = until;
    c->counting = (c->act == ACT_RUN && !conductor_paused(c)) ||
                  (c->act == ACT_DRAIN && c->loaded);
    if (c->counting && !counting) {
        c->counting_from = now;
    }
}

/* The process stood still for the last us: workers have left it out already,
 * and the stage clock must, to the microsecond. */
static void conductor_absorb(struct conductor *c, mono_us now, uint64_t us,
                             const char *why)
{
    char span[NUM_MAX], value[NUM_MAX];
    struct event *e;
    size_t i;

    if (c->act == ACT_NEW || c->act == ACT_OVER) {
        return;
    }
    c->gap_at = now;
    for (i = 0; i < c->n; i++) {
        steer_gap(c->parts[i].steer, now, us);
    }
    c->counted = c->counted + us < now ? c->counted + us : now;
    c->counting_from = c->counted;
    if (us >= TICK_US) {
        snprintf(value, sizeof value, "%.1f", (double)us / 1e6);
        e = conductor_event(c, now, "gap", "", "gap of %s: %s",
                            num_latency(span, us), why);
        event_set_value(e, value);
    }
    conductor_sync(c, now);
}

/* Reads the clock, and makes a gap of what the gapless one has left out. */
static mono_us conductor_read(struct conductor *c, const char *why)
{
    uint64_t gaps;
    mono_us now;

    (void)clk_now(gapless_clk(c->gapless));
    gaps = gapless_total_us(c->gapless);
    now = clk_now(c->clk);
    if (gaps != c->gaps_us) {
        uint64_t us = gaps - c->gaps_us;

        c->gaps_us = gaps;
        conductor_absorb(c, now, us, why);
    }
    return now;
}

mono_us conductor_now(struct conductor *c)
{
    return conductor_read(c, "the process stood still");
}

void conductor_stand(struct conductor *c)
{
    OBJ_CHECK(c, CONDUCTOR_MAGIC);
    gapless_stand(c->gapless);
}

void conductor_go(struct conductor *c, const char *why)
{
    OBJ_CHECK(c, CONDUCTOR_MAGIC);
    gapless_go(c->gapless);
    (void)conductor_read(c, why);
}

static void conductor_arm(struct conductor *c, mono_us now)
{
    mono_us next = UINT64_MAX;
    size_t i;

    for (i = 0; i < c->n; i++) {
        mono_us at = steer_next(c->parts[i].steer);

        next = at < next ? at : next;
    }
    ev_timer_stop(c->config.loop, &c->due);
    if (next == UINT64_MAX || c->act != ACT_RUN) {
        return;
    }
    ev_now_update(c->config.loop);
    ev_timer_set(&c->due, next > now ? (double)(next - now) / 1e6 : 0, 0);
    ev_timer_start(c->config.loop, &c->due);
}

/* Workers are told all states at once, with one revision. */
static void conductor_tell(struct conductor *c)
{
    struct desired list[LINEUP_MAX];
    bool news = false;
    size_t i;

    for (i = 0; i < c->n; i++) {
        struct conductor_part *p = &c->parts[i];

        list[i] = *steer_desired(p->steer);
        list[i].revision = c->posted + 1;
        news = news || p->posted != steer_desired(p->steer)->revision;
        p->posted = steer_desired(p->steer)->revision;
    }
    if (news) {
        c->posted++;
        fleet_post(c->fleet, list);
    }
}

/* Begins and ends that nobody has given a moment are a command's, and now. */
static void conductor_halts(struct conductor *c, mono_us now)
{
    size_t i;

    for (i = 0; i < c->n; i++) {
        struct conductor_part *p = &c->parts[i];

        if (p->since == 0 && steer_desired(p->steer)->phase == LOAD_RUN) {
            p->since = now;
        }
        if (p->halted == 0 && steer_desired(p->steer)->phase >= LOAD_DRAIN) {
            conductor_halt(p, now);
            c->unplanned = true;
        }
    }
}

void conductor_sync(struct conductor *c, mono_us now)
{
    conductor_halts(c, now);
    conductor_tell(c);
    if (conductor_phase(c) >= LOAD_DRAIN && c->act < ACT_DRAIN) {
        conductor_enter(c, now, ACT_DRAIN);
        if (!c->loaded) {
            /* Setup is all there is to end, and nothing waits for it. */
            c->ending.setup_open = true;
            conductor_cut(c, now);
            conductor_sync(c, now);
        }
    } else {
        conductor_account(c, now);
    }
    conductor_arm(c, now);
}

void conductor_due(struct conductor *c, mono_us now)
{
    struct steer_news n;
    size_t i;

    for (i = 0; i < c->n; i++) {
        struct conductor_part *p = &c->parts[i];
        mono_us at = steer_next(p->steer);

        while (steer_due(p->steer, now, &n)) {
            at = at < now ? at : now;
            if (steer_desired(p->steer)->phase >= LOAD_DRAIN) {
                conductor_halt(p, at);
            } else if (p->since == 0) {
                p->since = at; /* its startTime is over */
            }
            /* That of a hunt's only stage is of a load that it will leave. */
            if (c->hunt == NULL || strcmp(n.type, "stage") != 0) {
                conductor_news(c, now, p, "plan", &n);
            }
            at = steer_next(p->steer);
        }
    }
    conductor_sync(c, now);
}

void conductor_on_due(struct ev_loop *loop, ev_timer *w, int revents)
{
    struct conductor *c = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(c, CONDUCTOR_MAGIC);
    conductor_due(c, conductor_now(c));
}

static void conductor_mark(struct conductor *c, mono_us now,
                           const struct command *cmd)
{
    bool named = cmd->text[0] != '\0';
    char word[32];
    struct event *e;

    snprintf(word, sizeof word, "mark %u", ++c->marks);
    e = conductor_event(c, now, command_name(cmd->kind), cmd->by, "%s%s",
                        named ? "mark: " : "", named ? cmd->text : word);
    event_set_value(e, named ? cmd->text : word);
}

/* A command that writes a file: who does it, and what is said of it. */
struct conductor_file {
    bool (*write)(void *ctx, const char *path, char *answer, size_t size);
    void *ctx;
    const char *done, *undone, *impossible;
};

static void conductor_file(struct conductor *c, mono_us now,
                           const struct command *cmd,
                           const struct conductor_file *f)
{
    char answer[256];
    struct event *e;
    bool ok;

    snprintf(answer, sizeof answer, "%s", f->impossible);
    ok = f->write != NULL && f->write(f->ctx, cmd->text, answer, sizeof answer);
    e = conductor_event(c, now, command_name(cmd->kind), cmd->by, "%s %s",
                        ok ? f->done : f->undone, answer);
    event_set_value(e, ok ? answer : cmd->text);
    e->bad = !ok;
}

static void conductor_write(struct conductor *c, mono_us now,
                            const struct command *cmd)
{
    conductor_file(c, now, cmd,
                   &(struct conductor_file){
                       c->config.write, c->config.write_ctx, "wrote",
                       "not written:", "no file can be written in this run"});
}

static void conductor_save(struct conductor *c, mono_us now,
                           const struct command *cmd)
{
    conductor_file(c, now, cmd,
                   &(struct conductor_file){
                       c->config.save, c->config.save_ctx, "saved as a plan:",
                       "not saved:", "no plan can be saved in this run"});
}

static void conductor_obey(struct conductor *c, mono_us now,
                           const struct command *cmd)
{
    switch (cmd->kind) {
    case COMMAND_MARK:
        conductor_mark(c, now, cmd);
        return;
    case COMMAND_WRITE:
        conductor_write(c, now, cmd);
        return;
    case COMMAND_SAVE:
        conductor_save(c, now, cmd);
        return;
    case COMMAND_SET_VUS:
    case COMMAND_ADD_VUS:
    case COMMAND_FOLLOW:
    case COMMAND_NEXT_STAGE:
    case COMMAND_PREV_STAGE:
    case COMMAND_JUMP_STAGE:
    case COMMAND_HOLD:
    case COMMAND_PAUSE:
    case COMMAND_SPIKE:
    case COMMAND_UNDO:
    case COMMAND_STOP:
    case COMMAND_CUT:
        conductor_steer(c, now, cmd);
        return;
    case COMMAND_COUNT:
        break;
    }
    MUST(!"a command");
}

/* The first event that comes of a command is its answer. */
static void conductor_apply(struct conductor *c, mono_us now,
                            const struct command *cmd)
{
    size_t answer;

    if (c->act == ACT_OVER || c->act == ACT_NEW) {
        return;
    }
    conductor_due(c, now);
    answer = c->events.n;
    conductor_obey(c, now, cmd);
    if (answer < c->events.n) {
        c->events.list[answer].ticket = cmd->ticket;
    }
}

void conductor_signal(struct conductor *c, const char *name)
{
    struct command cmd = {.kind = COMMAND_STOP};

    OBJ_CHECK(c, CONDUCTOR_MAGIC);
    if (c->act == ACT_NEW) {
        snprintf(c->early, sizeof c->early, "%s", name);
    }
    if (c->act == ACT_OVER || c->act == ACT_NEW) {
        return;
    }
    snprintf(cmd.by, sizeof cmd.by, "%s", name);
    c->ending.interrupted = true;
    snprintf(c->ending.by, sizeof c->ending.by, "%s", name);
    cmd.kind = c->signals++ == 0 ? COMMAND_STOP : COMMAND_CUT;
    conductor_apply(c, conductor_now(c), &cmd);
}

void conductor_post(struct conductor *c, const struct command *cmd)
{
    struct conductor_queue *q = &c->queue;

    OBJ_CHECK(c, CONDUCTOR_MAGIC);
    MUST(cmd->kind < COMMAND_COUNT);
    pthread_mutex_lock(&q->lock);
    if (q->n < CONDUCTOR_QUEUE_MAX) {
        q->list = xgrow(q->list, q->n, &q->cap, sizeof *q->list);
        q->list[q->n] = *cmd;
        q->list[q->n].text[sizeof cmd->text - 1] = '\0';
        q->list[q->n].by[sizeof cmd->by - 1] = '\0';
        q->n++;
    } else {
        q->lost++;
    }
    pthread_mutex_unlock(&q->lock);
    ev_async_send(c->config.loop, &q->bell);
}

/* When all is over results and plan can still be written: the event comes in
 * one more tick, of the same moment as the last. */
static void conductor_apply_late(struct conductor *c, const struct command *cmd)
{
    struct delta *nothing;
    size_t answer;

    if ((cmd->kind != COMMAND_WRITE && cmd->kind != COMMAND_SAVE) ||
        c->act != ACT_OVER) {
        return;
    }
    nothing = delta_new(c->config.plan, NULL, 0);
    answer = c->events.n;
    if (cmd->kind == COMMAND_WRITE) {
        conductor_write(c, c->ended, cmd);
    } else {
        conductor_save(c, c->ended, cmd);
    }
    c->events.list[answer].ticket = cmd->ticket;
    conductor_emit(c, c->ended, nothing);
    delta_free(&nothing);
}

static void conductor_read_queue(struct conductor *c, mono_us now)
{
    struct conductor_queue *q = &c->queue;
    struct command *list;
    size_t n, lost, i;

    pthread_mutex_lock(&q->lock);
    list = q->list;
    n = q->n;
    lost = q->lost;
    q->list = NULL;
    q->n = q->cap = q->lost = 0;
    pthread_mutex_unlock(&q->lock);
    for (i = 0; i < n; i++) {
        if (c->ended == 0) {
            conductor_apply(c, now, &list[i]);
        } else {
            conductor_apply_late(c, &list[i]);
        }
    }
    if (lost > 0 && c->ended == 0) {
        conductor_event(c, now, "warning", "",
                        "%zu commands at once were too many", lost)
            ->bad = true;
    }
    free(list);
}

void conductor_on_bell(struct ev_loop *loop, ev_async *w, int revents)
{
    struct conductor *c = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(c, CONDUCTOR_MAGIC);
    conductor_read_queue(c, conductor_now(c));
}
