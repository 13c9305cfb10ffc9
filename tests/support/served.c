/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/served.h"

struct raw_server *server;

int served_set_up(void **state)
{
    (void)state;
    server = raw_server_new();
    return 0;
}

int served_tear_down(void **state)
{
    (void)state;
    raw_server_free(&server);
    return 0;
}
