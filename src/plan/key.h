/* SPDX-License-Identifier: MIT
 *
 * key - the keys a plan may have, by the object they belong to. The reader and
 * the manual use the same table (key.def). */
#ifndef PLAN_KEY_H
#define PLAN_KEY_H

#include <stdbool.h>
#include <stddef.h>

enum key_place {
    KEY_PLAN,
    KEY_HTTP,
    KEY_PART,   /* a file in a multipart body */
    KEY_COOKIE, /* a cookie as an object */
    KEY_TLS,
    KEY_DNS,
    KEY_REQUEST,
    KEY_THINK,
    KEY_EVERY,
    KEY_GROUP,
    KEY_RANDOM,
    KEY_BRANCH, /* one of a random's */
    KEY_REPEAT,
    KEY_TIMES,      /* {"min", "max"} of a repeat */
    KEY_LATER_STEP, /* kinds of step that are not there yet */
    KEY_PAUSE,      /* {"min", "max"} of a think */
    KEY_AUTH,
    KEY_BASIC,
    KEY_SSE,
    KEY_CHECK,
    KEY_EXTRACT,
    KEY_FEED, /* a metric's source */
    KEY_DATA, /* a data set that is no array */
    KEY_SCENARIO,
    KEY_STAGE,
    KEY_LIMIT, /* a threshold as an object */
    KEY_VERDICT,
    KEY_RULE, /* one of a verdict, as an object */
    KEY_PLACE_COUNT
};

struct key {
    enum key_place place;
    const char *name;
    bool now;         /* false: refused as not supported yet, with the help */
    const char *form; /* what its value looks like */
    const char *help;
};

/* The i-th row, or NULL behind the last; rows of a place stand together.
 * Static. */
const struct key *key_at(size_t i);
/* The row of that name in that place, or NULL. */
const struct key *key_find(enum key_place place, const char *name);
/* "request", "a stage": what an object of this place is called. */
const char *key_place_name(enum key_place place);

#endif
