/* SPDX-License-Identifier: MIT
 *
 * lane_curl_internal - what the files of the libcurl lane share: the lane, its
 * groups, their sockets, and the port of a VU. Nobody else includes it. All on
 * the worker's thread. */
#ifndef LOAD_LANE_CURL_INTERNAL_H
#define LOAD_LANE_CURL_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <curl/curl.h>
#include <ev.h>

#include "load/lane_curl.h"

/* Connections a group may keep: its VUs may talk to a few hosts each. */
#define LANE_GROUP_CONNECTIONS (4 * LANE_CURL_GROUP)
/* Distinct fixed requests whose URL and headers are prepared once a lane. */
#define LANE_FIXED_MAX 256
/* How long requests may be begun, at least, before the loop looks at its
 * sockets again. */
#define LANE_SLICE_US (10 * US_PER_MS)

/* Written requests that wait to be pushed out together, at most. */
#define LANE_PUSH_MAX 64

#define LANE_MAGIC  0x6c616e65u
#define GROUP_MAGIC 0x67726f75u
#define SOCK_MAGIC  0x736f636bu
#define PORT_MAGIC  0x706f7274u

/* Header lines as libcurl takes them, without copying what it only reads. */
struct lane_headers {
    struct curl_slist *nodes; /* owned array, chained; NULL = none yet */
    size_t cap;
    char **made; /* owned lines that had to be written anew */
    size_t n_made, cap_made;
};

/* A fixed request, prepared: shared by all ports. */
struct lane_fixed {
    const void *key;
    CURLU *url; /* owned; NULL = libcurl cannot parse it and will say so */
    struct lane_headers headers;
    char **lines; /* owned copies of the request's own */
    size_t n_lines;
};

struct lane_group;

/* Calls that share what is known of names. Until one of them has opened a
 * connection, or failed to, one call alone asks the resolver, which takes a
 * thread for each; the others wait for it. */
struct lane_names {
    bool known;
    struct port *asker;                 /* that call's */
    struct port *held_head, *held_tail; /* the others */
};

/* A descriptor that libcurl asked us to watch, or a connection of ours. */
struct lane_sock {
    unsigned magic;
    struct ev_io io;
    struct lane_group *group;
    struct port *owner;            /* used it last; NULL = none */
    struct lane_sock *next, *prev; /* of the owner's */
    bool connection; /* opened by us and closed through us; else libcurl's own
                        (resolver), that may vanish without a word */
    bool wanted;     /* libcurl has asked to watch it */
    bool settled;    /* the call that opened it is over, and it lives */
    dev_t dev;       /* of a connection: which socket it is, since the */
    ino_t ino;       /* descriptor may have gone to another by now */
    bool corked;     /* what is written waits for a push */
};

/* A multi handle and its VUs. */
struct lane_group {
    unsigned magic;
    struct lane_curl *lane;
    CURLM *multi;
    struct ev_timer timer;
    mono_us due;      /* when libcurl wants to be called; UINT64_MAX = never */
    mono_us deadline; /* no call ends its time before; UINT64_MAX = none runs */
    struct port *members[LANE_CURL_GROUP]; /* NULL = room for one more */
    unsigned ports;
    struct lane_names names;        /* where its VUs are apart */
    bool ready;                     /* in the lane's list of those to run now */
    struct lane_group *next, *prev; /* of that list */
};

struct lane_curl {
    unsigned magic;
    struct ev_loop *loop;
    const struct clk *clk;
    const struct lane_options *options; /* borrowed */
    struct ev_prepare prepare; /* begins what was started, before each wait */
    struct ev_idle idle;       /* keeps the loop from waiting while work is
                                  left over */
    CURLSH *share;             /* names resolved once a worker, unless VUs are
                                  apart */
    struct lane_group **groups;
    size_t n_groups, cap_groups;
    struct lane_group *ready_head, *ready_tail;
    struct lane_sock **socks; /* by descriptor */
    size_t n_socks;
    struct lane_fixed *fixed;
    size_t n_fixed;
    struct port *push[LANE_PUSH_MAX + LANE_CURL_GROUP]; /* see lane_curl_push */
    size_t n_push;
    mono_us begun; /* end of the last slice that left work over */
    unsigned connections, connections_most; /* most: since it was asked */
    uint64_t opened;         /* connections, since the beginning */
    bool inside;             /* libcurl is on the stack: no call of its API */
    bool has_empty;          /* some group has no port left */
    struct lane_names names; /* of all, unless VUs are apart */
    bool released;           /* some calls held back may go */
};

struct port {
    unsigned magic;
    struct lane_curl *lane;
    struct lane_group *group;
    CURL *easy;
    CURLSH *cache; /* owned: its connections, where VUs are apart, and then
                      there is one while a call is in progress; NULL = the
                      group has them */
    const struct call *call; /* borrowed; NULL = none in progress */
    bool added;              /* to the multi; else held back */
    struct port *held_next;
    struct exchange x;

