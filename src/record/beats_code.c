/* SPDX-License-Identifier: MIT
 *
 * beats_code - the ticks that one tick stands for, as bytes. */
#include "config.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "record/tick_code.h"
#include "record/tick_code_internal.h"

void beats_encode(struct buf *b, const struct tick *t)
{
    const struct tick_part *part = t->parts;
    size_t i;

    code_put(b, t->n_beats);
    for (i = 0; i < t->n_beats; i++) {
        const struct tick_beat *k = &t->beats[i];
        uint32_t next = 0, n;

        code_put(b, k->dt_us);
        code_put(b, k->active_us);
        code_put(b, k->in_flight);
        code_put(b, (uint64_t)k->n_parts * 2 + (k->suspect ? 1 : 0));
        for (n = k->n_parts; n > 0; n--, part++) {
            code_put(b, part->row - next);
            code_put(b, part->count);
            next = part->row + 1;
        }
    }
}

/* Rows of a beat rise. */
static void parts_decode(struct code_in *in, uint32_t n, struct tick_read *out,
                         size_t *cap)
{
    size_t rows = out->tick.delta->n_series, next = 0;

    for (; n > 0 && !in->bad; n--) {
        struct tick_part p = {0};

        if (next >= rows) {
            code_bad(in, "requests of a tick");
            return;
        }
        p.row = (uint32_t)(next + code_get(in, rows - next - 1, "a row"));
        p.count = code_get(in, CODE_COUNT_MAX, "requests");
        next = (size_t)p.row + 1;
        out->parts =
            xgrow(out->parts, out->tick.n_parts, cap, sizeof *out->parts);
        out->parts[out->tick.n_parts++] = p;
    }
}

void beats_decode(struct code_in *in, struct tick_read *out)
{
    size_t n = code_get_count(in, TICK_BEATS_MAX, 4, "ticks"), cap = 0, i;
    uint64_t dt_us = 0, active_us = 0;

    out->beats = xcalloc(n + 1, sizeof *out->beats);
    for (i = 0; i < n && !in->bad; i++) {
        struct tick_beat *k = &out->beats[i];
        uint64_t flags;

        k->dt_us = code_get(in, UINT64_MAX / 1024, "a time");
        k->active_us = code_get(in, CODE_COUNT_MAX, "active time");
        k->in_flight = (uint32_t)code_get(in, UINT32_MAX, "requests");
        flags = code_get(in, 2 * (uint64_t)UINT32_MAX + 1, "rows");
        k->suspect = (flags & 1) != 0;
        k->n_parts = (uint32_t)(flags / 2);
        dt_us += k->dt_us;
        active_us += k->active_us;
        parts_decode(in, k->n_parts, out, &cap);
    }
    if (n > 0 &&
        (dt_us != out->tick.dt_us || active_us != out->tick.active_us)) {
        code_bad(in, "the time of ticks");
    }
    out->tick.beats = out->beats;
    out->tick.n_beats = n;
    out->tick.parts = out->parts;
}
