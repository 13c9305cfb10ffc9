/* SPDX-License-Identifier: MIT
 *
 * out_words - what is to be told of an output, and how often: an outage once,
 * and at most each minute; its end, where it was told; what is refused once,
 * and once more after each outage; each reason for which points are left out
 * once. No clock and no lock; inside this room only. */
#ifndef RECORD_OUT_WORDS_H
#define RECORD_OUT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clk.h"

#define OUT_WORD_MAX 200 /* bytes of a reason, its NUL among them */
/* Reasons for leaving out that are told; no kind has as many. */
#define OUT_WORDS_LOST 8

enum out_word {
    OUT_WORD_LOST,
    OUT_WORD_TROUBLE,
    OUT_WORD_WELL,
    OUT_WORD_NOTE,
    OUT_WORD_REFUSED,
    OUT_WORD_DEAD,
    OUT_WORDS
};

/* All zero at first. */
struct out_words {
    unsigned due[OUT_WORDS];           /* rising as they came; 0 = it is not */
    unsigned n;                        /* words that were due */
    char why[OUT_WORDS][OUT_WORD_MAX]; /* safe to show */
    mono_us tell_us;   /* from when on an outage is told again */
    bool down;         /* an outage was told, and no answer since */
    bool trouble_told; /* the same, or that it goes again was not told yet */
    bool refusal_told;
    const char *lost[OUT_WORDS_LOST]; /* static: that were told */
};

/* A try failed at now, and why; as often as it does. */
void out_words_trouble(struct out_words *w, mono_us now, const char *why);
/* One arrived. */
void out_words_well(struct out_words *w);
/* It says something of what it took. */
void out_words_note(struct out_words *w, const char *why);
/* It answered, with no. */
void out_words_refused(struct out_words *w, const char *why);
/* Points are left out; why is static, one text for each reason. */
void out_words_lost(struct out_words *w, const char *why);
/* Nothing goes there any more. */
void out_words_dead(struct out_words *w, const char *why);

/* Takes the next one that is due, of the output of this kind to there, as a
 * sentence. false: none is, and text is as it was. */
bool out_words_take(struct out_words *w, const char *kind, const char *where,
                    char *text, size_t size);

#endif
