/* SPDX-License-Identifier: MIT
 *
 * baseline_recorded - an earlier run out of its recording: by way of the
 * results that it had, so that one reader, and one set of checks, is enough. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "record/baseline.h"
#include "record/recording_in.h"
#include "record/recording_scan.h"
#include "record/results.h"

struct baseline_run *baseline_recorded(const char *path, const char *file,
                                       struct err *e)
{
    struct recording_in *r = recording_open(path, e);
    struct baseline_run *b = NULL;
    struct story *s = NULL;
    uint64_t frames = 0;
    char *text;

    if (r == NULL) {
        return NULL;
    }
    s = story_new(recording_info(r));
    if (recording_feed(r, s, &frames, e) == RECORDING_IS_DAMAGED) {
        goto out;
    }
    *e = (struct err)ERR_INIT; /* cut off: the results say so */
    if (frames == 0) {
        err_set_at(e, ERR_SYNTAX, path, 0, 0,
                   "there is no moment of the run in it");
        goto out;
    }
    text = results_text(s);
    b = baseline_parse(text, strlen(text), file, e);
    free(text);
out:
    story_free(&s);
    recording_shut(&r);
    return b;
}
