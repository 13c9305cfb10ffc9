/* SPDX-License-Identifier: MIT
 *
 * proc - what this process takes of the machine, read from /proc; 0 where
 * there is none. */
#ifndef RUN_PROC_H
#define RUN_PROC_H

#include <stdint.h>

uint64_t proc_rss_bytes(void);
/* Open descriptors. */
uint32_t proc_fds(void);
/* How many there may be (the soft limit). */
uint32_t proc_fds_max(void);
/* Processors this process may run on; at least 1. */
unsigned proc_cores(void);

#endif
