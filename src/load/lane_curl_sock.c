/* SPDX-License-Identifier: MIT
 *
 * lane_curl_sock - descriptors between libcurl and libev. libcurl forgets a
 * connection's descriptor after each response and asks for it again with the
 * next request; we keep watching it, which saves two epoll_ctl a request. So we
 * must learn of its end: connections are opened and closed through us. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_curl_internal.h"

#ifdef SOCK_CLOEXEC
#define LANE_SOCK_FLAGS SOCK_CLOEXEC
#else
#define LANE_SOCK_FLAGS 0
#endif

static void lane_sock_unlink(struct lane_sock *s)
{
    if (s->owner == NULL) {
        return;
    }
    if (s->prev != NULL) {
        s->prev->next = s->next;
    } else {
        s->owner->socks = s->next;
    }
    if (s->next != NULL) {
        s->next->prev = s->prev;
    }
    if (s->owner->sock == s) {
        s->owner->sock = NULL;
    }
    s->owner = NULL;
    s->next = s->prev = NULL;
}

static void lane_sock_own(struct lane_sock *s, struct port *p)
{
    if (s->owner == p) {
        return;
    }
    lane_sock_unlink(s);
    s->owner = p;
    s->next = p->socks;
    if (s->next != NULL) {
        s->next->prev = s;
    }
    p->socks = s;
}

static void lane_sock_on_event(struct ev_loop *loop, struct ev_io *w,
                               int revents)
{
    struct lane_sock *s = w->data;
    int mask = 0;

    OBJ_CHECK(s, SOCK_MAGIC);
    if (!s->wanted) {
        /* An idle connection that the other side closed, or talks on out of
         * turn. libcurl finds out when it would use it. */
        ev_io_stop(loop, w);
        return;
    }
    if (revents & EV_READ) {
        mask |= CURL_CSELECT_IN;
    }
    if (revents & EV_WRITE) {
        mask |= CURL_CSELECT_OUT;
    }
    if (revents & EV_ERROR) {
        mask |= CURL_CSELECT_ERR;
    }
    lane_group_act(s->group, s->io.fd, mask);
}

static struct lane_sock *lane_sock_at(const struct lane_curl *l,
                                      curl_socket_t fd)
{
    MUST(fd >= 0);
    return (size_t)fd < l->n_socks ? l->socks[fd] : NULL;
}

static struct lane_sock *lane_sock_new(struct lane_group *g, curl_socket_t fd)
{
    struct lane_curl *l = g->lane;
    struct lane_sock *s = xcalloc(1, sizeof *s);
    size_t n = l->n_socks > 0 ? l->n_socks : 64;

    while (n <= (size_t)fd) {
        n *= 2;
    }
    if (n > l->n_socks) {
        l->socks = xreallocarray(l->socks, n, sizeof(struct lane_sock *));
        memset(l->socks + l->n_socks, 0,
               (n - l->n_socks) * sizeof(struct lane_sock *));
        l->n_socks = n;
    }
    MUST(l->socks[fd] == NULL);
    s->magic = SOCK_MAGIC;
    s->group = g;
    ev_io_init(&s->io, lane_sock_on_event, fd, EV_READ);
    s->io.data = s;
    l->socks[fd] = s;
    return s;
}

static void lane_sock_free(struct lane_curl *l, struct lane_sock *s)
{
    ev_io_stop(l->loop, &s->io);
    lane_sock_unlink(s);
    l->socks[s->io.fd] = NULL;
    s->magic = 0;
    free(s);
}

static void lane_sock_forget(struct lane_curl *l, struct lane_sock *s)
{
    if (s->connection) {
        l->connections--;
    }
    lane_sock_free(l, s);
}

/* Is the descriptor still that of the connection? Sockets have numbers of
 * their own, which no other has as long as they are open. */
static bool lane_sock_lives(const struct lane_sock *s)
{
    struct stat st;

    return fstat(s->io.fd, &st) == 0 && st.st_dev == s->dev &&
           st.st_ino == s->ino;
}

static void lane_sock_watch(struct lane_curl *l, struct lane_sock *s, int what)
{
    int events = (what & CURL_POLL_IN ? EV_READ : 0) |
                 (what & CURL_POLL_OUT ? EV_WRITE : 0);

    s->wanted = true;
    if (ev_is_active(&s->io)) {
        if ((s->io.events & (EV_READ | EV_WRITE)) == events) {
            return;
        }
        ev_io_stop(l->loop, &s->io);
    }
    ev_io_modify(&s->io, events);
    ev_io_start(l->loop, &s->io);
}

