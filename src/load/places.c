/* SPDX-License-Identifier: MIT
 *
 * places - a byte a place: a search through ten thousand of them takes about a
 * microsecond, and is needed only when the load changes. */
#include "config.h"

#include "load/places.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

void places_clear(struct places *p)
{
    free(p->of);
    *p = (struct places){0};
}

void places_set(struct places *p, size_t place, enum place_state state)
{
    while (p->n <= place) {
        p->of = xgrow(p->of, p->n, &p->cap, sizeof *p->of);
        p->of[p->n++] = PLACE_FREE;
        p->count[PLACE_FREE]++;
    }
    p->count[p->of[place]]--;
    p->of[place] = (uint8_t)state;
    p->count[state]++;
    if (state == PLACE_FREE && place < p->low) {
        p->low = place;
    }
    if ((state == PLACE_ACTIVE || state == PLACE_SPENT) && place >= p->high) {
        p->high = place + 1;
    }
}

enum place_state places_get(const struct places *p, size_t place)
{
    return place < p->n ? (enum place_state)p->of[place] : PLACE_FREE;
}

size_t places_lowest_free(struct places *p)
{
    const uint8_t *found = NULL;

    if (p->low < p->n) {
        found = memchr(p->of + p->low, PLACE_FREE, p->n - p->low);
    }
    p->low = found != NULL ? (size_t)(found - p->of) : p->n;
    return p->low;
}

size_t places_lowest_draining(const struct places *p)
{
    const uint8_t *found = memchr(p->of, PLACE_DRAINING, p->n);

    MUST(found != NULL);
    return (size_t)(found - p->of);
}

size_t places_highest_held(struct places *p)
{
    while (p->high > 0 && p->of[p->high - 1] != PLACE_ACTIVE &&
           p->of[p->high - 1] != PLACE_SPENT) {
        p->high--;
    }
    MUST(p->high > 0);
    return p->high - 1;
}
