/* SPDX-License-Identifier: MIT
 *
 * plateaus_internal - what the files that make plateaus share: plateaus.c (what
 * is one, and its figures), plateaus_sum.c (what they are made of, and the
 * rules that they break), plateaus_strain.c (whether an overload of before is
 * still felt). */
#ifndef INSIGHT_PLATEAUS_INTERNAL_H
#define INSIGHT_PLATEAUS_INTERNAL_H

#include "insight/plateaus.h"

/* So many requests leave little to chance. */
#define PLATEAUS_SURE 100

/* Of a moment's part. */
struct plateaus_part {
    struct histo *all; /* owned */
    uint64_t n, bad;
};

/* What the figures of a plateau are made of. */
struct plateaus_sum {
    uint64_t us, requests, failed, errors[ERRORS_COUNT], iterations;
    uint64_t good, good_us; /* responses that did not fail, and their times */
    double vus_us, iteration_us, iteration_us2; /* as of a moment */
    struct histo *all;                          /* owned */
    struct plateaus_part *parts; /* owned: of moments, the first as 0 */
    size_t n_parts;
};

struct plateaus {
    struct rule rules[RULES_MAX];
    size_t n_rules;
    struct plateau *list; /* owned: a ring once it is full */
    size_t n, cap, first;
    size_t dropped;
    bool going; /* the load is constant */
    struct plateau now;
    uint64_t since_us;  /* active time of now */
    uint64_t unsettled; /* active time since its start, or since a pause */
    /* The longest that iterations took, a moment's mean, in the last moment
     * before now and in what of now is left out. */
    double before_us;
    double last_us; /* and the last moment's */
    struct plateaus_sum settled;
    struct plateaus_sum back; /* of it, since the overload of before may not be
                                 felt any more */
    /* Of the settled seconds those that do not surely break a rule; how long
     * there were only such at first, and since the last that did. */
    struct plateaus_sum calm;
    bool any_bad;
    uint64_t before_bad_us, since_bad_us;
    bool told; /* that a breach in it has passed */
    struct strain strain;
};

/* Parts as those rules have them. */
void plateaus_sum_init(struct plateaus_sum *a, const struct rule *rules,
                       size_t n_rules);
void plateaus_sum_free(struct plateaus_sum *a);
/* Empties it; keeps its memory. */
void plateaus_sum_clear(struct plateaus_sum *a);
void plateaus_sum_add(struct plateaus_sum *a, const struct moment *x);
/* Fills which rule the settled time breaks, the first of them, its value, and
 * whether that was only for a while. */
void plateaus_judge(const struct plateaus *s, struct plateau *p);

/* It breaks no rule, and is a measure of its load. */
bool plateaus_holds(const struct plateau *p);
/* It surely breaks a rule: by more than chance, in a moment. */
bool plateaus_bad(const struct plateaus *s, const struct moment *x);
/* A moment's part in it, before the plateau is told of it. */
enum strain_now plateaus_strain(struct plateaus *s, const struct moment *x,
                                bool bad);

#endif
