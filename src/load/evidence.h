/* SPDX-License-Identifier: MIT
 *
 * evidence - a failure made fit to be looked at: bounded, with secrets and the
 * values of Authorization, Cookie and Set-Cookie masked, and escaped. */
#ifndef LOAD_EVIDENCE_H
#define LOAD_EVIDENCE_H

#include <stddef.h>

#include "load/transport.h"
#include "measure/failure.h"
#include "plan/mask.h"

/* Text from outside as one masked, escaped line of at most size - 1 bytes; what
 * is cut ends with three dots. */
void evidence_line(const struct mask *m, const char *s, char *out, size_t size);
/* Fills out->message from message, and out->text with the response's head and
 * the beginning of its body; x may be NULL, and without a response text is
 * request ("GET http://…"). */
void evidence_fill(const struct mask *m, struct failure_sample *out,
                   const char *message, const char *request,
                   const struct exchange *x);

#endif
