/* SPDX-License-Identifier: MIT
 *
 * http1_known - heads that were read before. */
#include "config.h"

#include <string.h>

#include "load/http1_internal.h"

static const struct http1_known_head *
http1_known_find(struct http1_known *k, bool bodiless, const char *at, size_t n)
{
    for (unsigned i = 0; i < HTTP1_KNOWN_MANY; i++) {
        unsigned which = (k->last + i) % HTTP1_KNOWN_MANY;
        const struct http1_known_head *h = &k->heads[which];

        if (h->n > 0 && h->n <= n && h->bodiless == bodiless &&
            memcmp(h->text, at, h->n) == 0) {
            k->last = which;
            return h;
        }
    }
    return NULL;
}

bool http1_known_take(struct http1_read *r, const char **at, const char *end,
                      enum http1_event *event)
{
    struct http1_known *known = r->known;
    struct buf *head = r->head;
    const struct http1_known_head *h;

    if (known == NULL) {
        return false;
    }
    h = http1_known_find(known, r->bodiless, *at, (size_t)(end - *at));
    if (h == NULL || h->n > head->max) {
        return false;
    }
    *r = h->said;
    r->known = known;
    r->head = head;
    buf_add(head, h->text, h->n);
    *at += h->n;
    *event = h->event;
    return true;
}

void http1_known_learn(const struct http1_read *r, const char *from, size_t n,
                       enum http1_event event)
{
    struct http1_known_head *h;

    if (r->known == NULL || n > HTTP1_KNOWN_MAX) {
        return;
    }
    h = &r->known->heads[r->known->next];
    r->known->last = r->known->next;
    r->known->next = (r->known->next + 1) % HTTP1_KNOWN_MANY;
    h->n = n;
    h->bodiless = r->bodiless;
    h->event = event;
    h->said = *r;
    memcpy(h->text, from, n);
}
