/* SPDX-License-Identifier: MIT
 *
 * otlp - what comes back: bytes from elsewhere, of which only the beginning may
 * be there. */
#include "config.h"

#include "record/otlp.h"

#include <string.h>

#include "base/text.h"
#include "base/varint.h"

/* Kinds of fields on the wire. */
enum { OTLP_VARINT, OTLP_FIXED64, OTLP_BYTES, OTLP_FIXED32 = 5 };

struct otlp_field {
    uint64_t id;
    uint64_t number;      /* OTLP_VARINT */
    const uint8_t *bytes; /* OTLP_BYTES, len of them; else NULL */
    size_t len;
};

/* The next field; false: there is none, or none that is whole. Of one that goes
 * on beyond what is there, what is there counts. */
static bool otlp_next(const uint8_t **at, size_t *left, struct otlp_field *f)
{
    uint64_t tag, len;
    size_t n = varint_get(*at, *left, &tag);

    if (n == 0 || n == VARINT_TOO_LONG) {
        return false;
    }
    *at += n;
    *left -= n;
    *f = (struct otlp_field){.id = tag >> 3};
    switch (tag & 7) {
    case OTLP_VARINT:
        n = varint_get(*at, *left, &f->number);
        break;
    case OTLP_BYTES:
        n = varint_get(*at, *left, &len);
        if (n == 0 || n == VARINT_TOO_LONG) {
            return false;
        }
        f->bytes = *at + n;
        f->len = len < *left - n ? (size_t)len : *left - n;
        n += f->len;
        break;
    case OTLP_FIXED64:
        n = 8;
        break;
    case OTLP_FIXED32:
        n = 4;
        break;
    default:
        return false;
    }
    if (n == 0 || n > *left) {
        return false;
    }
    *at += n;
    *left -= n;
    return true;
}

static void otlp_why(const struct otlp_field *f, char *why, size_t size)
{
    struct buf b;

    buf_init(&b, 4096);
    (void)buf_add(&b, f->bytes, f->len < b.max ? f->len : b.max);
    text_brief(why, size, buf_str(&b));
    buf_clear(&b);
}

uint64_t otlp_rejected(const void *body, size_t n, char *why, size_t size)
{
    const uint8_t *at = body, *in;
    struct otlp_field f, g;
    uint64_t rejected = 0;
    size_t left;

    why[0] = '\0';
    while (otlp_next(&at, &n, &f)) {
        if (f.id != 1 || f.bytes == NULL) {
            continue; /* partial_success is 1 */
        }
        in = f.bytes;
        left = f.len;
        while (otlp_next(&in, &left, &g)) {
            if (g.id == 1 && g.bytes == NULL && g.number <= INT64_MAX) {
                rejected = g.number;
            } else if (g.id == 2 && g.bytes != NULL) {
                otlp_why(&g, why, size);
            }
        }
    }
    return rejected;
}
