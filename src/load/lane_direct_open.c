/* SPDX-License-Identifier: MIT
 *
 * lane_direct_open - connections, opened by libcurl in multis that the loop
 * drives. Those who want one wait in line by origin, as many are under way as
 * the lane allows, and a name that nobody has asked for yet is asked for once.
 * Where libcurl has just connected, others need it no more: lane_direct_dial.
 *
 * In the clear the socket is taken from libcurl: its handle goes, and leaves
 * the descriptor open because we close libcurl's sockets ourselves. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_direct_internal.h"
#include "load/lane_failure.h"

#ifdef SOCK_CLOEXEC
#define DIRECT_SOCK_FLAGS SOCK_CLOEXEC
#else
#define DIRECT_SOCK_FLAGS 0
#endif

/* libcurl gives up connecting after five minutes; our deadline is earlier, or
 * wants to be later. */
#define DIRECT_CONNECT_S 1000000L

#define DIRECT_SET(o, opt, value)                                              \
    direct_set_checked(curl_easy_setopt((o)->easy, opt, value), #opt)

static void direct_set_checked(CURLcode code, const char *option)
{
    if (code != CURLE_OK) {
        fatal("libcurl: %s: %s", option, curl_easy_strerror(code));
    }
}

/* Callbacks of a handle. */

static void direct_origin_known(struct direct_origin *o)
{
    o->known = true;
    o->asking = false;
}

void direct_connects(struct lane_direct *l)
{
    l->n_opened++;
    l->connections++;
    if (l->connections > l->connections_most) {
        l->connections_most = l->connections;
    }
}

static curl_socket_t direct_on_open(void *open, curlsocktype purpose,
                                    struct curl_sockaddr *addr)
{
    struct direct_open *o = open;
    int fd;

    (void)purpose;
    OBJ_CHECK(o, DIRECT_OPEN_MAGIC);
    fd = socket(addr->family, addr->socktype | DIRECT_SOCK_FLAGS,
                addr->protocol);
    if (fd < 0) {
        o->sock_errno = errno;
        return CURL_SOCKET_BAD;
    }
    if (!o->counted) {
        o->counted = true;
        direct_connects(o->lane);
    }
    direct_origin_known(o->origin);
    return fd;
}

static int direct_on_close(void *lane, curl_socket_t fd)
{
    struct lane_direct *l = lane;

    OBJ_CHECK(l, DIRECT_LANE_MAGIC);
    if (fd == l->taken) {
        l->taken = -1;
        return 0;
    }
    return close(fd);
}

static void direct_open_prepare(struct direct_open *o)
{
    DIRECT_SET(o, CURLOPT_CONNECT_ONLY, 1L);
    DIRECT_SET(o, CURLOPT_NOSIGNAL, 1L);
    DIRECT_SET(o, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    DIRECT_SET(o, CURLOPT_CONNECTTIMEOUT, DIRECT_CONNECT_S);
    DIRECT_SET(o, CURLOPT_BUFFERSIZE, 1024L); /* nothing is read into it */
    DIRECT_SET(o, CURLOPT_PRIVATE, (char *)o);
    DIRECT_SET(o, CURLOPT_ERRORBUFFER, o->error);
    DIRECT_SET(o, CURLOPT_OPENSOCKETFUNCTION, direct_on_open);
    DIRECT_SET(o, CURLOPT_OPENSOCKETDATA, o);
    DIRECT_SET(o, CURLOPT_CLOSESOCKETFUNCTION, direct_on_close);
    DIRECT_SET(o, CURLOPT_CLOSESOCKETDATA, o->lane);
#if LIBCURL_VERSION_NUM >= 0x075700
    /* Who gives up does not wait for the resolver's answer. */
    DIRECT_SET(o, CURLOPT_QUICK_EXIT, 1L);
#endif
}

/* A handle, set for whose connections it opens. */
static struct direct_open *direct_open_new(struct lane_direct *l, uint32_t vu)
{
    struct direct_open *o = l->opens;
    bool is_new = o == NULL;

    if (is_new) {
        o = xcalloc(1, sizeof *o);
        o->magic = DIRECT_OPEN_MAGIC;
        o->lane = l;
        o->easy = curl_easy_init();
        if (o->easy == NULL) {
            fatal("out of memory");
        }
        direct_open_prepare(o);
    } else {
        l->opens = o->next;
        o->next = NULL;
        l->n_opens--;
    }
    if (is_new || l->options->dial->locals.n > 0) {
        lane_options_set(l->options, o->easy, vu);
    }
    o->counted = false;
    o->sock_errno = 0;
    o->error[0] = '\0';
    return o;
}

static void direct_open_destroy(struct direct_open *o)
{
    curl_easy_cleanup(o->easy);
    o->magic = 0;
    free(o);
}

/* Takes the handle off its multi, which closes its connection. */
static void direct_open_take_off(struct direct_open *o)
{
    struct lane_direct *l = o->lane;

    MUST(!l->inside);
    l->inside = true;
    curl_multi_remove_handle(o->group->multi, o->easy);
    l->inside = false;
    o->group->members--;
    l->any_empty = l->any_empty || o->group->members == 0;
    o->group = NULL;
}

void direct_open_free(struct direct_open **op)
{
    struct direct_open *o = *op;
    struct lane_direct *l = o->lane;

    *op = NULL;
    direct_open_take_off(o);
    if (o->counted) {
        l->connections--;
    }
    direct_origin_drop(l, &o->origin);
    o->port = NULL;
    if (l->n_opens == DIRECT_OPENS_KEPT) {
        direct_open_destroy(o);
        return;
    }
    o->next = l->opens;
    l->opens = o;
    l->n_opens++;
}

void direct_opens_clear(struct lane_direct *l)
{
    while (l->opens != NULL) {
        struct direct_open *o = l->opens;

        l->opens = o->next;
        direct_open_destroy(o);
    }
}

/* The end of an opening. */

static void direct_open_times(struct direct_open *o, struct port *p)
{
    curl_off_t named = 0, connected = 0, secured = 0;

    curl_easy_getinfo(o->easy, CURLINFO_NAMELOOKUP_TIME_T, &named);
    curl_easy_getinfo(o->easy, CURLINFO_CONNECT_TIME_T, &connected);
    curl_easy_getinfo(o->easy, CURLINFO_APPCONNECT_TIME_T, &secured);
    p->connecting = connected > named ? (uint64_t)(connected - named) : 0;
    p->tls = secured > connected ? (uint64_t)(secured - connected) : 0;
}

static void direct_open_failed(struct direct_open *o, CURLcode code)
{
    struct port *p = o->port;
    struct lane_failure f = {
        .code = code, .error = o->sock_errno, .text = o->error};
    enum failure failure;
    char text[sizeof((struct exchange *)0)->message];
    long error = 0;

    if (f.error == 0) {
        curl_easy_getinfo(o->easy, CURLINFO_OS_ERRNO, &error);
        f.error = (int)error;
    }
    failure = lane_failure_connect(&f, text, sizeof text);
    p->open = NULL;
    direct_open_free(&o);
    direct_fail(p, failure, text, clk_now(p->lane->clk));
}

/* The descriptor, which libcurl shall not close any more; -1: it has. The
 * handle is let go either way. */
static int direct_open_take(struct direct_open *o)
{
    struct lane_direct *l = o->lane;
    curl_socket_t fd = CURL_SOCKET_BAD;

    if (curl_easy_getinfo(o->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK ||
        fd == CURL_SOCKET_BAD) {
        direct_open_free(&o);
        return -1;
    }
    l->taken = fd;
    o->counted = false; /* the connection's now */
    direct_open_free(&o);
    if (l->taken == -1) {
        return fd;
    }
    l->taken = -1;
    l->connections--;
    return -1;
}

static void direct_open_stands(struct direct_open *o)
{
    struct port *p = o->port;
    struct lane_direct *l = o->lane;
    curl_socket_t fd = CURL_SOCKET_BAD;

    direct_open_times(o, p);
    p->open = NULL;
    o->port = NULL;
    if (p->wire->origin->tls) {
        curl_easy_getinfo(o->easy, CURLINFO_ACTIVESOCKET, &fd);
    } else {
        fd = direct_open_take(o);
        o = NULL;
        direct_dial_learn(l, p->wire->origin, fd);
    }
    if (fd == CURL_SOCKET_BAD) {
        if (o != NULL) {
            direct_open_free(&o);
        }
        direct_fail(p, FAILURE_LOCAL, "libcurl does not give its socket",
                    clk_now(l->clk));
        return;
    }
    p->conn = direct_conn_new(p, fd, o);
    if (p->conn->early) {
        p->stage = DIRECT_EXPECTS; /* it stands */
        direct_fail(p, FAILURE_PROTOCOL, "bytes before the request",
                    clk_now(l->clk));
    } else {
        direct_crowd_join(p);
        direct_send_later(p);
    }
}

void direct_opened(struct direct_open *o, CURLcode code)
{
    struct lane_direct *l = o->lane;

    l->opening--;
    /* Also when it failed: whoever waits asks for himself. */
    direct_origin_known(o->origin);
    if (code == CURLE_OK) {
        direct_open_stands(o);
    } else {
        direct_open_failed(o, code);
    }
}

/* The line of those who wait. */

static void direct_origin_list(struct lane_direct *l, struct direct_origin *o)
{
    if (o->listed) {
        return;
    }
    o->listed = true;
    o->next_waiting = NULL;
    if (l->waiting_tail != NULL) {
        l->waiting_tail->next_waiting = o;
    } else {
        l->waiting_head = o;
    }
    l->waiting_tail = o;
}

static void direct_origin_unlist(struct lane_direct *l, struct direct_origin *o)
{
    struct direct_origin **at = &l->waiting_head;
    struct direct_origin *before = NULL;

    while (*at != o) {
        before = *at;
        at = &before->next_waiting;
    }
    *at = o->next_waiting;
    if (l->waiting_tail == o) {
        l->waiting_tail = before;
    }
    o->listed = false;
}

void direct_open_wait(struct port *p)
{
    struct direct_origin *o = p->wire->origin;

    p->stage = DIRECT_WAITS;
    if (p->crowd == 0) {
        p->lane->new_waiting++;
        direct_line_add(&o->waiting, p);
    } else if (p->lane->new_waiting > 0) {
        /* It was at work and goes on, before others begin. */
        direct_line_add_first(&o->waiting, p);
    } else {
        direct_line_add(&o->waiting, p);
    }
    direct_origin_list(p->lane, o);
}

static void direct_unwait(struct port *p)
{
    struct direct_origin *o = p->wire->origin;

    if (p->crowd == 0) {
        p->lane->new_waiting--;
    }
    direct_line_remove(&o->waiting, p);
    if (o->waiting.head == NULL) {
        direct_origin_unlist(p->lane, o);
    }
}

void direct_open_stop(struct port *p)
{
    if (p->stage == DIRECT_WAITS) {
        direct_unwait(p);
        return;
    }
    MUST(p->stage == DIRECT_OPENS);
    p->lane->opening--;
    if (p->open == NULL) {
        direct_conn_close(&p->conn); /* being dialled */
        return;
    }
    if (p->open->origin->asking && !p->open->origin->known) {
        p->open->origin->asking = false;
    }
    direct_open_free(&p->open);
}

static void direct_open_begin(struct port *p)
{
    struct lane_direct *l = p->lane;
    struct direct_open *o;
    CURLMcode rc;

    direct_unwait(p);
    p->stage = DIRECT_OPENS;
    l->opening++;
    if (direct_dial(p)) {
        return;
    }
    o = direct_open_new(l, p->vu);
    o->port = p;
    o->origin = direct_origin_hold(p->wire->origin);
    o->origin->asking = !o->origin->known;
    p->open = o;
    o->group = direct_group_for(l);
    o->group->members++;
    DIRECT_SET(o, CURLOPT_URL, o->origin->url);
    l->inside = true;
    rc = curl_multi_add_handle(o->group->multi, o->easy);
    l->inside = false;
    if (rc != CURLM_OK) {
        fatal("libcurl: %s", curl_multi_strerror(rc));
    }
}

/* An origin whose turn it is; NULL: none of them may open one now. */
static struct direct_origin *direct_origin_next(struct lane_direct *l)
{
    for (struct direct_origin *o = l->waiting_head; o != NULL;
         o = o->next_waiting) {
        if (o->known || !o->asking) {
            return o;
        }
    }
    return NULL;
}

/* A few of the origin's; one, while its name is not known. */
static void direct_origin_open(struct lane_direct *l, struct direct_origin *o)
{
    int most = o->known ? DIRECT_GROUP : 1;

    for (int i = 0;
         i < most && o->waiting.head != NULL && l->opening < DIRECT_OPENING_MAX;
         i++) {
        direct_open_begin(o->waiting.head);
    }
}

/* How long connections may be opened now: a slice, or half as long as the loop
 * was busy with everything else, so that neither starves the other. As long as
 * everything else was too long: 10,000 VUs were there 0.2 s earlier, but those
 * at work had a p99 of 1.0 to 1.6 x that of wrk's connections meanwhile. */
static mono_us direct_open_until(const struct lane_direct *l, mono_us now)
{
    uint64_t others = (now - l->opened) / 2;

    if (!ev_is_active(&l->idle) || others < DIRECT_OPEN_SLICE_US) {
        others = DIRECT_OPEN_SLICE_US; /* the loop may have waited, too */
    }
    return now + others;
}

bool direct_open_some(struct lane_direct *l)
{
    struct direct_origin *o = NULL;
    mono_us until;

    if (l->waiting_head == NULL && !l->any_ready) {
        return false;
    }
    until = direct_open_until(l, clk_now(l->clk));
    while (l->opening < DIRECT_OPENING_MAX &&
           (o = direct_origin_next(l)) != NULL && clk_now(l->clk) < until) {
        direct_origin_open(l, o);
        direct_groups_run(l);
    }
    direct_groups_run(l);
    l->opened = clk_now(l->clk);
    direct_crowd_see(l, l->opened >= until);
    return l->any_ready || (o != NULL && l->opening < DIRECT_OPENING_MAX);
}
