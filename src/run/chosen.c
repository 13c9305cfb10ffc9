/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/chosen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "net/prom.h"
#include "run/chosen_internal.h"

/* Of those that nobody chose; more would crowd the screen. */
#define CHOSEN_OTHERS 4

static const struct {
    enum chosen_role role;
    const char *selector;
} chosen_defaults[] = {
#define CHOSEN(role, selector) {CHOSEN_##role, selector},
#include "run/chosen.def"
#undef CHOSEN
};

struct chosen *chosen_new(void)
{
    return xcalloc(1, sizeof(struct chosen));
}

static void chosen_row_clear(struct chosen_row *r)
{
    free(r->text);
    r->text = NULL;
}

void chosen_free(struct chosen **c)
{
    size_t i;

    if (*c == NULL) {
        return;
    }
    for (i = 0; i < (*c)->n; i++) {
        chosen_row_clear(&(*c)->rows[i]);
    }
    free(*c);
    *c = NULL;
}

const struct server_names *chosen_names(const struct chosen *c)
{
    return &c->names;
}

bool chosen_restarted(const struct chosen *c)
{
    return c->restarted;
}

bool chosen_is_other(enum chosen_role role)
{
    return role == CHOSEN_VALUE || role == CHOSEN_RATE || role == CHOSEN_AUTO;
}

size_t chosen_count(const struct chosen *c, enum chosen_role role)
{
    size_t n = 0, i;

    for (i = 0; i < c->n; i++) {
        n += c->rows[i].role == role ||
             (chosen_is_other(role) && chosen_is_other(c->rows[i].role));
    }
    return n;
}

/* Has the sample that label, with that value? */
static bool sample_has(const struct prom_sample *s, const struct prom_label *l)
{
    const char *p = s->labels, *end = p + s->n_labels;
    struct prom_label x;

    while (prom_label(&p, end, &x)) {
        if (x.n_name == l->n_name && x.n_value == l->n_value &&
            memcmp(x.name, l->name, l->n_name) == 0 &&
            memcmp(x.value, l->value, l->n_value) == 0) {
            return true;
        }
    }
    return false;
}

bool chosen_named(const struct chosen_row *r, const struct prom_sample *s)
{
    return s->n_name == r->n_name && memcmp(s->name, r->text, r->n_name) == 0;
}

static bool chosen_fits(const struct chosen_row *r, const struct prom_sample *s)
{
    const char *p = r->text + r->labels, *end = p + r->n_labels;
    struct prom_label l;

    if (!chosen_named(r, s)) {
        return false;
    }
    while (prom_label(&p, end, &l)) {
        if (!sample_has(s, &l)) {
            return false;
        }
    }
    return true;
}

/* Of those that fit. */
struct chosen_sum {
    size_t n;
    double value; /* NaN: none of them has a number */
    enum prom_type type;
};

static void chosen_sum_add(struct chosen_sum *sum, const struct prom_sample *s)
{
    sum->n++;
    sum->type = s->type;
    if (!isnan(s->value)) {
        sum->value = isnan(sum->value) ? s->value : sum->value + s->value;
    }
}

static void chosen_sums(const struct chosen *c, const char *page, size_t n,
                        struct chosen_sum *sums)
{
    struct prom_walk w;
    struct prom_sample s;
    size_t i;

    for (i = 0; i < c->n; i++) {
        sums[i] = (struct chosen_sum){.value = (double)NAN};
    }
    prom_begin(&w, page, n);
    while (prom_next(&w, &s)) {
        for (i = 0; i < c->n; i++) {
            if (chosen_fits(&c->rows[i], &s)) {
                chosen_sum_add(&sums[i], &s);
            }
        }
    }
}

/* What it grew by, a second; NaN where that cannot be known. */
static double row_rate(struct chosen *c, struct chosen_row *r, double v,
                       mono_us at)
{
    double rate = (double)NAN;

    if (r->seen && v < r->last && r->role == CHOSEN_CPU) {
        c->restarted = true;
    }
    if (r->seen && v >= r->last && at > r->last_at) {
        rate = (v - r->last) / ((double)(at - r->last_at) / 1e6);
    }
    r->last = v;
    r->last_at = at;
    r->seen = true;
    return rate;
}

static uint64_t row_bytes(double v)
{
    return v > 0 && v < SERVER_BYTES_MAX ? (uint64_t)v : 0;
}

void chosen_read(struct chosen *c, const char *page, size_t n, mono_us at,
                 struct tick_server *out)
{
    struct chosen_sum sums[CHOSEN_MAX];
    size_t i, other = 0;

    c->restarted = false;
    chosen_sums(c, page, n, sums);
    tick_server_clear(out);
    out->watched = out->alive = true;
    for (i = 0; i < c->n; i++) {
        struct chosen_row *r = &c->rows[i];
        double v = sums[i].value;

        if (r->counter && isfinite(v)) {
            v = row_rate(c, r, v, at);
        }
        v = isfinite(v) ? v : (double)NAN;
        if (r->role == CHOSEN_MEMORY) {
            out->rss_bytes = row_bytes(v);
        } else if (r->role == CHOSEN_LIMIT) {
            out->limit_bytes = row_bytes(v);
        } else if (r->role == CHOSEN_CPU) {
            out->cpu = v;
        } else {
            out->other[other++] = v;
        }
    }
}

