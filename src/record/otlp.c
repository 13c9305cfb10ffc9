/* SPDX-License-Identifier: MIT
 *
 * otlp - what is sent. */
#include "config.h"

#include "record/otlp.h"

#ifdef HAVE_PROTOBUF_C

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/must.h"
#include "record/exponential.h"
#include "record/pb.h"

enum { OTLP_CUMULATIVE = 2 }; /* of AggregationTemporality */

struct otlp_text { /* AnyValue, one that is a string */
    ProtobufCMessage base;
    const char *string;
};

struct otlp_pair { /* KeyValue */
    ProtobufCMessage base;
    const char *key;
    struct otlp_text *value;
};

struct otlp_double { /* NumberDataPoint with as_double */
    ProtobufCMessage base;
    uint64_t start, time;
    double value;
    size_t n_attributes;
    struct otlp_pair **attributes;
};

struct otlp_whole { /* NumberDataPoint with as_int */
    ProtobufCMessage base;
    uint64_t start, time;
    int64_t value;
    size_t n_attributes;
    struct otlp_pair **attributes;
};

struct otlp_explicit { /* HistogramDataPoint */
    ProtobufCMessage base;
    uint64_t start, time, count;
    double sum, min, max;
    size_t n_counts, n_bounds;
    const uint64_t *counts;
    const double *bounds;
    size_t n_attributes;
    struct otlp_pair **attributes;
};

struct otlp_buckets {
    ProtobufCMessage base;
    int32_t offset;
    size_t n_counts;
    const uint64_t *counts;
};

struct otlp_scaled { /* ExponentialHistogramDataPoint */
    ProtobufCMessage base;
    uint64_t start, time, count, zero;
    double sum, min, max;
    int32_t scale;
    struct otlp_buckets *positive;
    size_t n_attributes;
    struct otlp_pair **attributes;
};

struct otlp_data { /* Sum, Gauge, Histogram, ExponentialHistogram */
    ProtobufCMessage base;
    size_t n_points;
    ProtobufCMessage **points;
    uint32_t temporality;
    protobuf_c_boolean monotonic;
};

struct otlp_named { /* Metric */
    ProtobufCMessage base;
    const char *name, *description, *unit;
    struct otlp_data *gauge, *sum, *histogram, *exponential;
};

struct otlp_scope { /* InstrumentationScope */
    ProtobufCMessage base;
    const char *name, *version;
};

struct otlp_scoped { /* ScopeMetrics */
    ProtobufCMessage base;
    struct otlp_scope *scope;
    size_t n_metrics;
    struct otlp_named **metrics;
};

struct otlp_resource { /* Resource */
    ProtobufCMessage base;
    size_t n_attributes;
    struct otlp_pair **attributes;
};

struct otlp_all { /* ResourceMetrics */
    ProtobufCMessage base;
    struct otlp_resource *resource;
    size_t n_scopes;
    struct otlp_scoped **scopes;
};

struct otlp_request { /* ExportMetricsServiceRequest */
    ProtobufCMessage base;
    size_t n_all;
    struct otlp_all **all;
};

static const ProtobufCFieldDescriptor otlp_text_fields[] = {
    PB_OF(otlp_text, string, 1, STRING),
};
static const ProtobufCMessageDescriptor otlp_text_type =
    PB_MESSAGE(otlp_text, "AnyValue", otlp_text_fields);

static const ProtobufCFieldDescriptor otlp_pair_fields[] = {
    PB_ONE(otlp_pair, key, 1, STRING),
    PB_IN(otlp_pair, value, 2, &otlp_text_type),
};
static const ProtobufCMessageDescriptor otlp_pair_type =
    PB_MESSAGE(otlp_pair, "KeyValue", otlp_pair_fields);

static const ProtobufCFieldDescriptor otlp_double_fields[] = {
    PB_ONE(otlp_double, start, 2, FIXED64),
    PB_ONE(otlp_double, time, 3, FIXED64),
    PB_OF(otlp_double, value, 4, DOUBLE),
    PB_MANY(otlp_double, attributes, 7, &otlp_pair_type),
};
static const ProtobufCMessageDescriptor otlp_double_type =
    PB_MESSAGE(otlp_double, "NumberDataPoint", otlp_double_fields);

