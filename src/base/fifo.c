/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/fifo.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

#define FIFO_ALIGN alignof(max_align_t)

struct segment {
    struct segment *next; /* in the list of spare ones, or of those in use */
    struct segment *prev; /* in use */
    size_t room, used;    /* bytes behind this */
    size_t taken;         /* of them, not yet let go */
};

/* In front of each piece. */
union piece {
    struct segment *home;
    max_align_t align;
};

struct fifo {
    struct segment *open; /* the newest of those in use, the others behind it */
    struct segment *spare;
    size_t bytes;
};

static size_t fifo_round(size_t bytes)
{
    return (bytes + FIFO_ALIGN - 1) / FIFO_ALIGN * FIFO_ALIGN;
}

/* Where the pieces of a segment begin. */
#define FIFO_HEAD                                                              \
    ((sizeof(struct segment) + FIFO_ALIGN - 1) / FIFO_ALIGN * FIFO_ALIGN)

struct fifo *fifo_new(void)
{
    return xcalloc(1, sizeof(struct fifo));
}

static void fifo_free_list(struct segment *s)
{
    while (s != NULL) {
        struct segment *next = s->next;

        free(s);
        s = next;
    }
}

void fifo_free(struct fifo **fp)
{
    if (*fp == NULL) {
        return;
    }
    fifo_free_list((*fp)->open);
    fifo_free_list((*fp)->spare);
    free(*fp);
    *fp = NULL;
}

void fifo_reserve(struct fifo *f, size_t bytes)
{
    while (f->bytes < bytes) {
        struct segment *s = xmalloc(FIFO_SEGMENT_BYTES);

        memset(s, 0, FIFO_SEGMENT_BYTES);
        s->next = f->spare;
        f->spare = s;
        f->bytes += FIFO_SEGMENT_BYTES;
    }
}

/* A segment with room for so much, in use: the one pieces come from next,
 * unless it is larger than the others. That one stands behind it, which is not
 * full. */
static struct segment *fifo_open(struct fifo *f, size_t bytes)
{
    size_t room = FIFO_SEGMENT_BYTES - FIFO_HEAD;
    bool large = bytes > room;
    struct segment *s = large ? NULL : f->spare;

    if (s != NULL) {
        f->spare = s->next;
    } else {
        room = large ? bytes : room;
        s = xmalloc(FIFO_HEAD + room);
        f->bytes += FIFO_HEAD + room;
    }
    *s = (struct segment){.room = room};
    if (large && f->open != NULL) {
        s->prev = f->open;
        s->next = f->open->next;
        f->open->next = s;
    } else {
        s->next = f->open;
        f->open = s;
    }
    if (s->next != NULL) {
        s->next->prev = s;
    }
    return s;
}

void *fifo_take(struct fifo *f, size_t bytes)
{
    size_t all = sizeof(union piece) + fifo_round(bytes);
    struct segment *s = f->open;
    union piece *p;

    MUST(all > bytes);
    if (s == NULL || s->room - s->used < all) {
        s = fifo_open(f, all);
    }
    p = (union piece *)(void *)((char *)s + FIFO_HEAD + s->used);
    p->home = s;
    s->used += all;
    s->taken++;
    return p + 1;
}

static void fifo_unlink(struct fifo *f, struct segment *s)
{
    if (s->next != NULL) {
        s->next->prev = s->prev;
    }
    if (s->prev != NULL) {
        s->prev->next = s->next;
    } else {
        f->open = s->next;
    }
}

void fifo_let_go(struct fifo *f, void *p)
{
    struct segment *s;

    if (p == NULL) {
        return;
    }
    s = ((union piece *)p - 1)->home;
    MUST(s->taken > 0);
    if (--s->taken > 0) {
        return;
    }
    if (s == f->open && s->room == FIFO_SEGMENT_BYTES - FIFO_HEAD) {
        s->used = 0; /* from its beginning again */
        return;
    }
    fifo_unlink(f, s);
    if (s->room == FIFO_SEGMENT_BYTES - FIFO_HEAD) {
        s->next = f->spare;
        f->spare = s;
    } else {
        f->bytes -= FIFO_HEAD + s->room;
        free(s);
    }
}

size_t fifo_bytes(const struct fifo *f)
{
    return f->bytes;
}
