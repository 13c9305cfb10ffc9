/* SPDX-License-Identifier: MIT
 *
 * rw_write - messages of prompb/remote.proto and prompb/types.proto as far as
 * they are sent, described for libprotobuf-c by hand: they are few, and no
 * generator runs during a build. */
#include "config.h"

#include "record/rw_write.h"

#ifdef HAVE_REMOTE_WRITE

#include <stdlib.h>
#include <string.h>

#include <snappy-c.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "record/pb.h"

struct pb_label {
    ProtobufCMessage base;
    const char *name, *value;
};

struct pb_float {
    ProtobufCMessage base;
    double value;
    int64_t timestamp;
};

struct pb_span {
    ProtobufCMessage base;
    int32_t offset;
    uint32_t length;
};

struct pb_histogram {
    ProtobufCMessage base;
    uint64_t count, zero_count;
    double sum, zero_threshold;
    int32_t schema;
    size_t n_spans;
    struct pb_span **spans;
    size_t n_deltas;
    const int64_t *deltas;
    int64_t timestamp;
};

struct pb_series {
    ProtobufCMessage base;
    size_t n_labels;
    struct pb_label **labels;
    size_t n_floats;
    struct pb_float **floats;
    size_t n_histograms;
    struct pb_histogram **histograms;
};

struct pb_request {
    ProtobufCMessage base;
    size_t n_series;
    struct pb_series **series;
};

static const ProtobufCFieldDescriptor pb_label_fields[] = {
    PB_ONE(pb_label, name, 1, STRING),
    PB_ONE(pb_label, value, 2, STRING),
};
static const ProtobufCMessageDescriptor pb_label_type =
    PB_MESSAGE(pb_label, "Label", pb_label_fields);

static const ProtobufCFieldDescriptor pb_float_fields[] = {
    PB_ONE(pb_float, value, 1, DOUBLE),
    PB_ONE(pb_float, timestamp, 2, INT64),
};
static const ProtobufCMessageDescriptor pb_float_type =
    PB_MESSAGE(pb_float, "Sample", pb_float_fields);

static const ProtobufCFieldDescriptor pb_span_fields[] = {
    PB_ONE(pb_span, offset, 1, SINT32),
    PB_ONE(pb_span, length, 2, UINT32),
};
static const ProtobufCMessageDescriptor pb_span_type =
    PB_MESSAGE(pb_span, "BucketSpan", pb_span_fields);

static const ProtobufCFieldDescriptor pb_histogram_fields[] = {
    PB_OF(pb_histogram, count, 1, UINT64),
    PB_ONE(pb_histogram, sum, 3, DOUBLE),
    PB_ONE(pb_histogram, schema, 4, SINT32),
    PB_ONE(pb_histogram, zero_threshold, 5, DOUBLE),
    PB_OF(pb_histogram, zero_count, 6, UINT64),
    PB_MANY(pb_histogram, spans, 11, &pb_span_type),
    PB_PACKED(pb_histogram, deltas, 12, SINT64),
    PB_ONE(pb_histogram, timestamp, 15, INT64),
};
static const ProtobufCMessageDescriptor pb_histogram_type =
    PB_MESSAGE(pb_histogram, "Histogram", pb_histogram_fields);

static const ProtobufCFieldDescriptor pb_series_fields[] = {
    PB_MANY(pb_series, labels, 1, &pb_label_type),
    PB_MANY(pb_series, floats, 2, &pb_float_type),
    PB_MANY(pb_series, histograms, 4, &pb_histogram_type),
};
static const ProtobufCMessageDescriptor pb_series_type =
    PB_MESSAGE(pb_series, "TimeSeries", pb_series_fields);

static const ProtobufCFieldDescriptor pb_request_fields[] = {
    PB_MANY(pb_request, series, 1, &pb_series_type),
};
static const ProtobufCMessageDescriptor pb_request_type =
    PB_MESSAGE(pb_request, "WriteRequest", pb_request_fields);

