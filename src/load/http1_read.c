/* SPDX-License-Identifier: MIT
 *
 * http1_read - lines are looked at in place; what goes to the head's buffer is
 * copied in one go, when the head or the input ends. */
#include "config.h"

#include "load/http1_read.h"

#include <string.h>
#include <strings.h>

#include "load/http1_internal.h"

void http1_read_begin(struct http1_read *r, struct buf *head, bool is_head,
                      struct http1_known *known)
{
    *r = (struct http1_read){.known = known,
                             .head = head,
                             .state = HTTP1_IN_HEAD,
                             .bodiless = is_head};
    buf_reset(head);
}

enum http1_event http1_wrong(struct http1_read *r, const char *what)
{
    r->wrong = what;
    return HTTP1_WRONG;
}

/* Without white space around it. */
static struct http1_piece http1_trim(const char *s, const char *end)
{
    while (s < end && http1_blank(*s)) {
        s++;
    }
    while (end > s && http1_blank(end[-1])) {
        end--;
    }
    return (struct http1_piece){s, (size_t)(end - s)};
}

static bool http1_is(const struct http1_piece *p, const char *word)
{
    return p->n == strlen(word) && strncasecmp(p->data, word, p->n) == 0;
}

/* The next element of a list with commas; false: no more. Empty ones are passed
 * over (RFC 9110, 5.6.1). */
static bool http1_list_next(const char **at, const char *end,
                            struct http1_piece *element)
{
    while (*at < end) {
        const char *comma = memchr(*at, ',', (size_t)(end - *at));
        const char *stop = comma != NULL ? comma : end;

        *element = http1_trim(*at, stop);
        *at = comma != NULL ? comma + 1 : end;
        if (element->n > 0) {
            return true;
        }
    }
    return false;
}

static const char http1_start[] = "HTTP/1.";
#define HTTP1_START (sizeof http1_start - 1)

/* Does the first line begin like one of HTTP/1? Known before it is whole. */
static bool http1_starts(struct http1_read *r, const char *s, const char *end)
{
    while (r->started < HTTP1_START && s < end) {
        if (*s != http1_start[r->started]) {
            return false;
        }
        r->started++;
        s++;
    }
    return true;
}

/* "HTTP/1.1 200 OK"; the reason may be missing, and the blank before it. */
static bool http1_status_line(struct http1_read *r, const char *s, size_t n)
{
    if (n < 12 || (s[7] != '0' && s[7] != '1') || s[8] != ' ' || s[9] < '1' ||
        s[9] > '9' || !http1_digit(s[10]) || !http1_digit(s[11]) ||
        (n > 12 && s[12] != ' ')) {
        return false;
    }
    r->minor = (uint8_t)(s[7] - '0');
    r->status = (unsigned)(s[9] - '0') * 100 + (unsigned)(s[10] - '0') * 10 +
                (unsigned)(s[11] - '0');
    return true;
}

/* Has it no body by its status, whatever the fields say? */
static bool http1_no_body(const struct http1_read *r)
{
    return r->status == 204 || r->status == 304 || r->status < 200;
}

/* Digits alone; several that are equal are one (RFC 9112, 6.3). */
static bool http1_length(struct http1_read *r, const char *at, const char *end)
{
    struct http1_piece p;
    bool any = false;

    while (http1_list_next(&at, end, &p)) {
        uint64_t length = 0;

        for (size_t i = 0; i < p.n; i++) {
            if (!http1_digit(p.data[i]) || length > UINT64_MAX / 10 - 10) {
                return false;
            }
            length = length * 10 + (uint64_t)(p.data[i] - '0');
        }
        if (r->has_length && r->length != length) {
            return false;
        }
        r->has_length = true;
        r->length = length;
        any = true;
    }
    return any;
}

/* "chunked", once, or what was once called "identity". */
static bool http1_coding(struct http1_read *r, const char *at, const char *end)
{
    struct http1_piece p;

    while (http1_list_next(&at, end, &p)) {
        if (r->chunked || r->to_close) {
            return false;
        }
        r->chunked = http1_is(&p, "chunked");
        r->to_close = http1_is(&p, "identity");
        if (!r->chunked && !r->to_close) {
            return false;
        }
    }
    return r->chunked || r->to_close;
}

