/* SPDX-License-Identifier: MIT
 *
 * extract - numbers from a service are bounded before they become integers. */
#include "config.h"

#include "load/extract.h"

#include <math.h>
#include <stddef.h>

#include "base/must.h"
#include "base/xalloc.h"

/* Beyond 2^53 a double has no thousandths, nor even ones. */
#define EXTRACT_MAX 9007199254740992.0

char *extract_text(const struct extract *e, struct answer *a)
{
    const cJSON *v = answer_at(a, e->json);
    char *printed, *text;

    if (v == NULL) {
        return NULL;
    }
    if (cJSON_IsString(v)) {
        return xstrdup(v->valuestring);
    }
    printed = cJSON_PrintUnformatted(v);
    text = printed != NULL ? xstrdup(printed) : NULL;
    cJSON_free(printed);
    return text;
}

static bool extract_usable(double v, double scale)
{
    return isfinite(v) && v >= 0 && v * scale <= EXTRACT_MAX;
}

static void extract_count(const struct feed *f, const struct request *r,
                          const cJSON *v, struct shard *shard)
{
    if (cJSON_IsArray(v)) {
        shard_count(shard, f->metric, r->index, (double)cJSON_GetArraySize(v));
    } else if (cJSON_IsNumber(v) && extract_usable(v->valuedouble, 1)) {
        shard_count(shard, f->metric, r->index, v->valuedouble);
    } else {
        shard_rejected(shard, f->metric);
    }
}

static void extract_value(const struct feed *f, const struct request *r,
                          const cJSON *v, struct shard *shard)
{
    if (cJSON_IsNumber(v) && extract_usable(v->valuedouble, 1000)) {
        shard_trend(shard, f->metric, r->index,
                    (uint64_t)(v->valuedouble * 1000 + 0.5));
    } else {
        shard_rejected(shard, f->metric);
    }
}

void extract_feed(const struct feed *f, const struct request *r,
                  struct answer *a, const struct extract_outcome *o,
                  struct shard *shard)
{
    const cJSON *v;

    switch (f->kind) {
    case FEED_DURATION:
        if (answer_came(a)) {
            shard_trend(shard, f->metric, r->index, o->duration);
        }
        return;
    case FEED_FAILED:
        shard_rate(shard, f->metric, r->index, o->failed);
        return;
    case FEED_COUNT:
        v = answer_at(a, f->json);
        if (v != NULL) {
            extract_count(f, r, v, shard);
        }
        return;
    case FEED_VALUE:
        v = answer_at(a, f->json);
        if (v != NULL) {
            extract_value(f, r, v, shard);
        }
        return;
    }
    MUST(!"a kind of feed");
}
