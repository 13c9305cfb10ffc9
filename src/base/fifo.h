/* SPDX-License-Identifier: MIT
 *
 * fifo - memory for what is let go about in the order in which it was taken:
 * the pages of a window, the parts of a ring. It comes from segments of one
 * size, each of which is used again when all of it was let go. So it stays as
 * large as it once had to be, however the sizes in it vary; malloc, with what
 * lives for ten seconds between what lives for a tenth, becomes a heap full of
 * holes that grows for minutes. For one thread at a time. */
#ifndef BASE_FIFO_H
#define BASE_FIFO_H

#include <stddef.h>

#define FIFO_SEGMENT_BYTES ((size_t)64 * 1024)

struct fifo; /* opaque */

struct fifo *fifo_new(void);
/* Takes so many bytes of the system now, and writes to them: what fills them
 * later does not make the process grow. */
void fifo_reserve(struct fifo *f, size_t bytes);
/* Frees all that was taken, too. NULL is allowed. */
void fifo_free(struct fifo **f);
/* So many bytes (0 as well), aligned for anything, not initialised; never NULL.
 * What is larger than a segment gets one of its own. They belong to f; the
 * caller lets them go. */
void *fifo_take(struct fifo *f, size_t bytes);
/* Of f, taken and not yet let go. NULL is allowed. */
void fifo_let_go(struct fifo *f, void *p);
/* Of the system: segments in use and spare, in bytes. */
size_t fifo_bytes(const struct fifo *f);

#endif
