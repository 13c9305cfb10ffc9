/* SPDX-License-Identifier: MIT
 *
 * served - a raw_server of its own for each test of a program. */
#ifndef TESTS_SUPPORT_SERVED_H
#define TESTS_SUPPORT_SERVED_H

#include "support/raw_server.h"

/* From set-up to tear-down (cmocka's). A test may free it and make another. */
extern struct raw_server *server;
int served_set_up(void **state);
int served_tear_down(void **state);

#endif
