/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/out_post.h"

#include <stdio.h>

#include "base/text.h"

bool out_post_later(long status)
{
    return status >= 500 || status == 429;
}

void out_post(struct post *post, const struct buf *payload,
              out_post_later_fn *later, struct post_answer *a,
              struct out_reply *r)
{
    struct err e = ERR_INIT;

    *a = (struct post_answer){.status = 0};
    *r = (struct out_reply){.sent = OUT_SENT};
    if (!post_send(post, payload->data, payload->len, a, &e)) {
        r->sent = OUT_LATER;
        text_brief(r->why, sizeof r->why, e.text);
    } else if (a->status < 200 || a->status >= 300) {
        r->sent = later(a->status) ? OUT_LATER : OUT_REFUSED;
        r->wait_ms = a->retry_after_ms;
        (void)snprintf(r->why, sizeof r->why,
                       "it answers with status %ld%s%.150s", a->status,
                       a->text[0] != '\0' ? ": " : "", a->text);
    }
}
