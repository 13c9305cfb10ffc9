/* SPDX-License-Identifier: MIT
 *
 * cost - runs a command and writes into a file what it took, from start to
 * exit: CPU µs, µs by the clock, and KiB resident at most. For the benches,
 * where a peer is to be charged in the same way as brunt.
 *
 *   cost FILE COMMAND [ARGUMENT...]
 *
 * Leaves with the command's exit code, or 125 when it could not be run. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clk.h"

#define COST_NOT_RUN 125

static long long cost_us(const struct timeval *t)
{
    return (long long)t->tv_sec * (long long)US_PER_SEC + t->tv_usec;
}

/* The child's pid, so that a signal to us reaches it. */
static volatile sig_atomic_t cost_child;

static void cost_pass_on(int sig)
{
    if (cost_child > 0) {
        kill((pid_t)cost_child, sig);
    }
}

static pid_t cost_spawn(char **argv)
{
    pid_t pid = fork();

    if (pid == 0) {
        execvp(argv[0], argv);
        perror(argv[0]);
        _exit(COST_NOT_RUN);
    }
    cost_child = (sig_atomic_t)pid;
    signal(SIGINT, cost_pass_on);
    signal(SIGTERM, cost_pass_on);
    return pid;
}

int main(int argc, char **argv)
{
    struct rusage r;
    mono_us began;
    uint64_t took;
    int status;
    FILE *f;
    pid_t pid;

    if (argc < 3) {
        fputs("usage: cost FILE COMMAND [ARGUMENT...]\n", stderr);
        return COST_NOT_RUN;
    }
    began = clk_now(clk_system());
    pid = cost_spawn(argv + 2);
    if (pid < 0 || wait4(pid, &status, 0, &r) != pid) {
        perror("cost");
        return COST_NOT_RUN;
    }
    took = clk_now(clk_system()) - began;
    f = fopen(argv[1], "w");
    if (f == NULL) {
        perror(argv[1]);
        return COST_NOT_RUN;
    }
    fprintf(f, "%lld %llu %ld\n", cost_us(&r.ru_utime) + cost_us(&r.ru_stime),
            (unsigned long long)took, r.ru_maxrss);
    fclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : COST_NOT_RUN;
}
