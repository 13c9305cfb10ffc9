/* SPDX-License-Identifier: MIT
 *
 * A stream has the same events whole, byte by byte, and by the standard's rules
 * written out plainly over the whole text. */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/must.h"
#include "load/sse.h"

/* Larger than any input, so that nothing is cut here. */
#define ROOM (1u << 20)

static void write_event(struct buf *log, const char *name, size_t name_len,
                        const char *data, size_t data_len, const char *id,
                        size_t id_len)
{
    buf_addf(log, "%zu %zu %zu ", name_len, data_len, id_len);
    buf_add(log, name, name_len);
    buf_add(log, data, data_len);
    buf_add(log, id, id_len);
}

static void on_event(void *ctx, const struct sse_event *e)
{
    /* A name may hold a NUL: it is seen up to there. */
    write_event(ctx, e->name, strlen(e->name), e->data, e->data_len, e->id,
                strlen(e->id));
}

/* The standard's "interpret the stream", over all of it. */
struct plain {
    struct buf name, data, id;
    struct buf *log;
};

static void plain_dispatch(struct plain *p)
{
    const char *name = *buf_str(&p->name) != '\0' || p->name.len > 0
                           ? buf_str(&p->name)
                           : "message";

    if (p->data.len > 0) {
        write_event(p->log, name, strlen(name), p->data.data, p->data.len - 1,
                    buf_str(&p->id), p->id.len);
    }
    buf_reset(&p->name);
    buf_reset(&p->data);
}

static void plain_field(struct plain *p, const char *f, size_t n, const char *v,
                        size_t v_len)
{
    if (n == 5 && memcmp(f, "event", 5) == 0) {
        buf_reset(&p->name);
        buf_add(&p->name, v, v_len < SSE_NAME_MAX ? v_len : SSE_NAME_MAX);
    } else if (n == 4 && memcmp(f, "data", 4) == 0) {
        buf_add(&p->data, v, v_len);
        buf_addc(&p->data, '\n');
    } else if (n == 2 && memcmp(f, "id", 2) == 0 &&
               (v_len == 0 || memchr(v, '\0', v_len) == NULL)) {
        buf_reset(&p->id);
        buf_add(&p->id, v, v_len < SSE_NAME_MAX ? v_len : SSE_NAME_MAX);
    }
}

static void plain_line(struct plain *p, const char *s, size_t n)
{
    const char *colon = n > 0 ? memchr(s, ':', n) : NULL;
    size_t field = colon != NULL ? (size_t)(colon - s) : n;
    size_t value = colon != NULL ? field + 1 : n;

    if (n == 0) {
        plain_dispatch(p);
        return;
    }
    if (value < n && s[value] == ' ') {
        value++;
    }
    plain_field(p, s, field, s + value, n - value);
}

static void plain_read(struct buf *log, const char *s, size_t n)
{
    struct plain p = {.log = log};
    size_t i = n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    size_t from = i;

    buf_init(&p.name, SSE_NAME_MAX);
    buf_init(&p.data, ROOM);
    buf_init(&p.id, SSE_NAME_MAX);
    for (; i < n; i++) {
        if (s[i] != '\r' && s[i] != '\n') {
            continue;
        }
        plain_line(&p, s + from, i - from);
        if (s[i] == '\r' && i + 1 < n && s[i + 1] == '\n') {
            i++;
        }
        from = i + 1;
    }
    buf_clear(&p.name);
    buf_clear(&p.data);
    buf_clear(&p.id);
}

static void parsed(struct buf *log, const char *s, size_t n, size_t piece)
{
    struct sse p;

    sse_init(&p, ROOM);
    for (size_t i = 0; i < n; i += piece) {
        sse_feed(&p, s + i, n - i < piece ? n - i : piece, on_event, log);
    }
    sse_clear(&p);
}

int fuzz_one(const uint8_t *data, size_t n)
{
    const char *s = (const char *)data;
    struct buf want, whole, bytes, threes;

    if (n > ROOM / 2) {
        return 0;
    }
    buf_init(&want, 8 * ROOM);
    buf_init(&whole, 8 * ROOM);
    buf_init(&bytes, 8 * ROOM);
    buf_init(&threes, 8 * ROOM);
    plain_read(&want, s, n);
    parsed(&whole, s, n, n > 0 ? n : 1);
    parsed(&bytes, s, n, 1);
    parsed(&threes, s, n, 3);
    MUST(want.len == whole.len && want.len == bytes.len &&
         want.len == threes.len);
    if (want.len > 0) {
        MUST(memcmp(want.data, whole.data, want.len) == 0);
        MUST(memcmp(want.data, bytes.data, want.len) == 0);
        MUST(memcmp(want.data, threes.data, want.len) == 0);
    }
    buf_clear(&want);
    buf_clear(&whole);
    buf_clear(&bytes);
    buf_clear(&threes);
    return 0;
}
