/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/out_words.h"

#include <stdio.h>

#include "base/text.h"

/* That it cannot be reached is told at most so often. */
#define OUT_TELL_US (60 * US_PER_SEC)

static void out_words_say(struct out_words *w, enum out_word word,
                          const char *why)
{
    w->due[word] = ++w->n;
    text_safe(w->why[word], sizeof w->why[word], why);
}

/* An outage that begins too soon after the last word is told when it goes on
 * until then. */
void out_words_trouble(struct out_words *w, mono_us now, const char *why)
{
    if (w->down || now < w->tell_us) {
        return;
    }
    w->down = w->trouble_told = true;
    w->tell_us = now + OUT_TELL_US;
    out_words_say(w, OUT_WORD_TROUBLE, why);
}

void out_words_well(struct out_words *w)
{
    if (w->trouble_told) {
        w->down = w->trouble_told = false;
        if (w->due[OUT_WORD_TROUBLE] > 0) {
            /* What nobody heard of yet is no news any more. */
            w->due[OUT_WORD_TROUBLE] = 0;
        } else {
            out_words_say(w, OUT_WORD_WELL, "");
        }
    }
}

void out_words_note(struct out_words *w, const char *why)
{
    out_words_say(w, OUT_WORD_NOTE, why);
}

void out_words_refused(struct out_words *w, const char *why)
{
    if (!w->refusal_told || w->down) {
        w->refusal_told = true;
        w->down = false;
        out_words_say(w, OUT_WORD_REFUSED, why);
    }
}

void out_words_lost(struct out_words *w, const char *why)
{
    size_t i;

    if (w->due[OUT_WORD_LOST] > 0) {
        return; /* another one's turn comes when that is told */
    }
    for (i = 0; i < OUT_WORDS_LOST && w->lost[i] != NULL; i++) {
        if (w->lost[i] == why) {
            return;
        }
    }
    if (i < OUT_WORDS_LOST) {
        w->lost[i] = why;
        out_words_say(w, OUT_WORD_LOST, why);
    }
}

void out_words_dead(struct out_words *w, const char *why)
{
    out_words_say(w, OUT_WORD_DEAD, why);
}

bool out_words_take(struct out_words *w, const char *kind, const char *where,
                    char *text, size_t size)
{
    static const struct {
        const char *is, *then; /* before and behind why */
    } words[OUT_WORDS] = {
        [OUT_WORD_LOST] = {" leaves points out: ",
                           "; what is left out is counted as dropped"},
        [OUT_WORD_TROUBLE] = {" does not go: ", "; it is tried again"},
        [OUT_WORD_WELL] = {" goes again", ""},
        [OUT_WORD_NOTE] = {": ", ""},
        [OUT_WORD_REFUSED] = {" is refused: ",
                              "; what is refused is dropped, and counted"},
        [OUT_WORD_DEAD] = {" ends here: ", ""},
    };
    size_t next = OUT_WORDS, i;

    for (i = 0; i < OUT_WORDS; i++) {
        if (w->due[i] > 0 && (next == OUT_WORDS || w->due[i] < w->due[next])) {
            next = i;
        }
    }
    if (next == OUT_WORDS) {
        return false;
    }
    w->due[next] = 0;
    snprintf(text, size, "%s to %s%s%s%s", kind, where, words[next].is,
             w->why[next], words[next].then);
    return true;
}
