/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "console/console.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/num.h"
#include "base/text.h"
#include "base/thread.h"
#include "base/xalloc.h"
#include "plan/curve.h"
#include "plan/describe.h"
#include "run/level.h"

/* Lines wait here while the thread is writing. */
#define CONSOLE_PENDING_MAX (64u << 10)
#define CONSOLE_EVERY_US    UINT64_C(1000000)

struct console {
    struct story *story; /* borrowed */
    struct console_options options;
    int fd;
    pthread_t thread;
    bool begun;       /* feed's thread alone, as the next */
    uint64_t next_us; /* run time of the next line */
    pthread_mutex_t lock;
    pthread_cond_t wake, room;
    struct buf pending; /* under lock, as the rest */
    uint64_t lost;      /* lines that did not fit, since it was last said */
    uint64_t lost_all;  /* and in all */
    bool ending;
};

/* "stage 2/6 spike"; of a scenario that does not run, what it does instead. */
static void console_stage(struct buf *out, const struct curve *c,
                          const struct tick_scenario *s, bool ascii)
{
    char label[128], safe[128], num[NUM_MAX];

    if (s->state == SCENARIO_WAITING && s->starts_in_us > 0) {
        buf_addf(out, "starts in %s", num_clock(num, s->starts_in_us + 999999));
        return;
    }
    if (c->stages[s->stage].name != NULL) {
        text_brief(safe, sizeof safe, c->stages[s->stage].name);
    } else {
        curve_stage_label(c, s->stage, ascii, label, sizeof label);
        text_safe(safe, sizeof safe, label);
    }
    buf_addf(out, "stage %zu/%zu %s", s->stage + 1, c->n, safe);
}

/* A rate: what begins, and what should; VUs at work, and iterations lost. */
static void console_rate(struct buf *out, const struct curve *c,
                         const struct tick_scenario *s, const char *gap)
{
    char num[NUM_MAX], unit[NUM_MAX];

    buf_addf(out, "%s%s %s (", gap,
             num_rate(num, s->rate * (double)c->time_unit_us / 1e6),
             level_unit(unit, c->time_unit_us));
    if (s->manual || s->spike) {
        buf_addf(out, "%s %u, ", s->spike ? "SPIKE" : "MANUAL", s->wanted);
    }
    buf_addf(out, "plan %u)%sVUs %u of %u", s->planned, gap, s->vus,
             s->vus_max);
    if (s->dropped_all > 0) {
        buf_addf(out, "%sdropped %s", gap, num_count(num, s->dropped_all));
    }
}

static void console_load(struct buf *out, const struct curve *c,
                         const struct tick_scenario *s, const char *gap)
{
    if (c->time_unit_us > 0) {
        console_rate(out, c, s, gap);
    } else if (s->manual) {
        buf_addf(out, "%sVUs %u (MANUAL, plan %u)", gap, s->vus, s->planned);
    } else {
        buf_addf(out, "%sVUs %u (plan %u)", gap, s->vus, s->planned);
    }
    if (s->draining > 0) {
        buf_addf(out, "%sdraining %u", gap, s->draining);
    }
}

static void console_state(struct buf *out, const struct tick *t)
{
    if (t->state != RUN_RUNNING || t->held) {
        buf_addf(out, "  %s",
                 t->state == RUN_RUNNING ? "held" : run_state_name(t->state));
    }
}

/* Each scenario of several, by its name: "browse: stage 2/6 spike, VUs 63
 * (plan 63)". */
static void console_several(struct buf *out, const struct run_info *info,
                            const struct tick *t, bool ascii)
{
    char safe[128];
    size_t i;

    console_state(out, t);
    for (i = 0; i < t->n_scenarios; i++) {
        const struct tick_scenario *s = &t->scenarios[i];

        buf_addf(out, "  %s: ",
                 text_safe(safe, sizeof safe, info->lineup->list[i].name));
        if (s->state == SCENARIO_DONE) {
            buf_adds(out, "ended");
            continue;
        }
        console_stage(out, &info->curves[i], s, ascii);
        if (s->state != SCENARIO_WAITING) {
            console_load(out, &info->curves[i], s, ", ");
        }
    }
}

static void console_thresholds(struct buf *out, const struct tick *t)
{
    size_t i, pass = 0, pending = 0;

    for (i = 0; i < t->n_verdicts; i++) {
        pass += t->verdicts[i].ok ? 1u : 0u;
        pending += t->verdicts[i].pending ? 1u : 0u;
    }
    if (t->n_verdicts > 0) {
        buf_addf(out, "  thresholds %zu of %zu pass", pass, t->n_verdicts);
    }
    if (pending > 0) {
        buf_addf(out, ", %zu undecided", pending);
    }
}

void console_line(struct buf *out, const struct story *s, bool ascii)
{
    const struct run_info *info = story_info(s);
    const struct tick *t = story_tick(s);
    struct summary w = ledger_summary(story_ledger(s), -1, SPAN_WINDOW);
    char num[NUM_MAX];

    buf_adds(out, num_clock(num, t->t_us));
    if (t->n_scenarios > 1) {
        console_several(out, info, t, ascii);
    } else {
        buf_adds(out, "  ");
        console_stage(out, &info->curves[0], &t->scenarios[0], ascii);
        console_state(out, t);
        console_load(out, &info->curves[0], &t->scenarios[0], "  ");
    }
    buf_addf(out, "  %s req/s", num_rate(num, w.rate));
    if (w.responses > 0) {
        buf_addf(out, "  p95 %s", num_latency(num, w.p95_us));
    } else {
        buf_adds(out, "  p95 -");
    }
    buf_addf(out, "  errors %s", num_percent(num, w.error_rate));
    console_thresholds(out, t);
    if (t->health.suspect) {
        buf_addf(out, "  GENERATOR SUSPECT: %s", t->health.why);
    }
}

