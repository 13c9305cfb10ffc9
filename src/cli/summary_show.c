/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/summary_show.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "console/summary.h"

/* Columns of the terminal that standard output is; 0 = it is none. */
static int summary_columns(void)
{
    struct winsize ws;

    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0
               ? ws.ws_col
               : 0;
}

void summary_show(struct story *story, const struct settings *settings,
                  const struct baseline_run *baseline, bool live)
{
    struct summary_options o = {
        .ascii = settings->ascii,
        .color = isatty(STDOUT_FILENO) && !settings->no_color,
        .columns = summary_columns(),
        .baseline = baseline,
        .live = live,
    };

    errno = 0;
    summary_print(stdout, story, &o);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "brunt: the summary could not be written: %s\n",
                errno != 0 ? strerror(errno) : "output error");
    }
}
