/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/events.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "run/command.h"

/* Steps of a burst are no further apart. */
#define EVENTS_BURST_US (2 * UINT64_C(1000000))

struct event *events_add(struct events *l, uint64_t t_us, const char *type,
                         const char *by, const char *fmt, ...)
{
    char text[1024];
    struct event *e;
    va_list args;

    l->list = xgrow(l->list, l->n, &l->cap, sizeof *l->list);
    e = &l->list[l->n++];
    memset(e, 0, sizeof *e);
    e->t_us = t_us;
    snprintf(e->type, sizeof e->type, "%s", type);
    text_safe(e->by, sizeof e->by, by);
    va_start(args, fmt);
    text_vprint(text, sizeof text, fmt, args);
    va_end(args);
    text_safe(e->text, sizeof e->text, text);
    return e;
}

void event_set_value(struct event *e, const char *value)
{
    text_safe(e->value, sizeof e->value, value);
}

/* A number of VUs, or a rate, by hand. */
static bool event_level(const struct event *e)
{
    return e->load && !e->bad && !e->clamped &&
           (strcmp(e->type, command_name(COMMAND_ADD_VUS)) == 0 ||
            strcmp(e->type, command_name(COMMAND_SET_VUS)) == 0);
}

bool event_follows(const struct event *e, const struct event *before)
{
    return event_level(e) && event_level(before) &&
           e->scenario == before->scenario && strcmp(e->by, before->by) == 0 &&
           e->t_us - before->t_us < EVENTS_BURST_US;
}

int event_stage(const struct event *e, size_t scenario, size_t n)
{
    static const char *const types[] = {"stage", "next", "previous", "jump"};
    uint64_t number;
    size_t i;

    if (e->bad || (e->scenario != 0 && e->scenario != scenario + 1) ||
        !num_u64(e->value, 1, n, &number)) {
        return -1;
    }
    for (i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(e->type, types[i]) == 0) {
            return (int)number - 1;
        }
    }
    return -1;
}

void events_reset(struct events *l)
{
    l->n = 0;
}

void events_clear(struct events *l)
{
    free(l->list);
    memset(l, 0, sizeof *l);
}
