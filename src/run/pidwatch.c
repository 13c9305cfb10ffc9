/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/pidwatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/num.h"
#include "base/xalloc.h"

/* Numbers of proc(5)'s fields. */
enum { STAT_STATE = 3, STAT_UTIME = 14, STAT_STIME = 15, STAT_START = 22 };
enum { STAT_RSS = 24 };

#define PIDWATCH_TEXT_MAX (64u << 10)

struct pidwatch {
    uint32_t pid;
    struct pidwatch_stat first;
    mono_us at; /* of the last reading; 0 = none yet */
    uint64_t cpu_ticks;
    uint64_t limit_bytes;
    struct tick_server last;
};

bool pidwatch_parse(const char *line, struct pidwatch_stat *out)
{
    const char *p = strrchr(line, ')');
    double field[STAT_RSS + 1] = {0};
    char state;
    int i;

    if (p == NULL || p[1] != ' ' || p[2] == '\0' || p[3] != ' ') {
        return false;
    }
    state = p[2];
    p += 3;
    for (i = STAT_STATE + 1; i <= STAT_RSS; i++) {
        if (*p != ' ' || !num_double_prefix(p + 1, &field[i], &p)) {
            return false;
        }
    }
    if (field[STAT_UTIME] < 0 || field[STAT_STIME] < 0 ||
        field[STAT_START] < 0 || field[STAT_RSS] < 0 ||
        field[STAT_UTIME] > 1e15 || field[STAT_STIME] > 1e15 ||
        field[STAT_START] > 1e15 || field[STAT_RSS] > 1e12) {
        return false;
    }
    out->running = strchr("ZXx", state) == NULL;
    out->cpu_ticks = (uint64_t)(field[STAT_UTIME] + field[STAT_STIME]);
    out->started = (uint64_t)field[STAT_START];
    out->rss_pages = (uint64_t)field[STAT_RSS];
    return true;
}

static bool pidwatch_stat(uint32_t pid, struct pidwatch_stat *out)
{
    struct err e = ERR_INIT;
    char path[64];
    struct buf b;
    bool ok;

    snprintf(path, sizeof path, "/proc/%u/stat", pid);
    buf_init(&b, PIDWATCH_TEXT_MAX);
    ok = file_read(path, &b, &e) && pidwatch_parse(buf_str(&b), out);
    buf_clear(&b);
    return ok;
}

/* The number behind key in a file of /proc or /sys; 0: there is none. */
static uint64_t pidwatch_number(const char *path, const char *key)
{
    struct err e = ERR_INIT;
    const char *at, *end;
    double v = 0;
    struct buf b;

    buf_init(&b, PIDWATCH_TEXT_MAX);
    if (file_read(path, &b, &e)) {
        at = strstr(buf_str(&b), key);
        at = at != NULL ? at + strlen(key) : "";
        at += strspn(at, " ");
        if (!num_double_prefix(at, &v, &end) || v < 0 || v > 1e18) {
            v = 0; /* "max" */
        }
    }
    buf_clear(&b);
    return (uint64_t)v;
}

/* "0::/a/b": its group's own limit is where the kernel ends it. */
static uint64_t pidwatch_group_limit(uint32_t pid)
{
    struct err e = ERR_INIT;
    char path[64], file[1024];
    const char *at;
    uint64_t limit = 0;
    struct buf b;

    snprintf(path, sizeof path, "/proc/%u/cgroup", pid);
    buf_init(&b, PIDWATCH_TEXT_MAX);
    if (file_read(path, &b, &e)) {
        at = strstr(buf_str(&b), "0::/");
        if (at != NULL) {
            at += strlen("0::");
            snprintf(file, sizeof file, "/sys/fs/cgroup%.*s/memory.max",
                     (int)strcspn(at, "\n") < 900 ? (int)strcspn(at, "\n") : 0,
                     at);
            limit = pidwatch_number(file, "");
        }
    }
    buf_clear(&b);
    return limit;
}

static uint64_t pidwatch_limit(uint32_t pid)
{
    uint64_t machine = 1024 * pidwatch_number("/proc/meminfo", "MemTotal:");
    uint64_t group = pidwatch_group_limit(pid);

    return group > 0 && (machine == 0 || group < machine) ? group : machine;
}

bool pidwatch_new(uint32_t pid, struct pidwatch **out, struct err *e)
{
    struct pidwatch_stat first;
    struct pidwatch *w;

    if (!pidwatch_stat(pid, &first)) {
        err_set(e, ERR_LIMIT,
                access("/proc/self/stat", R_OK) == 0
                    ? "--server-pid: there is no process %u"
                    : "--server-pid: process %u cannot be watched: this needs "
                      "Linux's /proc",
                pid);
        return false;
    }
    if (!first.running) {
        err_set(e, ERR_LIMIT, "--server-pid: process %u has ended", pid);
        return false;
    }
    w = xcalloc(1, sizeof *w);
    w->pid = pid;
    w->first = first;
    w->limit_bytes = pidwatch_limit(pid);
    *out = w;
    return true;
}

void pidwatch_free(struct pidwatch **w)
{
    free(*w);
    *w = NULL;
}

void pidwatch_read(struct pidwatch *w, mono_us now, struct tick_server *out)
{
    struct pidwatch_stat is;
    double ticks = (double)sysconf(_SC_CLK_TCK);

    if (w->at != 0 && !w->last.alive) {
        *out = w->last;
        return;
    }
    tick_server_clear(&w->last);
    w->last.watched = true;
    w->last.limit_bytes = w->limit_bytes;
    if (pidwatch_stat(w->pid, &is) && is.running &&
        is.started == w->first.started) {
        w->last.alive = true;
        w->last.rss_bytes = is.rss_pages * (uint64_t)sysconf(_SC_PAGESIZE);
        if (w->at != 0 && now > w->at && is.cpu_ticks >= w->cpu_ticks) {
            w->last.cpu = (double)(is.cpu_ticks - w->cpu_ticks) / ticks /
                          ((double)(now - w->at) / 1e6);
        }
        w->cpu_ticks = is.cpu_ticks;
    }
    w->at = now;
    *out = w->last;
}
