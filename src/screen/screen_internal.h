/* SPDX-License-Identifier: MIT
 *
 * screen_internal - the inside of a screen: screen.c has its thread,
 * screen_ask.c what the main thread asks of that. */
#ifndef SCREEN_SCREEN_INTERNAL_H
#define SCREEN_SCREEN_INTERNAL_H

#include <pthread.h>

#include <ev.h>

#include "screen/grid.h"
#include "screen/model.h"
#include "screen/quiet.h"
#include "screen/screen.h"
#include "screen/term.h"
#include "screen/ui.h"

#define SCREEN_MAGIC 0x5c4ee401u

/* What the main thread asks for. */
enum {
    ASK_TICK = 1,
    ASK_RESIZE = 2,
    ASK_SUSPEND = 4,
    ASK_RESUME = 8,
    ASK_FINISH = 16,
    ASK_STOP = 32,
};

struct screen {
    unsigned magic;
    struct screen_config config;
    pthread_t thread;
    struct ev_loop *loop;
    ev_async wake;
    /* Between the threads, under lock. */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned asked;
    bool opened, failed; /* how the start went */
    bool given;          /* the terminal is, after ASK_SUSPEND */
    struct err err;
    void *stack; /* of the main thread */
    struct quiet quiet;
    /* The screen's thread alone. */
    struct term *term;
    ev_io in, out;
    ev_timer frame, again;
    struct model live, frozen;
    struct model_source *source, *source_frozen;
    struct ui ui;
    struct grid grid;
    bool suspended; /* the terminal is given back */
    bool anew, lost, finished, left, was_frozen;
};

/* Wakes the screen's thread. */
void screen_ask(struct screen *s, unsigned what);

#endif
