/* SPDX-License-Identifier: MIT
 *
 * seeds - how many runs, or seeds, a simulation is made with: few each time the
 * tests run, and more where the environment says so. */
#ifndef TESTS_SUPPORT_SEEDS_H
#define TESTS_SUPPORT_SEEDS_H

/* What that variable says, from usual to 1,000,000; without it the usual. What
 * is no such number fails the test. */
unsigned seeds_of(const char *variable, unsigned usual);

#endif
