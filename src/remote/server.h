/* SPDX-License-Identifier: MIT
 *
 * server - the control socket of a run: commands, status, a line a tick, and
 * all that a second screen needs (doc/control.md). Lives on the main loop and
 * never waits: what a client does not take is kept within bounds, and then it
 * skips lines, gets several ticks as one, or is cut off. Only this user, and
 * root, are let in. */
#ifndef REMOTE_SERVER_H
#define REMOTE_SERVER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "run/command.h"
#include "run/story.h"

struct ev_loop;
struct server; /* opaque */

#define SERVER_CLIENTS_MAX 16

struct server_config {
    struct ev_loop *loop; /* borrowed, as the next two, until the close */
    const struct run_info *info;
    struct story *story;
    /* A client's command. Each is answered by an event that has its ticket, or
     * not at all once the run is over. */
    void (*post)(void *ctx, const struct command *cmd);
    void *post_ctx;
    const char *path; /* NULL = in the private folder */
    const char *host; /* where the load goes; borrowed */
    bool host_is_local;
};

bool server_open(const struct server_config *config, struct server **s,
                 struct err *e) MUST_CHECK;
/* Borrowed: where it listens. */
const char *server_path(const struct server *s);
/* After the story has it. */
void server_tick(struct server *s, const struct tick *t);
/* Sends what is still to be sent, as far as clients take it within 0.3 s, ends
 * their connections and removes the socket. *s may be NULL. */
void server_close(struct server **s);

#endif
