/* SPDX-License-Identifier: MIT
 *
 * ui_ask - what a text in the prompt for VUs, or for a rate, asks for. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "screen/ui.h"

/* More than any machine gives; keeps arithmetic within bounds. */
#define UI_LEVEL_MAX INT64_C(10000000)
/* What is asked for twice: above this, and so many times what there is. */
#define UI_SLIP_ABOVE 1000
#define UI_SLIP_TIMES 10
/* Columns of what was typed where it is quoted. */
#define UI_QUOTED 14

/* What was typed, and what is wrong with it. Returns false. */
static bool ui_ask_refuse(struct ui_ask *a, const char *text, const char *why)
{
    size_t n = text_fit(text, UI_QUOTED);

    snprintf(a->text, sizeof a->text, "'%.*s%s' %s", (int)n, text,
             text[n] != '\0' ? "…" : "", why);
    return false;
}

/* "x2" and the like: a factor, and what it makes of wanted. */
static bool ui_ask_factor(struct ui_ask *a, const char *text, uint32_t wanted)
{
    double factor;

    if (!num_double(text + 1, &factor) || factor < 0) {
        return ui_ask_refuse(a, text, "is no factor: x2, x0.5");
    }
    if (factor * wanted > (double)UI_LEVEL_MAX) {
        return ui_ask_refuse(a, text, "is more than there can ever be");
    }
    a->vus = llround(factor * wanted);
    a->number = a->vus;
    return true;
}

static bool ui_ask_number(struct ui_ask *a, const char *text, uint32_t wanted)
{
    const char *digits;

    a->relative = text[0] == '+' || text[0] == '-';
    digits = text + (a->relative ? 1 : 0);
    if (digits[0] == '\0' || digits[strspn(digits, "0123456789")] != '\0') {
        return ui_ask_refuse(a, text, "is no number: 80, +20, -5 or x2");
    }
    if (!num_i64(digits, 0, UI_LEVEL_MAX, &a->number)) {
        return ui_ask_refuse(a, text, "is more than there can ever be");
    }
    a->number = text[0] == '-' ? -a->number : a->number;
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
    a.ok = factor ? ui_ask_factor(&a, text, wanted)
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
