/* SPDX-License-Identifier: MIT
 *
 * peer - one client of the control socket: bytes in, bytes out, never more than
 * the bounds allow. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "record/tick_code.h"
#include "remote/ask.h"
#include "remote/record.h"
#include "remote/server_internal.h"

/* Read in one go, so that one client does not keep the loop. */
#define PEER_READ 4096u

static struct peer_item *peer_at(const struct peer *p, size_t i)
{
    return &p->queue[(p->first + i) % p->cap];
}

/* Answers pile up only as far as lines are read: who takes none, or has many
 * commands on their way, is not listened to. */
static bool peer_is_full(const struct peer *p)
{
    return p->n - p->live >= PEER_LIVE_MAX || p->commands >= PEER_COMMANDS_MAX;
}

/* A whole line that has come waits for its turn. */
static bool peer_has_line(const struct peer *p)
{
    return p->line.len > 0 && memchr(p->line.data, '\n', p->line.len) != NULL;
}

/* Nothing more is read while a line waits: there would be no room for it. */
static void peer_listen(struct peer *p)
{
    struct ev_loop *loop = p->server->config.loop;

    if (!p->leaving && !p->gone && !p->silent && !peer_has_line(p) &&
        p->n - p->live < PEER_LIVE_MAX && p->commands < PEER_COMMANDS_MAX) {
        ev_io_start(loop, &p->in);
    } else {
        ev_io_stop(loop, &p->in);
    }
}

/* Ticks that waited, as one; then lines that were left out are told. */
static void peer_catch_up(struct peer *p)
{
    struct buf b;
    cJSON *o;

    if (p->live > 0) {
        return;
    }
    if (p->late != NULL && !frame_empty(p->late)) {
        buf_init(&b, RECORD_BYTES_MAX);
        if (tick_encode(frame_tick(p->late), &b)) {
            peer_send_take(p, record_new(RECORD_TICK, b.data, b.len), true);
        }
        buf_clear(&b);
        frame_reset(p->late);
    }
    if (p->skipped > 0) {
        o = cJSON_CreateObject();
        cJSON_AddNumberToObject(o, "skipped", (double)p->skipped);
        p->skipped = 0;
        peer_answer_take(p, o);
    }
}

/* The first of the queue is sent. */
static void peer_pop(struct peer *p)
{
    struct peer_item *item = peer_at(p, 0);

    blob_unref(&item->blob);
    p->live -= item->live ? 1 : 0;
    p->first = (p->first + 1) % p->cap;
    p->n--;
    p->sent = 0;
}

bool peer_flush(struct peer *p)
{
    while (p->n > 0 && !p->gone) {
        const struct blob *b = peer_at(p, 0)->blob;
        ssize_t n = send(p->fd, b->data + p->sent, b->n - p->sent,
                         MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            p->gone = errno != EAGAIN && errno != EWOULDBLOCK;
            break;
        }
        p->moved = clk_now(clk_system());
        p->sent += (size_t)n;
        if (p->sent == b->n) {
            peer_pop(p);
            peer_catch_up(p);
        }
    }
    if (p->n == 0 &&
        (p->leaving || (p->silent && p->commands == 0 && !peer_has_line(p) &&
                        !p->watch && !p->attached))) {
        p->gone = true;
    }
    if (p->n > 0 && !p->gone) {
        ev_io_start(p->server->config.loop, &p->out);
    } else {
        ev_io_stop(p->server->config.loop, &p->out);
    }
    peer_listen(p);
    return !p->gone;
}

static void peer_on_out(struct ev_loop *loop, ev_io *w, int revents)
{
    struct peer *p = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(p, PEER_MAGIC);
    if (!peer_flush(p)) {
        server_sweep(p->server);
    }
}

static void peer_grow(struct peer *p)
{
    size_t cap = p->cap == 0 ? 16 : p->cap * 2, i;
    struct peer_item *queue = xcalloc(cap, sizeof *queue);

    for (i = 0; i < p->n; i++) {
        queue[i] = *peer_at(p, i);
    }
    free(p->queue);
    p->queue = queue;
    p->cap = cap;
    p->first = 0;
}

void peer_send_take(struct peer *p, struct blob *b, bool live)
{
    if (p->gone || b->n == 0) {
        blob_unref(&b);
        return;
    }
    if (p->n == 0) {
        p->moved = clk_now(clk_system());
    }
    if (p->n == p->cap) {
        peer_grow(p);
    }
    *peer_at(p, p->n++) = (struct peer_item){b, live};
    p->live += live ? 1 : 0;
    ev_io_start(p->server->config.loop, &p->out);
}

