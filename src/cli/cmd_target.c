/* SPDX-License-Identifier: MIT
 *
 * brunt target: the stand-in for the Vi runtime, in the foreground until a
 * signal ends it. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/load_plan.h"
#include "cli/model.h"
#include "target/target.h"

/* The real runtime's port. */
#define TARGET_PORT 3000
/* Exit code of a crash that was asked for. */
#define TARGET_CRASHED 1

/* The first line is for scripts: they may read no more and close the pipe. So
 * all goes out in one write. */
static void target_greet(unsigned port)
{
    static char buffer[4096];
    char base[64];

    snprintf(base, sizeof base, "http://127.0.0.1:%u", port);
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    printf("target: %s (ends with Ctrl-C)\n", base);
    help_target(stdout, base);
    fflush(stdout);
}

/* crash_after: as a real service dies, with all its connections. */
static void target_crash(void *ctx)
{
    (void)ctx;
    fputs("target: crashed, as --model crash_after asked\n", stderr);
    _exit(TARGET_CRASHED);
}

int cmd_target(const struct cli_args *a)
{
    struct target *target = NULL;
    struct target_options o;
    struct err e = ERR_INIT;
    sigset_t ending;
    int sig = 0;

    if (a->n_words > 0) {
        fputs("brunt target: takes options only (see --help)\n", stderr);
        return EXIT_INVALID;
    }
    target_options_init(&o);
    o.port =
        a->set[OPTION_PORT] ? (unsigned)a->count[OPTION_PORT] : TARGET_PORT;
    o.on_crash = target_crash;
    if (!model_from_args(a, "", &o.model)) {
        return EXIT_INVALID;
    }
    /* Blocked before its threads start, so that they inherit it and the
     * signal waits for sigwait below. */
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ending, NULL);
    if (!target_start(&o, &target, &e)) {
        print_err(&e);
        return EXIT_INVALID;
    }
    target_greet(target_port(target));
    sigwait(&ending, &sig);
    target_stop(&target);
    return EXIT_OK;
}
