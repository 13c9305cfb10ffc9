/* SPDX-License-Identifier: MIT
 *
 * baseline_recorded - an earlier run out of its recording: by way of the
 * results that it had, so that one reader, and one set of checks, is enough. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "record/baseline.h"
#include "record/recording_in.h"
#include "record/recording_scan.h"
#include "record/results.h"

static void recorded_nothing(const char *path, enum recording_state state,
                             const struct err *end, struct err *e)
{
    if (state == RECORDING_IS_DAMAGED) {
        *e = *end;
    } else {
        err_set_at(e, ERR_SYNTAX, path, 0, 0,
                   "there is no moment of the run in it");
    }
}

struct baseline_run *baseline_recorded(const char *path, const char *file,
                                       struct err *e)
{
    struct recording_in *r = recording_open(path, e);
    struct baseline_run *b = NULL;
    struct story *s = NULL;
    struct err end = ERR_INIT;
    enum recording_state state;
    uint64_t frames = 0;
    char *text, why[900];

    if (r == NULL) {
        return NULL;
    }
    s = story_new(recording_info(r));
    state = recording_feed(r, s, &frames, &end);
    if (frames == 0) {
        recorded_nothing(path, state, &end, e);
        goto out;
    }
    text = results_text(s); /* cut off: they say so */
    b = baseline_parse(text, strlen(text), file, e);
    free(text);
    if (b != NULL && state == RECORDING_IS_DAMAGED) {
        b->damage = xstrdup(err_str(&end, why, sizeof why));
    }
out:
    story_free(&s);
    recording_shut(&r);
    return b;
}
