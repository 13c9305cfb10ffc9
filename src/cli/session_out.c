/* SPDX-License-Identifier: MIT
 *
 * session_out - the streams of a run to elsewhere (--out): opened before it,
 * fed by its ticks, and, once it is over, waited for a while. The run goes on
 * without one that fails. */
#include "config.h"

#include <stdio.h>

#include "base/must.h"
#include "cli/load_plan.h"
#include "cli/session_internal.h"
#include "measure/tap.h"

/* After the run: between looks, until it is said who is waited for, and until
 * nobody is any more. */
#define OUT_LOOK_S 0.02
#define OUT_SAY_S  1.0
#define OUT_REST_S 10.0

static void session_out_story(struct session *s)
{
    struct output now[OUTPUTS_MAX];
    size_t i;

    for (i = 0; i < s->n_outs; i++) {
        out_status(s->outs[i], &now[i]);
        now[i].waits = s->out_waits && !out_over(s->outs[i]);
    }
    if (s->n_outs > 0) {
        story_set_outputs(s->story, now, s->n_outs);
    }
}

void session_out_tick(struct session *s, const struct tick *t)
{
    char text[900];
    size_t i;

    for (i = 0; i < s->n_outs; i++) {
        out_tick(s->outs[i], t);
        while (out_news(s->outs[i], text, sizeof text)) {
            conductor_warn(s->conductor, "%s", text);
        }
    }
    session_out_story(s);
}

static bool session_out_over(const struct session *s)
{
    size_t i;

    for (i = 0; i < s->n_outs; i++) {
        if (!out_over(s->outs[i])) {
            return false;
        }
    }
    return true;
}

/* No line is due while there is a screen: its own terminal has it. */
static void session_out_say(struct session *s)
{
    struct output now;
    size_t i;

    for (i = 0; s->screen == NULL && i < s->n_outs; i++) {
        out_status(s->outs[i], &now);
        if (!out_over(s->outs[i])) {
            fprintf(
                stderr, "brunt: waiting for %s to %s%s%s (Ctrl-C: no more)\n",
                now.kind, now.where, now.why[0] != '\0' ? ": " : "", now.why);
        }
    }
}

/* All has arrived, or is not waited for any longer. What happened since the
 * last tick is in no log. */
static void session_out_rest(struct session *s)
{
    char text[900];
    size_t i;

    ev_timer_stop(s->loop, &s->out_look);
    s->out_waits = false;
    for (i = 0; i < s->n_outs; i++) {
        out_stop(s->outs[i]);
        while (out_news(s->outs[i], text, sizeof text)) {
            fprintf(stderr, "brunt: %s\n", text);
        }
    }
    session_out_story(s);
    session_finish(s);
}

static void session_out_on_look(struct ev_loop *loop, ev_timer *w, int revents)
{
    struct session *s = w->data;
    double waited = ev_now(loop) - s->out_since;

    (void)revents;
    OBJ_CHECK(s, SESSION_MAGIC);
    if (session_out_over(s) || waited >= OUT_REST_S) {
        session_out_rest(s);
    } else if (!s->out_said && waited >= OUT_SAY_S) {
        s->out_said = true;
        session_out_say(s);
    }
}

void session_out_end(struct session *s)
{
    size_t i;

    for (i = 0; i < s->n_outs; i++) {
        out_end(s->outs[i]);
    }
    if (session_out_over(s)) {
        session_out_rest(s);
        return;
    }
    s->out_waits = true;
    s->out_since = ev_now(s->loop);
    session_out_story(s);
    if (s->screen != NULL) {
        screen_tick(s->screen);
    }
    session_save(s); /* all else is known */
    ev_timer_start(s->loop, &s->out_look);
}

bool session_out_hurry(struct session *s)
{
    if (s->out_waits) {
        session_out_rest(s);
        return true;
    }
    return false;
}

bool session_out_begin(struct session *s)
{
    ev_timer_init(&s->out_look, session_out_on_look, OUT_LOOK_S, OUT_LOOK_S);
    s->out_look.data = s;
    if (!out_args(s->args, s->out_args, &s->n_out_args)) {
        return false;
    }
    if (out_args_samples(s->out_args, s->n_out_args) > 0) {
        s->taps = taps_new(clk_system());
    }
    return true;
}

bool session_out(struct session *s)
{
    struct err e = ERR_INIT;

    while (s->n_outs < s->n_out_args) {
        struct out *o = out_arg_open(&s->out_args[s->n_outs],
                                     conductor_info(s->conductor), s->taps, &e);

        if (o == NULL) {
            print_err(&e);
            return false;
        }
        s->outs[s->n_outs++] = o;
    }
    return true;
}

void session_out_close(struct session *s)
{
    while (s->n_outs > 0) {
        out_free(&s->outs[--s->n_outs]);
    }
}

void session_out_free(struct session *s)
{
    taps_free(&s->taps);
}
