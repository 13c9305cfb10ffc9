/* SPDX-License-Identifier: MIT
 *
 * lane_curl_push - requests written in one turn of the loop leave together.
 *
 * A server that is quicker than we write goes to sleep between any two of our
 * requests, and each then pays for waking it: a third of our CPU time, with 50
 * VUs on the loopback. So kept connections in the clear are corked: what
 * libcurl writes stays with the kernel until it is pushed, all in a row, before
 * the loop waits or when LANE_PUSH_MAX are there. Setting TCP_NODELAY pushes
 * what a corked socket holds and leaves it corked (tcp(7)). Connections in TLS
 * are not corked: a handshake writes when no request is begun.
 *
 * A request counts as begun when it is pushed: what it waited for the others
 * is time blocked, by us, and no part of its duration. */
#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/must.h"
#include "load/lane_curl_internal.h"

#ifdef TCP_CORK
static bool lane_push_set(const struct lane_sock *s, int option)
{
    int on = 1;

    return setsockopt(s->io.fd, IPPROTO_TCP, option, &on, sizeof on) == 0;
}

static void lane_push_socket(const struct lane_sock *s)
{
    /* Fails on a connection that is lost; libcurl will hear of it. */
    (void)lane_push_set(s, TCP_NODELAY);
}

void lane_push_cork(struct port *p)
{
    struct lane_sock *s = p->sock;

    if (s != NULL && !s->corked && p->plain) {
        s->corked = lane_push_set(s, TCP_CORK);
    }
}
#else
static void lane_push_socket(const struct lane_sock *s)
{
    (void)s;
}

void lane_push_cork(struct port *p)
{
    (void)p;
}
#endif

void lane_push_later(struct port *p)
{
    struct lane_curl *l = p->lane;

    if (p->push_place == 0) {
        MUST(l->n_push < sizeof l->push / sizeof l->push[0]);
        l->push[l->n_push++] = p;
        p->push_place = l->n_push;
    }
}

void lane_push_forget(struct port *p)
{
    struct lane_curl *l = p->lane;

    if (p->push_place != 0) {
        struct port *last = l->push[--l->n_push];

        l->push[p->push_place - 1] = last;
        last->push_place = p->push_place;
        p->push_place = 0;
    }
}

void lane_push_all(struct lane_curl *l)
{
    mono_us now = 0;

    for (size_t i = 0; i < l->n_push; i++) {
        struct port *p = l->push[i];

        p->push_place = 0;
        if (p->sock == NULL || !p->sock->corked) {
            continue;
        }
        if (now == 0) {
            now = clk_now(l->clk);
        }
        if (!p->pushed && p->first == 0) {
            p->begin = now;
        }
        p->pushed = true;
        lane_push_socket(p->sock);
        now = clk_now(l->clk);
        if ((p->sent != 0 || p->quick) && p->first == 0) {
            p->sent = now;
        }
    }
    l->n_push = 0;
}
