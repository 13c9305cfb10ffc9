/* SPDX-License-Identifier: MIT
 *
 * nearest - the word that was meant: optimal string alignment distance, where
 * two neighbours swapped count as one mistake and upper or lower case as
 * none. */
#include "config.h"

#include "base/text.h"

#include <string.h>

#define NEAREST_MAX 64 /* longer words are not guessed at */

static size_t nearest_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int nearest_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static size_t nearest_distance(const char *a, size_t na, const char *b,
                               size_t nb)
{
    size_t row[3][NEAREST_MAX + 1];
    size_t *before = row[0];
    size_t *last = row[1];
    size_t *now = row[2];
    size_t *spare;

    for (size_t j = 0; j <= nb; j++) {
        last[j] = j;
        before[j] = 0;
    }
    for (size_t i = 1; i <= na; i++) {
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            int x = nearest_lower(a[i - 1]);
            int y = nearest_lower(b[j - 1]);

            now[j] = nearest_min(last[j], now[j - 1]) + 1;
            now[j] = nearest_min(now[j], last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == nearest_lower(b[j - 2]) &&
                y == nearest_lower(a[i - 2])) {
                now[j] = nearest_min(now[j], before[j - 2] + 1);
            }
        }
        spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[nb];
}

const char *text_nearest(const char *word, const char *const *words, size_t n)
{
    size_t len = strlen(word);
    size_t limit = len / 3;
    const char *best = NULL;
    size_t best_distance = 0;

    if (len > NEAREST_MAX) {
        return NULL;
    }
    /* Two letters, one of them wrong: still worth a guess. */
    if (len == 2) {
        limit = 1;
    }
    for (size_t i = 0; i < n; i++) {
        size_t wlen = strlen(words[i]);
        size_t d;

        if (wlen > NEAREST_MAX) {
            continue;
        }
        d = nearest_distance(word, len, words[i], wlen);
        if (d <= limit && (best == NULL || d < best_distance)) {
            best = words[i];
            best_distance = d;
        }
    }
    return best;
}
