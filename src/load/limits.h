/* SPDX-License-Identifier: MIT
 *
 * limits - what the machine allows a process: descriptors, and so VUs. */
#ifndef LOAD_LIMITS_H
#define LOAD_LIMITS_H

#include <stdint.h>

/* Raises the soft limit of descriptors to the hard one. Returns how many the
 * process may have. Main thread, at the start. */
uint64_t load_raise_descriptors(void);
/* Descriptors that are open now; 0 = the system does not say. */
uint64_t load_open_descriptors(void);
/* How many VUs so many descriptors allow, with a connection each, beside those
 * of the workers' loops and groups and of the program itself. At least 1. */
uint32_t load_vus_for(uint64_t descriptors, unsigned workers);

#endif
