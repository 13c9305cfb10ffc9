/* SPDX-License-Identifier: MIT
 *
 * comparison - two runs compared, in words, and this run with the one it is
 * held against: what summary, results and brunt compare have in common. */
#ifndef RUN_COMPARISON_H
#define RUN_COMPARISON_H

#include "insight/compare.h"
#include "run/story.h"

/* What is compared of this run, copied, so that the comparison holds no
 * lock. */
struct comparison_now {
    const struct story_earlier *earlier; /* borrowed; NULL = none */
    struct window *list;                 /* owned */
    struct coarse *us;                   /* owned: what they point into */
    size_t n;
};
/* The story's lock is held. */
void comparison_take(const struct story *s, struct comparison_now *now);
void comparison_clear(struct comparison_now *now);
/* This run against the earlier one. false: there is none. Works for some
 * milliseconds. */
bool comparison_of(const struct comparison_now *now,
                   struct compare_report *out);

/* A number of percent or points: whole, but where it is small: "18", "4.2";
 * with a sign "+18". Returns buf. */
const char *comparison_number(double v, bool sign, char *buf, size_t size);
/* A change and the interval that it lies in (shares; of errors differences of
 * them): "+18 % (±4)" where neither side is longer than the other by more than
 * a tenth of the interval, and what is told is on the same side of zero; else
 * "+104 % (+19 to +250)". In ASCII "+-4". Returns buf. */
const char *comparison_change(enum compare_figure f, double change, double low,
                              double high, bool ascii, char *buf, size_t size);
/* All return buf. "p95 +18 % (±4), worse", "errors +0.1 pt (±0.2), same within
 * 0.5 pt", "req/s -4.5 % (±0.7), more than chance, may be slight", "p50 +7 %
 * (±9), not distinguishable (12 % would be seen)", "p99: not enough to say":
 * comparison_change says how the interval is told. */
const char *comparison_tell(const struct compare_level *l,
                            enum compare_figure f, bool ascii, char *buf,
                            size_t size);
/* "142 ms", "98.1", "0.3 %": a figure of a run; "-" where there is none. */
const char *comparison_value(enum compare_figure f, double v, char *buf,
                             size_t size);
/* "not enough to say", "worse", "better", "the same", "not distinguishable",
 * "more than chance, may be slight": compare_answer_name for people. */
const char *comparison_answer(enum compare_answer a);
/* "p95", "req/s", "errors". */
const char *comparison_name(enum compare_figure f);
/* For how long a run held its load while the service still felt an overload of
 * before, which is in no level; "" = no time. "300 s in which the service still
 * felt an overload of before, up to the end of the run: not compared at the
 * same load". */
const char *comparison_felt_text(const struct window *list, size_t n, char *buf,
                                 size_t size);
/* Why there is nothing to compare, or what is to be kept in mind; "" =
 * nothing. "no load was held for ten seconds in both runs", "left out, as an
 * overload of before was still felt: 20 s before, 0 s now", "the generator was
 * suspect in 30 s before, …". */
#define COMPARISON_NOTE_MAX 320 /* it fits in so much */
const char *comparison_note(const struct compare_report *r, char *buf,
                            size_t size);

#endif
