/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/rw_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "base/varint.h"
#include "base/xalloc.h"

/* Wire types (https://protobuf.dev/programming-guides/encoding/). */
enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2 };

struct reading {
    const uint8_t *at, *end;
};

struct field {
    unsigned id, wire;
    uint64_t number; /* VARINT; FIXED64's bits */
    struct reading bytes;
};

static uint64_t read_varint(struct reading *r)
{
    uint64_t v = 0;
    size_t n = varint_get(r->at, (size_t)(r->end - r->at), &v);

    MUST(n > 0 && n != VARINT_TOO_LONG);
    r->at += n;
    return v;
}

static bool read_field(struct reading *r, struct field *f)
{
    uint64_t tag;
    int i;

    if (r->at == r->end) {
        return false;
    }
    tag = read_varint(r);
    f->id = (unsigned)(tag >> 3);
    f->wire = (unsigned)(tag & 7);
    f->number = 0;
    switch (f->wire) {
    case WIRE_VARINT:
        f->number = read_varint(r);
        break;
    case WIRE_FIXED64:
        MUST(r->end - r->at >= 8);
        for (i = 7; i >= 0; i--) {
            f->number = f->number << 8 | r->at[i];
        }
        r->at += 8;
        break;
    default:
        MUST(f->wire == WIRE_BYTES);
        f->number = read_varint(r);
        MUST(f->number <= (uint64_t)(r->end - r->at));
        f->bytes = (struct reading){r->at, r->at + f->number};
        r->at += f->number;
        break;
    }
    return true;
}

static double field_double(const struct field *f)
{
    double v;

    MUST(f->wire == WIRE_FIXED64);
    memcpy(&v, &f->number, sizeof v);
    return v;
}

static int64_t zigzag(uint64_t v)
{
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

static void read_text(const struct field *f, char *buf, size_t size)
{
    size_t n = (size_t)(f->bytes.end - f->bytes.at);

    MUST(f->wire == WIRE_BYTES && n > 0 && n < size);
    memcpy(buf, f->bytes.at, n);
    buf[n] = '\0';
}

static void read_label(struct reading r, struct rw_got *g, char last[256])
{
    char name[256] = "", value[512] = "";
    struct field f;

    while (read_field(&r, &f)) {
        MUST(f.id == 1 || f.id == 2);
        read_text(&f, f.id == 1 ? name : value,
                  f.id == 1 ? sizeof name : sizeof value);
    }
    MUST(name[0] != '\0' && value[0] != '\0');
    MUST(strcmp(last, name) < 0);
    snprintf(last, 256, "%s", name);
    if (strcmp(name, "__name__") == 0) {
        snprintf(g->name, sizeof g->name, "%.255s", value);
    } else {
        text_add(g->labels, sizeof g->labels, "%s%s=\"%s\"",
                 g->labels[0] == '\0' ? "{" : ",", name, value);
    }
}

static void read_sample(struct reading r, struct rw_got *g)
{
    static const uint64_t stale = UINT64_C(0x7ff0000000000002);
    struct field f;

    g->value = 0;
    while (read_field(&r, &f)) {
        MUST(f.id == 1 || f.id == 2);
        if (f.id == 1) {
            g->value = field_double(&f);
            g->stale = f.number == stale;
        } else {
            g->unix_ms = (int64_t)f.number;
        }
    }
}

static void read_span(struct reading r, struct rw_got *g)
{
    struct field f;

    MUST(g->n_spans < 64);
    g->offsets[g->n_spans] = 0;
    g->lengths[g->n_spans] = 0;
    while (read_field(&r, &f)) {
        MUST(f.id == 1 || f.id == 2);
        if (f.id == 1) {
            g->offsets[g->n_spans] = (int32_t)zigzag(f.number);
        } else {
            g->lengths[g->n_spans] = (uint32_t)f.number;
        }
    }
    g->n_spans++;
}

static void read_histogram_field(const struct field *f, struct rw_got *g)
{
    struct reading deltas = f->bytes;

    switch (f->id) {
    case 1:
        g->count = f->number;
        break;
    case 3:
        g->value = field_double(f);
        break;
    case 4:
        g->schema = (int32_t)zigzag(f->number);
        break;
    case 5:
        g->zero_threshold = field_double(f);
        break;
    case 6:
        g->zero = f->number;
        break;
    case 11:
        read_span(f->bytes, g);
        break;
    case 12:
        MUST(f->wire == WIRE_BYTES);
        while (deltas.at < deltas.end) {
            MUST(g->n_deltas < 400);
            g->deltas[g->n_deltas++] = zigzag(read_varint(&deltas));
        }
        break;
    case 15:
        g->unix_ms = (int64_t)f->number;
        break;
    default:
        MUST(!"no field of ours");
    }
}

static void read_series(struct reading r, struct rw_got *g)
{
    struct field f;
    char last[256] = "";
    unsigned samples = 0;

    memset(g, 0, sizeof *g);
    while (read_field(&r, &f)) {
        MUST(f.wire == WIRE_BYTES);
        if (f.id == 1) {
            MUST(samples == 0);
            read_label(f.bytes, g, last);
        } else if (f.id == 2) {
            samples++;
            read_sample(f.bytes, g);
        } else {
            struct field h;

            MUST(f.id == 4);
            samples++;
            g->native = true;
            while (read_field(&f.bytes, &h)) {
                read_histogram_field(&h, g);
            }
        }
    }
    MUST(samples == 1);
    if (g->labels[0] != '\0') {
        text_add(g->labels, sizeof g->labels, "}");
    }
}

void rw_read(const void *bytes, size_t n, struct rw_gots *out)
{
    struct reading r = {bytes, (const uint8_t *)bytes + n};
    struct field f;

    out->n = 0;
    while (read_field(&r, &f)) {
        MUST(f.id == 1 && f.wire == WIRE_BYTES);
        out->list = xgrow(out->list, out->n, &out->cap, sizeof *out->list);
        read_series(f.bytes, &out->list[out->n++]);
    }
}

void rw_gots_clear(struct rw_gots *g)
{
    free(g->list);
    memset(g, 0, sizeof *g);
}

const struct rw_got *rw_got(const struct rw_gots *g, const char *name,
                            const char *labels)
{
    const struct rw_got *found = NULL;
    size_t i;

    for (i = 0; i < g->n; i++) {
        if (strcmp(g->list[i].name, name) == 0 &&
            strcmp(g->list[i].labels, labels) == 0) {
            MUST(found == NULL);
            found = &g->list[i];
        }
    }
    if (found == NULL) {
        fprintf(stderr, "there is no %s%s\n", name, labels);
    }
    MUST(found != NULL);
    return found;
}
