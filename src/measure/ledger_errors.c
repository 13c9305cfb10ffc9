/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "measure/ledger_internal.h"

/* One series' or check's part of an error line. */
struct fault_part {
    uint64_t key; /* fault_key_pack */
    unsigned name;
    uint64_t count, window_count;
};

static int fault_part_order(const void *a, const void *b)
{
    const struct fault_part *x = a, *y = b;

    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return x->name < y->name ? -1 : x->name > y->name;
}

/* Requests that failed, the most frequent kind first; failed checks are counted
 * beside them and come after. Equals by kind and status, so that lines stand
 * still. */
static int error_line_order(const void *a, const void *b)
{
    const struct error_line *x = a, *y = b;

    if ((x->kind == FAILURE_CHECK) != (y->kind == FAILURE_CHECK)) {
        return x->kind == FAILURE_CHECK ? 1 : -1;
    }
    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    if (x->check != y->check) {
        return x->check < y->check ? -1 : 1;
    }
    return x->status < y->status ? -1 : x->status > y->status;
}

static size_t fault_parts(const struct ledger *l, struct fault_part *parts)
{
    size_t i, n = 0;

    for (i = 0; i < l->run.n_series; i++) {
        struct series_key k = series_key_unpack(l->series_keys.list[i]);

        if (k.failure == FAILURE_NONE || k.failure == FAILURE_CHECK) {
            continue;
        }
        parts[n].key =
            fault_key_pack(k.failure, failure_code(k.failure, k.status, 0));
        parts[n].name = ledger_name(l, k.request);
        parts[n].count = l->run.series[i].count;
        parts[n++].window_count =
            i < l->window.n_series ? l->window.series[i].count : 0;
    }
    for (i = 0; i < l->run.n_checks; i++) {
        if (l->run.checks[i].fails > 0) {
            size_t check = i % l->plan->n_checks;

            parts[n].key = fault_key_pack(FAILURE_CHECK, (uint32_t)check);
            parts[n].name = l->check_names[check];
            parts[n].count = l->run.checks[i].fails;
            parts[n++].window_count = l->window.checks[i].fails;
        }
    }
    return n;
}

/* Makes a line of the parts of one key, which stand together and by name. */
static struct error_line error_line_of(const struct ledger *l,
                                       const struct fault_part *parts, size_t n)
{
    struct error_line line = {.kind = (enum failure)(parts[0].key >> 32),
                              .name_index = -1};
    uint32_t row = keys_find(&l->fault_keys, parts[0].key);
    uint64_t here = 0, most = 0;
    size_t i;

    if (line.kind == FAILURE_CHECK) {
        line.check = (uint32_t)parts[0].key;
        line.checks = 1;
    } else {
        line.status = (uint16_t)parts[0].key;
    }
    for (i = 0; i < n; i++) {
        here = i > 0 && parts[i].name == parts[i - 1].name ? here : 0;
        here += parts[i].count;
        if (here > most) {
            most = here;
            line.name_index = (int)parts[i].name;
        }
        line.count += parts[i].count;
        line.window_count += parts[i].window_count;
    }
    if (row != KEYS_NONE) {
        line.first_us = l->faults[row].first_us;
        line.last_us = l->faults[row].last_us;
        line.sample = l->faults[row].sample;
    }
    return line;
}

/* Lines are in order, those of checks last: where there are more of them than
 * may be, the last one stands for two or more. Returns how many lines there are
 * then. */
static size_t error_lines_fold(struct error_line *lines, size_t n)
{
    size_t first = 0, i;
    struct error_line *rest;

    while (first < n && lines[first].kind != FAILURE_CHECK) {
        first++;
    }
    if (n - first <= LEDGER_CHECKS_MAX + 1) {
        return n;
    }
    rest = &lines[first + LEDGER_CHECKS_MAX];
    rest->check = 0;
    rest->name_index = -1; /* of no one request, so no sample either */
    rest->sample = NULL;
    for (i = first + LEDGER_CHECKS_MAX + 1; i < n; i++) {
        rest->checks += lines[i].checks;
        rest->count += lines[i].count;
        rest->window_count += lines[i].window_count;
        if (lines[i].first_us < rest->first_us) {
            rest->first_us = lines[i].first_us;
        }
        if (lines[i].last_us > rest->last_us) {
            rest->last_us = lines[i].last_us;
        }
    }
    return first + LEDGER_CHECKS_MAX + 1;
}

size_t ledger_errors(const struct ledger *l, struct error_line *out, size_t max)
{
    size_t most = l->run.n_series + l->run.n_checks + 1;
    struct fault_part *parts = xcalloc(most, sizeof *parts);
    struct error_line *lines = xcalloc(most, sizeof *lines);
    size_t n_parts = fault_parts(l, parts), n = 0, i, k;

    qsort(parts, n_parts, sizeof *parts, fault_part_order);
    for (i = 0; i < n_parts; i = k) {
        for (k = i + 1; k < n_parts && parts[k].key == parts[i].key;) {
            k++;
        }
        lines[n++] = error_line_of(l, parts + i, k - i);
    }
    qsort(lines, n, sizeof *lines, error_line_order);
    n = error_lines_fold(lines, n);
    for (i = 0; i < n && i < max; i++) {
        out[i] = lines[i];
    }
    free(parts);
    free(lines);
    return n;
}

const char *error_line_message(const struct plan *plan,
                               const struct error_line *line, char *buf,
                               size_t size)
{
    if (line->sample != NULL) {
        snprintf(buf, size, "%s", line->sample->message);
    } else if (line->kind != FAILURE_CHECK) {
        snprintf(buf, size, "%s", failure_help(line->kind));
    } else if (line->checks == 1) {
        text_safe(buf, size, plan->checks[line->check]->name);
    } else {
        snprintf(buf, size, "%zu more checks that failed", line->checks);
    }
    return buf;
}

int error_line_said_by(const struct plan *plan, const struct error_line *line)
{
    return line->sample != NULL
               ? (int)plan->requests[line->sample->request]->name_index
               : line->name_index;
}
