/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/earlier.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/load_plan.h"
#include "cli/runs_folder.h"
#include "record/baseline.h"
#include "record/recording_in.h"
#include "record/recordings.h"

/* Is it one by its looks, too, so that it is missed where it is not there? */
static bool earlier_is_file(const char *what)
{
    return word_kind_of(what) == WORD_FILE || access(what, F_OK) == 0;
}

static struct baseline_run *earlier_recorded(const char *path, const char *file,
                                             struct err *e)
{
    struct baseline_run *b = baseline_recorded(path, file, e);
    char shown[2048];

    if (b != NULL && b->damage != NULL) {
        fprintf(stderr, "brunt: that is all there is of the run: %s\n",
                text_safe(shown, sizeof shown, b->damage));
    }
    return b;
}

struct baseline_run *earlier_read(const char *what, struct err *e)
{
    char path[RECORDINGS_PATH_MAX];
    const char *slash;

    if (earlier_is_file(what)) {
        return recording_is(what) ? earlier_recorded(what, what, e)
                                  : baseline_read(what, e);
    }
    if (!runs_find(what, path, sizeof path, e)) {
        return NULL;
    }
    /* By its own name: "last" is another one tomorrow. */
    slash = strrchr(path, '/');
    return earlier_recorded(path, slash != NULL ? slash + 1 : path, e);
}
