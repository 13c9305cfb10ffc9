/* SPDX-License-Identifier: MIT
 *
 * Where results go: names, and what to do when a place does not work. */
#include "config.h"

#include "record/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "record/run_file.h"

bool results_write(struct story *s, const char *path, struct err *e)
{
    char *text = results_text(s);
    bool ok = file_write(path, text, strlen(text), e);

    free(text);
    return ok;
}

static bool results_write_in(struct story *s, const char *folder, char *path,
                             size_t size, struct err *e)
{
    static const char *const ends[] = {".json", NULL};
    char base[512];

    if (!run_file_name(story_info(s), folder, ends, base, sizeof base, e)) {
        return false;
    }
    snprintf(path, size, "%s.json", base);
    if (!results_write(s, path, e)) {
        run_file_drop(base, ends);
        return false;
    }
    return true;
}

bool results_write_named(struct story *s, char *path, size_t size,
                         struct err *e)
{
    return results_write_in(s, "", path, size, e);
}

bool results_write_final(struct story *s, const char *path, const char *tmp,
                         char *where, size_t size, struct err *e)
{
    struct err second = ERR_INIT;
    char folder[200];

    if (results_write(s, path, e)) {
        snprintf(where, size, "%s", path);
        return true;
    }
    snprintf(folder, sizeof folder, "%s/", tmp);
    return results_write_in(s, folder, where, size, &second);
}
