/* SPDX-License-Identifier: MIT
 *
 * study_beside - what happened where p95 became another: the stage, key or mark
 * that is near, and whether it is so near that it is the time of the change.
 * It is looked up when the change is found: later there may be too many keys to
 * remember. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "run/command.h"
#include "run/study_anomaly.h"
#include "run/study_internal.h"

static bool beside_notable(const struct event *e)
{
    return strcmp(e->type, command_name(COMMAND_MARK)) == 0 ||
           strcmp(e->type, "stage") == 0 ||
           strcmp(e->type, command_name(COMMAND_PAUSE)) == 0 ||
           (e->load && !e->bad);
}

/* Stages, keys and marks are kept for a while: what is found has begun
 * before. */
void study_note(struct study *s, const struct event *e)
{
    struct study_note *n;

    if (!beside_notable(e)) {
        return;
    }
    n = &s->notes[s->n_notes++ % STUDY_NOTES];
    n->t_us = e->t_us;
    if (strcmp(e->type, "stage") == 0 || e->by[0] == '\0' ||
        strcmp(e->type, command_name(COMMAND_MARK)) == 0) {
        text_safe(n->text, sizeof n->text, e->text);
    } else {
        char line[sizeof e->by + sizeof e->text + 2];

        snprintf(line, sizeof line, "%s: %s", e->by, e->text);
        text_safe(n->text, sizeof n->text, line);
    }
}

static const struct study_note *beside_nearest(const struct study *s,
                                               const struct shift *f)
{
    size_t i, n = s->n_notes < STUDY_NOTES ? s->n_notes : STUDY_NOTES;
    const struct study_note *best = NULL;
    uint64_t least = UINT64_MAX;

    for (i = 0; i < n; i++) {
        const struct study_note *k = &s->notes[i];
        uint64_t t = f->at_us, block = f->block_us;
        uint64_t gap = k->t_us > t ? k->t_us - t : t - k->t_us;

        /* It shows within a block or two; never before. */
        if (gap < least && k->t_us <= t + block && k->t_us + 2 * block >= t) {
            least = gap;
            best = k;
        }
    }
    return best;
}

void study_find_beside(struct study *s)
{
    size_t n = anomalies_count(s->anomalies);

    for (; s->beside_from < n; s->beside_from++) {
        const struct anomaly *x = anomalies_at(s->anomalies, s->beside_from);
        const struct study_note *k;

        if (x->kind != ANOMALY_CHANGE) {
            continue;
        }
        k = beside_nearest(s, &x->u.shift);
        s->besides[s->n_besides] =
            k != NULL ? *k : (struct study_note){.text = ""};
        s->beside_of[s->n_besides++] = s->beside_from;
    }
}

const struct study_note *study_beside(const struct study *s,
                                      const struct anomaly *x)
{
    size_t i;

    for (i = 0; i < s->n_besides; i++) {
        if (anomalies_at(s->anomalies, s->beside_of[i]) == x) {
            return s->besides[i].text[0] != '\0' ? &s->besides[i] : NULL;
        }
    }
    return NULL;
}

/* The stage, key or mark with which p95 changed. NULL: none is so near. */
static const struct study_note *beside_cause(const struct study *s,
                                             const struct anomaly *x)
{
    const struct study_note *k = study_beside(s, x);

    return k != NULL && k->t_us + x->u.shift.block_us >= x->u.shift.at_us
               ? k
               : NULL;
}

uint64_t study_anomaly_us(const struct study *s, const struct anomaly *x)
{
    const struct study_note *k = beside_cause(s, x);

    return k != NULL ? k->t_us : x->start_us;
}

const char *study_tell_since(const struct study *s, const struct anomaly *x,
                             char *buf)
{
    const struct study_note *k = beside_cause(s, x);

    return k != NULL ? num_clock(buf, k->t_us) : num_when(buf, x->start_us);
}

const char *study_tell_beside(const struct study *s, const struct anomaly *x,
                              char *buf, size_t size)
{
    const struct study_note *k = study_beside(s, x);
    char at[NUM_MAX];

    buf[0] = '\0';
    if (k != NULL) {
        snprintf(buf, size, "at %s: %s", num_clock(at, k->t_us), k->text);
    }
    return buf;
}
