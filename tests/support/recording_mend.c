/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/recording_mend.h"

#include <zstd.h>

#include "base/must.h"
#include "record/recording_internal.h"

#define MEND_ROOM (16u << 20)

/* Frames of a mutation, as the parts of a stream. */
static void mend_pack(struct buf *out, ZSTD_CCtx *z, const char *data, size_t n)
{
    ZSTD_inBuffer in = {data, n, 0};
    char piece[4096];
    struct buf packed;
    size_t left;

    buf_init(&packed, MEND_ROOM);
    do {
        ZSTD_outBuffer at = {piece, sizeof piece, 0};

        left = ZSTD_compressStream2(z, &at, &in, ZSTD_e_flush);
        MUST(!ZSTD_isError(left));
        (void)buf_add(&packed, piece, at.pos);
    } while (left > 0);
    (void)!recording_block(out, RECORDING_FRAME, packed.data, packed.len);
    buf_clear(&packed);
}

void recording_mend(struct buf *out, const char *data, size_t n, bool pack)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    size_t at = RECORDING_BLOCKS;
    size_t rc =
        ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, RECORDING_WINDOW_LOG);

    MUST(!ZSTD_isError(rc));
    (void)buf_add(out, data, n < at ? n : at);
    while (at < n && n - at >= RECORDING_BLOCK_HEAD) {
        const char *inside = data + at + RECORDING_BLOCK_HEAD;
        size_t len = recording_get_u32((const unsigned char *)data + at + 1);

        if (len > n - at - RECORDING_BLOCK_HEAD) {
            break;
        }
        if (pack && data[at] == RECORDING_FRAME) {
            mend_pack(out, z, inside, len);
        } else {
            (void)!recording_block(out, (enum recording_kind)data[at], inside,
                                   len);
        }
        at += RECORDING_BLOCK_HEAD + len;
    }
    if (at < n) {
        (void)buf_add(out, data + at, n - at);
    }
    (void)ZSTD_freeCCtx(z);
}
