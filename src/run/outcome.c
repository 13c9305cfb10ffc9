/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/outcome.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static int outcome_code(const struct ending *e)
{
    if (e->setup_failed) {
        return EXIT_CODE_SETUP_FAILED;
    }
    if (e->setup_timeout) {
        return EXIT_CODE_SETUP_TIMEOUT;
    }
    if (e->interrupted) {
        return EXIT_CODE_INTERRUPTED;
    }
    if (e->remote) {
        return EXIT_CODE_REMOTE;
    }
    if (e->setup_open || e->not_set_up) {
        return EXIT_CODE_SETUP_FAILED;
    }
    if (e->teardown_timeout) {
        return EXIT_CODE_TEARDOWN_TIMEOUT;
    }
    return e->thresholds_failed > 0 || e->aborted || e->hunt_failed
               ? EXIT_CODE_THRESHOLDS
               : EXIT_CODE_PASSED;
}

static enum run_status outcome_status(const struct ending *e, int code)
{
    switch (code) {
    case EXIT_CODE_PASSED:
        return STATUS_PASSED;
    case EXIT_CODE_INTERRUPTED:
    case EXIT_CODE_REMOTE:
        return STATUS_INTERRUPTED;
    case EXIT_CODE_SETUP_TIMEOUT:
        return STATUS_ABORTED;
    default:
        return e->setup_failed || e->setup_open || e->aborted ? STATUS_ABORTED
                                                              : STATUS_FAILED;
    }
}

static void outcome_setup_text(const struct ending *e, char *buf, size_t size)
{
    const char *why = e->setup_text;

    if (strncmp(why, "setup: ", 7) == 0) {
        why += 7; /* said once is enough, and the reason needs the room */
    }
    if (e->setup_failed) {
        snprintf(buf, size, "setup failed: %s", why);
    } else if (!e->setup_open) {
        snprintf(buf, size, "%s%s%s", e->undone,
                 e->by[0] != '\0' ? "; ended by " : "", e->by);
    } else {
        snprintf(buf, size, "setup had not passed, ended by %.32s%s%s", e->by,
                 why[0] != '\0' ? ": " : "", why);
    }
}

static void outcome_text(const struct ending *e, int code, char *buf,
                         size_t size)
{
    const char *s = e->thresholds_failed == 1 ? "" : "s";
    char found[256];

    if (e->hunted &&
        (code == EXIT_CODE_PASSED || code == EXIT_CODE_THRESHOLDS)) {
        /* Who ended it has its room. */
        snprintf(buf, size, "%s%s%.40s",
                 text_brief(found, e->by[0] != '\0' ? 201 : sizeof found,
                            e->hunt_text),
                 e->by[0] != '\0' ? "; ended by " : "", e->by);
        return;
    }
    switch (code) {
    case EXIT_CODE_SETUP_FAILED:
        outcome_setup_text(e, buf, size);
        return;
    case EXIT_CODE_SETUP_TIMEOUT:
        snprintf(buf, size, "%s", e->setup_text);
        return;
    case EXIT_CODE_INTERRUPTED:
        snprintf(buf, size, "stopped by %s", e->by);
        return;
    case EXIT_CODE_REMOTE:
        snprintf(buf, size, "stopped by %s", e->by);
        return;
    case EXIT_CODE_TEARDOWN_TIMEOUT:
        snprintf(buf, size, "teardown took too long");
        return;
    case EXIT_CODE_THRESHOLDS:
        snprintf(buf, size, "%u threshold%s failed%s", e->thresholds_failed, s,
                 e->aborted ? ", one of them aborted the run" : "");
        return;
    default:
        snprintf(buf, size, "%s%s", e->by[0] != '\0' ? "ended by " : "",
                 e->by[0] != '\0'       ? e->by
                 : e->undone[0] != '\0' ? e->undone
                                        : "the plan's end");
        return;
    }
}

struct outcome outcome_of(const struct ending *e)
{
    struct outcome o = {.exit_code = outcome_code(e)};
    char whole[2 * sizeof o.text];

    o.status = outcome_status(e, o.exit_code);
    snprintf(o.stopped_by, sizeof o.stopped_by, "%s", e->by);
    outcome_text(e, o.exit_code, whole, sizeof whole);
    text_brief(o.text, sizeof o.text, whole);
    return o;
}
