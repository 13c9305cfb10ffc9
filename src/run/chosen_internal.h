/* SPDX-License-Identifier: MIT
 *
 * chosen_internal - what chosen.c (reads pages) and chosen_text.c (what people
 * write, and errors that help them) share. */
#ifndef RUN_CHOSEN_INTERNAL_H
#define RUN_CHOSEN_INTERNAL_H

#include "net/prom.h"
#include "run/chosen.h"

/* Memory, CPU and a limit, and the others. */
#define CHOSEN_MAX (3 + SERVER_OTHERS_MAX)

enum chosen_role {
    CHOSEN_MEMORY,
    CHOSEN_CPU,
    CHOSEN_LIMIT,
    CHOSEN_VALUE,
    CHOSEN_RATE,
    CHOSEN_AUTO, /* a rate where it counts, else a value */
};

struct chosen_row {
    enum chosen_role role;
    char *text;              /* owned: the selector */
    size_t n_name;           /* text begins with the name */
    size_t labels, n_labels; /* where in text, between the braces */
    size_t n_shown;          /* of text: name and labels */
    bool counter;
    bool seen; /* the next two are of something */
    double last;
    mono_us last_at;
};

struct chosen {
    struct chosen_row rows[CHOSEN_MAX];
    size_t n;
    struct server_names names;
    bool restarted;
};

bool chosen_is_other(enum chosen_role role);
/* Rows of the role; all the others count as one role. */
size_t chosen_count(const struct chosen *c, enum chosen_role role);
/* The sample has the row's name; and its labels, too. */
bool chosen_named(const struct chosen_row *r, const struct prom_sample *s);

/* Name and labels, safe to show; returns buf. */
const char *chosen_show(const struct chosen_row *r, char *buf, size_t size);
/* false: it is none, and e says so. */
bool chosen_page(const char *page, size_t n, const char *type,
                 struct err *e) MUST_CHECK;
/* The page does not have that; it has nothing that is known. Both fill e. */
void chosen_missing(const struct chosen_row *r, const char *page, size_t n,
                    struct err *e);
void chosen_nothing(const char *page, size_t n, struct err *e);
/* It is chosen twice. Fills e. */
void chosen_twice(const struct chosen_row *r, struct err *e);

#endif
