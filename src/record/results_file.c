/* SPDX-License-Identifier: MIT
 *
 * Where results go: names, and what to do when a place does not work. */
#include "config.h"

#include "record/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/wall.h"

bool results_write(struct story *s, const char *path, struct err *e)
{
    char *text = results_text(s);
    bool ok = file_write(path, text, strlen(text), e);

    free(text);
    return ok;
}

/* A part of a file's name: letters, digits and dashes only. */
static void results_slug(char *out, size_t size, const char *name)
{
    size_t n = 0;

    for (; *name != '\0' && n + 1 < size; name++) {
        char c = *name;

        if (c >= 'A' && c <= 'Z') {
            c = (char)(c - 'A' + 'a');
        }
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out[n++] = c;
        } else if (n > 0 && out[n - 1] != '-') {
            out[n++] = '-';
        }
    }
    while (n > 0 && out[n - 1] == '-') {
        n--;
    }
    out[n] = '\0';
}

static void results_name(struct story *s, char *base, size_t size)
{
    const struct run_info *info = story_info(s);
    char plan[48], scenario[48], stamp[32];

    results_slug(plan, sizeof plan, info->plan->name);
    results_slug(scenario, sizeof scenario, info->lineup->name);
    wall_stamp(wall_now(), stamp, sizeof stamp);
    snprintf(base, size, "%s-%s-%s", plan[0] != '\0' ? plan : "run",
             scenario[0] != '\0' ? scenario : "scenario", stamp);
}

static bool results_write_in(struct story *s, const char *folder, char *path,
                             size_t size, struct err *e)
{
    char base[160];
    unsigned k;

    results_name(s, base, sizeof base);
    for (k = 1; k < 1000; k++) {
        if (k == 1) {
            snprintf(path, size, "%s%s.json", folder, base);
        } else {
            snprintf(path, size, "%s%s-%u.json", folder, base, k);
        }
        if (access(path, F_OK) != 0) {
            return results_write(s, path, e);
        }
    }
    err_set_at(e, ERR_IO, path, 0, 0, "a thousand files of this name exist");
    return false;
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
