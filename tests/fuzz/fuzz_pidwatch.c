/* SPDX-License-Identifier: MIT
 *
 * Whatever a process calls itself, and whatever else a line of /proc/PID/stat
 * holds: figures are within bounds that can be counted with, and a line is
 * either read or left alone. */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "run/pidwatch.h"

int fuzz_one(const uint8_t *data, size_t n)
{
    const struct pidwatch_stat before = {true, 1, 2, 3};
    struct pidwatch_stat s = before;
    char *line = xstrndup((const char *)data, n);

    if (pidwatch_parse(line, &s)) {
        MUST(strchr(line, ')') != NULL);
        MUST(s.cpu_ticks <= 2000000000000000u);
        MUST(s.started <= 1000000000000000u);
        MUST(s.rss_pages <= 1000000000000u);
    } else {
        MUST(s.running && s.cpu_ticks == before.cpu_ticks &&
             s.started == before.started && s.rss_pages == before.rss_pages);
    }
    free(line);
    return 0;
}
