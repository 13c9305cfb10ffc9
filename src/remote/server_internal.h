/* SPDX-License-Identifier: MIT
 *
 * server_internal - what the parts of the server share: server.c (the socket,
 * ticks, the end), peer.c (one client: bytes in and out), server_ask.c (what a
 * line asks for, and its answer). All on the main loop. */
#ifndef REMOTE_SERVER_INTERNAL_H
#define REMOTE_SERVER_INTERNAL_H

#include <ev.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/clk.h"
#include "remote/blob.h"
#include "remote/past.h"
#include "remote/runtime.h"
#include "remote/server.h"
#include "run/frame.h"

#define SERVER_MAGIC 0x5e44e701u
#define PEER_MAGIC   0x9ee40001u

/* Commands that are not answered yet; lines or ticks that wait, which are then
 * skipped or become one; what the kernel may hold for a client; and how long
 * one may take nothing while the past is still to be sent. */
#define PEER_COMMANDS_MAX 32u
#define PEER_LIVE_MAX     32u
#define PEER_SEND_BYTES   32768
#define PEER_PATIENCE_US  (30 * US_PER_SEC)

/* What is to be sent. */
struct peer_item {
    struct blob *blob; /* owned reference */
    bool live;         /* one of those that may pile up */
};

/* A client. */
struct peer {
    unsigned magic;
    struct server *server;
    int fd;
    char by[48]; /* "socket USER PID" */
    ev_io in, out;
    struct buf line;         /* what has come of the next one */
    struct peer_item *queue; /* owned: a ring */
    size_t n, cap, first;
    size_t sent;        /* bytes of the first */
    size_t live;        /* of them */
    bool watch;         /* wants a line a tick */
    uint64_t skipped;   /* lines since the last one */
    bool attached;      /* wants ticks, in records */
    bool steer;         /* and may steer */
    struct frame *late; /* ticks that wait for room, as one; NULL = none yet */
    unsigned commands;  /* not answered yet */
    bool leaving;       /* to be ended when all is sent */
    bool silent;        /* it says nothing more, and may still listen */
    bool gone;          /* to be freed */
    mono_us moved;      /* when it last took anything */
};

/* A command on its way. */
struct ticket {
    uint32_t number;
    struct peer *peer; /* borrowed; not there any more: NULL */
    bool write;        /* which may still be obeyed when the run is over */
    bool has_id;
    int64_t id;
};

struct server {
    unsigned magic;
    struct server_config config;
    struct listening listening;
    ev_io ear;
    char user[33];
    struct peer *peers[SERVER_CLIENTS_MAX];
    size_t n_peers;
    struct past *past;
    struct ticket *tickets; /* owned */
    size_t n_tickets, cap_tickets;
    uint32_t last_ticket;
    bool host_settled; /* more load on another machine was confirmed */
    bool finished;     /* the last tick of the run has come */
};

/* peer.c: fd is taken. */
struct peer *peer_new(struct server *s, int fd, const char *by);
void peer_free(struct peer **p);
/* Takes the reference. live: may be held back when there are too many. */
void peer_send_take(struct peer *p, struct blob *b, bool live);
/* One line of JSON; in a record where the peer is attached. Takes o. */
void peer_answer_take(struct peer *p, cJSON *o);
/* What was kept back goes out as soon as there is room for it. */
void peer_tick(struct peer *p, const struct tick *t, struct blob *record,
               struct blob *line);
/* Writes what the socket takes now. false: it is gone. */
bool peer_flush(struct peer *p);

/* server_ask.c */
void server_line(struct server *s, struct peer *p, const char *line, size_t n);
/* Answers of the events of t. */
void server_answers(struct server *s, const struct tick *t);
/* Of a peer that is gone. */
void server_forget(struct server *s, const struct peer *p);
cJSON *server_error(const char *text);

/* server.c: frees those that are gone. */
void server_sweep(struct server *s);

#endif
