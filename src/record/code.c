/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/code.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/varint.h"
#include "base/xalloc.h"

void code_put(struct buf *b, uint64_t n)
{
    uint8_t bytes[VARINT_MAX];

    (void)buf_add(b, bytes, varint_put(bytes, n));
}

void code_put_signed(struct buf *b, int64_t n)
{
    code_put(b, n < 0 ? ~((uint64_t)n << 1) : (uint64_t)n << 1);
}

void code_put_double(struct buf *b, double v)
{
    uint64_t bits;
    char bytes[8];
    int i;

    v = isfinite(v) ? v : 0;
    memcpy(&bits, &v, sizeof bits);
    for (i = 0; i < 8; i++) {
        bytes[i] = (char)(bits >> (8 * i) & 0xff);
    }
    (void)buf_add(b, bytes, sizeof bytes);
}

void code_put_text(struct buf *b, const char *s)
{
    size_t n = strlen(s);

    code_put(b, n);
    (void)buf_add(b, s, n);
}

void code_in_init(struct code_in *in, const void *data, size_t n)
{
    *in = (struct code_in){.data = data, .n = n};
}

void code_bad(struct code_in *in, const char *what)
{
    if (!in->bad) {
        in->bad = true;
        snprintf(in->problem, sizeof in->problem, "byte %zu: %s", in->at, what);
    }
}

uint64_t code_get(struct code_in *in, uint64_t max, const char *what)
{
    uint64_t n = 0;
    size_t took;

    if (in->bad) {
        return 0;
    }
    took = varint_get(in->data + in->at, in->n - in->at, &n);
    if (took == 0) {
        in->at = in->n;
        code_bad(in, "cut off");
    } else if (took == VARINT_TOO_LONG) {
        in->at += VARINT_MAX;
        code_bad(in, what);
    } else {
        in->at += took;
    }
    if (!in->bad && n > max) {
        code_bad(in, what);
    }
    return in->bad ? 0 : n;
}

int64_t code_get_signed(struct code_in *in, const char *what)
{
    uint64_t n = code_get(in, UINT64_MAX, what);

    return (n & 1) != 0 ? -(int64_t)(n >> 1) - 1 : (int64_t)(n >> 1);
}

double code_get_double(struct code_in *in, const char *what)
{
    uint64_t bits = 0;
    double v;
    int i;

    if (!in->bad && in->n - in->at < 8) {
        code_bad(in, "cut off");
    }
    if (in->bad) {
        return 0;
    }
    for (i = 0; i < 8; i++) {
        bits |= (uint64_t)in->data[in->at++] << (8 * i);
    }
    memcpy(&v, &bits, sizeof v);
    if (!isfinite(v)) {
        code_bad(in, what);
        return 0;
    }
    return v;
}

bool code_get_bool(struct code_in *in, const char *what)
{
    return code_get(in, 1, what) != 0;
}

size_t code_get_count(struct code_in *in, size_t max, size_t least,
                      const char *what)
{
    uint64_t n = code_get(in, max, what);

    if (!in->bad && n > (in->n - in->at) / least) {
        code_bad(in, what);
        return 0;
    }
    return (size_t)n;
}

/* The bytes of a text; NULL when bad. */
static const char *code_bytes(struct code_in *in, size_t max, size_t *n,
                              const char *what)
{
    const char *s;

    *n = code_get_count(in, max, 1, what);
    if (in->bad) {
        return NULL;
    }
    s = (const char *)in->data + in->at;
    in->at += *n;
    if (memchr(s, '\0', *n) != NULL) {
        code_bad(in, what);
        return NULL;
    }
    return s;
}

void code_get_text(struct code_in *in, char *out, size_t size, bool lines,
                   const char *what)
{
    size_t n, done = 0, used = 0;
    const char *s = code_bytes(in, size - 1, &n, what);

    out[0] = '\0';
    while (s != NULL && done < n && used + 1 < size) {
        const char *lf = lines ? memchr(s + done, '\n', n - done) : NULL;
        size_t len = lf != NULL ? (size_t)(lf - (s + done)) : n - done;
        char *line = xstrndup(s + done, len);

        (void)text_safe(out + used, size - used, line);
        used += strlen(out + used);
        free(line);
        if (lf != NULL && used + 1 < size) {
            out[used++] = '\n';
            out[used] = '\0';
        }
        done += len + (lf != NULL ? 1 : 0);
    }
}

char *code_get_string(struct code_in *in, size_t max, const char *what)
{
    size_t n;
    const char *s = code_bytes(in, max, &n, what);

    return xstrndup(s != NULL ? s : "", s != NULL ? n : 0);
}

bool code_end(struct code_in *in)
{
    if (!in->bad && in->at != in->n) {
        code_bad(in, "something follows");
    }
    return !in->bad;
}