/* libcurl waits for a connection on behalf of a call: it is its port's now.
 * Where nothing is to be pushed, the first wait that is not for writing tells
 * that a quick request has been written. (In TLS it may be the handshake's.) */
static void lane_sock_note(struct lane_sock *s, CURL *easy, int what)
{
    char *private = NULL;
    struct port *p;

    if (!s->connection) {
        return;
    }
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
    p = (struct port *)(void *)private;
    if (p != NULL) { /* NULL: a handle of libcurl's own */
        OBJ_CHECK(p, PORT_MAGIC);
        lane_sock_own(s, p);
        p->sock = s;
        if (p->quick && !s->corked && p->begin != 0 && p->sent == 0 &&
            !(what & CURL_POLL_OUT)) {
            p->sent = clk_now(p->lane->clk);
        }
    }
}

int lane_sock_on_change(CURL *easy, curl_socket_t fd, int what, void *group,
                        void *unused)
{
    struct lane_group *g = group;
    struct lane_sock *s;

    (void)unused;
    OBJ_CHECK(g, GROUP_MAGIC);
    s = lane_sock_at(g->lane, fd);
    if (s != NULL && s->connection && !s->settled && !lane_sock_lives(s)) {
        lane_sock_forget(g->lane, s);
        s = NULL;
    }
    if (what == CURL_POLL_REMOVE) {
        if (s != NULL) {
            s->wanted = false;
            if (!s->connection) {
                lane_sock_free(g->lane, s);
            }
        }
        return 0;
    }
    if (s == NULL) {
        s = lane_sock_new(g, fd);
    }
    MUST(s->group == g);
    lane_sock_note(s, easy, what);
    lane_sock_watch(g->lane, s, what);
    return 0;
}

curl_socket_t lane_sock_on_open(void *port, curlsocktype purpose,
                                struct curl_sockaddr *addr)
{
    struct port *p = port;
    struct lane_sock *s;
    struct stat st;
    int fd;
    int rc;

    (void)purpose;
    OBJ_CHECK(p, PORT_MAGIC);
    fd = socket(addr->family, addr->socktype | LANE_SOCK_FLAGS, addr->protocol);
    if (fd < 0) {
        p->sock_errno = errno;
        return CURL_SOCKET_BAD;
    }
    rc = fstat(fd, &st);
    MUST(rc == 0);
    s = lane_sock_at(p->lane, fd);
    if (s != NULL) {
        lane_sock_forget(p->lane, s); /* of an earlier address of this call */
    }
    s = lane_sock_new(p->group, fd);
    s->connection = true;
    s->dev = st.st_dev;
    s->ino = st.st_ino;
    lane_sock_own(s, p);
    p->opened = true;
    p->lane->connections++;
    if (p->lane->connections > p->lane->connections_most) {
        p->lane->connections_most = p->lane->connections;
    }
    p->lane->opened++;
    lane_release(p);
    return fd;
}

int lane_sock_on_close(void *lane, curl_socket_t fd)
{
    struct lane_curl *l = lane;
    struct lane_sock *s;

    OBJ_CHECK(l, LANE_MAGIC);
    s = lane_sock_at(l, fd);
    if (s != NULL) {
        lane_sock_forget(l, s);
    }
    return close(fd);
}

/* libcurl up to 8.0 (at least 7.88) closes a connection that was cut off while
 * it connected, or lost the race of addresses, without our callback. */
void lane_sock_settle(struct port *p)
{
    struct lane_sock *s = p->socks;
    struct lane_sock *next;

    for (; s != NULL; s = next) {
        next = s->next;
        if (!s->settled) {
            s->settled = lane_sock_lives(s);
            if (!s->settled) {
                lane_sock_forget(p->lane, s);
            }
        }
    }
}

void lane_sock_disown(struct port *p, bool shut)
{
    while (p->socks != NULL) {
        struct lane_sock *s = p->socks;

        lane_sock_unlink(s);
        if (shut) {
            /* libcurl has no call that closes one idle connection. Shut down,
             * the other side sees it go at once; libcurl finds it dead and
             * lets go of the descriptor with the group's next request. */
            ev_io_stop(p->lane->loop, &s->io);
            shutdown(s->io.fd, SHUT_RDWR);
        }
    }
}
