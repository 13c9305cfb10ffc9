/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "run/chosen_internal.h"

/* Names that are looked through for one that may be meant. */
#define CHOSEN_NAMES_MAX 4096
/* Longer ones are cut where they are told. */
#define CHOSEN_TOLD 100

#define CHOSEN_HOW "NAME, NAME{label=\"value\"} or one of them and =memory, "

static const char *const chosen_roles[] = {
    [CHOSEN_MEMORY] = "memory", [CHOSEN_CPU] = "cpu",
    [CHOSEN_LIMIT] = "limit",   [CHOSEN_VALUE] = "value",
    [CHOSEN_RATE] = "rate",
};
enum { CHOSEN_ROLES = sizeof chosen_roles / sizeof chosen_roles[0] };

static const char *told(char *buf, size_t size, const char *s, size_t n)
{
    char *copy = xstrndup(s, n);

    text_safe(buf, size, copy);
    free(copy);
    return buf;
}

static bool add_wrong(const char *text, const char *what, struct err *e)
{
    char safe[CHOSEN_TOLD];

    err_set(e, ERR_SYNTAX,
            "--server-series '%s': %s (write " CHOSEN_HOW
            "=cpu, =limit, =value or =rate)",
            text_safe(safe, sizeof safe, text), what);
    return false;
}

static bool add_role(struct chosen *c, const char *p, struct chosen_row *r,
                     struct err *e)
{
    size_t i;

    r->role = CHOSEN_AUTO;
    if (*p == '\0') {
        return true;
    }
    if (*p != '=') {
        return add_wrong(r->text, "what stands behind it is no role", e);
    }
    for (i = 0; i < CHOSEN_ROLES; i++) {
        if (strcmp(p + 1, chosen_roles[i]) == 0) {
            r->role = (enum chosen_role)i;
        }
    }
    if (r->role == CHOSEN_AUTO) {
        return add_wrong(r->text, "there is no such role", e);
    }
    if (!chosen_is_other(r->role) && chosen_count(c, r->role) > 0) {
        return add_wrong(r->text, "that role is another's already", e);
    }
    return true;
}

static bool add_row(struct chosen *c, struct chosen_row *r, struct err *e)
{
    const char *p = r->text;

    r->n_name = prom_name(p, strlen(p));
    if (r->n_name == 0) {
        return add_wrong(p, "it does not begin with a name", e);
    }
    p += r->n_name;
    if (*p == '{') {
        r->labels = r->n_name + 1;
        p = prom_labels(p + 1, p + strlen(p), &r->n_labels);
        if (p == NULL) {
            return add_wrong(r->text, "its labels cannot be read", e);
        }
    }
    r->n_shown = (size_t)(p - r->text);
    if (!add_role(c, p, r, e)) {
        return false;
    }
    if (chosen_is_other(r->role) &&
        chosen_count(c, CHOSEN_AUTO) == SERVER_OTHERS_MAX) {
        char most[64];

        snprintf(most, sizeof most, "%d of them are the most beside memory",
                 SERVER_OTHERS_MAX);
        return add_wrong(r->text, most, e);
    }
    return true;
}

bool chosen_add(struct chosen *c, const char *text, struct err *e)
{
    struct chosen_row r = {.text = xstrdup(text)};

    if (!add_row(c, &r, e)) {
        free(r.text);
        return false;
    }
    MUST(c->n < CHOSEN_MAX);
    c->rows[c->n++] = r;
    return true;
}

const char *chosen_show(const struct chosen_row *r, char *buf, size_t size)
{
    return told(buf, size, r->text, r->n_shown);
}

bool chosen_page(const char *page, size_t n, const char *type, struct err *e)
{
    struct prom_walk w;
    struct prom_sample s;
    char safe[CHOSEN_TOLD];

    prom_begin(&w, page, n);
    if (prom_next(&w, &s)) {
        return true;
    }
    err_set(e, ERR_SYNTAX,
            "--server-metrics: what comes is no page of metrics in "
            "Prometheus' text format (%zu bytes, Content-Type: %s)",
            n,
            type[0] != '\0' ? text_safe(safe, sizeof safe, type) : "not said");
    return false;
}

static const char *missing_nearest(const struct chosen_row *r, const char *page,
                                   size_t n, char *buf, size_t size)
{
    char **names = xcalloc(CHOSEN_NAMES_MAX, sizeof *names);
    char *name = xstrndup(r->text, r->n_name);
    struct prom_walk w;
    struct prom_sample s;
    size_t n_names = 0, i;
    const char *near;

    prom_begin(&w, page, n);
    while (n_names < CHOSEN_NAMES_MAX && prom_next(&w, &s)) {
        names[n_names++] = xstrndup(s.name, s.n_name);
    }
    near = text_nearest(name, (const char *const *)names, n_names);
    snprintf(buf, size, "%s", near != NULL ? near : "");
    for (i = 0; i < n_names; i++) {
        free(names[i]);
    }
    free(names);
    free(name);
    return buf;
}

void chosen_missing(const struct chosen_row *r, const char *page, size_t n,
                    struct err *e)
{
    char name[CHOSEN_TOLD], labels[CHOSEN_TOLD], near[CHOSEN_TOLD];
    struct prom_walk w;
    struct prom_sample s;

    chosen_show(r, name, sizeof name);
    prom_begin(&w, page, n);
    while (prom_next(&w, &s)) {
        if (chosen_named(r, &s)) {
            err_set(e, ERR_RANGE,
                    "--server-series '%s': the page has it with other labels "
                    "alone: {%s}",
                    name, told(labels, sizeof labels, s.labels, s.n_labels));
            return;
        }
    }
    missing_nearest(r, page, n, near, sizeof near);
    err_set(e, ERR_RANGE,
            "--server-series '%s': the page has no such series%s%s%s", name,
            near[0] != '\0' ? "; did you mean '" : "", near,
            near[0] != '\0' ? "'?" : "");
}

void chosen_nothing(const char *page, size_t n, struct err *e)
{
    struct prom_walk w;
    struct prom_sample s;
    char name[CHOSEN_TOLD] = "";
    bool bytes = false;

    prom_begin(&w, page, n);
    while (!bytes && prom_next(&w, &s)) {
        bytes = s.n_name > 6 && memcmp(s.name + s.n_name - 6, "_bytes", 6) == 0;
        if (bytes || name[0] == '\0') {
            told(name, sizeof name, s.name, s.n_name);
        }
    }
    err_set(e, ERR_RANGE,
            "--server-metrics: the page has none of the series that are known "
            "for memory and CPU (process_resident_memory_bytes, "
            "process_cpu_seconds_total ...): choose some, for one "
            "--server-series %s%s",
            name, bytes ? "=memory" : "");
}

void chosen_twice(const struct chosen_row *r, struct err *e)
{
    char name[CHOSEN_TOLD];

    err_set(e, ERR_RANGE,
            "--server-series '%s': it is chosen twice in the same way: leave "
            "one of them out, or say =value or =rate",
            text_safe(name, sizeof name, r->text));
}
