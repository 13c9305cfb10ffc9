/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/stretch.h"

/* The first slot whose middle is t or later. */
static size_t stretch_find(const struct series *s, uint64_t t_us)
{
    uint64_t half = series_slot_us(s) / 2;

    return series_find(s, t_us > half ? t_us - half : 0);
}

/* Returns how many requests of it count for the rate. */
static double stretch_add(struct stretch *out, const struct slot *s, int name)
{
    uint64_t requests;
    int i;

    out->slots++;
    out->active_us += s->active_us;
    out->vus = s->vus;
    out->planned = s->planned;
    if (out->slots == 1 || s->vus_min < out->vus_min) {
        out->vus_min = s->vus_min;
    }
    if (s->vus_max > out->vus_max) {
        out->vus_max = s->vus_max;
    }
    out->manual = out->manual || s->manual;
    for (i = 0; i < ERRORS_COUNT; i++) {
        out->errors[i] += s->errors[i];
    }
    requests = name < 0 ? s->requests : s->requests_by_name[name];
    out->sum.requests += requests;
    out->sum.failed += name < 0 ? s->failed : s->failed_by_name[name];
    return s->requests > 0 ? s->rated / (double)s->requests * (double)requests
                           : 0;
}

bool stretch_sum(const struct series *s, int name_index, uint64_t from_us,
                 uint64_t to_us, struct stretch *out)
{
    uint64_t half = series_slot_us(s) / 2;
    size_t n = series_count(s), first = stretch_find(s, from_us), i;
    struct stretch sum = {0};
    struct histo *h;
    double rated = 0;

    if (first == n || series_slot(s, first)->start_us + half >= to_us) {
        return false;
    }
    h = histo_new();
    for (i = first; i < n && series_slot(s, i)->start_us + half < to_us; i++) {
        const struct slot *slot = series_slot(s, i);

        rated += stretch_add(&sum, slot, name_index);
        histo_add_packed(h, name_index < 0 ? &slot->duration
                                           : &slot->by_name[name_index]);
    }
    sum.from_us = series_slot(s, first)->start_us;
    sum.to_us = series_slot(s, i - 1)->start_us + series_slot_us(s);
    summary_rates(&sum.sum, rated, sum.active_us);
    summary_durations(&sum.sum, h);
    histo_free(&h);
    *out = sum;
    return true;
}