double rw_stale(void)
{
    uint64_t bits = RW_STALE_BITS;
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The labels, with the name in its place among them: by rising name. Returns
 * how many; list has room for all. */
static size_t rw_write_labels(const struct rw_sample *s, struct pb_label *list)
{
    static const char own[] = "__name__";
    const char *at = s->labels, *end = at + s->labels_len;
    bool named = false;
    size_t n = 0;

    while (at < end || !named) {
        struct pb_label *l = &list[n++];

        l->base = (ProtobufCMessage){.descriptor = &pb_label_type};
        if (!named && (at == end || strcmp(own, at) < 0)) {
            l->name = own;
            l->value = s->name;
            named = true;
            continue;
        }
        l->name = at;
        l->value = at + strlen(at) + 1;
        at = l->value + strlen(l->value) + 1;
    }
    return n;
}

static size_t rw_write_count(const struct rw_sample *s)
{
    size_t i, nuls = 0;

    for (i = 0; i < s->labels_len; i++) {
        nuls += s->labels[i] == '\0';
    }
    return nuls / 2 + 1;
}

/* spans and list have room for n->n_spans. */
static void rw_write_native(const struct rw_native *n, int64_t unix_ms,
                            struct pb_span *spans, struct pb_span **list,
                            struct pb_histogram *out)
{
    size_t i;

    for (i = 0; i < n->n_spans; i++) {
        spans[i] = (struct pb_span){.base = {.descriptor = &pb_span_type},
                                    .offset = n->spans[i].offset,
                                    .length = n->spans[i].length};
        list[i] = &spans[i];
    }
    *out = (struct pb_histogram){
        .base = {.descriptor = &pb_histogram_type},
        .count = n->count,
        .zero_count = n->zero,
        .sum = n->sum,
        .zero_threshold = RW_NATIVE_ZERO,
        .schema = EXPONENTIAL_SCALE,
        .n_spans = n->n_spans,
        .spans = list,
        .n_deltas = n->n_deltas,
        .deltas = n->deltas,
        .timestamp = unix_ms,
    };
}

bool rw_write_add(struct buf *raw, const struct rw_sample *s)
{
    size_t n = rw_write_count(s), i;
    struct pb_label *labels = xcalloc(n, sizeof *labels);
    struct pb_label **list = xcalloc(n, sizeof *list);
    struct pb_span spans[EXPONENTIAL_BUCKETS], *span_list[EXPONENTIAL_BUCKETS];
    struct pb_float f = {.base = {.descriptor = &pb_float_type},
                         .value = s->value,
                         .timestamp = s->unix_ms};
    struct pb_float *floats = &f;
    struct pb_histogram h, *histograms = &h;
    struct pb_series series = {
        .base = {.descriptor = &pb_series_type}, .n_labels = n, .labels = list};
    struct pb_series *all = &series;
    struct pb_request r = {.base = {.descriptor = &pb_request_type},
                           .n_series = 1,
                           .series = &all};
    bool fits;

    MUST(rw_write_labels(s, labels) == n);
    for (i = 0; i < n; i++) {
        list[i] = &labels[i];
    }
    if (s->native != NULL) {
        rw_write_native(s->native, s->unix_ms, spans, span_list, &h);
        series.n_histograms = 1;
        series.histograms = &histograms;
    } else {
        series.n_floats = 1;
        series.floats = &floats;
    }
    fits = pb_add(raw, &r.base);
    free(labels);
    free(list);
    return fits;
}

bool rw_write_pack(const struct buf *raw, struct buf *out)
{
    size_t n = snappy_max_compressed_length(raw->len);
    char *packed = xmalloc(n);
    bool fits;

    MUST(snappy_compress(buf_str(raw), raw->len, packed, &n) == SNAPPY_OK);
    fits = n <= out->max - out->len;
    if (fits) {
        (void)buf_add(out, packed, n);
    }
    free(packed);
    return fits;
}

#endif