/* Writes all of it, unless the console is ending and nothing goes any more. */
static void console_write(struct console *c, const char *data, size_t n)
{
    while (n > 0) {
        struct pollfd p = {.fd = c->fd, .events = POLLOUT};
        ssize_t k;
        bool ending;

        if (poll(&p, 1, 1000) == 0) {
            pthread_mutex_lock(&c->lock);
            ending = c->ending;
            pthread_mutex_unlock(&c->lock);
            if (ending) {
                return;
            }
            continue;
        }
        /* A pipe that poll calls writable takes at least PIPE_BUF. */
        k = write(c->fd, data, n < 512 ? n : 512);
        if (k < 0 && errno != EINTR && errno != EAGAIN) {
            return;
        }
        if (k > 0) {
            data += k;
            n -= (size_t)k;
        }
    }
}

static void *console_thread(void *arg)
{
    struct console *c = arg;
    bool ending = false;

    while (!ending) {
        char *text;
        size_t n;

        pthread_mutex_lock(&c->lock);
        while (c->pending.len == 0 && !c->ending) {
            pthread_cond_wait(&c->wake, &c->lock);
        }
        ending = c->ending;
        if (c->lost > 0) {
            buf_addf(&c->pending, "(%llu lines left out: nobody read them)\n",
                     (unsigned long long)c->lost);
            c->lost = 0;
        }
        n = c->pending.len;
        text = buf_take(&c->pending);
        pthread_cond_signal(&c->room);
        pthread_mutex_unlock(&c->lock);
        console_write(c, text, n);
        free(text);
    }
    return NULL;
}

struct console *console_new(FILE *out, struct story *story,
                            const struct console_options *o)
{
    struct console *c = xcalloc(1, sizeof *c);

    c->story = story;
    c->options = *o;
    fflush(out);
    c->fd = fileno(out);
    buf_init(&c->pending, CONSOLE_PENDING_MAX);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->wake, NULL);
    pthread_cond_init(&c->room, NULL);
    if (thread_start(&c->thread, console_thread, c) != 0) {
        fatal("no thread for the console");
    }
    return c;
}

/* What will run, before the first line. */
static void console_scenarios(struct buf *out, const struct run_info *info)
{
    size_t i;

    for (i = 0; i < info->lineup->n; i++) {
        const struct scenario *s = &info->lineup->list[i];
        char what[512], name[128], text[1024];

        scenario_describe(info->plan, s, what, sizeof what);
        buf_addf(out, "* %s: %s\n", text_safe(name, sizeof name, s->name),
                 text_safe(text, sizeof text, what));
    }
}

/* What happened, one line each. Stages are in the lines already. */
static void console_events(struct buf *out, const struct tick *t)
{
    size_t i;

    for (i = 0; i < t->n_events; i++) {
        const struct event *e = &t->events[i];
        char num[NUM_MAX], text[1024];

        text_safe(text, sizeof text, e->text);
        buf_addf(out, "%s  %s %s%s%s%s\n", num_clock(num, e->t_us),
                 e->bad ? "!" : "*", text, e->by[0] != '\0' ? "  (" : "", e->by,
                 e->by[0] != '\0' ? ")" : "");
    }
}

void console_feed(struct console *c, const struct tick *t)
{
    struct buf lines;

    if (c->options.quiet) {
        return;
    }
    buf_init(&lines, CONSOLE_PENDING_MAX);
    if (!c->begun) {
        c->begun = true;
        console_scenarios(&lines, story_info(c->story));
    }
    console_events(&lines, t);
    /* A hunt tells of each load that it has tried: that is enough. */
    if ((t->t_us >= c->next_us && t->hunt.phase == HUNT_OFF) ||
        t->state == RUN_FINISHED) {
        c->next_us = t->t_us - t->t_us % CONSOLE_EVERY_US + CONSOLE_EVERY_US;
        story_lock(c->story);
        console_line(&lines, c->story, c->options.ascii);
        story_unlock(c->story);
        buf_addc(&lines, '\n');
    }
    if (lines.len > 0) {
        pthread_mutex_lock(&c->lock);
        while (c->options.whole && c->pending.len > 0 &&
               c->pending.max - c->pending.len <= lines.len + 64) {
            pthread_cond_wait(&c->room, &c->lock);
        }
        if (c->pending.max - c->pending.len > lines.len + 64) {
            buf_add(&c->pending, lines.data, lines.len);
        } else {
            c->lost++;
            c->lost_all++;
        }
        pthread_cond_signal(&c->wake);
        pthread_mutex_unlock(&c->lock);
    }
    buf_clear(&lines);
}

uint64_t console_dropped(struct console *c)
{
    uint64_t n;

    pthread_mutex_lock(&c->lock);
    n = c->lost_all;
    pthread_mutex_unlock(&c->lock);
    return n;
}

void console_free(struct console **cp)
{
    struct console *c = *cp;

    if (c == NULL) {
        return;
    }
    pthread_mutex_lock(&c->lock);
    c->ending = true;
    pthread_cond_signal(&c->wake);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    buf_clear(&c->pending);
    pthread_mutex_destroy(&c->lock);
    pthread_cond_destroy(&c->wake);
    pthread_cond_destroy(&c->room);
    free(c);
    *cp = NULL;
}
