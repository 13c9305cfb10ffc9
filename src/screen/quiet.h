/* SPDX-License-Identifier: MIT
 *
 * quiet - keeps what libraries print on standard error off the screen, and
 * prints it when the screen is gone. Where standard error is no terminal it is
 * left alone. */
#ifndef SCREEN_QUIET_H
#define SCREEN_QUIET_H

/* More than this is not kept. */
#define QUIET_BYTES_MAX 65536

struct quiet {
    int was;  /* standard error as it was; -1 = untouched */
    int kept; /* what was written to it */
};

void quiet_begin(struct quiet *q);
/* Forgets the oldest when there is too much. */
void quiet_bound(struct quiet *q);
void quiet_end(struct quiet *q);

/* A file without a name, in memory where the system has such, for reading and
 * writing; -1 on failure. */
int quiet_file(void);

#endif
