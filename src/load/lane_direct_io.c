/* SPDX-License-Identifier: MIT
 *
 * lane_direct_io - what is written to connections and read from them: in the
 * steady state one send and one receive a request, and nothing else.
 *
 * Requests are not written where they are started but before the loop waits,
 * all in a row: a server that is quicker than we are goes to sleep between any
 * two of them, and each then pays for waking it. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_direct_internal.h"

#ifdef MSG_NOSIGNAL
#define DIRECT_NOSIGNAL MSG_NOSIGNAL
#else
#define DIRECT_NOSIGNAL 0 /* the program ignores SIGPIPE */
#endif

static void direct_on_event(struct ev_loop *loop, struct ev_io *w, int revents);

void direct_conn_watch(struct direct_conn *c, int events)
{
    struct ev_loop *loop = c->port->lane->loop;

    if (ev_is_active(&c->io) &&
        (c->io.events & (EV_READ | EV_WRITE)) == events) {
        return;
    }
    ev_io_stop(loop, &c->io);
    ev_io_set(&c->io, c->io.fd, events);
    ev_io_start(loop, &c->io);
}

struct direct_conn *direct_conn_new(struct port *p, int fd,
                                    struct direct_open *open)
{
    struct direct_conn *c = xcalloc(1, sizeof *c);

    c->magic = DIRECT_CONN_MAGIC;
    c->port = p;
    c->origin = direct_origin_hold(p->wire->origin);
    c->open = open;
    ev_io_init(&c->io, direct_on_event, fd, EV_READ);
    c->io.data = c;
    ev_io_start(p->lane->loop, &c->io);
    if (open != NULL) {
        direct_tls_take(c);
    }
    c->next = p->conns;
    p->conns = c;
    return c;
}

void direct_conn_close(struct direct_conn **cp)
{
    struct direct_conn *c = *cp;
    struct port *p = c->port;
    struct direct_conn **at = &p->conns;

    *cp = NULL;
    while (*at != c) {
        at = &(*at)->next;
    }
    *at = c->next;
    ev_io_stop(p->lane->loop, &c->io);
    if (c->open != NULL) {
        direct_open_free(&c->open);
    } else {
        close(c->io.fd);
        p->lane->connections--;
    }
    direct_origin_drop(p->lane, &c->origin);
    c->magic = 0;
    free(c);
}

/* The newest stands first; the oldest make room. */
struct direct_conn *direct_conn_find(const struct port *p,
                                     const struct direct_origin *o)
{
    struct direct_conn *c = p->conns;

    while (c != NULL && c->origin != o) {
        c = c->next;
    }
    return c;
}

void direct_send_later(struct port *p)
{
    struct lane_direct *l = p->lane;

    p->stage = DIRECT_QUEUED;
    p->line = l->crowded && direct_crowd_holds(p) ? &l->held : &l->send;
    direct_line_add(p->line, p);
}

void direct_send_forget(struct port *p)
{
    direct_line_remove(p->line, p);
}

/* Bytes that the call's body has besides its image. */
static size_t direct_body(const struct port *p)
{
    return p->wire->whole ? 0 : p->call->body_len;
}

/* What is left to write, in one or two parts. */
static int direct_parts(const struct port *p, struct iovec parts[2])
{
    const struct buf *text = &p->wire->text;
    size_t body = direct_body(p);
    size_t at = (size_t)p->written;
    int n = 0;

    if (at < text->len) {
        parts[n].iov_base = text->data + at;
        parts[n++].iov_len = text->len - at;
        at = text->len;
    }
    if (at - text->len < body) {
        /* Only read; the type of parts has no const. */
        parts[n].iov_base = (char *)(uintptr_t)p->call->body + (at - text->len);
        parts[n++].iov_len = body - (at - text->len);
    }
    return n;
}

/* Bytes taken; 0: none now; -1: none any more. */
static ssize_t direct_write(struct direct_conn *c, struct iovec *parts, int n)
{
    struct msghdr m = {.msg_iov = parts, .msg_iovlen = (size_t)n};
    size_t put = 0;
    ssize_t rc;

    if (c->ssl != NULL) {
        return direct_tls_write(c, parts->iov_base, parts->iov_len);
    }
    if (c->open != NULL) {
        CURLcode code = curl_easy_send(c->open->easy, parts->iov_base,
                                       parts->iov_len, &put);

        return code == CURLE_OK ? (ssize_t)put : code == CURLE_AGAIN ? 0 : -1;
    }
    do {
        rc = n == 1 ? send(c->io.fd, parts->iov_base, parts->iov_len,
                           DIRECT_NOSIGNAL)
                    : sendmsg(c->io.fd, &m, DIRECT_NOSIGNAL);
    } while (rc < 0 && errno == EINTR);
    return rc < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : rc;
}

