/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/rw_series.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"

#define RW_STORE_MAGIC 0x9705702eu
#define RW_KEY_MAX     (64u << 10)
#define RW_SLOTS       (1u << 16) /* more than three for each series */

struct rw_label {
    const char *name, *value; /* borrowed */
};

struct rw_store {
    unsigned magic;
    struct rw_series **list; /* owned, each too */
    size_t *key_lens;        /* owned: of their keys */
    size_t n, cap, cap_lens;
    uint32_t *slots; /* owned: RW_SLOTS, 1 + index; 0 = free */
    size_t trend_bytes;
    size_t figures;          /* of a trend */
    struct rw_label *labels; /* owned: of the point that is added */
    size_t labels_cap;
    struct buf key; /* the same */
};

static_assert(RW_SLOTS > 3 * RW_SERIES_MAX, "room for all");

struct rw_store *rw_store_new(size_t figures)
{
    struct rw_store *s = xcalloc(1, sizeof *s);

    s->magic = RW_STORE_MAGIC;
    s->slots = xcalloc(RW_SLOTS, sizeof *s->slots);
    s->figures = figures;
    buf_init(&s->key, RW_KEY_MAX);
    return s;
}

void rw_store_free(struct rw_store **sp)
{
    struct rw_store *s = *sp;
    size_t i;

    if (s == NULL) {
        return;
    }
    OBJ_CHECK(s, RW_STORE_MAGIC);
    *sp = NULL;
    for (i = 0; i < s->n; i++) {
        histo_sparse_clear(&s->list[i]->trend);
        free(s->list[i]->figures);
        free(s->list[i]->key);
        free(s->list[i]);
    }
    free(s->list);
    free(s->key_lens);
    free(s->slots);
    free(s->labels);
    buf_clear(&s->key);
    s->magic = 0;
    free(s);
}

size_t rw_store_count(const struct rw_store *s)
{
    return s->n;
}

static int rw_label_cmp(const void *a, const void *b)
{
    const struct rw_label *x = a, *y = b;

    return strcmp(x->name, y->name);
}

/* Collects p's labels that have a value, by rising name; returns how many. */
static size_t rw_store_labels(struct rw_store *s, const struct point *p)
{
    size_t n = 0, i;

    if (s->labels_cap < POINT_TAGS + p->n_own) {
        s->labels_cap = POINT_TAGS + p->n_own;
        s->labels = xreallocarray(s->labels, s->labels_cap, sizeof *s->labels);
    }
    for (i = 0; i < POINT_TAGS; i++) {
        if (p->tags[i] != NULL && p->tags[i][0] != '\0') {
            s->labels[n++] = (struct rw_label){
                point_tag_name((enum point_tag)i), p->tags[i]};
        }
    }
    for (i = 0; i < p->n_own; i++) {
        if (p->own[i].value[0] != '\0') {
            s->labels[n++] = (struct rw_label){p->own[i].name, p->own[i].value};
        }
    }
    qsort(s->labels, n, sizeof *s->labels, rw_label_cmp);
    return n;
}

/* Names that begin so are Prometheus' own. */
static bool rw_reserved(const char *name)
{
    return strncmp(name, "__", 2) == 0;
}

/* Where the labels begin in s->key; RW_KEY_MAX: they are too long. */
static size_t rw_store_key(struct rw_store *s, const struct point *p)
{
    size_t n = rw_store_labels(s, p), i, from;
    bool whole;

    buf_reset(&s->key);
    (void)buf_add(&s->key, &p->metric, sizeof p->metric);
    from = s->key.len;
    for (i = 0; i < n; i++) {
        if (!rw_reserved(s->labels[i].name)) {
            const char *value = s->labels[i].value;

            buf_add(&s->key, s->labels[i].name, strlen(s->labels[i].name) + 1);
            text_escape(&s->key, value, strlen(value));
            buf_addc(&s->key, '\0');
        }
    }
    whole = !s->key.cut;
    s->key.cut = false;
    return whole ? from : RW_KEY_MAX;
}

/* FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
static uint64_t rw_hash(const char *data, size_t n)
{
    uint64_t h = UINT64_C(14695981039346656037);

    while (n-- > 0) {
        h = (h ^ (unsigned char)*data++) * UINT64_C(1099511628211);
    }
    return h;
}

/* The slot in which the series of s->key is, or would be. */
static uint32_t *rw_store_slot(struct rw_store *s)
{
    uint64_t at = rw_hash(s->key.data, s->key.len);

    for (;; at++) {
        uint32_t *slot = &s->slots[at % RW_SLOTS];

        if (*slot == 0 ||
            (s->key_lens[*slot - 1] == s->key.len &&
             memcmp(s->list[*slot - 1]->key, s->key.data, s->key.len) == 0)) {
            return slot;
        }
    }
}

/* A new series of s->key. */
static struct rw_series *rw_store_new_series(struct rw_store *s,
                                             const struct point *p, size_t from)
{
    struct rw_series *x = xcalloc(1, sizeof *x);

    x->info = p->info;
    x->key = xmalloc(s->key.len);
    memcpy(x->key, s->key.data, s->key.len);
    x->labels = x->key + from;
    x->labels_len = s->key.len - from;
    if (p->info.type == METRIC_TREND) {
        x->figures = xcalloc(s->figures + 1, sizeof *x->figures);
    }
    s->list = xgrow(s->list, s->n, &s->cap, sizeof *s->list);
    s->key_lens = xgrow(s->key_lens, s->n, &s->cap_lens, sizeof *s->key_lens);
    s->list[s->n] = x;
    s->key_lens[s->n++] = s->key.len;
    return x;
}

static void rw_store_point(struct rw_store *s, struct rw_series *x,
                           const struct point *p)
{
    size_t before = x->trend.n;

    x->fresh = true;
    x->count += p->count;
    switch (x->info.type) {
    case METRIC_COUNTER:
    case METRIC_RATE:
        x->value += p->value;
        break;
    case METRIC_GAUGE:
        x->value = p->value;
        break;
    case METRIC_TREND:
        histo_sparse_merge(&x->trend, p->trend);
        s->trend_bytes += (x->trend.n - before) * sizeof *x->trend.pairs;
        break;
    }
}

bool rw_store_add(struct rw_store *s, const struct point *p)
{
    size_t from = rw_store_key(s, p);
    bool trend = p->info.type == METRIC_TREND;
    uint32_t *slot;

    if (from == RW_KEY_MAX) {
        return false;
    }
    slot = rw_store_slot(s);
    if (trend && s->trend_bytes + p->trend->n * sizeof *p->trend->pairs >
                     RW_TREND_BYTES) {
        return false;
    }
    if (*slot == 0) {
        if (s->n == RW_SERIES_MAX) {
            return false;
        }
        (void)rw_store_new_series(s, p, from);
        *slot = (uint32_t)s->n;
    }
    rw_store_point(s, s->list[*slot - 1], p);
    return true;
}

void rw_store_each(struct rw_store *s, rw_series_fn *fn, void *ctx)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        fn(ctx, s->list[i]);
    }
}
