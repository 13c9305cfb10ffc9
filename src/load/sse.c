/* SPDX-License-Identifier: MIT
 *
 * sse - no line is ever held: a field's value goes byte by byte to where it
 * belongs, so that a line of any length needs no more than its limit. */
#include "config.h"

#include "load/sse.h"

#include <string.h>

#include "base/must.h"

static const char sse_bom[3] = {'\xEF', '\xBB', '\xBF'};

void sse_init(struct sse *p, size_t data_max)
{
    memset(p, 0, sizeof *p);
    buf_init(&p->name, SSE_NAME_MAX);
    buf_init(&p->data, data_max);
    buf_init(&p->id, SSE_NAME_MAX);
    buf_init(&p->next_id, SSE_NAME_MAX);
}

void sse_clear(struct sse *p)
{
    buf_clear(&p->name);
    buf_clear(&p->data);
    buf_clear(&p->id);
    buf_clear(&p->next_id);
}

void sse_reset(struct sse *p)
{
    struct sse fresh;

    memset(&fresh, 0, sizeof fresh);
    buf_reset(&p->name);
    buf_reset(&p->data);
    buf_reset(&p->id);
    buf_reset(&p->next_id);
    fresh.name = p->name;
    fresh.data = p->data;
    fresh.id = p->id;
    fresh.next_id = p->next_id;
    *p = fresh;
}

static bool sse_field_is(const struct sse *p, const char *name)
{
    size_t n = strlen(name);

    return p->field_len == n && memcmp(p->field, name, n) == 0;
}

/* A field's name is complete: makes room for its value. */
static void sse_open(struct sse *p)
{
    if (sse_field_is(p, "event")) {
        buf_reset(&p->name);
    } else if (sse_field_is(p, "data")) {
        if (p->has_data) {
            buf_addc(&p->data, '\n');
        }
        p->has_data = true;
    } else if (sse_field_is(p, "id")) {
        buf_reset(&p->next_id);
        p->id_bad = false;
    } else if (sse_field_is(p, "retry")) {
        p->retry = 0;
        p->retry_bad = true; /* until a digit comes */
    } else {
        p->field_len = 0; /* a comment, or nobody's field */
    }
}

static void sse_retry(struct sse *p, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9' || p->retry > UINT32_MAX) {
            p->retry = UINT64_MAX; /* stays bad whatever follows */
            p->retry_bad = true;
            return;
        }
        p->retry = p->retry * 10 + (uint64_t)(s[i] - '0');
        p->retry_bad = false;
    }
}

static void sse_value(struct sse *p, const char *s, size_t n)
{
    if (n == 0 || p->field_len == 0) {
        return;
    }
    if (sse_field_is(p, "data")) {
        buf_add(&p->data, s, n);
    } else if (sse_field_is(p, "event")) {
        buf_add(&p->name, s, n);
    } else if (sse_field_is(p, "id")) {
        p->id_bad = p->id_bad || memchr(s, '\0', n) != NULL;
        buf_add(&p->next_id, s, n);
    } else {
        sse_retry(p, s, n);
    }
}

static void sse_dispatch(struct sse *p, sse_fn *fn, void *ctx)
{
    struct sse_event e = {
        .name = p->name.len > 0 ? buf_str(&p->name) : "message",
        .data = buf_str(&p->data),
        .data_len = p->data.len,
        .id = buf_str(&p->id),
        .cut = p->name.cut || p->data.cut,
    };

    /* The standard asks whether the data is empty before its last LF is taken
     * off: one empty data line makes an event. */
    if (p->has_data) {
        fn(ctx, &e);
    }
    buf_reset(&p->name);
    buf_reset(&p->data);
    p->has_data = false;
}

static void sse_line_end(struct sse *p, sse_fn *fn, void *ctx)
{
    if (!p->line_begun) {
        sse_dispatch(p, fn, ctx);
        return;
    }
    if (p->at == SSE_FIELD_NAME) {
        sse_open(p); /* a field without a colon has an empty value */
    }
    if (sse_field_is(p, "id") && !p->id_bad) {
        buf_reset(&p->id);
        buf_add(&p->id, buf_str(&p->next_id), p->next_id.len);
    } else if (sse_field_is(p, "retry") && !p->retry_bad) {
        p->retry_ms = p->retry;
    }
    p->at = SSE_FIELD_NAME;
    p->field_len = 0;
    p->line_begun = false;
}

/* A byte of a field's name. */
static void sse_name_byte(struct sse *p, char c)
{
    p->line_begun = true;
    if (c == ':') {
        sse_open(p);
        p->at = SSE_FIELD_SPACE;
    } else if (p->field_len < sizeof p->field) {
        p->field[p->field_len++] = c;
    }
}

/* Bytes of s before the line ends. */
static size_t sse_run(const char *s, size_t n)
{
    size_t i = 0;

    while (i < n && s[i] != '\r' && s[i] != '\n') {
        i++;
    }
    return i;
}

/* Drops a byte order mark at the very beginning, which may come byte by byte.
 * What only began like one is the beginning of a field's name. Returns the
 * bytes used. */
static size_t sse_skip_bom(struct sse *p, const char *s, size_t n)
{
    size_t i = 0;

    while (i < n && p->bom < 3 && s[i] == sse_bom[p->bom]) {
        p->bom++;
        i++;
    }
    if (i < n && p->bom < 3) {
        for (unsigned k = 0; k < p->bom; k++) {
            sse_name_byte(p, sse_bom[k]);
        }
        p->bom = 3;
    }
    return i;
}

void sse_feed(struct sse *p, const char *bytes, size_t n, sse_fn *fn, void *ctx)
{
    size_t i = p->bom < 3 ? sse_skip_bom(p, bytes, n) : 0;

    while (i < n) {
        char c = bytes[i];

        if (c == '\n' && p->after_cr) {
            p->after_cr = false;
            i++;
            continue;
        }
        p->after_cr = c == '\r';
        if (c == '\r' || c == '\n') {
            sse_line_end(p, fn, ctx);
            i++;
        } else if (p->at == SSE_FIELD_NAME) {
            sse_name_byte(p, c);
            i++;
        } else if (p->at == SSE_FIELD_SPACE) {
            p->at = SSE_FIELD_VALUE;
            i += c == ' ' ? 1 : 0;
        } else {
            size_t run = sse_run(bytes + i, n - i);

            sse_value(p, bytes + i, run);
            i += run;
        }
    }
}
