/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/record.h"

#include "base/must.h"

struct blob *record_new(enum record_kind kind, const void *data, size_t n)
{
    unsigned char head[RECORD_HEAD];
    int i;

    MUST(n <= RECORD_BYTES_MAX);
    for (i = 0; i < 4; i++) {
        head[i] = (unsigned char)(n >> (8 * i) & 0xff);
    }
    head[4] = (unsigned char)kind;
    return blob_new(head, sizeof head, data, n);
}

int record_next(const struct buf *b, enum record_kind *kind, const char **data,
                size_t *n, size_t *all)
{
    const unsigned char *s = (const unsigned char *)b->data;
    size_t len = 0;
    int i;

    if (b->len < RECORD_HEAD) {
        return -1;
    }
    for (i = 0; i < 4; i++) {
        len |= (size_t)s[i] << (8 * i);
    }
    if (len > RECORD_BYTES_MAX || s[4] < RECORD_INFO || s[4] >= RECORD_KINDS) {
        return 0;
    }
    if (b->len - RECORD_HEAD < len) {
        return -1;
    }
    *kind = (enum record_kind)s[4];
    *data = b->data + RECORD_HEAD;
    *n = len;
    *all = RECORD_HEAD + len;
    return 1;
}
