/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/wall.h"

#include <stdio.h>
#include <time.h>

#include "base/must.h"

#define WALL_US_PER_SEC 1000000

struct wall wall_now(void)
{
    struct timespec ts;
    int rc = clock_gettime(CLOCK_REALTIME, &ts);

    MUST(rc == 0);
    return (struct wall){(int64_t)ts.tv_sec * WALL_US_PER_SEC +
                         ts.tv_nsec / 1000};
}

/* Whole seconds, rounded down also before 1970; what is left in *us. */
static time_t wall_split(struct wall w, int *us)
{
    int64_t sec = w.us / WALL_US_PER_SEC;
    int64_t rest = w.us % WALL_US_PER_SEC;

    if (rest < 0) {
        rest += WALL_US_PER_SEC;
        sec--;
    }
    *us = (int)rest;
    return (time_t)sec;
}

void wall_rfc3339(struct wall w, char *buf, size_t size)
{
    struct tm tm = {0};
    int us;
    time_t sec = wall_split(w, &us);
    struct tm *ok = gmtime_r(&sec, &tm);

    MUST(ok != NULL);
    snprintf(buf, size, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
             tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
             tm.tm_min, tm.tm_sec, us / 1000);
}

static struct tm wall_here(struct wall w)
{
    struct tm tm = {0};
    int us;
    time_t sec = wall_split(w, &us);
    struct tm *ok = localtime_r(&sec, &tm);

    MUST(ok != NULL);
    return tm;
}

void wall_stamp(struct wall w, char *buf, size_t size)
{
    struct tm tm = wall_here(w);

    snprintf(buf, size, "%04d%02d%02d-%02d%02d%02d", tm.tm_year + 1900,
             tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void wall_name(struct wall w, char *buf, size_t size)
{
    struct tm tm = wall_here(w);

    snprintf(buf, size, "%04d-%02d-%02dT%02d-%02d-%02d", tm.tm_year + 1900,
             tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void wall_local(struct wall w, char *buf, size_t size)
{
    struct tm tm = wall_here(w);

    snprintf(buf, size, "%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year + 1900,
             tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
