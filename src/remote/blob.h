/* SPDX-License-Identifier: MIT
 *
 * blob - bytes that several clients are sent, counted by who still needs them.
 * On one thread. */
#ifndef REMOTE_BLOB_H
#define REMOTE_BLOB_H

#include <stddef.h>

struct blob {
    unsigned refs;
    size_t n;
    char data[];
};

/* A copy of n bytes, behind head (n_head bytes, may be 0); of one reference,
 * the caller's. */
struct blob *blob_new(const void *head, size_t n_head, const void *data,
                      size_t n);
struct blob *blob_ref(struct blob *b);
/* Gives a reference back and sets *b to NULL; *b may be NULL. */
void blob_unref(struct blob **b);

#endif
