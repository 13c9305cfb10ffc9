/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/cumulative.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"

#define CUMULATIVE_MAGIC   0x9705702eu
#define CUMULATIVE_KEY_MAX (64u << 10)
#define CUMULATIVE_SLOTS   (1u << 16) /* more than three for each series */

struct cumulative_label {
    const char *name, *value; /* borrowed */
};

struct cumulative {
    unsigned magic;
    struct cumulative_series **list; /* owned, each too */
    size_t *key_lens;                /* owned: of their keys */
    size_t n, cap, cap_lens;
    uint32_t *slots; /* owned: CUMULATIVE_SLOTS, 1 + index; 0 = free */
    size_t trend_bytes;
    size_t figures;                  /* of a trend */
    struct cumulative_label *labels; /* owned: of the point that is added */
    size_t labels_cap;
    struct buf key; /* the same */
};

static_assert(CUMULATIVE_SLOTS > 3 * CUMULATIVE_SERIES_MAX, "room for all");

struct cumulative *cumulative_new(size_t figures)
{
    struct cumulative *s = xcalloc(1, sizeof *s);

    s->magic = CUMULATIVE_MAGIC;
    s->slots = xcalloc(CUMULATIVE_SLOTS, sizeof *s->slots);
    s->figures = figures;
    buf_init(&s->key, CUMULATIVE_KEY_MAX);
    return s;
}

void cumulative_free(struct cumulative **sp)
{
    struct cumulative *s = *sp;
    size_t i;

    if (s == NULL) {
        return;
    }
    OBJ_CHECK(s, CUMULATIVE_MAGIC);
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

size_t cumulative_count(const struct cumulative *s)
{
    return s->n;
}

static int cumulative_label_cmp(const void *a, const void *b)
{
    const struct cumulative_label *x = a, *y = b;

    return strcmp(x->name, y->name);
}

/* Collects p's labels that have a value, by rising name; returns how many. */
static size_t cumulative_labels(struct cumulative *s, const struct point *p)
{
    size_t n = 0, i;

    if (s->labels_cap < POINT_TAGS + p->n_own) {
        s->labels_cap = POINT_TAGS + p->n_own;
        s->labels = xreallocarray(s->labels, s->labels_cap, sizeof *s->labels);
    }
    for (i = 0; i < POINT_TAGS; i++) {
        if (p->tags[i] != NULL && p->tags[i][0] != '\0') {
            s->labels[n++] = (struct cumulative_label){
                point_tag_name((enum point_tag)i), p->tags[i]};
        }
    }
    for (i = 0; i < p->n_own; i++) {
        if (p->own[i].value[0] != '\0') {
            s->labels[n++] =
                (struct cumulative_label){p->own[i].name, p->own[i].value};
        }
    }
    qsort(s->labels, n, sizeof *s->labels, cumulative_label_cmp);
    return n;
}

/* Names that begin so are Prometheus' own, and what goes elsewhere may come
 * there in the end. */
static bool cumulative_reserved(const char *name)
{
    return strncmp(name, "__", 2) == 0;
}

/* Where the labels begin in s->key; CUMULATIVE_KEY_MAX: they are too long. */
static size_t cumulative_key(struct cumulative *s, const struct point *p)
{
    size_t n = cumulative_labels(s, p), i, from;
    bool whole;

    buf_reset(&s->key);
    (void)buf_add(&s->key, &p->metric, sizeof p->metric);
    from = s->key.len;
    for (i = 0; i < n; i++) {
        if (!cumulative_reserved(s->labels[i].name)) {
            const char *value = s->labels[i].value;

            buf_add(&s->key, s->labels[i].name, strlen(s->labels[i].name) + 1);
            text_escape(&s->key, value, strlen(value));
            buf_addc(&s->key, '\0');
        }
    }
    whole = !s->key.cut;
    s->key.cut = false;
    return whole ? from : CUMULATIVE_KEY_MAX;
}

/* FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
static uint64_t cumulative_hash(const char *data, size_t n)
{
    uint64_t h = UINT64_C(14695981039346656037);

    while (n-- > 0) {
        h = (h ^ (unsigned char)*data++) * UINT64_C(1099511628211);
    }
    return h;
}

/* The slot in which the series of s->key is, or would be. */
static uint32_t *cumulative_slot(struct cumulative *s)
{
    uint64_t at = cumulative_hash(s->key.data, s->key.len);

    for (;; at++) {
        uint32_t *slot = &s->slots[at % CUMULATIVE_SLOTS];

        if (*slot == 0 ||
            (s->key_lens[*slot - 1] == s->key.len &&
             memcmp(s->list[*slot - 1]->key, s->key.data, s->key.len) == 0)) {
            return slot;
        }
    }
}

/* A new series of s->key. */
static struct cumulative_series *
cumulative_new_series(struct cumulative *s, const struct point *p, size_t from)
{
    struct cumulative_series *x = xcalloc(1, sizeof *x);

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

static void cumulative_point(struct cumulative *s, struct cumulative_series *x,
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

/* Is there room for p, whose slot that is? */
static bool cumulative_room(const struct cumulative *s, const struct point *p,
                            const uint32_t *slot, const char **why)
{
    if (p->info.type == METRIC_TREND &&
        s->trend_bytes + p->trend->n * sizeof *p->trend->pairs >
            CUMULATIVE_TREND_BYTES) {
        *why = "histograms of all its series are more than 64 MiB, and no more "
               "is kept: fewer names of requests and scenarios";
        return false;
    }
    if (*slot == 0 && s->n == CUMULATIVE_SERIES_MAX) {
        *why = "it has 20,000 series, and no more are kept: fewer names of "
               "requests, checks and scenarios";
        return false;
    }
    return true;
}

bool cumulative_add(struct cumulative *s, const struct point *p,
                    const char **why)
{
    size_t from = cumulative_key(s, p);
    const char *unsaid;
    uint32_t *slot;

    why = why != NULL ? why : &unsaid;
    if (from == CUMULATIVE_KEY_MAX) {
        *why = "labels of a series are more than 64 KiB: shorter names, or "
               "fewer and shorter tags of the plan's own";
        return false;
    }
    slot = cumulative_slot(s);
    if (!cumulative_room(s, p, slot, why)) {
        return false;
    }
    if (*slot == 0) {
        (void)cumulative_new_series(s, p, from);
        *slot = (uint32_t)s->n;
    }
    cumulative_point(s, s->list[*slot - 1], p);
    return true;
}

void cumulative_each(struct cumulative *s, cumulative_fn *fn, void *ctx)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        fn(ctx, s->list[i]);
    }
}
