/* SPDX-License-Identifier: MIT
 *
 * drive - one worker and nothing else of brunt, against a server that runs
 * already: a POST of 70 bytes with one check on its status. For tests/bench.
 *
 *   drive load URL VUS SECONDS           as fast as it goes; one line:
 *       requests/s  CPU µs a request  p50 µs  p99 µs  failed  lag p99 µs
 *   drive memory URL VUS SECONDS THINK   resident KiB a VU, four times
 *   drive cpu COMMAND...                 runs it; CPU µs it took, on stderr */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/clk.h"
#include "base/num.h"
#include "load/limits.h"
#include "support/drill.h"

#define DRIVE_WARM_UP_US (500 * US_PER_MS)
#define DRIVE_CHAT       "01234567890123456789012345678901234567890123456789012345"

static const char drive_plan[] =
    "{\"name\": \"drive\", \"flow\": [{\"post\": \"@\", \"name\": \"post\","
    " \"json\": {\"message\": \"" DRIVE_CHAT "\"},"
    " \"checks\": {\"is 200\": {\"status\": 200}}}%s],"
    " \"scenarios\": {\"s\": {\"executor\": \"constant-vus\", \"vus\": 1,"
    " \"duration\": \"1h\"}}}";

static void drive_wait(uint64_t us)
{
    struct timespec ts = {.tv_sec = (time_t)(us / US_PER_SEC),
                          .tv_nsec = (long)(us % US_PER_SEC * 1000)};

    nanosleep(&ts, NULL);
}

/* Reports ten times a second, as a conductor asks for them. */
static void drive_for(struct drill *d, uint64_t us)
{
    mono_us end = clk_now(clk_system()) + us;

    while (clk_now(clk_system()) < end) {
        drive_wait(100 * US_PER_MS);
        drill_report(d);
    }
}

static long drive_rss_kib(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;

    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            double v = 0;
            const char *end;

            if (num_double_prefix(line + 6 + strspn(line + 6, " \t"), &v,
                                  &end)) {
                kib = (long)v;
            }
        }
    }
    if (f != NULL) {
        fclose(f);
    }
    return kib;
}

static void drive_load(struct drill *d, uint32_t vus, uint64_t us)
{
    struct drill_totals from;
    uint64_t cpu, requests;
    mono_us start;
    double s;

    drill_post(d, LOAD_RUN, vus);
    drive_for(d, DRIVE_WARM_UP_US);
    from = d->totals;
    cpu = d->last.cpu_us;
    start = d->last.at;
    histo_clear(d->duration);
    histo_clear(d->lag);
    drive_for(d, us);
    requests = d->totals.requests - from.requests;
    s = (double)(d->last.at - start) / US_PER_SEC;
    printf("%.0f %.2f %llu %llu %llu %llu\n", (double)requests / s,
           (double)(d->last.cpu_us - cpu) /
               (double)(requests > 0 ? requests : 1),
           (unsigned long long)histo_percentile(d->duration, 50),
           (unsigned long long)histo_percentile(d->duration, 99),
           (unsigned long long)(d->totals.failed - from.failed),
           (unsigned long long)histo_percentile(d->lag, 99));
}

static void drive_memory(struct drill *d, uint32_t vus, uint64_t us)
{
    long before;

    drive_for(d, 200 * US_PER_MS);
    before = drive_rss_kib();
    drill_post(d, LOAD_RUN, vus);
    for (int quarter = 1; quarter <= 4; quarter++) {
        drive_for(d, us / 4);
        printf("after %.1f s: %.1f KiB a VU, %u connections, %llu requests, "
               "%llu failed\n",
               (double)us * quarter / 4 / US_PER_SEC,
               (double)(drive_rss_kib() - before) / vus, d->last.connections,
               (unsigned long long)d->totals.requests,
               (unsigned long long)d->totals.failed);
        fflush(stdout);
    }
}

/* Runs a command and says what CPU it took, ours not. */
static int drive_cpu(char **argv)
{
    struct rusage r;
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        execvp(argv[0], argv);
        perror(argv[0]);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0 ||
        getrusage(RUSAGE_CHILDREN, &r) != 0) {
        perror("drive");
        return 1;
    }
    fprintf(stderr, "%lld\n",
            (long long)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000 +
                r.ru_utime.tv_usec + r.ru_stime.tv_usec);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int drive_usage(void)
{
    fputs("usage: drive load URL VUS SECONDS\n"
          "       drive memory URL VUS SECONDS THINK\n"
          "       drive cpu COMMAND...\n",
          stderr);
    return 2;
}

static int drive_run(char **argv, uint32_t vus, double seconds,
                     const char *think)
{
    char plan[1024], pause[64] = "";
    struct drill d;

    signal(SIGPIPE, SIG_IGN);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return 1;
    }
    load_raise_descriptors();
    if (think != NULL) {
        snprintf(pause, sizeof pause, ", {\"think\": \"%s\"}", think);
    }
    snprintf(plan, sizeof plan, drive_plan, pause);
    drill_start(&d, plan, argv[2]);
    if (think != NULL) {
        drive_memory(&d, vus, (uint64_t)(seconds * US_PER_SEC));
    } else {
        drive_load(&d, vus, (uint64_t)(seconds * US_PER_SEC));
    }
    drill_drain(&d);
    drill_stop(&d);
    curl_global_cleanup();
    return 0;
}

int main(int argc, char **argv)
{
    uint64_t vus;
    double seconds;

    if (argc >= 3 && strcmp(argv[1], "cpu") == 0) {
        return drive_cpu(argv + 2);
    }
    if (argc < 5 || !num_u64(argv[3], 1, 100000, &vus) ||
        !num_double(argv[4], &seconds)) {
        return drive_usage();
    }
    if (strcmp(argv[1], "load") == 0 && argc == 5) {
        return drive_run(argv, (uint32_t)vus, seconds, NULL);
    }
    if (strcmp(argv[1], "memory") == 0 && argc == 6) {
        return drive_run(argv, (uint32_t)vus, seconds, argv[5]);
    }
    return drive_usage();
}
