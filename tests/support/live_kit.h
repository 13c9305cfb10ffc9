/* SPDX-License-Identifier: MIT
 *
 * live_kit - the program itself, in terminals and in pipes, against a server
 * that misbehaves on demand. It works in a folder of its own, which is also
 * where it looks for its configuration and puts its control socket. */
#ifndef TESTS_SUPPORT_LIVE_KIT_H
#define TESTS_SUPPORT_LIVE_KIT_H

#include "base/buf.h"
#include "support/pty.h"
#include "support/raw_server.h"

enum { LIVE_WORDS = 24, LIVE_ENV = 8 };

struct live {
    char brunt[4096]; /* the program */
    char dir[64];     /* the folder; the test's own, too */
    char was[512];    /* where the test was before */
    char vars[3][96];
    const char *env[LIVE_ENV]; /* of the terminal, NULL at the end */
    struct raw_server *server;
};

/* What the tests of a program share: the kit, and the terminal of a run that
 * goes on from test to test, if there is one. Fixtures of a group: both are
 * ended, whatever was begun. */
extern struct live kit;
extern struct pty screen;
int live_begin(void **state);
int live_end(void **state);

/* false: it is said why. */
bool live_open(struct live *l);
/* Removes the folder and what is in it. */
void live_close(struct live *l);
/* Writes text into a file of the folder; '@' becomes the server's address. */
void live_write(const struct live *l, const char *file, const char *text);
/* Starts the program in a terminal; words are its arguments, NULL at the
 * end. */
void live_start(const struct live *l, struct pty *p, int cols, int rows,
                const char *const *words);
/* Writes a plan, as "./name.json", and runs it in a terminal of 80x24. */
void live_run(const struct live *l, struct pty *p, const char *name,
              const char *plan);
/* Runs the program without a terminal and waits for it; what it prints is
 * added to out and to err, which may be the same. Returns its exit code, -1
 * when it was killed. */
int live_call(const struct live *l, const char *const *words, struct buf *out,
              struct buf *err);

#endif
