/* SPDX-License-Identifier: MIT
 *
 * record_cost - what a recording takes, of half an hour of a simulated run: its
 * bytes, the CPU of both threads, and memory. Prints a row for each run, and
 * ends with 1 where one takes more than it may. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "record/recording.h"
#include "record/recording_internal.h"
#include "support/sim.h"

#define HALF_AN_HOUR 1800u

static const struct {
    const char *name;
    double rate_scale; /* of some 110 requests a second */
    double mb_max, core_percent_max, memory_mb_max;
} rows[] = {
    {"20 VUs, 110 req/s", 1, 2, 1, 20},
    {"5,000 req/s", 45.5, 40, 1, 20},
};

static const char plan[] =
    "{\"name\":\"cost\",\"flow\":["
    "{\"post\":\"http://127.0.0.1/\",\"name\":\"ChatRequest\","
    "\"checks\":{\"chat status is 200\":{\"status\":200}},"
    "\"metrics\":{\"chat_duration\":\"duration\"}},"
    "{\"post\":\"http://127.0.0.1/\",\"name\":\"ChatStream\"},"
    "{\"get\":\"http://127.0.0.1/\",\"name\":\"Metrics\"},"
    "{\"get\":\"http://127.0.0.1/\",\"name\":\"Places\"}],"
    "\"scenarios\":{\"soak\":{\"executor\":\"constant-vus\",\"vus\":20,"
    "\"duration\":\"30m\"}},"
    "\"thresholds\":{\"http_req_duration\":[\"p(95)<500\",\"p(99)<5000\"],"
    "\"http_req_failed\":[\"rate<0.01\"],\"checks\":[\"rate>0.95\"]}}";

struct cost {
    struct recording *recording; /* NULL: not recorded */
    double cpu_s;
};

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The other thread works, and this one waits, so that its CPU is counted. */
static void cost_tick(void *ctx, const struct tick *t)
{
    struct cost *c = ctx;
    double begun = cpu_s();

    if (c->recording != NULL) {
        recording_tick(c->recording, t);
        recording_settle(c->recording);
        c->cpu_s += cpu_s() - begun;
    }
}

/* In a process of its own. Its figures go into out. */
static void cost_run(size_t i, bool recorded, int out)
{
    char path[] = "/tmp/brunt-cost-XXXXXX";
    struct recording_config config = {.path = path};
    struct recording_sum sum = {.frames = 0};
    struct cost c = {NULL, 0};
    struct err e = ERR_INIT;
    double figures[3] = {0, 0, 0};
    struct stat st;
    struct sim s;

    close(mkstemp(path));
    unlink(path);
    sim_init(&s, plan, 7);
    s.rate_scale = rows[i].rate_scale;
    config.info = &s.info;
    if (recorded && !recording_begin(&config, &c.recording, &e)) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    s.tap = cost_tick;
    s.tap_ctx = &c;
    sim_run(&s, HALF_AN_HOUR);
    recording_sum_of(s.story, &sum);
    figures[2] = (double)sum.requests / HALF_AN_HOUR;
    if (recorded) {
        recording_end(c.recording, &sum);
        if (!recording_close(&c.recording, &e) || stat(path, &st) != 0) {
            fprintf(stderr, "%s\n", e.text);
            exit(1);
        }
        figures[0] = (double)st.st_size / 1e6;
        figures[1] = c.cpu_s / HALF_AN_HOUR * 100;
        unlink(path);
    }
    exit(write(out, figures, sizeof figures) != (ssize_t)sizeof figures);
}

/* Its most memory, in MB; figures are those of cost_run. */
static double cost_of(size_t i, bool recorded, double figures[3])
{
    struct rusage usage;
    int fds[2], status;
    pid_t pid;

    fflush(stdout); /* not to be written by both */
    if (pipe(fds) != 0 || (pid = fork()) < 0) {
        exit(1);
    }
    if (pid == 0) {
        cost_run(i, recorded, fds[1]);
    }
    close(fds[1]);
    if (wait4(pid, &status, 0, &usage) != pid || status != 0 ||
        read(fds[0], figures, 3 * sizeof *figures) !=
            (ssize_t)(3 * sizeof *figures)) {
        exit(1);
    }
    close(fds[0]);
    return (double)usage.ru_maxrss / 1e3;
}

int main(void)
{
    int bad = 0;
    size_t i;

    printf("%-20s %8s %8s %12s %10s\n", "half an hour of", "req/s", "MB",
           "% of a core", "memory MB");
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double figures[3], none[3];
        double memory = cost_of(i, true, figures) - cost_of(i, false, none);
        bool ok = figures[0] <= rows[i].mb_max &&
                  figures[1] <= rows[i].core_percent_max &&
                  memory <= rows[i].memory_mb_max;

        printf("%-20s %8.0f %8.2f %12.3f %10.1f  %s\n", rows[i].name,
               figures[2], figures[0], figures[1], memory,
               ok ? "ok" : "TOO MUCH");
        bad |= !ok;
    }
    return bad;
}
