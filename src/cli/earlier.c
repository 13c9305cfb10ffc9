/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/earlier.h"

#include <string.h>
#include <unistd.h>

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

struct baseline_run *earlier_read(const char *what, struct err *e)
{
    char path[RECORDINGS_PATH_MAX];
    const char *slash;

    if (earlier_is_file(what)) {
        return recording_is(what) ? baseline_recorded(what, what, e)
                                  : baseline_read(what, e);
    }
    if (!runs_find(what, path, sizeof path, e)) {
        return NULL;
    }
    /* By its own name: "last" is another one tomorrow. */
    slash = strrchr(path, '/');
    return baseline_recorded(path, slash != NULL ? slash + 1 : path, e);
}
