/* SPDX-License-Identifier: MIT
 *
 * conductor_server - the service's own process, looked at once a second. */
#include "config.h"

#include "run/conductor_internal.h"

const struct tick_server *conductor_server(struct conductor *c, mono_us now)
{
    bool was = c->server_last.alive;

    if (c->server == NULL ||
        (c->server_at != 0 && now - c->server_at < CONDUCTOR_PROC_US)) {
        return &c->server_last;
    }
    c->server_at = now;
    pidwatch_read(c->server, now, &c->server_last);
    if (was && !c->server_last.alive) {
        struct event *e = conductor_event(c, now, "server", "",
                                          "the service's process %u is gone: "
                                          "its memory and CPU end here",
                                          c->config.server_pid);

        event_set_value(e, "gone");
        e->bad = true;
    }
    return &c->server_last;
}
