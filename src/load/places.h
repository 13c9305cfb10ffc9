/* SPDX-License-Identifier: MIT
 *
 * places - what each place of a squad is at: one state for each, with counts
 * and the few searches that a change of load needs. Inside this room only. */
#ifndef LOAD_PLACES_H
#define LOAD_PLACES_H

#include <stddef.h>
#include <stdint.h>

enum place_state {
    PLACE_FREE,     /* no VU runs there */
    PLACE_ACTIVE,   /* its VU is within the wanted number */
    PLACE_SPENT,    /* the same, and it has no iteration left to begin */
    PLACE_DRAINING, /* its VU finishes its iteration */
    PLACE_STATES
};

/* All zero is one without places. */
struct places {
    uint8_t *of; /* owned: n states; beyond n all are free */
    size_t n, cap;
    size_t count[PLACE_STATES]; /* of the first n */
    size_t low;                 /* no place below it is free */
    size_t high;                /* none from it on is active or spent */
};

void places_clear(struct places *p);
void places_set(struct places *p, size_t place, enum place_state state);
enum place_state places_get(const struct places *p, size_t place);
/* The lowest that is free; there always is one. */
size_t places_lowest_free(struct places *p);
/* The lowest that drains; count[PLACE_DRAINING] is not 0. */
size_t places_lowest_draining(const struct places *p);
/* The highest that is active or spent; there is one. */
size_t places_highest_held(struct places *p);

/* Those that make up the wanted number. */
static inline size_t places_held(const struct places *p)
{
    return p->count[PLACE_ACTIVE] + p->count[PLACE_SPENT];
}

#endif