    /* What the handle is set to. */
    const void *fixed;
    const char *body;
    size_t body_len;
    long buffer_bytes;
    bool plain;     /* http:, not https: */
    bool quick;     /* besides, its writing takes one step */
    bool patient;   /* may take longer to connect than libcurl would wait */
    bool decode;    /* asks for packed bodies */
    bool fresh;     /* the next call must open a connection */
    bool fresh_set; /* the handle is told so */
    bool single;    /* no connection of it may be used again */
    bool once_set;  /* the handle is told to close its connection */
    struct lane_headers headers; /* of a call that is not fixed */

    /* Instants of the call in progress; 0 = not yet. */
    mono_us start;
    mono_us deadline; /* the call fails then */
    mono_us begin;    /* connection ready, the request is about to be written */
    mono_us sent;     /* the socket has taken the last byte */
    mono_us first;    /* first line of a response */
    mono_us last; /* newest piece of a body that is asked for; 0 = none yet */

    curl_off_t to_send; /* bytes of body */
    unsigned sends;     /* times the request was begun */
    bool pushed;        /* some of it was pushed */
    bool opened;        /* a connection was opened for it */
    bool ended;         /* on_body had enough */
    bool too_large;
    bool switched;  /* the response was a 101 */
    bool head_done; /* the final response's head is whole */
    int sock_errno; /* why no socket could be made; 0 = none failed */
    uint64_t head_bytes, body_bytes; /* received, interim responses included */
    struct lane_sock *socks;         /* connections it used last */
    struct lane_sock *sock; /* among them, that of the call in progress */
    size_t push_place;      /* in the lane's list, from 1; 0 = not there */
    char error[CURL_ERROR_SIZE];
};

/* lane_curl_group.c */

/* Puts p into a group that has room; opens one if need be. */
void lane_group_join(struct lane_curl *l, struct port *p);
void lane_group_leave(struct port *p);
/* p's call has a deadline. libcurl would do this, too, but moves its timers
 * about at each step of each request. */
void lane_group_watch(struct port *p);
/* Frees groups without ports, and with them their connections. */
void lane_group_sweep(struct lane_curl *l);
void lane_group_unready(struct lane_group *g);
/* Lets libcurl act on time-outs and newly added calls, and ends those that are
 * done. */
void lane_group_run(struct lane_group *g);

/* lane_curl_sock.c */

/* Callbacks of libcurl. */
int lane_sock_on_change(CURL *easy, curl_socket_t fd, int what, void *group,
                        void *unused);
curl_socket_t lane_sock_on_open(void *port, curlsocktype purpose,
                                struct curl_sockaddr *addr);
int lane_sock_on_close(void *lane, curl_socket_t fd);
/* Nobody owns the port's connections any more; shut: and none may use them
 * again. */
void lane_sock_disown(struct port *p, bool shut);
/* The port's call is off libcurl: forgets those of its connections that libcurl
 * has closed without telling us. */
void lane_sock_settle(struct port *p);
/* Hands libcurl what happened on a socket. */
void lane_group_act(struct lane_group *g, curl_socket_t fd, int mask);

/* lane_curl_push.c */

/* The port's exchange is complete: from now on its connection is corked, where
 * that is of use. */
void lane_push_cork(struct port *p);
/* Something was written, or is about to be, for the port's call. */
void lane_push_later(struct port *p);
void lane_push_forget(struct port *p);
/* Sends off what was written. Before the loop waits, at the latest. */
void lane_push_all(struct lane_curl *l);

/* lane_curl_call.c */

/* An easy handle with the options that never change, for that VU. */
void lane_call_prepare(struct port *p, uint32_t vu);
/* How much to receive at once: libcurl allocates it anew for each transfer, so
 * as much as the port's last response, head included, asked for. */
void lane_call_set_buffer(struct port *p);
/* Sets the options of the port's call. */
void lane_call_set(struct port *p);

/* lane_curl_headers.c */

/* Does a body, be it empty, belong to it? POST, PUT and PATCH say that theirs
 * is empty. */
bool lane_call_has_body(const struct call *c);
/* Chains header lines, borrowed, in the place of those that h had. */
void lane_headers_make(struct lane_headers *h, const struct call *c,
                       const char *const *lines);
void lane_headers_clear(struct lane_headers *h);
/* The prepared form of a fixed request; NULL when there are too many. */
const struct lane_fixed *lane_fixed_of(struct lane_curl *l,
                                       const struct call *c);
void lane_fixed_clear(struct lane_fixed *f);

/* lane_curl_done.c */

/* Fills p->x from how the call ended, at a given time. */
void lane_done_fill(struct port *p, CURLcode code, mono_us at);

/* lane_curl.c */

/* The call has ended: takes it off libcurl and tells its owner, who may start
 * or close the port. */
void lane_port_done(struct port *p, CURLcode code, mono_us at);
/* For p's call a name was resolved, or could not be: those that were held back
 * for it may go. */
void lane_release(struct port *p);

#endif
