/* SPDX-License-Identifier: MIT
 *
 * recording_mend - a recording that is not quite one, made to be taken for one:
 * so that tests and fuzzers get behind its checksums. */
#ifndef TESTS_SUPPORT_RECORDING_MEND_H
#define TESTS_SUPPORT_RECORDING_MEND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Appends the n bytes of a recording, its blocks with checksums that are right.
 * What is behind the last stays as it is. pack: frames are ticks as they are,
 * and become the parts of a stream. */
void recording_mend(struct buf *out, const char *data, size_t n, bool pack);

#endif
