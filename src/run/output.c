/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/output.h"

#include <stdio.h>

#include "base/num.h"
#include "base/text.h"

const char *output_text(const struct output *o, const char *sep, char *buf,
                        size_t size)
{
    const struct {
        uint64_t n;
        const char *one, *more;
    } rows[] = {
        {o->dropped, "dropped", "dropped"},
        {o->retries, "try again", "tries again"},
        {o->held_back, "second put together", "seconds put together"},
    };
    char num[NUM_MAX];
    size_t i;

    snprintf(buf, size, "%s point%s", num_count(num, o->points),
             o->points == 1 ? "" : "s");
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].n > 0) {
            text_add(buf, size, "%s%s %s", sep, num_count(num, rows[i].n),
                     rows[i].n == 1 ? rows[i].one : rows[i].more);
        }
    }
    if (o->why[0] != '\0') {
        text_add(buf, size, "%s%s: %s", sep,
                 o->dead     ? "ended"
                 : o->behind ? "trying again"
                             : "last",
                 o->why);
    }
    return buf;
}
