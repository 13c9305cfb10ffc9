/* SPDX-License-Identifier: MIT
 *
 * lane_direct_internal - what the files of the direct lane share: the lane, the
 * port of a VU, its connections, and what carries a call. Nobody else includes
 * it. All on the worker's thread. */
#ifndef LOAD_LANE_DIRECT_INTERNAL_H
#define LOAD_LANE_DIRECT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <curl/curl.h>
#include <ev.h>

#include "base/buf.h"
#include "load/http1_read.h"
#include "load/http1_write.h"
#include "load/lane_direct.h"
#include "load/timers.h"

/* Connections that a port keeps while it talks to others, at most. */
#define DIRECT_KEEP_MAX 4
/* Connections that are being opened at the same time, at most: through libcurl
 * each takes a handle, some 12 KB. */
#define DIRECT_OPENING_MAX 256
/* Handles of one multi. Measured: libcurl looks a connection up in its multi's
 * list at each send and receive. */
#define DIRECT_GROUP 16
/* How long sends, or openings, may go on before the loop looks at its sockets
 * again. */
#define DIRECT_SEND_SLICE_US (10 * US_PER_MS)
#define DIRECT_OPEN_SLICE_US (2 * US_PER_MS)
/* While many come at once: for each so many requests of others one of theirs
 * that is not their first; and how long this goes on at most. Only requests
 * with at least so much time are held. */
#define DIRECT_HELD_SHARE   16
#define DIRECT_CROWD_US     (5 * US_PER_SEC)
#define DIRECT_HELD_TIME_US (2 * DIRECT_CROWD_US)
/* How long an address to which libcurl has connected is taken for further
 * connections, without it. Names may move, and addresses fail: it is asked
 * again. */
#define DIRECT_ADDRESS_US (1 * US_PER_SEC)
/* Requests that wait to be written together, at most, while the loop has more
 * to read. */
#define DIRECT_PUSH_MAX 64
/* Bytes received at once. */
#define DIRECT_RECEIVE (64u << 10)
/* A body up to this size is copied behind its head. */
#define DIRECT_INLINE_MAX (16u << 10)
/* Of a request's image: head, and body when it is small. */
#define DIRECT_WIRE_MAX (1u << 20)
/* Fixed requests whose image is made once. */
#define DIRECT_FIXED_MAX  256
#define DIRECT_FIXED_HASH 512
#define DIRECT_ORIGINS    64 /* places of a hash table */
/* Replies that are kept for the next call, and bytes that each keeps. */
#define DIRECT_REPLIES_KEPT 64
#define DIRECT_REPLY_KEPT   4096

/* Handles that are kept for the next opening. */
#define DIRECT_OPENS_KEPT 16

#define DIRECT_LANE_MAGIC  0x6469726cu
#define DIRECT_PORT_MAGIC  0x64697270u
#define DIRECT_CONN_MAGIC  0x64697263u
#define DIRECT_OPEN_MAGIC  0x6469726fu
#define DIRECT_GROUP_MAGIC 0x64697267u

struct ssl_st; /* OpenSSL's SSL */

/* Ports in a row, in the order of their next and prev. */
struct direct_line {
    struct port *head, *tail;
    unsigned n;
};

/* Scheme, host and port. */
struct direct_origin {
    char *url;  /* owned: for libcurl, with a path of "/" */
    char *host; /* owned */
    size_t host_len;
    unsigned port;
    bool tls;
    bool known;  /* its name was resolved, or could not be: until then one
                    opening alone asks the resolver, which takes a thread for
                    each */
    bool asking; /* that one is under way */
    struct sockaddr_storage address; /* where libcurl's newest stands */
    socklen_t address_len;
    mono_us address_until; /* it is good for our own; 0 = none is */
    unsigned refs;
    struct direct_line waiting;         /* for a connection */
    struct direct_origin *chain;        /* of the hash table */
    struct direct_origin *next_waiting; /* of the lane's */
    bool listed;                        /* there */
};

/* A request as it goes over the wire. */
struct direct_wire {
    const void *key; /* of a fixed request; NULL = of one call */
    struct direct_origin *origin;
    struct buf text;
    bool whole;               /* text has the body, too */
    bool is_head;             /* the response has no body */
    bool close;               /* the call's own word */
    struct direct_wire *next; /* of the pool */
};

/* What comes back; only while something does. */
struct direct_reply {
    struct http1_read reader;
    struct exchange x;
    uint64_t received; /* bytes */
    uint64_t body_bytes;
    struct direct_reply *next; /* of the pool */
};

/* A multi handle that connections are opened with; in TLS they stay. */
struct direct_group {
    unsigned magic;
    struct lane_direct *lane;
    CURLM *multi;
    struct ev_timer timer;
    unsigned members;
    bool ready; /* wants to be called now */
};

