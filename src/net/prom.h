/* SPDX-License-Identifier: MIT
 *
 * prom - a page of metrics in Prometheus' text exposition format 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats), and as much of
 * OpenMetrics 1.0 as says the same. Reads in place and allocates nothing; the
 * page is another's, and lines that are none of the format are passed over and
 * counted. */
#ifndef NET_PROM_H
#define NET_PROM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

enum prom_type {
    PROM_UNTYPED, /* the page did not say */
    PROM_COUNTER,
    PROM_GAUGE,
    PROM_OTHER, /* histogram, summary, info ...; what they count and sum up
                   are counters */
};

/* One line. Texts are borrowed from the page and are no strings. */
struct prom_sample {
    const char *name;
    size_t n_name;
    const char *labels; /* what is between the braces, as it was written */
    size_t n_labels;
    double value; /* NaN and infinities included */
    enum prom_type type;
};

struct prom_walk {
    const char *p, *end;
    const char *family; /* what the last TYPE line was about */
    size_t n_family;
    enum prom_type type;
    size_t wrong; /* lines that were none of the format */
};

/* Walks the samples of n bytes at s, borrowed. false: there are no more. */
void prom_begin(struct prom_walk *w, const char *s, size_t n);
bool prom_next(struct prom_walk *w, struct prom_sample *out) MUST_CHECK;

/* A name of a metric: [a-zA-Z_:][a-zA-Z0-9_:]*; how many bytes of s are one. */
size_t prom_name(const char *s, size_t n);

/* A label within labels, one after the other; *p is moved on. The value is as
 * it was written, with its escapes. false: that was all, or it is none. */
struct prom_label {
    const char *name, *value;
    size_t n_name, n_value;
};
bool prom_label(const char **p, const char *end,
                struct prom_label *out) MUST_CHECK;
/* Labels that begin at p, behind the brace: *n bytes of them. Returns what is
 * behind the closing brace; NULL: they are none. */
const char *prom_labels(const char *p, const char *end, size_t *n) MUST_CHECK;

#endif
