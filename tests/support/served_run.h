/* SPDX-License-Identifier: MIT
 *
 * served_run - a run_kit against a server of its own for each test of a
 * program: what the conductor's tests share. */
#ifndef TESTS_SUPPORT_SERVED_RUN_H
#define TESTS_SUPPORT_SERVED_RUN_H

#include "support/run_kit.h"
#include "support/served.h"

/* Begun by the test, cleared by the tear-down (cmocka's, as the set-up). */
extern struct run_kit kit;
int served_run_set_up(void **state);
int served_run_tear_down(void **state);

/* A plan of one request of that path and of a short thought. scenarios: the
 * JSON of the scenario "s", an object or a list of them; more: what else is in
 * the plan, from a comma on. "@" in it is the server's address. */
void served_run_begin(const char *path, const char *scenarios,
                      const char *more);
/* The server read what was counted, and what was cut off on its way. */
void served_run_counted(void);

#endif
