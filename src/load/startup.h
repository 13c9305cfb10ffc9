/* SPDX-License-Identifier: MIT
 *
 * startup - what the program does once before any worker runs, and once after
 * the last. Main thread. */
#ifndef LOAD_STARTUP_H
#define LOAD_STARTUP_H

/* Initialises libcurl for all threads and raises the limit of descriptors. */
void load_startup(void);
void load_shutdown(void);

#endif
