/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/outages.h"

static enum outages_news
outages_answered(struct outages *s, const struct beat *b, struct outage *out)
{
    bool told = s->told;

    s->served = true;
    if (told) {
        s->open.end_us = b->start_us;
        *out = s->open;
    }
    s->down = s->told = false;
    return told ? OUTAGES_OVER : OUTAGES_NOTHING;
}

enum outages_news outages_feed(struct outages *s, const struct beat *b,
                               struct outage *out)
{
    uint64_t lost = 0;
    bool told = s->told;
    size_t i;

    for (i = 0; i < b->n; i++) {
        if (b->parts[i].response) {
            return outages_answered(s, b, out);
        }
        lost += b->parts[i].refused ? b->parts[i].count : 0;
    }
    if (!s->served || (lost == 0 && !s->down)) {
        return OUTAGES_NOTHING;
    }
    if (!s->down) {
        s->down = true;
        s->open = (struct outage){.start_us = b->start_us};
    }
    s->open.end_us = b->end_us;
    s->open.lost += lost;
    if (s->open.lost < OUTAGES_LEAST) {
        return OUTAGES_NOTHING;
    }
    s->told = true;
    *out = s->open;
    return told ? OUTAGES_GOES_ON : OUTAGES_BEGUN;
}
