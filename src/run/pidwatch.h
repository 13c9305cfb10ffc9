/* SPDX-License-Identifier: MIT
 *
 * pidwatch - what a process of this machine takes of it: the service under
 * load, where it runs beside us. Read from Linux's /proc/PID/stat (proc(5));
 * loop's thread, at most once a second. Only numbers are taken from there. */
#ifndef RUN_PIDWATCH_H
#define RUN_PIDWATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clk.h"
#include "base/err.h"
#include "run/tick.h"

/* The fields of a stat line that count. */
struct pidwatch_stat {
    bool running;       /* neither a zombie nor dead */
    uint64_t cpu_ticks; /* user and system */
    uint64_t started;   /* ticks since boot: tells processes of one pid apart */
    uint64_t rss_pages;
};
/* false: it is no such line; *out untouched. The name in it is the process's
 * own choice, parentheses, spaces and line ends included. */
bool pidwatch_parse(const char *line, struct pidwatch_stat *out) MUST_CHECK;

struct pidwatch; /* opaque */

/* Fails where there is no such process, or no /proc to see it in. */
bool pidwatch_new(uint32_t pid, struct pidwatch **out,
                  struct err *e) MUST_CHECK;
void pidwatch_free(struct pidwatch **w);
/* Fills *out. Once the process is gone, or another one has its number, that is
 * not alive, for good. */
void pidwatch_read(struct pidwatch *w, mono_us now, struct tick_server *out);

#endif
