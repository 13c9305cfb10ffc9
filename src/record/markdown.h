/* SPDX-License-Identifier: MIT
 *
 * markdown - text of others in Markdown (GitHub's and GitLab's kind): shown,
 * and never read as Markdown or HTML. */
#ifndef RECORD_MARKDOWN_H
#define RECORD_MARKDOWN_H

#include "base/buf.h"

/* Appends s, escaped as text_escape does, and each character that Markdown or
 * HTML might take for its own as a numeric entity; fit for a cell of a table.
 */
void markdown_text(struct buf *out, const char *s);
/* The same as code: names, which then call nobody ("@somebody"). */
void markdown_code(struct buf *out, const char *s);

#endif
