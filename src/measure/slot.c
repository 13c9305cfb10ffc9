/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/slot.h"

void slot_merge(struct slot *a, const struct slot *b, size_t n_names)
{
    size_t i;

    a->active_us += b->active_us;
    a->requests += b->requests;
    a->rated += b->rated;
    a->failed += b->failed;
    for (i = 0; i < ERRORS_COUNT; i++) {
        a->errors[i] += b->errors[i];
    }
    a->vus_min = b->vus_min < a->vus_min ? b->vus_min : a->vus_min;
    a->vus_max = b->vus_max > a->vus_max ? b->vus_max : a->vus_max;
    a->manual |= b->manual;
    server_seen_add(&a->server, &b->server);
    for (i = 0; i < n_names; i++) {
        a->failed_by_name[i] += b->failed_by_name[i];
        a->requests_by_name[i] += b->requests_by_name[i];
    }
}