static const ProtobufCFieldDescriptor otlp_whole_fields[] = {
    PB_ONE(otlp_whole, start, 2, FIXED64),
    PB_ONE(otlp_whole, time, 3, FIXED64),
    PB_OF(otlp_whole, value, 6, SFIXED64),
    PB_MANY(otlp_whole, attributes, 7, &otlp_pair_type),
};
static const ProtobufCMessageDescriptor otlp_whole_type =
    PB_MESSAGE(otlp_whole, "NumberDataPoint", otlp_whole_fields);

static const ProtobufCFieldDescriptor otlp_explicit_fields[] = {
    PB_ONE(otlp_explicit, start, 2, FIXED64),
    PB_ONE(otlp_explicit, time, 3, FIXED64),
    PB_OF(otlp_explicit, count, 4, FIXED64),
    PB_OF(otlp_explicit, sum, 5, DOUBLE),
    PB_PACKED(otlp_explicit, counts, 6, FIXED64),
    PB_PACKED(otlp_explicit, bounds, 7, DOUBLE),
    PB_MANY(otlp_explicit, attributes, 9, &otlp_pair_type),
    PB_OF(otlp_explicit, min, 11, DOUBLE),
    PB_OF(otlp_explicit, max, 12, DOUBLE),
};
static const ProtobufCMessageDescriptor otlp_explicit_type =
    PB_MESSAGE(otlp_explicit, "HistogramDataPoint", otlp_explicit_fields);

static const ProtobufCFieldDescriptor otlp_buckets_fields[] = {
    PB_ONE(otlp_buckets, offset, 1, SINT32),
    PB_PACKED(otlp_buckets, counts, 2, UINT64),
};
static const ProtobufCMessageDescriptor otlp_buckets_type =
    PB_MESSAGE(otlp_buckets, "Buckets", otlp_buckets_fields);

static const ProtobufCFieldDescriptor otlp_scaled_fields[] = {
    PB_MANY(otlp_scaled, attributes, 1, &otlp_pair_type),
    PB_ONE(otlp_scaled, start, 2, FIXED64),
    PB_ONE(otlp_scaled, time, 3, FIXED64),
    PB_OF(otlp_scaled, count, 4, FIXED64),
    PB_OF(otlp_scaled, sum, 5, DOUBLE),
    PB_ONE(otlp_scaled, scale, 6, SINT32),
    PB_OF(otlp_scaled, zero, 7, FIXED64),
    PB_IN(otlp_scaled, positive, 8, &otlp_buckets_type),
    PB_OF(otlp_scaled, min, 12, DOUBLE),
    PB_OF(otlp_scaled, max, 13, DOUBLE),
};
static const ProtobufCMessageDescriptor otlp_scaled_type = PB_MESSAGE(
    otlp_scaled, "ExponentialHistogramDataPoint", otlp_scaled_fields);

/* A point is written by its own description, so that one will do here. A field
 * that a kind of data has not is 0, and not written. */
static const ProtobufCFieldDescriptor otlp_data_fields[] = {
    PB_MANY(otlp_data, points, 1, &otlp_double_type),
    PB_ONE(otlp_data, temporality, 2, UINT32),
    PB_ONE(otlp_data, monotonic, 3, BOOL),
};
static const ProtobufCMessageDescriptor otlp_data_type =
    PB_MESSAGE(otlp_data, "Sum", otlp_data_fields);

static const ProtobufCFieldDescriptor otlp_named_fields[] = {
    PB_ONE(otlp_named, name, 1, STRING),
    PB_ONE(otlp_named, description, 2, STRING),
    PB_ONE(otlp_named, unit, 3, STRING),
    PB_IN(otlp_named, gauge, 5, &otlp_data_type),
    PB_IN(otlp_named, sum, 7, &otlp_data_type),
    PB_IN(otlp_named, histogram, 9, &otlp_data_type),
    PB_IN(otlp_named, exponential, 10, &otlp_data_type),
};
static const ProtobufCMessageDescriptor otlp_named_type =
    PB_MESSAGE(otlp_named, "Metric", otlp_named_fields);