/* A handle of libcurl, with which a connection is opened. */
struct direct_open {
    unsigned magic;
    struct lane_direct *lane;
    struct direct_group *group; /* NULL = in the pool */
    CURL *easy;
    struct port *port; /* for whom; NULL = it stands */
    struct direct_origin *origin;
    bool counted;             /* among the lane's connections */
    int sock_errno;           /* why no socket could be made; 0 = none failed */
    struct direct_open *next; /* of the pool */
    char error[CURL_ERROR_SIZE];
};

struct direct_conn {
    unsigned magic;
    bool used;    /* carried an exchange before */
    bool early;   /* TLS: the other side spoke first */
    bool crossed; /* TLS: to read it has to write before, or the reverse */
    struct ev_io io;
    struct port *port; /* whose it is */
    struct direct_origin *origin;
    struct direct_open *open; /* TLS: the handle; NULL = in the clear */
    struct ssl_st *ssl;       /* of the handle's connection, when it is ours to
                                 use; NULL = libcurl sends and receives */
    struct direct_conn *next; /* of the port's */
};

enum direct_stage {
    DIRECT_IDLE,    /* no call */
    DIRECT_WAITS,   /* for its turn to open a connection */
    DIRECT_OPENS,   /* one is being opened */
    DIRECT_QUEUED,  /* to be written */
    DIRECT_WRITES,  /* some of it was */
    DIRECT_EXPECTS, /* all of it was; the response is to come, or goes on */
};

struct port {
    unsigned magic;
    uint8_t stage;
    bool reused; /* of the call, as all here */
    bool broken; /* its connection took no more: read what is left */
    bool retried;
    bool undialled; /* our own way failed: libcurl's turn */
    struct lane_direct *lane;
    struct direct_conn *conns;
    const struct call *call; /* borrowed; NULL = none in progress */
    struct direct_wire *wire;
    struct direct_conn *conn; /* that carries the call, or is being dialled */
    struct direct_open *open; /* libcurl opens one for it */
    struct direct_reply *reply;
    struct port *next, *prev; /* of those who wait, or of the line */
    struct direct_line *line; /* to be written: which one */
    uint32_t vu;
    uint32_t crowd;     /* with which it came; 0 = it never had a connection */
    struct timer watch; /* due at the deadline, or before */

    /* Instants of the call in progress; 0 = not yet. See lane_curl_done.c. */
    mono_us start;
    mono_us deadline;
    mono_us dialled;
    mono_us begin;
    mono_us sent;
    mono_us first;
    mono_us last;
    uint64_t connecting, tls; /* µs */
    uint64_t sent_bytes;
    uint64_t written; /* of this attempt, body included */
};

struct lane_direct {
    unsigned magic;
    struct ev_loop *loop;
    const struct clk *clk;
    const struct lane_options *options; /* borrowed */
    struct ev_prepare prepare; /* writes what was started, before each wait */
    struct ev_idle idle;   /* keeps the loop from waiting while work is left */
    struct timers *timers; /* deadlines */
    struct ev_timer clock; /* their first */
    mono_us clock_at;      /* is set for then, while it is active */
    struct direct_line send; /* those to be written */
    struct direct_line held; /* those later: see lane_direct_crowd.c */
    unsigned written;        /* requests, since some of those were let go */
    unsigned new_waiting;    /* for their first connection */
    uint32_t crowd;          /* number of the present, or next one; from 1 */
    bool crowded;            /* it is there */
    mono_us crowd_until;     /* and then over, whoever still comes */
    struct direct_origin *waiting_head, *waiting_tail;
    struct direct_origin *origins[DIRECT_ORIGINS];
    struct direct_wire *fixed[DIRECT_FIXED_HASH]; /* owned */
    unsigned n_fixed;
    struct direct_wire *wires;    /* pool */
    struct direct_reply *replies; /* pool */
    unsigned n_replies;
    struct direct_open *opens; /* pool */
    unsigned n_opens;
    struct direct_group **groups;
    size_t n_groups, cap_groups;
    unsigned opening;                       /* under way */
    mono_us opened;                         /* when some last were */
    unsigned connections, connections_most; /* most: since it was asked */
    uint64_t n_opened;            /* connections, since the beginning */
    uint32_t port_low, port_high; /* that the system gives out; 0 = not read */
    uint32_t port_next;           /* where the next connection looks for one */
    bool own_tls;                 /* TLS is read and written without libcurl */
    bool any_ready;               /* some group is */
    bool any_empty;               /* some group is */
    bool inside; /* libcurl is on the stack: no call of its API */
    int taken;   /* descriptor that libcurl is to leave open; -1 = none */
    struct http1_known known; /* heads of responses */
    char *received;           /* DIRECT_RECEIVE bytes */
};

