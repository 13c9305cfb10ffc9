/* SPDX-License-Identifier: MIT
 *
 * session_record - the recording of a run: where it goes, and what is said when
 * it cannot go on. The run goes on without it. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "cli/load_plan.h"
#include "cli/runs_folder.h"
#include "cli/session_internal.h"
#include "record/recordings.h"

/* After the run: until it is said that the disk is waited for, and between
 * looks from then on. */
#define DISK_SAY_US UINT64_C(1000000)
#define DISK_LOOK_S 0.02

static bool session_record_own(struct session *s, struct recording_config *c)
{
    struct err e = ERR_INIT;

    c->path = s->args->text[OPTION_RECORD];
    if (recording_begin(c, &s->recording, &e)) {
        return true;
    }
    print_err(&e);
    return false;
}

static void session_record_usual(struct session *s, struct recording_config *c)
{
    char folder[RECORDINGS_PATH_MAX];
    struct err e = ERR_INIT;

    runs_folder(folder, sizeof folder);
    c->folder = folder;
    if (folder[0] == '\0') {
        err_set(&e, ERR_IO, RECORDINGS_NOWHERE);
    } else if (recording_begin(c, &s->recording, &e)) {
        recordings_tidy(folder, RECORDINGS_KEPT);
        return;
    }
    print_err(&e);
    fputs("brunt: going on without a recording\n", stderr);
}

bool session_record(struct session *s)
{
    struct recording_config c = {
        .info = conductor_info(s->conductor),
        .hunt = s->hunt != NULL,
    };

    if (s->args->set[OPTION_RECORD]) {
        return session_record_own(s, &c);
    }
    if (!s->args->set[OPTION_NO_RECORD]) {
        session_record_usual(s, &c);
    }
    return true;
}

void session_record_tick(struct session *s, const struct tick *t)
{
    struct err e = ERR_INIT;
    char text[900];

    if (s->recording == NULL) {
        return;
    }
    recording_tick(s->recording, t);
    if (recording_stopped(s->recording, &e)) {
        conductor_warn(s->conductor, "the recording ends here: %s",
                       err_str(&e, text, sizeof text));
    }
    if (!s->slow_told && recording_held_back(s->recording) > 0) {
        s->slow_told = true;
        conductor_warn(s->conductor, "the disk is slow: seconds are put "
                                     "together in the recording");
    }
}

/* Now, not when the person leaves: what is there then is whole. */
void session_record_end(struct session *s)
{
    struct recording_sum sum = {.frames = 0};

    if (s->recording != NULL) {
        recording_sum_of(s->story, &sum);
        recording_end(s->recording, &sum);
    }
}

static void session_record_on_look(struct ev_loop *loop, ev_timer *w,
                                   int revents)
{
    struct session *s = w->data;

    (void)revents;
    OBJ_CHECK(s, SESSION_MAGIC);
    if (recording_wait(s->recording, 0)) {
        ev_break(loop, EVBREAK_ALL);
    }
}

/* Until the disk has all, or a signal comes. */
static void session_record_rest(struct session *s)
{
    ev_timer look;

    fputs("brunt: waiting for the disk to take the rest of the recording "
          "(Ctrl-C: no more)\n",
          stderr);
    ev_timer_init(&look, session_record_on_look, DISK_LOOK_S, DISK_LOOK_S);
    look.data = s;
    ev_timer_start(s->loop, &look);
    ev_run(s->loop, 0);
    ev_timer_stop(s->loop, &look);
}

/* How much was put together is known only now. */
static void session_record_tell(struct session *s)
{
    char n[NUM_MAX];
    uint64_t held = recording_held_back(s->recording);

    if (held > 0) {
        fprintf(stderr,
                "brunt: the disk was slow: %s second%s put together in the "
                "recording\n",
                num_count(n, held), held == 1 ? " is" : "s are");
    }
}

void session_record_close(struct session *s)
{
    struct err e = ERR_INIT;

    if (s->recording == NULL) {
        return;
    }
    session_record_tell(s);
    if (!recording_wait(s->recording, DISK_SAY_US)) {
        session_record_rest(s);
    }
    if (!recording_wait(s->recording, 0)) {
        recording_abandon(&s->recording);
        fputs("brunt: the disk did not take the rest of the recording: it ends "
              "before the run does\n",
              stderr);
    } else if (!recording_close(&s->recording, &e)) {
        print_err(&e);
    }
}