static const ProtobufCFieldDescriptor otlp_scope_fields[] = {
    PB_ONE(otlp_scope, name, 1, STRING),
    PB_ONE(otlp_scope, version, 2, STRING),
};
static const ProtobufCMessageDescriptor otlp_scope_type =
    PB_MESSAGE(otlp_scope, "InstrumentationScope", otlp_scope_fields);

static const ProtobufCFieldDescriptor otlp_scoped_fields[] = {
    PB_IN(otlp_scoped, scope, 1, &otlp_scope_type),
    PB_MANY(otlp_scoped, metrics, 2, &otlp_named_type),
};
static const ProtobufCMessageDescriptor otlp_scoped_type =
    PB_MESSAGE(otlp_scoped, "ScopeMetrics", otlp_scoped_fields);

static const ProtobufCFieldDescriptor otlp_resource_fields[] = {
    PB_MANY(otlp_resource, attributes, 1, &otlp_pair_type),
};
static const ProtobufCMessageDescriptor otlp_resource_type =
    PB_MESSAGE(otlp_resource, "Resource", otlp_resource_fields);

static const ProtobufCFieldDescriptor otlp_all_fields[] = {
    PB_IN(otlp_all, resource, 1, &otlp_resource_type),
    PB_MANY(otlp_all, scopes, 2, &otlp_scoped_type),
};
static const ProtobufCMessageDescriptor otlp_all_type =
    PB_MESSAGE(otlp_all, "ResourceMetrics", otlp_all_fields);

static const ProtobufCFieldDescriptor otlp_request_fields[] = {
    PB_MANY(otlp_request, all, 1, &otlp_all_type),
};
static const ProtobufCMessageDescriptor otlp_request_type = PB_MESSAGE(
    otlp_request, "ExportMetricsServiceRequest", otlp_request_fields);

static struct otlp_pair **
otlp_pairs(struct arena *h, const struct otlp_attributes *a, size_t *n_pairs)
{
    const char *at = a->text, *end = at + a->len;
    struct otlp_pair *pairs, **list;
    struct otlp_text *texts;
    size_t i, n = 0;

    for (i = 0; i < a->len; i++) {
        n += at[i] == '\0';
    }
    n /= 2;
    pairs = arena_new(h, n, sizeof *pairs);
    texts = arena_new(h, n, sizeof *texts);
    list = arena_new(h, n, sizeof *list);
    for (i = 0; i < n && at < end; i++) {
        texts[i].base.descriptor = &otlp_text_type;
        texts[i].string = at + strlen(at) + 1;
        pairs[i].base.descriptor = &otlp_pair_type;
        pairs[i].key = at;
        pairs[i].value = &texts[i];
        list[i] = &pairs[i];
        at = texts[i].string + strlen(texts[i].string) + 1;
    }
    *n_pairs = n;
    return list;
}

static ProtobufCMessage *otlp_number(struct arena *h,
                                     const struct otlp_metric *m,
                                     const struct otlp_point *p)
{
    if (m->kind == OTLP_SUM && m->whole) {
        struct otlp_whole *w = arena_new(h, 1, sizeof *w);

        w->base.descriptor = &otlp_whole_type;
        w->start = m->start_ns;
        w->time = m->time_ns;
        w->value = (int64_t)p->value;
        w->attributes = otlp_pairs(h, &p->attributes, &w->n_attributes);
        return &w->base;
    } else {
        struct otlp_double *d = arena_new(h, 1, sizeof *d);

        d->base.descriptor = &otlp_double_type;
        d->start = m->kind == OTLP_SUM ? m->start_ns : 0;
        d->time = m->time_ns;
        d->value = p->value;
        d->attributes = otlp_pairs(h, &p->attributes, &d->n_attributes);
        return &d->base;
    }
}

static ProtobufCMessage *otlp_bounded(struct arena *h,
                                      const struct otlp_metric *m,
                                      const struct otlp_point *p)
{
    struct otlp_explicit *x = arena_new(h, 1, sizeof *x);

    x->base.descriptor = &otlp_explicit_type;
    x->start = m->start_ns;
    x->time = m->time_ns;
    x->count = p->histogram.count;
    x->sum = p->histogram.sum;
    x->min = p->histogram.min;
    x->max = p->histogram.max;
    x->n_counts = p->histogram.n_counts;
    x->counts = p->histogram.counts;
    x->n_bounds = p->histogram.n_bounds;
    x->bounds = p->histogram.bounds;
    x->attributes = otlp_pairs(h, &p->attributes, &x->n_attributes);
    return &x->base;
}

