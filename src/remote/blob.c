/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/blob.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

/* What one tick frees has to fit the next one's, so sizes are few. */
#define BLOB_ROOM 4096

struct blob *blob_new(const void *head, size_t n_head, const void *data,
                      size_t n)
{
    size_t all = sizeof(struct blob) + n_head + n;
    struct blob *b = xmalloc(
        all < BLOB_ROOM ? all : (all + BLOB_ROOM - 1) / BLOB_ROOM * BLOB_ROOM);

    b->refs = 1;
    b->n = n_head + n;
    if (n_head > 0) {
        memcpy(b->data, head, n_head);
    }
    if (n > 0) {
        memcpy(b->data + n_head, data, n);
    }
    return b;
}

struct blob *blob_ref(struct blob *b)
{
    b->refs++;
    return b;
}

void blob_unref(struct blob **bp)
{
    struct blob *b = *bp;

    *bp = NULL;
    if (b == NULL) {
        return;
    }
    MUST(b->refs > 0);
    if (--b->refs == 0) {
        free(b);
    }
}
