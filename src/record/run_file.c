/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/run_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/wall.h"

void run_file_slug(char *out, size_t size, const char *name)
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

static bool run_file_taken(const char *path, const char *const *ends)
{
    char name[1024];

    for (; *ends != NULL; ends++) {
        snprintf(name, sizeof name, "%s%s", path, *ends);
        if (access(name, F_OK) == 0) {
            return true;
        }
    }
    return false;
}

/* Makes it, empty, unless somebody else was quicker. Where no file can be made
 * the writing will tell why. */
static bool run_file_take(const char *path, const char *const *ends)
{
    char name[1024];
    int fd;

    if (run_file_taken(path, ends)) {
        return false;
    }
    snprintf(name, sizeof name, "%s%s", path, ends[0]);
    fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return errno != EEXIST;
    }
    close(fd);
    return true;
}

bool run_file_name(const struct run_info *info, const char *folder,
                   const char *const *ends, char *path, size_t size,
                   struct err *e)
{
    char plan[48], scenario[48], stamp[32], base[160];
    unsigned k;

    run_file_slug(plan, sizeof plan, info->plan->name);
    run_file_slug(scenario, sizeof scenario, info->lineup->name);
    wall_stamp(wall_now(), stamp, sizeof stamp);
    snprintf(base, sizeof base, "%s-%s-%s", plan[0] != '\0' ? plan : "run",
             scenario[0] != '\0' ? scenario : "scenario", stamp);
    snprintf(path, size, "%s%s", folder, base);
    for (k = 2; k < 1000 && !run_file_take(path, ends); k++) {
        snprintf(path, size, "%s%s-%u", folder, base, k);
    }
    if (k < 1000) {
        return true;
    }
    err_set_at(e, ERR_IO, path, 0, 0, "a thousand files of this name exist");
    return false;
}

void run_file_drop(const char *path, const char *const *ends)
{
    char name[1024];

    for (; *ends != NULL; ends++) {
        snprintf(name, sizeof name, "%s%s", path, *ends);
        (void)unlink(name);
    }
}

bool run_file_write(const struct run_info *info, const char *text,
                    const char *path, const char *tmp, const char *end,
                    char *where, size_t size, struct err *e)
{
    const char *const ends[] = {end, NULL};
    struct err second = ERR_INIT;
    char folder[200], base[512];

    if (file_write(path, text, strlen(text), e)) {
        snprintf(where, size, "%s", path);
        return true;
    }
    snprintf(folder, sizeof folder, "%s/", tmp);
    if (!run_file_name(info, folder, ends, base, sizeof base, &second)) {
        return false;
    }
    snprintf(where, size, "%s%s", base, end);
    if (!file_write(where, text, strlen(text), &second)) {
        run_file_drop(base, ends);
        return false;
    }
    return true;
}