static bool name_ends(const struct chosen_row *r, const char *with)
{
    size_t n = strlen(with);

    return r->n_name > n && memcmp(r->text + r->n_name - n, with, n) == 0;
}

/* Whether a series counts: as its page says, else by its name. */
static bool row_counts(const struct chosen_row *r, enum prom_type type)
{
    switch (r->role) {
    case CHOSEN_MEMORY:
    case CHOSEN_LIMIT:
    case CHOSEN_VALUE:
        return false;
    case CHOSEN_RATE:
        return true;
    case CHOSEN_CPU:
        return type != PROM_GAUGE;
    case CHOSEN_AUTO:
        break;
    }
    return type == PROM_COUNTER ||
           (type == PROM_UNTYPED &&
            (name_ends(r, "_total") || name_ends(r, "_count") ||
             name_ends(r, "_sum") || name_ends(r, "_bucket")));
}

static enum server_unit row_unit(const struct chosen_row *r)
{
    if (r->counter) {
        return SERVER_UNIT_RATE;
    }
    return name_ends(r, "_bytes")     ? SERVER_UNIT_BYTES
           : name_ends(r, "_seconds") ? SERVER_UNIT_SECONDS
                                      : SERVER_UNIT_NUMBER;
}

/* Adds defaults that the page has. */
static void chosen_find(struct chosen *c, const char *page, size_t n)
{
    bool others = chosen_count(c, CHOSEN_AUTO) == 0;
    size_t i;

    for (i = 0; i < sizeof chosen_defaults / sizeof chosen_defaults[0]; i++) {
        enum chosen_role role = chosen_defaults[i].role;
        size_t most = role != CHOSEN_AUTO ? 1 : others ? CHOSEN_OTHERS : 0;
        struct chosen_sum sums[CHOSEN_MAX];
        struct err e = ERR_INIT;
        char text[128];

        if (chosen_count(c, role) >= most) {
            continue;
        }
        /* With its role, so that there is room beside six others. */
        snprintf(text, sizeof text, "%s%s", chosen_defaults[i].selector,
                 role == CHOSEN_MEMORY ? "=memory"
                 : role == CHOSEN_CPU  ? "=cpu"
                                       : "");
        MUST(chosen_add(c, text, &e));
        chosen_sums(c, page, n, sums);
        if (sums[c->n - 1].n == 0) {
            chosen_row_clear(&c->rows[--c->n]);
        }
    }
}

/* The same series, looked at in the same way. */
static bool row_same(const struct chosen_row *a, const struct chosen_row *b)
{
    return chosen_is_other(a->role) && chosen_is_other(b->role) &&
           a->counter == b->counter && a->n_shown == b->n_shown &&
           memcmp(a->text, b->text, a->n_shown) == 0;
}

static bool names_have(const struct server_names *names, const char *name)
{
    size_t i;

    for (i = 0; i < names->n; i++) {
        if (strcmp(names->list[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Results and the screen know series by their names. What is shown alike, since
 * it is looked at in two ways or was cut, is told apart by what is behind it:
 * "jobs_total=rate", "jobs_total{a=\"b\"... #2". */
static void chosen_name(struct chosen *c, const struct chosen_row *r)
{
    struct server_other *o = &c->names.list[c->names.n];
    char name[sizeof o->name], behind[16];
    int i;

    chosen_show(r, name, sizeof name);
    snprintf(behind, sizeof behind, "%s", r->counter ? "=rate" : "=value");
    snprintf(o->name, sizeof o->name, "%s", name);
    for (i = 2; names_have(&c->names, o->name); i++) {
        char cut[sizeof o->name - sizeof behind + 1]; /* a whole character */

        text_safe(cut, sizeof cut, name);
        snprintf(o->name, sizeof o->name, "%s%s", cut, behind);
        snprintf(behind, sizeof behind, " #%d", i);
    }
    o->unit = row_unit(r);
    c->names.n++;
}

/* Whether rows count, and their names. */
static bool chosen_others(struct chosen *c, const struct chosen_sum *sums,
                          struct err *e)
{
    size_t i, k;

    for (i = 0; i < c->n; i++) {
        struct chosen_row *r = &c->rows[i];

        r->counter = row_counts(r, sums[i].type);
        for (k = 0; k < i; k++) {
            if (row_same(&c->rows[k], r)) {
                chosen_twice(r, e);
                return false;
            }
        }
        if (chosen_is_other(r->role)) {
            chosen_name(c, r);
        }
    }
    return true;
}

bool chosen_settle(struct chosen *c, const char *page, size_t n,
                   const char *type, struct err *e)
{
    struct chosen_sum sums[CHOSEN_MAX];
    size_t i;

    if (!chosen_page(page, n, type, e)) {
        return false;
    }
    chosen_sums(c, page, n, sums);
    for (i = 0; i < c->n; i++) {
        if (sums[i].n == 0) {
            chosen_missing(&c->rows[i], page, n, e);
            return false;
        }
    }
    chosen_find(c, page, n);
    if (c->n == 0) {
        chosen_nothing(page, n, e);
        return false;
    }
    chosen_sums(c, page, n, sums);
    return chosen_others(c, sums, e);
}