/* Writes what the socket takes. */
static void direct_send(struct port *p)
{
    struct direct_conn *c = p->conn;
    struct iovec parts[2];
    int n = direct_parts(p, parts);

    p->stage = DIRECT_WRITES;
    while (n > 0) {
        ssize_t put = direct_write(c, parts, n);

        if (put < 0) {
            /* The other side is gone. It may have said why, so that reading
             * tells the rest, in its turn. */
            p->broken = true;
            ev_feed_event(p->lane->loop, &c->io, EV_READ);
            return;
        }
        if (put == 0) {
            direct_conn_watch(c, c->crossed ? EV_READ : EV_READ | EV_WRITE);
            return;
        }
        p->written += (uint64_t)put;
        p->sent_bytes += (uint64_t)put;
        n = direct_parts(p, parts);
    }
    p->stage = DIRECT_EXPECTS;
}

/* One instant is the end of a request and the begin of the next. */
bool direct_send_all(struct lane_direct *l)
{
    mono_us now, until;

    if (l->send.head == NULL) {
        return false;
    }
    now = clk_now(l->clk);
    until = now + DIRECT_SEND_SLICE_US;
    while (l->send.head != NULL && now < until) {
        struct port *p = l->send.head;

        direct_send_forget(p);
        l->written++;
        p->begin = now;
        direct_send(p);
        now = clk_now(l->clk);
        if (p->stage == DIRECT_EXPECTS) {
            p->sent = now;
        }
    }
    return l->send.head != NULL;
}

/* The connection was closed, or has failed: error is errno, or 0. */
static void direct_lost(struct port *p, int error)
{
    struct lane_direct *l = p->lane;
    struct direct_reply *r = p->reply;

    if (r == NULL && p->conn->used && !p->retried) {
        /* It died while nobody used it: once more, on another. */
        direct_conn_close(&p->conn);
        p->retried = true;
        p->reused = p->broken = false;
        p->written = 0;
        p->begin = p->sent = 0;
        direct_open_wait(p);
        return;
    }
    if (r != NULL && error == 0 && http1_read_closed(&r->reader)) {
        direct_done(p, clk_now(l->clk));
        return;
    }
    direct_fail(p, FAILURE_RESET,
                error == ECONNRESET   ? "connection reset by the other side"
                : r == NULL           ? "connection closed before any response"
                : r->reader.head_done ? "connection closed within the body"
                                      : "connection closed within the headers",
                clk_now(l->clk));
}

/* A piece of the body; false: it is the last that is wanted, or allowed. */
static bool direct_piece(struct port *p, const struct http1_piece *piece,
                         mono_us now)
{
    const struct call *c = p->call;
    struct direct_reply *r = p->reply;

    r->body_bytes += piece->n;
    if (r->body_bytes > call_max_body(c)) {
        direct_fail(p, FAILURE_TOO_LARGE, NULL, now);
        return false;
    }
    buf_add(&r->x.body, piece->data, piece->n);
    if (c->on_body != NULL) {
        p->last = now;
        if (!c->on_body(c->ctx, piece->data, piece->n, now)) {
            r->reader.keep = false;
            direct_done(p, now);
            return false;
        }
    }
    return true;
}

/* Does TLS hold more than the response: bytes, a farewell? What it says to its
 * like does not count. */
static bool direct_talks_on(struct direct_conn *c)
{
    char byte;

    return c->ssl != NULL && direct_tls_pending(c) &&
           (direct_tls_read(c, &byte, 1) >= 0 || errno != EAGAIN);
}

/* The response is whole; what is left over speaks against the connection. */
static void direct_whole(struct port *p, bool left_over, mono_us now)
{
    if (left_over || direct_talks_on(p->conn) || p->stage != DIRECT_EXPECTS ||
        p->wire->close) {
        p->reply->reader.keep = false;
    }
    direct_done(p, now);
}

