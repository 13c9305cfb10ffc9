/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/hdr_log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif

#include "base/must.h"
#include "base/text.h"
#include "base/varint.h"
#include "base/wall.h"
#include "base/xalloc.h"

/* The last one's 0x10: counts are in as few bytes as they need. */
#define HDR_COOKIE        UINT32_C(0x1c849313)
#define HDR_COOKIE_PACKED UINT32_C(0x1c849314)
#define HDR_DIGITS        3u
#define HDR_RATIO_BITS    UINT64_C(0x3ff0000000000000) /* 1.0 */
#define HDR_HEAD          40u
#define HDR_PACKED_HEAD   8u

bool hdr_log_head(struct buf *out, int64_t start_unix_ms)
{
    char date[40];

    wall_rfc3339((struct wall){start_unix_ms * 1000}, date, sizeof date);
    return buf_addf(out,
                    "#[Histogram log format version 1.3]\n"
                    "#[StartTime: %" PRId64 ".%03" PRId64
                    " (seconds since epoch), %s]\n"
                    "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                    "\"Interval_Compressed_Histogram\"\n",
                    start_unix_ms / 1000, start_unix_ms % 1000, date);
}

#ifdef HAVE_ZLIB

/* Big-endian. */
static uint8_t *hdr_put(uint8_t *at, uint64_t v, unsigned bytes)
{
    while (bytes-- > 0) {
        *at++ = (uint8_t)(v >> (8 * bytes));
    }
    return at;
}

/* ZigZag, and then seven bits a byte: for less than 2^55, as here, the encoding
 * of nine bytes at most is the usual one. */
static uint8_t *hdr_put_count(uint8_t *at, uint64_t count)
{
    return at + varint_put(at, count << 1);
}

static uint8_t *hdr_put_zeros(uint8_t *at, uint64_t zeros)
{
    if (zeros == 1) {
        return hdr_put_count(at, 0);
    }
    return zeros == 0 ? at : at + varint_put(at, (zeros << 1) - 1);
}

static uint8_t *hdr_put_counts(uint8_t *at, const struct histo_sparse *s)
{
    uint32_t next = 0, i = 0;

    while (i < s->n) {
        uint32_t bucket = s->pairs[i].bucket;
        uint64_t count = 0;

        for (; i < s->n && s->pairs[i].bucket == bucket; i++) {
            count += s->pairs[i].count;
        }
        at = hdr_put_zeros(at, bucket - next);
        at = hdr_put_count(at, count);
        next = bucket + 1;
    }
    return at;
}

/* Owned by the caller; *n bytes. */
static uint8_t *hdr_encode(const struct histo_sparse *s, size_t *n)
{
    uint8_t *all = xmalloc(HDR_HEAD + 2 * VARINT_MAX * ((size_t)s->n + 1));
    uint8_t *end = hdr_put_counts(all + HDR_HEAD, s), *at = all;

    at = hdr_put(at, HDR_COOKIE, 4);
    at = hdr_put(at, (uint64_t)(end - all) - HDR_HEAD, 4);
    at = hdr_put(at, 0, 4); /* of an index that was shifted */
    at = hdr_put(at, HDR_DIGITS, 4);
    at = hdr_put(at, 1, 8);
    at = hdr_put(at, HISTO_VALUE_MAX, 8);
    (void)hdr_put(at, HDR_RATIO_BITS, 8);
    *n = (size_t)(end - all);
    return all;
}

static bool hdr_add_packed(struct buf *out, const struct histo_sparse *s)
{
    size_t n, before = out->len;
    uint8_t *plain = hdr_encode(s, &n), *packed;
    uLongf len = compressBound((uLong)n);

    packed = xmalloc(HDR_PACKED_HEAD + len);
    MUST(compress2(packed + HDR_PACKED_HEAD, &len, plain, (uLong)n,
                   Z_DEFAULT_COMPRESSION) == Z_OK);
    (void)hdr_put(hdr_put(packed, HDR_COOKIE_PACKED, 4), len, 4);
    n = HDR_PACKED_HEAD + len;
    text_base64(out, packed, n);
    free(plain);
    free(packed);
    return out->len - before == (n + 2) / 3 * 4;
}

static void hdr_add_tag(struct buf *out, const char *tag)
{
    size_t left = strlen(tag), n;
    uint32_t cp;

    buf_adds(out, "Tag=");
    for (; left > 0; tag += n, left -= n) {
        n = text_next(tag, left, &cp);
        if (cp == ',' || cp == ' ' || text_hidden(cp)) {
            buf_addc(out, '_');
        } else {
            buf_add(out, tag, n);
        }
    }
    buf_addc(out, ',');
}

bool hdr_log_line(struct buf *out, const char *tag, int64_t end_unix_ms,
                  uint64_t length_ms, const struct histo_sparse *s)
{
    size_t before = out->len;
    int64_t from = end_unix_ms - (int64_t)length_ms;
    bool fits;

    if (tag[0] != '\0') {
        hdr_add_tag(out, tag);
    }
    buf_addf(out,
             "%" PRId64 ".%03" PRId64 ",%" PRIu64 ".%03" PRIu64 ",%" PRIu64
             ".%03" PRIu64 ",",
             from / 1000, from % 1000, length_ms / 1000, length_ms % 1000,
             s->max / 1000, s->max % 1000);
    fits = hdr_add_packed(out, s) && buf_addc(out, '\n');
    if (!fits) {
        buf_cut(out, before);
    }
    return fits;
}

#else

bool hdr_log_line(struct buf *out, const char *tag, int64_t end_unix_ms,
                  uint64_t length_ms, const struct histo_sparse *s)
{
    (void)out;
    (void)tag;
    (void)end_unix_ms;
    (void)length_ms;
    (void)s;
    return false;
}

#endif
