/* SPDX-License-Identifier: MIT
 *
 * Whatever a metrics page holds: a sample's name and labels lie in its line and
 * are what they are called, labels are used up to their end, and a line is a
 * sample, a mistake, a comment or nothing, never two of these. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "base/must.h"
#include "net/prom.h"

static size_t lines_of(const char *s, size_t n)
{
    size_t lines = 0;

    for (size_t i = 0; i < n; i++) {
        lines += s[i] == '\n' || i + 1 == n;
    }
    return lines;
}

static void labels_fit(const struct prom_sample *m)
{
    const char *p = m->labels, *end = p + m->n_labels;
    struct prom_label l;

    while (prom_label(&p, end, &l)) {
        MUST(l.n_name > 0 && prom_name(l.name, l.n_name) == l.n_name);
        MUST(l.value >= m->labels && l.value + l.n_value < end);
        MUST(l.value[-1] == '"' && l.value[l.n_value] == '"');
        MUST(p <= end);
    }
    for (; p < end; p++) {
        MUST(*p == ' ' || *p == '\t');
    }
}

int fuzz_one(const uint8_t *data, size_t n)
{
    const char *s = (const char *)data, *before = s;
    struct prom_walk w;
    struct prom_sample m;
    size_t samples = 0;

    prom_begin(&w, s, n);
    while (prom_next(&w, &m)) {
        samples++;
        MUST(m.n_name > 0 && prom_name(m.name, m.n_name) == m.n_name);
        MUST(m.name >= before && m.labels + m.n_labels <= w.p);
        MUST(memchr(m.name, '\n', (size_t)(m.labels + m.n_labels - m.name)) ==
             NULL);
        labels_fit(&m);
        MUST(w.p > before && w.p <= s + n);
        before = w.p;
    }
    MUST(w.p == s + n);
    MUST(samples + w.wrong <= lines_of(s, n));
    return 0;
}
