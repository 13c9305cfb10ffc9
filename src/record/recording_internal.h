/* SPDX-License-Identifier: MIT
 *
 * recording_internal - the layout of a recording (doc/recording.md), for those
 * who write and read it:
 *
 *     0     8  magic
 *     8     4  format
 *    12     4  zero
 *    16   512  label, or the one before it
 *   528   512  the same
 *  1040        blocks: kind (1), length of what it has (4), CRC-32 of kind,
 *              length and what it has (4), what it has
 *
 * META, INFO, any number of FRAMEs, END. Numbers of fixed size have their
 * lowest byte first; all others are record/code.h's. Blocks of other kinds are
 * stepped over. */
#ifndef RECORD_RECORDING_INTERNAL_H
#define RECORD_RECORDING_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "record/code.h"
#include "record/recording_label.h"
#include "record/recording_meta.h"

/* As PNG's: no text, and spoiled by whoever takes it for one. */
#define RECORDING_MAGIC     "\211BRUNT\r\n"
#define RECORDING_MAGIC_LEN 8
#define RECORDING_FORMAT    1u

#define RECORDING_SLOTS      16u /* where the labels are */
#define RECORDING_SLOT       512u
#define RECORDING_BLOCKS     (RECORDING_SLOTS + 2 * RECORDING_SLOT)
#define RECORDING_BLOCK_HEAD 9u
#define RECORDING_RAW_MAX    (32u << 20) /* of a tick, unpacked */
#define RECORDING_BLOCK_MAX  (33u << 20) /* of what a block has */
#define RECORDING_END_MAX    8192u       /* of a whole END block */
/* zstd's window, as a power of two: what reader and writer need of memory. */
#define RECORDING_WINDOW_LOG 20

enum recording_kind {
    RECORDING_META = 'M',  /* struct recording_meta */
    RECORDING_INFO = 'I',  /* record/info_code.h */
    RECORDING_FRAME = 'F', /* record/tick_code.h, part of one zstd stream that
                              is flushed at the end of each */
    RECORDING_END = 'E',   /* struct recording_sum, and in its last four bytes
                              how long the whole block is */
};

void recording_put_u32(unsigned char *at, uint32_t v);
uint32_t recording_get_u32(const unsigned char *at);

struct recording;
/* Waits until nothing waits for the disk: for tests, whose seconds are
 * shorter than its. */
void recording_settle(struct recording *r);

/* Appends a whole block. false: out is full. */
bool recording_block(struct buf *out, enum recording_kind kind,
                     const void *data, size_t n) MUST_CHECK;
/* All that stands before the first frame. false: it is too large. */
bool recording_front(struct buf *out, const struct recording_meta *m,
                     const void *info, size_t n_info) MUST_CHECK;
/* The whole END block. */
void recording_end_block(struct buf *out, const struct recording_sum *sum);

/* What came of reading a block. */
enum recording_got {
    RECORDING_GOT_BLOCK,
    RECORDING_GOT_NONE, /* the file ends here */
    RECORDING_GOT_CUT,  /* it ends within a block */
    RECORDING_GOT_BAD,  /* what is there is no block, or another one than was
                           written */
    RECORDING_GOT_ERROR /* it cannot be read: errno */
};
/* The block at `at` of a file of size bytes: its kind, what it has (into data,
 * which is emptied), and where the next one is. */
enum recording_got recording_block_read(int fd, uint64_t size, uint64_t at,
                                        char *kind, struct buf *data,
                                        uint64_t *next);

/* What is known without its ticks. */
struct recording_front {
    uint64_t size; /* of the file when it was looked at */
    uint64_t at;   /* where the block behind META begins */
    bool half;     /* after a failure: the file ends before META does */
    bool ended;    /* sum holds */
    struct recording_meta meta;
    struct recording_label label;
    struct recording_sum sum;
};

/* A regular file, for reading; never waits. -1 on failure. */
int recording_file(const char *path, struct err *e) MUST_CHECK;
/* Somebody has it locked: a run is writing it. */
bool recording_locked(int fd);
bool recording_front_read(int fd, const char *path, struct recording_front *f,
                          struct err *e) MUST_CHECK;

void recording_meta_encode(struct buf *out, const struct recording_meta *m);
void recording_meta_decode(struct code_in *in, struct recording_meta *m);
void recording_sum_encode(struct buf *out, const struct recording_sum *s);
void recording_sum_decode(struct code_in *in, struct recording_sum *s);
/* The newer of two slots that hold; none: "", and false. */
bool recording_label_of(const unsigned char *slots, struct recording_label *l);

#endif
