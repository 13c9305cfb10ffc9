/* SPDX-License-Identifier: MIT
 *
 * out_env - words that people write about an output, in the environment and
 * in its place, as k6 reads them. Inside this room only. */
#ifndef RECORD_OUT_ENV_H
#define RECORD_OUT_ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "record/out_kind.h"

/* As Go's strconv.ParseBool reads it: 1, t, true, 0, f, false, their capitals,
 * too. false: it is neither, and e, which may be NULL, says so of `what`;
 * *value is as it was. */
bool out_bool(const char *what, const char *text, bool *value,
              struct err *e) MUST_CHECK;
/* The same of what the environment says; *value stays as it is where that is
 * nothing. */
bool out_env_bool(const struct out_config *c, const char *name, bool *value,
                  struct err *e) MUST_CHECK;
/* What is wrong, with the kind of output before it. */
void out_err(struct err *e, const char *kind, const struct err *what);
/* Takes "%41" apart (RFC 3986, 2.1). false: a "%" without its two digits, or a
 * NUL; out has then what came before. */
bool out_unescape(struct buf *out, const char *s, size_t n) MUST_CHECK;
/* Is word one of those that list has, separated by commas? */
bool out_listed(const char *list, const char *word);

#endif
