/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/output.h"

#include <stdio.h>

#include "base/num.h"
#include "base/text.h"

const char *output_state(const struct output *o)
{
    return o->dead ? "ended" : o->behind ? "trying_again" : "sending";
}

static void output_part(char *buf, size_t size, const char *sep, uint64_t n,
                        const char *what)
{
    char num[NUM_MAX];

    if (n > 0) {
        text_add(buf, size, "%s%s %s", sep, num_count(num, n), what);
    }
}

const char *output_text(const struct output *o, const char *sep, char *buf,
                        size_t size)
{
    char num[NUM_MAX];

    snprintf(buf, size, "%s point%s", num_count(num, o->points),
             o->points == 1 ? "" : "s");
    output_part(buf, size, sep, o->dropped, "dropped");
    if (o->why[0] != '\0') {
        text_add(buf, size, "%s%s: %s", sep,
                 o->dead     ? "ended"
                 : o->behind ? "trying again"
                             : "last",
                 o->why);
    }
    output_part(buf, size, sep, o->retries,
                o->retries == 1 ? "try again" : "tries again");
    output_part(buf, size, sep, o->held_back,
                o->held_back == 1 ? "second put together"
                                  : "seconds put together");
    return buf;
}
