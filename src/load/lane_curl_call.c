/* SPDX-License-Identifier: MIT
 *
 * lane_curl_call - a call as options of an easy handle. Handles are used again
 * and again: what holds for every call is set once, what holds for a fixed
 * request when the port turns to it, and the rest for each call. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fatal.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_curl_internal.h"

/* Setting an option of libcurl fails for want of memory, or by a mistake here:
 * the types and values are ours. */
#define LANE_SET(p, opt, value)                                                \
    lane_set_checked(curl_easy_setopt((p)->easy, opt, value), #opt)

static void lane_set_checked(CURLcode code, const char *option)
{
    if (code != CURLE_OK) {
        fatal("libcurl: %s: %s", option, curl_easy_strerror(code));
    }
}

/* An interim response (100, 103) is followed by another, which starts anew. */
static bool lane_starts_head(const char *data, size_t n)
{
    return n > 5 && memcmp(data, "HTTP/", 5) == 0;
}

static bool lane_is_interim(const char *head)
{
    const char *space = strchr(head, ' ');

    return space != NULL && space[1] == '1';
}

/* 101: what follows is no HTTP, and nobody has asked for it. */
static bool lane_is_switch(const char *head)
{
    const char *space = strchr(head, ' ');

    return space != NULL && strncmp(space + 1, "101", 3) == 0;
}

static size_t lane_on_header(char *data, size_t size, size_t n, void *port)
{
    struct port *p = port;

    OBJ_CHECK(p, PORT_MAGIC);
    n *= size;
    if (p->first == 0) {
        p->first = clk_now(p->lane->clk);
    }
    p->head_bytes += n;
    if (p->head_bytes > EXCHANGE_HEAD_MAX) {
        p->too_large = true;
        return n + 1; /* ends the transfer */
    }
    if (p->head_done) {
        return n; /* trailers */
    }
    if (lane_starts_head(data, n)) {
        buf_reset(&p->x.head);
    }
    buf_add(&p->x.head, data, n);
    if (n <= 2) { /* the empty line */
        p->switched = lane_is_switch(buf_str(&p->x.head));
        p->head_done = !lane_is_interim(buf_str(&p->x.head));
    }
    return p->switched ? n + 1 : n;
}

static size_t lane_on_body(char *data, size_t size, size_t n, void *port)
{
    struct port *p = port;
    const struct call *c = p->call;

    OBJ_CHECK(p, PORT_MAGIC);
    n *= size;
    p->body_bytes += n;
    if (p->body_bytes > call_max_body(c)) {
        p->too_large = true;
        return n + 1; /* ends the transfer */
    }
    if (c->on_body != NULL) {
        p->last = clk_now(p->lane->clk);
    }
    if (c->on_body != NULL && !c->on_body(c->ctx, data, n, p->last)) {
        p->ended = true;
    }
    buf_add(&p->x.body, data, n);
    return p->ended ? n + 1 : n;
}

/* The connection stands and the request is about to be written. Called anew
 * when libcurl finds a kept connection dead and goes again on another. */
static int lane_on_begin(void *port, char *peer, char *local, int peer_port,
                         int local_port)
{
    struct port *p = port;

    (void)peer;
    (void)local;
    (void)peer_port;
    (void)local_port;
    OBJ_CHECK(p, PORT_MAGIC);
    p->begin = clk_now(p->lane->clk);
    p->sent = 0;
    p->first = 0;
    p->last = 0;
    p->pushed = false;
    p->sends++;
    lane_push_later(p);
    return CURL_PREREQFUNC_OK;
}

/* libcurl reports progress after every step, the one that writes the request
 * among them, with the bytes of body that the socket has taken. (It has a time
 * of its own for this only from 8.10 on.) Not asked of quick calls. */
static int lane_on_progress(void *port, curl_off_t down_total, curl_off_t down,
                            curl_off_t up_total, curl_off_t up)
{
    struct port *p = port;

    (void)down_total;
    (void)down;
    (void)up_total;
    OBJ_CHECK(p, PORT_MAGIC);
    if (p->begin != 0 && p->sent == 0) {
        lane_push_later(p);
        if (up >= p->to_send) {
            p->sent = clk_now(p->lane->clk);
        }
    }
    return 0;
}

static void lane_set_bounds(struct port *p)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    LANE_SET(p, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    LANE_SET(p, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    LANE_SET(p, CURLOPT_HTTP09_ALLOWED, 0L);
    LANE_SET(p, CURLOPT_FOLLOWLOCATION, 0L);
    LANE_SET(p, CURLOPT_NOSIGNAL, 1L);
    LANE_SET(p, CURLOPT_UPLOAD_BUFFERSIZE, 16384L); /* the least it allows */
    if (!p->lane->options->apart) {
        LANE_SET(p, CURLOPT_SHARE, p->lane->share);
    }
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A call that is given up does not wait for the resolver's answer. */
    LANE_SET(p, CURLOPT_QUICK_EXIT, 1L);
#endif
}

/* libcurl 7.88 begins HTTP/2 anew, with a preface, on a connection of prior
 * knowledge that it uses again: the server ends it. */
#define LANE_PREFACE_FROM   0x075800
#define LANE_PREFACE_BEFORE 0x080000

static void lane_set_preface(struct port *p)
{
    unsigned version = curl_version_info(CURLVERSION_NOW)->version_num;

    if (version >= LANE_PREFACE_FROM && version < LANE_PREFACE_BEFORE) {
        p->single = true;
    }
}

/* HTTP/2 where https agrees on it; a libcurl built without goes without. */
static void lane_set_version(struct port *p)
{
    const struct dial *d = p->lane->options->dial;

    if (d->prior_knowledge &&
        curl_easy_setopt(p->easy, CURLOPT_HTTP_VERSION,
                         (long)CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE) ==
            CURLE_OK) {
        lane_set_preface(p);
        return;
    }
    if (d->http1 ||
        curl_easy_setopt(p->easy, CURLOPT_HTTP_VERSION,
                         (long)CURL_HTTP_VERSION_2TLS) != CURLE_OK) {
        LANE_SET(p, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    }
}

void lane_call_prepare(struct port *p, uint32_t vu)
{
    p->easy = curl_easy_init();
    if (p->easy == NULL) {
        fatal("out of memory");
    }
    lane_set_bounds(p);
    lane_set_version(p);
    lane_options_set(p->lane->options, p->easy, vu);
    LANE_SET(p, CURLOPT_PRIVATE, (char *)p);
    LANE_SET(p, CURLOPT_ERRORBUFFER, p->error);
    LANE_SET(p, CURLOPT_HEADERFUNCTION, lane_on_header);
    LANE_SET(p, CURLOPT_HEADERDATA, p);
    LANE_SET(p, CURLOPT_WRITEFUNCTION, lane_on_body);
    LANE_SET(p, CURLOPT_WRITEDATA, p);
    LANE_SET(p, CURLOPT_PREREQFUNCTION, lane_on_begin);
    LANE_SET(p, CURLOPT_PREREQDATA, p);
    LANE_SET(p, CURLOPT_XFERINFOFUNCTION, lane_on_progress);
    LANE_SET(p, CURLOPT_XFERINFODATA, p);
    LANE_SET(p, CURLOPT_NOPROGRESS, 0L);
    LANE_SET(p, CURLOPT_OPENSOCKETFUNCTION, lane_sock_on_open);
    LANE_SET(p, CURLOPT_OPENSOCKETDATA, p);
    /* Kept with the connection, which may outlive the port. */
    LANE_SET(p, CURLOPT_CLOSESOCKETFUNCTION, lane_sock_on_close);
    LANE_SET(p, CURLOPT_CLOSESOCKETDATA, p->lane);
}

/* HEAD goes without its body, if it was given one: libcurl cannot send it. */
static void lane_set_method(struct port *p, const struct call *c)
{
    const char *usual = "GET";

    if (strcmp(c->method, "HEAD") == 0) {
        LANE_SET(p, CURLOPT_HTTPGET, 1L);
        LANE_SET(p, CURLOPT_NOBODY, 1L);
        usual = "HEAD";
    } else if (lane_call_has_body(c)) {
        LANE_SET(p, CURLOPT_POST, 1L);
        usual = "POST";
    } else {
        LANE_SET(p, CURLOPT_HTTPGET, 1L);
    }
    LANE_SET(p, CURLOPT_CUSTOMREQUEST,
             strcmp(c->method, usual) == 0 ? NULL : c->method);
}

static void lane_set_request(struct port *p, const struct call *c)
{
    const struct lane_fixed *f =
        c->fixed != NULL ? lane_fixed_of(p->lane, c) : NULL;

    lane_set_method(p, c);
    if (f != NULL) {
        LANE_SET(p, CURLOPT_HTTPHEADER, f->headers.nodes);
    } else {
        lane_headers_make(&p->headers, c, c->headers);
        LANE_SET(p, CURLOPT_HTTPHEADER, p->headers.nodes);
    }
    if (f != NULL && f->url != NULL) {
        LANE_SET(p, CURLOPT_CURLU, f->url);
    } else {
        LANE_SET(p, CURLOPT_CURLU, NULL);
        LANE_SET(p, CURLOPT_URL, c->url);
    }
    p->fixed = f != NULL ? c->fixed : NULL;
}

static void lane_set_body(struct port *p, const struct call *c)
{
    const char *body = c->body != NULL ? c->body : "";

    if (p->body == body && p->body_len == c->body_len) {
        return;
    }
    /* First the length: with -1 libcurl would take that of a string. */
    LANE_SET(p, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body_len);
    LANE_SET(p, CURLOPT_POSTFIELDS, body);
    p->body = body;
    p->body_len = c->body_len;
}

/* Up to this, malloc has it at hand. */
#define LANE_BUFFER_SMALL 1024L
#define LANE_BUFFER_LARGE 16384L

void lane_call_set_buffer(struct port *p)
{
    long bytes = p->head_bytes + p->body_bytes > LANE_BUFFER_SMALL
                     ? LANE_BUFFER_LARGE
                     : LANE_BUFFER_SMALL;

    if (bytes != p->buffer_bytes) {
        LANE_SET(p, CURLOPT_BUFFERSIZE, bytes);
        p->buffer_bytes = bytes;
    }
}

/* libcurl gives up connecting after five minutes, unless it is told more. */
#define LANE_CONNECT_US (300 * US_PER_SEC)

/* Calls have a deadline of ours: this only keeps libcurl from being earlier. */
static void lane_set_patience(struct port *p, const struct call *c)
{
    bool patient = c->timeout_us > LANE_CONNECT_US;

    if (patient != p->patient) {
        LANE_SET(p, CURLOPT_CONNECTTIMEOUT, patient ? 1000000L : 0L);
        p->patient = patient;
    }
}

/* A request of this size is written at once, body and all. */
#define LANE_QUICK_BYTES 32768

/* libcurl's progress reports cost a call for each of its steps. */
static void lane_set_progress(struct port *p, const struct call *c)
{
    bool quick;

    p->plain = strncasecmp(c->url, "http://", 7) == 0;
    quick = p->plain && c->body_len <= LANE_QUICK_BYTES;
    if (quick != p->quick) {
        LANE_SET(p, CURLOPT_NOPROGRESS, quick ? 1L : 0L);
        p->quick = quick;
    }
}

/* All encodings that libcurl was built with. */
static void lane_set_decode(struct port *p, const struct call *c)
{
    if (c->decode != p->decode) {
        LANE_SET(p, CURLOPT_ACCEPT_ENCODING, c->decode ? "" : NULL);
        p->decode = c->decode;
    }
}

/* libcurl looks for dead connections once a second, in a group whose VUs ask
 * for something: one that is only shut down keeps its descriptor till then. */
static void lane_set_once(struct port *p, const struct call *c)
{
    bool once = c->once || p->single;

    if (once != p->once_set) {
        LANE_SET(p, CURLOPT_FORBID_REUSE, once ? 1L : 0L);
        p->once_set = once;
    }
}

void lane_call_set(struct port *p)
{
    const struct call *c = p->call;

    lane_set_decode(p, c);
    lane_set_patience(p, c);
    lane_set_progress(p, c);
    lane_set_once(p, c);
    if (c->fixed == NULL || c->fixed != p->fixed) {
        lane_set_request(p, c);
    }
    p->to_send = 0;
    if (lane_call_has_body(c)) {
        lane_set_body(p, c);
        p->to_send =
            strcmp(c->method, "HEAD") == 0 ? 0 : (curl_off_t)c->body_len;
    }
    if (p->fresh != p->fresh_set) {
        LANE_SET(p, CURLOPT_FRESH_CONNECT, p->fresh ? 1L : 0L);
        p->fresh_set = p->fresh;
    }
    p->fresh = false;
}
