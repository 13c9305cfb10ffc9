/* SPDX-License-Identifier: MIT
 *
 * ui_ask - what a text in the prompt for VUs, or for a rate, asks for. */
#include "config.h"

#include <math.h>
#include <stdio.h>

#include "base/num.h"
#include "screen/ui.h"

/* More than any machine gives; keeps arithmetic within bounds. */
#define UI_LEVEL_MAX INT64_C(10000000)
/* What is asked for twice: above this, and so many times what there is. */
#define UI_SLIP_ABOVE 1000
#define UI_SLIP_TIMES 10

/* "x2" and the like: a factor, and what it makes of wanted. */
static bool ui_ask_factor(struct ui_ask *a, const char *text, uint32_t wanted)
{
    double factor;

    if (!num_double(text, &factor) || factor < 0 ||
        factor * wanted > (double)UI_LEVEL_MAX) {
        snprintf(a->text, sizeof a->text, "a factor, as in x2 or x0.5");
        return false;
    }
    a->vus = llround(factor * wanted);
    a->number = a->vus;
    return true;
}

static bool ui_ask_number(struct ui_ask *a, const char *text, uint32_t wanted)
{
    a->relative = text[0] == '+' || text[0] == '-';
    /* num_i64 takes the sign itself, but not a plus. */
    if (!num_i64(text[0] == '+' ? text + 1 : text,
                 a->relative ? -UI_LEVEL_MAX : 0, UI_LEVEL_MAX, &a->number) ||
        (text[0] == '+' && text[1] == '-')) {
        snprintf(a->text, sizeof a->text,
                 "a number: 80, +20, -5, or x2 (at most %lld)",
                 (long long)UI_LEVEL_MAX);
        return false;
    }
    a->vus = a->relative ? (int64_t)wanted + a->number : a->number;
    return true;
}

struct ui_ask ui_ask_vus(const char *text, uint32_t wanted, uint32_t max)
{
    struct ui_ask a = {.ok = false};
    char most[NUM_MAX];
    bool factor = text[0] == 'x' || text[0] == 'X' || text[0] == '*';

    if (text[0] == '\0') {
        snprintf(a.text, sizeof a.text, "80, +20, -5 or x2");
        return a;
    }
    a.ok = factor ? ui_ask_factor(&a, text + 1, wanted)
                  : ui_ask_number(&a, text, wanted);
    if (!a.ok) {
        return a;
    }
    if (a.vus > (int64_t)max) {
        a.clamped = true;
        snprintf(a.text, sizeof a.text, "at most %s can be given: those then",
                 num_count(most, max));
    } else if (a.vus < 0) {
        a.clamped = true;
        snprintf(a.text, sizeof a.text,
                 "there are no fewer than 0: those then");
    } else {
        snprintf(a.text, sizeof a.text, "%+lld, at once",
                 (long long)(a.vus - (int64_t)wanted));
    }
    return a;
}

bool ui_slip(const struct tick_scenario *t, const struct curve *c, int64_t vus,
             struct ui_slip *out)
{
    uint32_t most = c->peak > t->wanted ? c->peak : t->wanted;

    most = most > 1 ? most : 1;
    vus = vus < (int64_t)t->wanted_max ? vus : (int64_t)t->wanted_max;
    *out = (struct ui_slip){.level = vus > 0 ? (uint32_t)vus : 0, .most = most};
    return vus > UI_SLIP_ABOVE && vus > UI_SLIP_TIMES * (int64_t)most;
}