static void http1_connection(struct http1_read *r, const char *at,
                             const char *end)
{
    struct http1_piece p;

    while (http1_list_next(&at, end, &p)) {
        r->close = r->close || http1_is(&p, "close");
        r->keep_alive = r->keep_alive || http1_is(&p, "keep-alive");
    }
}

/* Those that say where the body ends, or the connection. */
static enum http1_event http1_field(struct http1_read *r,
                                    const struct http1_piece *name,
                                    const char *colon, const char *end)
{
    const char *value = colon + 1;
    bool length = http1_is(name, "Content-Length");

    r->framing = length || http1_is(name, "Transfer-Encoding");
    if (!r->framing) {
        if (http1_is(name, "Connection")) {
            http1_connection(r, value, end);
        }
        return HTTP1_MORE;
    }
    if (http1_no_body(r) || (r->bodiless && !length)) {
        return HTTP1_MORE;
    }
    if (http1_blank(colon[-1])) {
        return http1_wrong(r, "white space before the colon of a length");
    }
    if (length && !http1_length(r, value, end)) {
        return http1_wrong(r, "Content-Length is not one number");
    }
    if (!length && !http1_coding(r, value, end)) {
        return http1_wrong(r, "Transfer-Encoding is not \"chunked\"");
    }
    return HTTP1_MORE;
}

static enum http1_event http1_header_line(struct http1_read *r, const char *s,
                                          size_t n)
{
    const char *colon;
    struct http1_piece name;

    if (http1_blank(*s)) {
        /* Obsolete folding: more of the value of the line before. */
        if (r->line == 1) {
            return http1_wrong(r, "white space before the first header");
        }
        return r->framing && !http1_no_body(r)
                   ? http1_wrong(r, "a folded header about the body's length")
                   : HTTP1_MORE;
    }
    colon = memchr(s, ':', n);
    if (colon == NULL) {
        return http1_wrong(r, "a header without a colon");
    }
    r->framing = false;
    if ((*s | 0x20) != 'c' && (*s | 0x20) != 't') {
        return HTTP1_MORE;
    }
    name = http1_trim(s, colon);
    return http1_field(r, &name, colon, s + n);
}

/* A line that is not empty, without its end. */
static enum http1_event http1_line(struct http1_read *r, const char *s,
                                   size_t n)
{
    if (memchr(s, '\0', n) != NULL) {
        return http1_wrong(r, "a header with a NUL byte");
    }
    if (r->line > 0) {
        return http1_header_line(r, s, n);
    }
    return http1_status_line(r, s, n)
               ? HTTP1_MORE
               : http1_wrong(r, "not a response of HTTP/1.0 or 1.1");
}

/* The final head is whole: what comes now? */
static enum http1_event http1_frame(struct http1_read *r)
{
    r->head_done = true;
    r->keep = !r->close && (r->minor > 0 || r->keep_alive);
    if (r->bodiless || http1_no_body(r)) {
        return HTTP1_END;
    }
    if (r->chunked) {
        /* Both are no lie that one should build on (RFC 9112, 6.3). */
        r->keep = r->keep && !r->has_length && r->minor > 0;
        r->state = HTTP1_IN_CHUNK_SIZE;
        return HTTP1_MORE;
    }
    if (r->has_length && !r->to_close) {
        r->left = r->length;
        r->state = HTTP1_IN_LENGTH;
        return r->left == 0 ? HTTP1_END : HTTP1_MORE;
    }
    r->keep = false;
    r->state = HTTP1_IN_REST;
    return HTTP1_MORE;
}

/* An interim response is over: the next head begins anew. */
static enum http1_event http1_interim(struct http1_read *r)
{
    if (r->status == 101) {
        return http1_wrong(r, "101: the protocol was switched, unasked");
    }
    buf_reset(r->head);
    r->line = 0;
    r->status = 0;
    r->started = 0;
    r->close = r->keep_alive = r->framing = false;
    return HTTP1_MORE;
}

/* The empty line: of an interim response, or the final one. */
static enum http1_event http1_head_end(struct http1_read *r)
{
    return r->status < 200 ? http1_interim(r) : http1_frame(r);
}

