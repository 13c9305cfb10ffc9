/* SPDX-License-Identifier: MIT
 *
 * ruling - the order decides which failure a request is counted under: the
 * transport's, the redirect's, the status's, the stream's. */
#include "config.h"

#include "load/ruling.h"

#include <stdio.h>

bool ruling_expects(const struct request *r, unsigned status)
{
    if (r->n_expected == 0) {
        return status >= 200 && status < 400;
    }
    for (size_t i = 0; i < r->n_expected; i++) {
        if (status >= (unsigned)r->expected[i].lo &&
            status <= (unsigned)r->expected[i].hi) {
            return true;
        }
    }
    return false;
}

static void ruling_transport(struct ruling *out, const struct exchange *x)
{
    out->failure = x->failure;
    (void)snprintf(out->message, sizeof out->message, "%s",
                   x->message[0] != '\0' ? x->message
                                         : failure_help(x->failure));
}

/* Redirects that were to be followed and could not be. */
static bool ruling_redirect(struct ruling *out, const struct request *r,
                            const struct redirect *next)
{
    if (r->max_redirects == 0 || next->kind == REDIRECT_NONE) {
        return false;
    }
    out->failure = FAILURE_REDIRECTS;
    if (next->kind == REDIRECT_REFUSED) {
        (void)snprintf(out->message, sizeof out->message, "%s", next->why);
    } else {
        (void)snprintf(out->message, sizeof out->message,
                       "more than %u redirects", r->max_redirects);
    }
    return true;
}

void ruling_make(struct ruling *out, const struct request *r,
                 const struct exchange *x, const struct stream *stream,
                 const struct redirect *next)
{
    *out = (struct ruling){.failure = FAILURE_NONE};
    if (x->failure != FAILURE_NONE) {
        ruling_transport(out, x);
    } else if (ruling_redirect(out, r, next)) {
        return;
    } else if (!ruling_expects(r, x->status)) {
        out->failure = failure_of_status(x->status);
        (void)snprintf(out->message, sizeof out->message, "%u", x->status);
    } else if (stream != NULL &&
               !stream_whole(stream, out->message, sizeof out->message)) {
        out->failure = FAILURE_STREAM;
    }
}
