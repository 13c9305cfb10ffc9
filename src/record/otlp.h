/* SPDX-License-Identifier: MIT
 *
 * otlp - metrics as OpenTelemetry's protocol has them on the wire
 * (https://opentelemetry.io/docs/specs/otlp/): the part of
 * ExportMetricsServiceRequest that is sent, with the numbers of its fields, by
 * libprotobuf-c; and what is read of the response, by hand. Inside this room
 * only. Without HAVE_PROTOBUF_C there is never room. */
#ifndef RECORD_OTLP_H
#define RECORD_OTLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"

/* Names and values in turn, a NUL behind each; borrowed. */
struct otlp_attributes {
    const char *text;
    size_t len; /* NULs included */
};

/* Who sends. */
struct otlp_source {
    struct otlp_attributes resource;
    const char *scope, *version; /* of what made it */
};

enum otlp_kind {
    OTLP_SUM, /* cumulative, never falls; a whole number if whole is set */
    OTLP_GAUGE,
    OTLP_HISTOGRAM,   /* cumulative, as the next */
    OTLP_EXPONENTIAL, /* of scale EXPONENTIAL_SCALE */
};

struct otlp_histogram {
    uint64_t count;
    double sum, min, max;
    const uint64_t *counts; /* OTLP_HISTOGRAM: one more than there are bounds */
    size_t n_counts;
    const double *bounds; /* OTLP_HISTOGRAM: upper ones, each with its value */
    size_t n_bounds;
    int32_t offset; /* OTLP_EXPONENTIAL: counts[0] is of what is in
                       (2^(offset/8), 2^((offset+1)/8)] */
    uint64_t zero;  /* the same: values that are 0 */
};

struct otlp_point {
    struct otlp_attributes attributes;
    double value;                    /* OTLP_SUM, OTLP_GAUGE */
    struct otlp_histogram histogram; /* the others */
};

struct otlp_metric {
    const char *name, *description, *unit; /* "" = none */
    enum otlp_kind kind;
    bool whole;                      /* OTLP_SUM */
    uint64_t start_ns, time_ns;      /* since 1970 */
    const struct otlp_point *points; /* borrowed */
    size_t n;
};

/* Appends a request of one metric; those that stand behind one another are one
 * of all (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
 * false: there is no room, out is as it was. */
bool otlp_add(struct buf *out, const struct otlp_source *source,
              const struct otlp_metric *metric) MUST_CHECK;

/* What a response says in partial_success: points that were not taken, and why
 * (safe to show). 0, "": all were, or the beginning that is there says nothing
 * of it. */
uint64_t otlp_rejected(const void *body, size_t n, char *why, size_t size);

#endif