/* Too much of it? Not said before it is known to be HTTP, so that it does not
 * matter where the input ends. */
static bool http1_too_large(const struct http1_read *r)
{
    return r->head_bytes > r->head->max &&
           (r->line > 0 || r->started == HTTP1_START);
}

/* What the head's end, or that of the input, has left to be done. */
struct http1_scan {
    const char *from; /* not copied yet */
    const char *s;    /* the line that is looked at */
};

/* One line, or the beginning of one; *whole tells which. */
static enum http1_event http1_head_line(struct http1_read *r,
                                        struct http1_scan *c, const char *end,
                                        bool *whole)
{
    const char *lf = memchr(c->s, '\n', (size_t)(end - c->s));
    const char *stop = lf != NULL ? lf + 1 : end;
    const char *line = c->s;
    size_t n = (size_t)(stop - line);
    bool http = r->line > 0 || http1_starts(r, line, stop);

    r->head_bytes += n;
    if (r->pending > 0 || lf == NULL) {
        buf_add(r->head, c->from, (size_t)(stop - c->from));
        c->from = stop;
        r->pending += n;
        n = r->pending;
        line = r->head->data + r->head->len -
               (n < r->head->len ? n : r->head->len);
    }
    c->s = stop;
    *whole = lf != NULL;
    if (!http) {
        return http1_wrong(r, "not a response of HTTP/1.0 or 1.1");
    }
    if (http1_too_large(r)) {
        return HTTP1_LARGE;
    }
    if (lf == NULL) {
        return HTTP1_MORE;
    }
    r->pending = 0;
    n -= n > 1 && line[n - 2] == '\r' ? 2 : 1;
    if (n == 0 && r->line > 0) {
        buf_add(r->head, c->from, (size_t)(stop - c->from));
        c->from = stop;
        return http1_head_end(r);
    }
    return http1_line(r, line, n);
}

static enum http1_event http1_head(struct http1_read *r, const char **at,
                                   const char *end)
{
    struct http1_scan c = {.from = *at, .s = *at};
    enum http1_event event = HTTP1_MORE;
    bool whole = true, begins = r->head_bytes == 0;

    if (begins && http1_known_take(r, at, end, &event)) {
        return event;
    }
    while (event == HTTP1_MORE && whole && c.s < end &&
           r->state == HTTP1_IN_HEAD) {
        unsigned line = r->line;

        event = http1_head_line(r, &c, end, &whole);
        /* Not after an interim response's end. */
        r->line += whole && (r->line == line && r->status != 0);
    }
    if (event == HTTP1_MORE && c.from < c.s) {
        buf_add(r->head, c.from, (size_t)(c.s - c.from));
    }
    if (begins && r->head_done && r->head->len == (size_t)(c.s - *at)) {
        http1_known_learn(r, *at, r->head->len, event);
    }
    *at = c.s;
    return event;
}

enum http1_event http1_take(struct http1_read *r, const char **at,
                            const char *end, struct http1_piece *piece)
{
    size_t n = (size_t)(end - *at);

    if (r->state != HTTP1_IN_REST) {
        n = n > r->left ? (size_t)r->left : n;
        r->left -= n;
    }
    *piece = (struct http1_piece){*at, n};
    *at += n;
    return HTTP1_BODY;
}

enum http1_event http1_read_next(struct http1_read *r, const char **at,
                                 const char *end, struct http1_piece *piece)
{
    enum http1_event event = HTTP1_MORE;

    if (r->state == HTTP1_IN_HEAD) {
        event = http1_head(r, at, end);
    } else if (r->state == HTTP1_IN_LENGTH && r->left == 0) {
        return HTTP1_END; /* its last byte was given out before */
    }
    if (event != HTTP1_MORE || *at == end || r->state == HTTP1_IN_HEAD) {
        return event;
    }
    return r->state == HTTP1_IN_LENGTH || r->state == HTTP1_IN_REST
               ? http1_take(r, at, end, piece)
               : http1_chunks(r, at, end, piece);
}

bool http1_read_closed(const struct http1_read *r)
{
    return r->state == HTTP1_IN_REST;
}