static ProtobufCMessage *otlp_exponential(struct arena *h,
                                          const struct otlp_metric *m,
                                          const struct otlp_point *p)
{
    struct otlp_scaled *x = arena_new(h, 1, sizeof *x);
    struct otlp_buckets *b = arena_new(h, 1, sizeof *b);

    b->base.descriptor = &otlp_buckets_type;
    b->offset = p->histogram.offset;
    b->n_counts = p->histogram.n_counts;
    b->counts = p->histogram.counts;
    x->base.descriptor = &otlp_scaled_type;
    x->start = m->start_ns;
    x->time = m->time_ns;
    x->count = p->histogram.count;
    x->sum = p->histogram.sum;
    x->min = p->histogram.min;
    x->max = p->histogram.max;
    x->scale = EXPONENTIAL_SCALE;
    x->zero = p->histogram.zero;
    x->positive = b;
    x->attributes = otlp_pairs(h, &p->attributes, &x->n_attributes);
    return &x->base;
}

static ProtobufCMessage *otlp_point(struct arena *h,
                                    const struct otlp_metric *m,
                                    const struct otlp_point *p)
{
    switch (m->kind) {
    case OTLP_SUM:
    case OTLP_GAUGE:
        return otlp_number(h, m, p);
    case OTLP_HISTOGRAM:
        return otlp_bounded(h, m, p);
    case OTLP_EXPONENTIAL:
        return otlp_exponential(h, m, p);
    }
    MUST(!"there are four kinds");
    return NULL;
}

static struct otlp_named *otlp_named(struct arena *h,
                                     const struct otlp_metric *m)
{
    struct otlp_named *x = arena_new(h, 1, sizeof *x);
    struct otlp_data *d = arena_new(h, 1, sizeof *d);
    size_t i;

    d->base.descriptor = &otlp_data_type;
    d->points = arena_new(h, m->n, sizeof *d->points);
    for (i = 0; i < m->n; i++) {
        d->points[i] = otlp_point(h, m, &m->points[i]);
    }
    d->n_points = m->n;
    d->temporality = m->kind == OTLP_GAUGE ? 0 : OTLP_CUMULATIVE;
    d->monotonic = m->kind == OTLP_SUM;
    x->base.descriptor = &otlp_named_type;
    x->name = m->name;
    x->description = m->description;
    x->unit = m->unit;
    x->sum = m->kind == OTLP_SUM ? d : NULL;
    x->gauge = m->kind == OTLP_GAUGE ? d : NULL;
    x->histogram = m->kind == OTLP_HISTOGRAM ? d : NULL;
    x->exponential = m->kind == OTLP_EXPONENTIAL ? d : NULL;
    return x;
}

bool otlp_add(struct buf *out, const struct otlp_source *source,
              const struct otlp_metric *metric)
{
    struct arena h = {.list = NULL};
    struct otlp_named *named = otlp_named(&h, metric);
    struct otlp_scope scope = {.base = {.descriptor = &otlp_scope_type},
                               .name = source->scope,
                               .version = source->version};
    struct otlp_scoped scoped = {.base = {.descriptor = &otlp_scoped_type},
                                 .scope = &scope,
                                 .n_metrics = 1,
                                 .metrics = &named};
    struct otlp_scoped *scopes = &scoped;
    struct otlp_resource resource = {
        .base = {.descriptor = &otlp_resource_type}};
    struct otlp_all all = {.base = {.descriptor = &otlp_all_type},
                           .resource = &resource,
                           .n_scopes = 1,
                           .scopes = &scopes};
    struct otlp_all *alls = &all;
    struct otlp_request request = {
        .base = {.descriptor = &otlp_request_type}, .n_all = 1, .all = &alls};
    bool fits;

    resource.attributes =
        otlp_pairs(&h, &source->resource, &resource.n_attributes);
    fits = pb_add(out, &request.base);
    arena_clear(&h);
    return fits;
}

#else

bool otlp_add(struct buf *out, const struct otlp_source *source,
              const struct otlp_metric *metric)
{
    (void)out;
    (void)source;
    (void)metric;
    return false;
}

#endif
