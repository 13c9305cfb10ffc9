/* SPDX-License-Identifier: MIT
 *
 * Whatever a service sends, the reader says the same of it however the bytes
 * come in pieces, reads no byte that is not there, and keeps to its bounds; and
 * it says the same whether it has met a head before or not. */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/rng.h"
#include "base/xalloc.h"
#include "load/http1_read.h"

#define HEAD_SMALL 120

/* What became of an input. */
struct verdict {
    enum http1_event event; /* HTTP1_MORE: it goes on, or may end here */
    struct http1_read r;
    struct buf head, body;
    size_t used; /* of the input */
};

static void verdict_init(struct verdict *v, size_t head_max, bool is_head,
                         struct http1_known *known)
{
    memset(v, 0, sizeof *v);
    buf_init(&v->head, head_max);
    buf_init(&v->body, SIZE_MAX);
    http1_read_begin(&v->r, &v->head, is_head, known);
    v->event = HTTP1_MORE;
}

static void verdict_clear(struct verdict *v)
{
    buf_clear(&v->head);
    buf_clear(&v->body);
}

/* A piece, in memory of its own. */
static void verdict_feed(struct verdict *v, const uint8_t *data, size_t n)
{
    char *copy = xmalloc(n);
    const char *at = copy;
    struct http1_piece piece;

    if (n > 0) {
        memcpy(copy, data, n);
    }
    do {
        v->event = http1_read_next(&v->r, &at, copy + n, &piece);
        if (v->event == HTTP1_BODY) {
            MUST(piece.n > 0 && piece.data >= copy && piece.data < copy + n &&
                 piece.data + piece.n <= at);
            buf_add(&v->body, piece.data, piece.n);
        }
    } while (v->event == HTTP1_BODY);
    MUST(at >= copy && at <= copy + n);
    MUST(v->event != HTTP1_MORE || at == copy + n);
    v->used += (size_t)(at - copy);
    free(copy);
}

static void verdict_check(const struct verdict *v)
{
    MUST(v->head.len <= v->head.max);
    MUST((v->event == HTTP1_WRONG) == (v->r.wrong != NULL));
    if (v->event == HTTP1_END || v->body.len > 0) {
        MUST(v->r.head_done && !v->head.cut);
        MUST(v->r.status >= 200 && v->r.status <= 999 && v->r.minor <= 1);
        MUST(v->head.len >= 14 && memcmp(v->head.data, "HTTP/1.", 7) == 0);
        MUST(v->head.data[v->head.len - 1] == '\n');
    }
}

static void verdicts_agree(const struct verdict *a, const struct verdict *b)
{
    MUST(a->event == b->event);
    MUST(a->r.wrong == b->r.wrong);
    MUST(a->r.status == b->r.status && a->r.minor == b->r.minor);
    MUST(a->r.head_done == b->r.head_done && a->r.keep == b->r.keep);
    MUST(http1_read_closed(&a->r) == http1_read_closed(&b->r));
    MUST(a->body.len == b->body.len);
    MUST(memcmp(buf_str(&a->body), buf_str(&b->body), a->body.len) == 0);
    if (a->event == HTTP1_END || a->event == HTTP1_MORE) {
        MUST(a->used == b->used && a->r.head_bytes == b->r.head_bytes);
        MUST(a->head.len == b->head.len);
        MUST(memcmp(buf_str(&a->head), buf_str(&b->head), a->head.len) == 0);
    }
}

/* In pieces of 1 to most bytes, drawn from r. */
static void feed_pieces(struct verdict *v, const uint8_t *data, size_t n,
                        struct rng *r, size_t most)
{
    for (size_t at = 0; at < n && v->event == HTTP1_MORE;) {
        size_t piece = most > 1 ? (size_t)rng_range(r, 1, most) : 1;

        piece = piece < n - at ? piece : n - at;
        verdict_feed(v, data + at, piece);
        at += piece;
    }
}

static void compare(const uint8_t *data, size_t n, size_t head_max,
                    bool is_head)
{
    static const size_t most[] = {1, 3, 17, 400};
    static struct http1_known known; /* of all inputs before, too */
    struct verdict whole;
    struct rng r;

    verdict_init(&whole, head_max, is_head, NULL);
    verdict_feed(&whole, data, n);
    verdict_check(&whole);
    rng_seed(&r, n, head_max);
    for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
        struct verdict v;

        verdict_init(&v, head_max, is_head, &known);
        feed_pieces(&v, data, n, &r, most[i]);
        verdict_check(&v);
        verdicts_agree(&whole, &v);
        verdict_clear(&v);
    }
    /* What was read before changes nothing. */
    for (int again = 0; again < 2; again++) {
        struct verdict v;

        verdict_init(&v, head_max, is_head, &known);
        verdict_feed(&v, data, n);
        verdicts_agree(&whole, &v);
        verdict_clear(&v);
    }
    verdict_clear(&whole);
}

int fuzz_one(const uint8_t *data, size_t n)
{
    compare(data, n, 65536, false);
    compare(data, n, 65536, true);
    compare(data, n, HEAD_SMALL, false);
    return 0;
}
