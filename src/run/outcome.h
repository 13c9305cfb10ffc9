/* SPDX-License-Identifier: MIT
 *
 * outcome - from what happened to how the run ended: status, exit code (k6's),
 * and one line that says why. Pure. */
#ifndef RUN_OUTCOME_H
#define RUN_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "run/tick.h"

enum exit_code {
    EXIT_CODE_PASSED = 0,
    EXIT_CODE_THRESHOLDS = 99,
    EXIT_CODE_SETUP_TIMEOUT = 100,
    EXIT_CODE_TEARDOWN_TIMEOUT = 101,
    EXIT_CODE_REMOTE = 103,
    EXIT_CODE_INTERRUPTED = 105,
    EXIT_CODE_SOCKET = 106, /* the control socket cannot open; before a run */
    EXIT_CODE_SETUP_FAILED = 107,
};

/* What happened, as far as it bears on the end. */
struct ending {
    bool setup_failed, setup_timeout, teardown_timeout;
    bool setup_open;            /* ended by a person before setup had passed */
    bool not_set_up;            /* no iteration ever began: every VU's own setup
                                   failed, or had no end; undone says so */
    bool interrupted;           /* a signal, or cut off by hand */
    bool remote;                /* ended through the control socket */
    bool aborted;               /* a threshold with abortOnFail */
    bool hunted;                /* it was a hunt: the next two hold */
    bool hunt_failed;           /* without an answer */
    char hunt_text[256];        /* what it found, or how far it came */
    unsigned thresholds_failed; /* 0 also when they decide nothing */
    char by[64];                /* who stopped it; "" = nobody */
    char undone[128];           /* why the plan's work was not; "" = it was */
    char setup_text[256];       /* why setup failed; safe to show */
};

/* Of several reasons the first in the contract's order decides: 107, 100, 105,
 * 103, 101, 99. That setup had not passed when a person ended the run is 107
 * too, as is that no VU passed its own, but a signal and the control socket
 * keep theirs. */
struct outcome outcome_of(const struct ending *e);

#endif
