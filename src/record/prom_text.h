/* SPDX-License-Identifier: MIT
 *
 * prom_text - lines of Prometheus' text exposition format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Inside this
 * room only. */
#ifndef RECORD_PROM_TEXT_H
#define RECORD_PROM_TEXT_H

#include "base/buf.h"

/* Appends the head of a family; its help is help and, where it is not NULL,
 * ": " and more, which have no line break and no backslash. */
void prom_text_family(struct buf *out, const char *name, const char *type,
                      const char *help, const char *more);
/* Appends a sample, "name{a="b",c="d"} 1". labels: names and values in turn,
 * NULL behind the last, or NULL for none; a value that is "" is a label that is
 * not there. */
void prom_text_sample(struct buf *out, const char *name,
                      const char *const *labels, double value);

#endif
