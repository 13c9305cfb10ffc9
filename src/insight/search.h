/* SPDX-License-Identifier: MIT
 *
 * search - which load to try next, so that few tries say where a service
 * breaks. Probabilistic bisection (Horstein 1963; Waeber, Frazier and Henderson
 * 2013): what is known is a distribution of the logarithm of the capacity C,
 * even at first. A try at load L holds with the probability
 * e + (1 - 2e) Φ(ln(C/L)/s): s is how far chance blurs the limit, e how often a
 * verdict is wrong. Each verdict weighs the distribution anew (Bayes), so that
 * a wrong one costs some tries, but not the answer.
 *
 * The load is doubled until it breaks, as overload is not to be had for
 * nothing; then the median is tried, never more than twice what has held. Once
 * 84 % of the distribution lie within 12 % (or about one unit), its two ends
 * are confirmed by longer tries: the lower must hold, the upper break. What
 * held on the way up and is above all that is tried once more: a service that
 * no longer holds it after overload is told apart.
 *
 * Incremental and pure: verdicts in, loads out; no clock. */
#ifndef INSIGHT_SEARCH_H
#define INSIGHT_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEARCH_PROBES_MAX 30
/* An answer is so wide at most, as a share of its lower end. */
#define SEARCH_WIDTH       0.12
#define SEARCH_WIDTH_QUICK 0.16

/* What a try says of its load. */
enum search_verdict {
    SEARCH_HOLDS,
    SEARCH_BREAKS,
    SEARCH_INVALID, /* nothing: what made the load was at its end itself */
};

/* What a try is for. */
enum search_why {
    SEARCH_CLIMB,   /* nothing has broken yet: the double of the last */
    SEARCH_DESCEND, /* nothing has held yet: a quarter of the last */
    SEARCH_NARROW,
    SEARCH_CONFIRM_LOW, /* longer ones */
    SEARCH_CONFIRM_HIGH,
    SEARCH_CONFIRM_TOP, /* the highest load that is allowed */
    SEARCH_AFTERWARDS,  /* held before the first overload: does it still? */
};
/* "climb", "descend", "narrow", "confirm". */
const char *search_why_name(enum search_why w);

enum search_outcome {
    SEARCH_OPEN,
    SEARCH_FOUND,
    SEARCH_NONE,        /* the highest load that is allowed holds */
    SEARCH_BELOW,       /* a sixteenth of the first load breaks, or 1 does,
                           twice or beyond doubt */
    SEARCH_GENERATOR,   /* three tries running that said nothing */
    SEARCH_UNCONFIRMED, /* tries or time were used up before */
};
/* "searching", "found", "none", "below", "generator", "unconfirmed". */
const char *search_outcome_name(enum search_outcome o);

struct search_config {
    uint32_t start, max; /* first load, highest: whole units, 1 <= start <= max
                          */
    bool quick;          /* wider, and nothing is confirmed */
};

struct search_step {
    uint32_t load;
    enum search_why why;
    bool longer; /* it is to be measured for longer */
};

struct search_answer {
    enum search_outcome outcome;
    /* low holds, high breaks; 0: no load is known to. NONE, BELOW, GENERATOR:
     * what was seen to. */
    uint32_t low, high;
    uint32_t point;  /* most likely, within them; 0 = nothing to say */
    bool confirmed;  /* both by longer tries */
    uint32_t before; /* held before the first overload, and not after it; 0 =
                        nothing above high did */
    unsigned probes; /* tries so far, invalid ones too */
    unsigned soft;   /* of them, those that did not say it for sure */
};

struct search; /* opaque */

/* Owned by the caller. */
struct search *search_new(const struct search_config *config);
void search_free(struct search **s);
/* What to try now; while the outcome is open. */
struct search_step search_next(const struct search *s);
/* The verdict on that. soft: the figures lie so close to the limit that chance
 * may have decided. */
void search_take(struct search *s, enum search_verdict v, bool soft);
/* Time is up: no other try. */
void search_stop(struct search *s);
/* The last try was at a load of 1, and broke beyond doubt: SEARCH_BELOW. */
void search_floor(struct search *s);
struct search_answer search_answer(const struct search *s);

#endif