void peer_answer_take(struct peer *p, cJSON *o)
{
    char *text = cJSON_PrintUnformatted(o);
    struct buf b;

    cJSON_Delete(o);
    MUST(text != NULL);
    if (p->attached) {
        peer_send_take(p, record_new(RECORD_ANSWER, text, strlen(text)), false);
    } else {
        buf_init(&b, strlen(text) + 1);
        (void)buf_adds(&b, text);
        (void)buf_addc(&b, '\n');
        peer_send_take(p, blob_new(NULL, 0, b.data, b.len), false);
        buf_clear(&b);
    }
    free(text);
}

static void peer_too_long(struct peer *p)
{
    char text[96];

    snprintf(text, sizeof text, "a line is longer than %u bytes", ASK_LINE_MAX);
    peer_answer_take(p, server_error(text));
    buf_reset(&p->line);
    p->leaving = true;
}

/* All whole lines that have come. */
static void peer_lines(struct peer *p)
{
    size_t from = 0;

    while (from < p->line.len && !p->gone && !peer_is_full(p)) {
        const char *s = p->line.data + from;
        const char *lf = memchr(s, '\n', p->line.len - from);
        size_t n = lf != NULL ? (size_t)(lf - s) : p->line.len - from;

        if (n > ASK_LINE_MAX) {
            peer_too_long(p);
            return;
        }
        if (lf == NULL) {
            break;
        }
        if (n > 0) {
            server_line(p->server, p, s, n);
        }
        from += n + 1;
    }
    if (from == 0) {
        return; /* there may be no memory yet */
    }
    memmove(p->line.data, p->line.data + from, p->line.len - from);
    buf_cut(&p->line, p->line.len - from);
}

static void peer_tick_attached(struct peer *p, const struct tick *t,
                               struct blob *record)
{
    bool waits = p->late != NULL && !frame_empty(p->late);

    if (!waits && p->live < PEER_LIVE_MAX) {
        peer_send_take(p, blob_ref(record), true);
        return;
    }
    if (p->late == NULL) {
        p->late = frame_new();
    }
    frame_add(p->late, t);
    peer_catch_up(p);
}

void peer_tick(struct peer *p, const struct tick *t, struct blob *record,
               struct blob *line)
{
    /* The past is kept for who reads it; who does not is cut off. */
    if (p->n > p->live + PEER_LIVE_MAX &&
        clk_now(clk_system()) - p->moved > PEER_PATIENCE_US) {
        p->gone = true;
        return;
    }
    if (p->attached) {
        peer_tick_attached(p, t, record);
    }
    if (p->watch && (p->live >= PEER_LIVE_MAX || p->skipped > 0)) {
        p->skipped++;
        peer_catch_up(p);
    } else if (p->watch) {
        peer_send_take(p, blob_ref(line), true);
    }
    peer_lines(p); /* those that had to wait */
    (void)peer_flush(p);
}

static void peer_on_in(struct ev_loop *loop, ev_io *w, int revents)
{
    struct peer *p = w->data;
    char bytes[PEER_READ];
    ssize_t n;

    (void)loop;
    (void)revents;
    OBJ_CHECK(p, PEER_MAGIC);
    n = recv(p->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n > 0 && !p->leaving) {
        (void)buf_add(&p->line, bytes, (size_t)n);
        peer_lines(p);
    } else if (n == 0) {
        /* It may still want to hear; if not, the next send tells. */
        p->silent = true;
    } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
        p->gone = true;
    }
    if (p->gone || !peer_flush(p)) {
        server_sweep(p->server);
    }
}

struct peer *peer_new(struct server *s, int fd, const char *by)
{
    struct peer *p = xcalloc(1, sizeof *p);
    int bytes = PEER_SEND_BYTES;

    /* Where it fails the kernel's own bound holds. */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    p->magic = PEER_MAGIC;
    p->server = s;
    p->fd = fd;
    snprintf(p->by, sizeof p->by, "%s", by);
    buf_init(&p->line, ASK_LINE_MAX + PEER_READ + 1);
    ev_io_init(&p->in, peer_on_in, fd, EV_READ);
    ev_io_init(&p->out, peer_on_out, fd, EV_WRITE);
    p->in.data = p->out.data = p;
    ev_io_start(s->config.loop, &p->in);
    return p;
}

void peer_free(struct peer **pp)
{
    struct peer *p = *pp;

    if (p == NULL) {
        return;
    }
    OBJ_CHECK(p, PEER_MAGIC);
    ev_io_stop(p->server->config.loop, &p->in);
    ev_io_stop(p->server->config.loop, &p->out);
    close(p->fd);
    while (p->n > 0) {
        peer_pop(p);
    }
    free(p->queue);
    frame_free(&p->late);
    buf_clear(&p->line);
    p->magic = 0;
    free(p);
    *pp = NULL;
}