/* Bytes that came; false: the call, and perhaps its port, is no more. */
static bool direct_feed(struct port *p, const char *at, size_t n, mono_us now)
{
    const char *end = at + n;
    struct direct_reply *r = p->reply;
    struct http1_piece piece;

    if (r == NULL) {
        r = direct_reply_get(p);
        p->first = now;
    }
    r->received += n;
    for (;;) {
        switch (http1_read_next(&r->reader, &at, end, &piece)) {
        case HTTP1_MORE:
            return true;
        case HTTP1_BODY:
            if (!direct_piece(p, &piece, now)) {
                return false;
            }
            break;
        case HTTP1_END:
            direct_whole(p, at < end, now);
            return false;
        case HTTP1_WRONG:
            direct_fail(p, FAILURE_PROTOCOL, r->reader.wrong, now);
            return false;
        case HTTP1_LARGE:
            direct_fail(p, FAILURE_TOO_LARGE, NULL, now);
            return false;
        }
    }
}

/* Bytes read; 0: closed; -1 and errno, EAGAIN among them. */
static ssize_t direct_read(struct direct_conn *c, char *into)
{
    size_t n = 0;
    CURLcode code;

    if (c->ssl != NULL) {
        return direct_tls_read(c, into, (int)DIRECT_RECEIVE);
    }
    if (c->open == NULL) {
        return recv(c->io.fd, into, DIRECT_RECEIVE, 0);
    }
    code = curl_easy_recv(c->open->easy, into, DIRECT_RECEIVE, &n);
    if (code == CURLE_OK) {
        return (ssize_t)n;
    }
    /* TLS that ended without a farewell is no end of a response. */
    errno = code == CURLE_AGAIN ? EAGAIN : EPROTO;
    return -1;
}

/* May there be more that the socket does not tell of? */
static bool direct_holds_more(const struct direct_conn *c)
{
    return c->ssl != NULL ? direct_tls_pending(c) : c->open != NULL;
}

/* TLS may hold what has come: it is asked until it has nothing more. */
static void direct_receive(struct direct_conn *c)
{
    struct port *p = c->port;
    struct lane_direct *l = p->lane;
    ssize_t n;

    do {
        n = direct_read(c, l->received);
        if (n > 0) {
            if (!direct_feed(p, l->received, (size_t)n, clk_now(l->clk))) {
                return;
            }
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            direct_lost(p, n == 0 ? 0 : errno);
            return;
        } else if (p->broken) {
            direct_lost(p, EPIPE);
            return;
        } else if (c->crossed || p->stage == DIRECT_WRITES) {
            direct_conn_watch(c, EV_READ | EV_WRITE);
        }
    } while (n > 0 && direct_holds_more(c));
}

/* Nobody waits for anything: the other side closes, or talks out of turn. TLS
 * has its own things to say. */
static void direct_idle_event(struct direct_conn *c)
{
    ssize_t n = direct_read(c, c->port->lane->received);

    if (n >= 0 || (errno != EAGAIN && errno != EINTR)) {
        direct_conn_close(&c);
    }
}

static void direct_on_event(struct ev_loop *loop, struct ev_io *w, int revents)
{
    struct direct_conn *c = w->data;
    struct port *p;
    struct lane_direct *l;
    bool crossed;

    (void)loop;
    OBJ_CHECK(c, DIRECT_CONN_MAGIC);
    p = c->port;
    l = p->lane;
    if (p->conn != c || p->stage < DIRECT_WRITES) {
        if (p->conn != c) {
            direct_idle_event(c);
        } else if (p->stage == DIRECT_OPENS) {
            direct_dial_end(p);
        } /* else it is about to be written to, and that will tell */
        return;
    }
    crossed = c->crossed;
    if (p->stage == DIRECT_WRITES && ((revents & EV_WRITE) || crossed)) {
        direct_send(p);
        if (p->stage == DIRECT_EXPECTS) {
            p->sent = clk_now(l->clk);
            direct_conn_watch(c, EV_READ);
        }
    } else if (crossed) {
        direct_conn_watch(c, EV_READ);
    }
    if ((revents & EV_READ) || crossed) {
        direct_receive(c);
        if (l->send.n >= DIRECT_PUSH_MAX) {
            (void)direct_send_all(l);
        }
    }
}