/* lane_direct_wire.c */

/* The call's image: shared, or of its own; NULL: not for this lane. */
struct direct_wire *direct_wire_get(struct lane_direct *l,
                                    const struct call *c);
void direct_wire_put(struct lane_direct *l, struct direct_wire **w);
void direct_wires_clear(struct lane_direct *l);
struct direct_origin *direct_origin_hold(struct direct_origin *o);
void direct_origin_drop(struct lane_direct *l, struct direct_origin **o);

/* lane_direct_open.c */

/* The port's call needs a connection. */
void direct_open_wait(struct port *p);
/* Not any more: it is cut off where it stands. */
void direct_open_stop(struct port *p);
/* Opens as many as may be now; true: there is more to do at once. */
bool direct_open_some(struct lane_direct *l);
/* The connection that the handle holds is closed with it. */
void direct_open_free(struct direct_open **o);
/* One connection more. */
void direct_connects(struct lane_direct *l);
/* What libcurl says of an opening. */
void direct_opened(struct direct_open *o, CURLcode code);
void direct_opens_clear(struct lane_direct *l);

/* lane_direct_dial.c */

/* Where libcurl has connected, others may connect without it. */
void direct_dial_learn(struct lane_direct *l, struct direct_origin *o, int fd);
/* Begins a connection for the port, which is in no line, without libcurl;
 * false: that cannot be. */
bool direct_dial(struct port *p);
/* Its socket tells how it went. */
void direct_dial_end(struct port *p);

/* lane_direct_crowd.c */

void direct_line_add(struct direct_line *line, struct port *p);
/* In front of all others. */
void direct_line_add_first(struct direct_line *line, struct port *p);
void direct_line_remove(struct direct_line *line, struct port *p);
/* The port's first connection stands. */
void direct_crowd_join(struct port *p);
/* Is the port's next request to wait for those of others? */
bool direct_crowd_holds(const struct port *p);
/* Some of those held are to be written now; true: there are more. */
bool direct_crowd_admit(struct lane_direct *l);
/* Connections were opened; cut: time was up before all were. */
void direct_crowd_see(struct lane_direct *l, bool cut);

/* lane_direct_group.c */

/* One that has room. */
struct direct_group *direct_group_for(struct lane_direct *l);
/* Lets libcurl act where it wants to at once. */
void direct_groups_run(struct lane_direct *l);
/* Those without members go, but for one, that the next opening needs. */
void direct_groups_sweep(struct lane_direct *l);
void direct_groups_clear(struct lane_direct *l);

/* lane_direct_io.c */

/* A connection, of a descriptor or a handle that is taken over. */
struct direct_conn *direct_conn_new(struct port *p, int fd,
                                    struct direct_open *open);
void direct_conn_close(struct direct_conn **c);
/* events: EV_READ, EV_WRITE, or both. */
void direct_conn_watch(struct direct_conn *c, int events);
struct direct_conn *direct_conn_find(const struct port *p,
                                     const struct direct_origin *o);
/* The port's call is to be written on its connection. */
void direct_send_later(struct port *p);
void direct_send_forget(struct port *p);
/* Writes what waits; true: some still does. */
bool direct_send_all(struct lane_direct *l);

/* lane_direct_tls.c */

/* May it be done at all? */
bool direct_tls_may(const struct lane_options *o);
/* Takes a new connection's TLS, if it can be had: sets c->ssl, or c->early. */
void direct_tls_take(struct direct_conn *c);
/* These are for connections whose TLS was taken. Bytes read; 0: closed with a
 * farewell; -1 and errno, EAGAIN among them. */
ssize_t direct_tls_read(struct direct_conn *c, char *into, int size);
/* Bytes taken; 0: none now; -1: none any more. */
ssize_t direct_tls_write(struct direct_conn *c, const void *from, size_t size);
/* Was more received than was read? No socket will tell. */
bool direct_tls_pending(const struct direct_conn *c);

/* lane_direct_done.c */

/* For the port's call, which has none yet. */
struct direct_reply *direct_reply_get(struct port *p);
void direct_reply_put(struct lane_direct *l, struct direct_reply **r);
void direct_replies_clear(struct lane_direct *l);
/* The response is whole, or taken for it; the connection lives on if the
 * reader says so. */
void direct_done(struct port *p, mono_us at);
/* text: NULL = the usual one of the kind. The connection is lost. */
void direct_fail(struct port *p, enum failure failure, const char *text,
                 mono_us at);

/* lane_direct.c */

/* The call is over, in p->reply: tells its owner, who may start the port. keep:
 * its connection can be used again. */
void direct_tell(struct port *p, bool keep);

#endif
