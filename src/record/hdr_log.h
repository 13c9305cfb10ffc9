/* SPDX-License-Identifier: MIT
 *
 * hdr_log - histograms as HdrHistogram's log has them, format 1.3, each in the
 * encoding V2, packed by zlib (https://github.com/HdrHistogram/HdrHistogram:
 * HistogramLogWriter, AbstractHistogram). Our buckets are those of a histogram
 * of three digits from 1 to HISTO_VALUE_MAX (measure/histo.h), one for one, so
 * that nothing is lost. Inside this room only. Without HAVE_ZLIB there is never
 * room. */
#ifndef RECORD_HDR_LOG_H
#define RECORD_HDR_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "measure/histo.h"

/* What a log begins with. */
bool hdr_log_head(struct buf *out, int64_t start_unix_ms);
/* Appends an interval, of length_ms up to end_unix_ms: a line. tag: "" = none;
 * commas, spaces and what ends a line become "_". The greatest value stands in
 * the line as thousandths. false: there is no room, out is as it was. */
bool hdr_log_line(struct buf *out, const char *tag, int64_t end_unix_ms,
                  uint64_t length_ms, const struct histo_sparse *s) MUST_CHECK;

#endif
