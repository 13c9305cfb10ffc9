/* SPDX-License-Identifier: MIT
 *
 * pty - a program in a pseudo terminal, seen as a person sees it: what a
 * terminal emulator (libvterm) makes of its bytes. Waits for what is to be
 * seen, at most 30 s, and never for time to pass. */
#ifndef TESTS_SUPPORT_PTY_H
#define TESTS_SUPPORT_PTY_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

#include "base/buf.h"

struct pty {
    pid_t pid;
    int fd;    /* the emulator's end */
    int slave; /* the program's end, kept open: modes outlive the program */
    struct termios modes; /* as they were before the program began */
    VTerm *vt;
    VTermScreen *screen;
    int cols, rows;
    bool altscreen, cursor; /* as the program asked for */
    bool mouse;             /* its reports are asked for */
    bool gone;              /* the other end is closed */
    struct buf raw;         /* all bytes that came */
    char text[64 * 1024];   /* of pty_text */
};

/* The sizes that most is looked at. */
enum { PTY_SIZES = 3 };
extern const int pty_sizes[PTY_SIZES][2];

/* Starts argv (NULL at the end) with env besides the test's own environment:
 * "NAME=VALUE", or "NAME" to have none of it; NULL at the end. */
void pty_start(struct pty *p, int cols, int rows, const char *const *argv,
               const char *const *env);
/* Ends what still runs; one that was not started is left alone. */
void pty_end(struct pty *p);

void pty_type(struct pty *p, const char *bytes);
/* A press and a release of the left button over a place, or a notch of the
 * wheel: reported as the program asked for it, or not at all. */
void pty_click(struct pty *p, int row, int col);
void pty_wheel(struct pty *p, int row, int col, bool up);
/* Where text stands in the picture as it is, from a row on; false: nowhere. */
bool pty_find(struct pty *p, int from, const char *text, int *row, int *col);
void pty_resize(struct pty *p, int cols, int rows);

/* The picture as it is: rows with their trailing blanks cut, each ending in a
 * newline. Borrowed until the next call. */
const char *pty_text(struct pty *p);
/* Takes what has come. false: nothing more can. */
bool pty_pump(struct pty *p, int wait_ms);
/* Waits until the picture has text, or has it no more. */
bool pty_sees(struct pty *p, const char *text);
bool pty_loses(struct pty *p, const char *text);
/* Waits until fn says that the picture is as it is to be; it is shown
 * otherwise. */
bool pty_holds(struct pty *p, bool (*fn)(struct pty *p, const void *ctx),
               const void *ctx);
/* Waits until the picture is exactly this. */
bool pty_becomes(struct pty *p, const char *picture);
/* Waits for the program's end and returns its status (as waitpid has it); -1
 * when it does not end. drain: what it prints is taken meanwhile. */
int pty_status(struct pty *p, bool drain);
/* Are modes, cursor, mouse and screen as they were before? */
bool pty_restored(struct pty *p);

/* The same as an exit code; -1, too, when it was killed. */
int pty_exit(struct pty *p);
/* Types Ctrl-Z and waits until the program stands still. false: it ended. */
bool pty_stops(struct pty *p);
/* Has whole pictures sent and takes none, until no more bytes fit between the
 * two ends. */
void pty_fill(struct pty *p);

/* The row of the picture that text is in, as pty_text has it, into buf;
 * returns its number, -1 when there is none. */
int pty_row_with(struct pty *p, const char *text, char *buf, size_t size);

/* A cell of it. */
VTermScreenCell pty_cell(const struct pty *p, int row, int col);
/* Is each byte that came ASCII? */
bool pty_ascii(const struct pty *p);

/* The made-up run of tests/support/screen_demo.c, its options with blanks
 * between them; and an environment for it: a terminal as they are today. */
extern const char *const demo_env[];
void demo_start(struct pty *p, int cols, int rows, const char *const *env,
                const char *options);

#endif
