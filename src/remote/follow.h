/* SPDX-License-Identifier: MIT
 *
 * follow - a run seen from elsewhere: the records that it sends become a story,
 * which a screen cannot tell from the run's own. All that comes is checked. */
#ifndef REMOTE_FOLLOW_H
#define REMOTE_FOLLOW_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "record/info_code.h"
#include "run/command.h"
#include "run/story.h"

struct follow {
    struct info_read run; /* read once story is there */
    struct story *story;  /* owned; NULL before the header has come */
    bool any;             /* a tick has come */
    bool finished;        /* the run's last one has */
    char ended[128];      /* why the run sends no more; "" = it does not say */
};

void follow_init(struct follow *f);
void follow_clear(struct follow *f);
/* Takes all whole records off in. false: what came is no run's. */
bool follow_feed(struct follow *f, struct buf *in, struct err *e) MUST_CHECK;
/* Nothing comes any more, though the run has not ended: a last tick says so. */
void follow_lost(struct follow *f, const char *why);
/* A command as a line for the run (remote/ask.h); owned by the caller. */
cJSON *follow_command(const struct follow *f, const struct command *c);

#endif
