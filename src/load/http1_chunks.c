/* SPDX-License-Identifier: MIT
 *
 * http1_chunks - the chunked coding (RFC 9112, 7.1), byte by byte between the
 * chunks: what stands there is short. */
#include "config.h"

#include "load/http1_internal.h"

#include "base/must.h"

static int http1_hex(char c)
{
    if (http1_digit(c)) {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The line with the size is over. */
static void http1_chunk_begin(struct http1_read *r)
{
    r->state = r->left > 0 ? HTTP1_IN_CHUNK : HTTP1_IN_TRAILER;
    r->digits = 0;
    r->size_bytes = 0;
    r->line = 0;
}

static enum http1_event http1_chunk_size(struct http1_read *r, char c)
{
    int digit = http1_hex(c);

    if (digit >= 0) {
        r->left = r->digits == 0 ? 0 : r->left;
        r->digits++;
        if (r->left >> 60 != 0) {
            return http1_wrong(r, "a chunk's size is out of range");
        }
        r->left = r->left << 4 | (unsigned)digit;
        return HTTP1_MORE;
    }
    if (r->digits == 0) {
        return http1_wrong(r, "a chunk without a size");
    }
    if (c == '\n') {
        http1_chunk_begin(r);
    } else if (c == '\r') {
        r->state = HTTP1_IN_CHUNK_LF;
    } else if (c == ';' || http1_blank(c)) {
        r->state = HTTP1_IN_CHUNK_LINE;
    } else {
        return http1_wrong(r, "a chunk's size is not a number");
    }
    return HTTP1_MORE;
}

/* One byte between chunks. */
static enum http1_event http1_chunk_byte(struct http1_read *r, char c)
{
    switch ((enum http1_state)r->state) {
    case HTTP1_IN_CHUNK_SIZE:
    case HTTP1_IN_CHUNK_LINE:
        r->size_bytes++;
        if (r->size_bytes > HTTP1_CHUNK_LINE_MAX) {
            return http1_wrong(r, "a chunk's extensions are too long");
        }
        if (r->state == HTTP1_IN_CHUNK_SIZE) {
            return http1_chunk_size(r, c);
        }
        if (c == '\n') {
            http1_chunk_begin(r);
        } else if (c == '\r') {
            r->state = HTTP1_IN_CHUNK_LF;
        }
        return HTTP1_MORE;
    case HTTP1_IN_CHUNK_LF:
        if (c != '\n') {
            return http1_wrong(r, "a stray CR after a chunk's size");
        }
        http1_chunk_begin(r);
        return HTTP1_MORE;
    case HTTP1_IN_CHUNK_END:
    case HTTP1_IN_CHUNK_END_LF:
        if (c == '\r' && r->state == HTTP1_IN_CHUNK_END) {
            r->state = HTTP1_IN_CHUNK_END_LF;
            return HTTP1_MORE;
        }
        r->state = HTTP1_IN_CHUNK_SIZE;
        return c == '\n' ? HTTP1_MORE
                         : http1_wrong(r, "a chunk is longer than its size");
    case HTTP1_IN_HEAD:
    case HTTP1_IN_LENGTH:
    case HTTP1_IN_REST:
    case HTTP1_IN_CHUNK:
    case HTTP1_IN_TRAILER:
    case HTTP1_IN_TRAILER_LINE:
    case HTTP1_IN_TRAILER_LF:
        break;
    }
    MUST(!"between chunks");
    return HTTP1_WRONG;
}

/* One byte of the lines after the last chunk, which nobody asked for: they are
 * counted, and left out. */
static enum http1_event http1_trailer_byte(struct http1_read *r, char c)
{
    r->head_bytes++;
    if (r->state == HTTP1_IN_TRAILER_LF) {
        return c == '\n' ? HTTP1_END : http1_wrong(r, "a stray CR");
    }
    if (r->state == HTTP1_IN_TRAILER) {
        if (c == '\n') {
            return HTTP1_END;
        }
        if (c == '\r') {
            r->state = HTTP1_IN_TRAILER_LF;
            return HTTP1_MORE;
        }
        r->state = HTTP1_IN_TRAILER_LINE;
        r->colon = http1_blank(c) && r->line > 0;
    }
    r->colon = r->colon || c == ':';
    if (c == '\n') {
        if (!r->colon) {
            return http1_wrong(r, "a trailer without a colon");
        }
        r->line++;
        r->state = HTTP1_IN_TRAILER;
    }
    return r->head_bytes > r->head->max ? HTTP1_LARGE : HTTP1_MORE;
}

enum http1_event http1_chunks(struct http1_read *r, const char **at,
                              const char *end, struct http1_piece *piece)
{
    enum http1_event event = HTTP1_MORE;

    while (event == HTTP1_MORE && *at < end) {
        if (r->state == HTTP1_IN_CHUNK) {
            event = http1_take(r, at, end, piece);
            if (r->left == 0) {
                r->state = HTTP1_IN_CHUNK_END;
            }
        } else {
            char c = *(*at)++;

            event = r->state >= HTTP1_IN_TRAILER ? http1_trailer_byte(r, c)
                                                 : http1_chunk_byte(r, c);
        }
    }
    return event;
}
