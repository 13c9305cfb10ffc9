/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Errors up to here leave slowness as what stands out. */
#define VERDICT_FEW_ERRORS 0.01
/* Sets of scenarios that are told apart. */
#define NORMAL_SETS 64

/* Whose plans a line is for. */
enum verdict_of { VERDICT_OF_ANY, VERDICT_OF_CHAT, VERDICT_OF_OTHER };

static const struct {
    enum verdict_hint kind;
    enum verdict_of of;
    const char *line;
} verdict_lines[] = {
#define VERDICT_HINT(kind, of, line)                                           \
    {VERDICT_HINT_##kind, VERDICT_OF_##of, line},
#include "insight/verdict_hint.def"
#undef VERDICT_HINT
};

const char *verdict_hint_line(enum verdict_hint h, bool chat, size_t i)
{
    enum verdict_of but = chat ? VERDICT_OF_OTHER : VERDICT_OF_CHAT;
    size_t k;

    for (k = 0; k < sizeof verdict_lines / sizeof verdict_lines[0]; k++) {
        if (verdict_lines[k].kind == h && verdict_lines[k].of != but &&
            i-- == 0) {
            return verdict_lines[k].line;
        }
    }
    return NULL;
}

/* The worst rule that the figure breaks; NULL = none. */
static const struct verdict_rule *
verdict_worst(const struct verdict_known *k, enum verdict_fact fact,
              const struct verdict_rule *rules, size_t n)
{
    const struct verdict_rule *worst = NULL;
    size_t i;

    for (i = 0; i < n; i++) {
        if (rules[i].fact == fact && verdict_rule_broken(&rules[i], k->value) &&
            (worst == NULL || rules[i].level > worst->level)) {
            worst = &rules[i];
        }
    }
    return worst;
}

/* A built-in rule does not ask for what a run cannot have. */
static bool verdict_asked(enum verdict_fact fact, bool moot,
                          const struct verdict_rule *rules, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (rules[i].fact == fact &&
            (!moot || !verdict_rule_builtin(&rules[i]))) {
            return true;
        }
    }
    return false;
}

/* Behind those that are as bad or worse: figures stay in the table's order. */
static void verdict_add(struct verdict_report *out,
                        const struct verdict_rule *rule,
                        const struct verdict_known *known)
{
    size_t at = out->n++;

    while (at > 0 && out->reasons[at - 1].rule->level < rule->level) {
        out->reasons[at] = out->reasons[at - 1];
        at--;
    }
    out->reasons[at] = (struct verdict_reason){rule, *known};
}

static bool verdict_broke(const struct verdict_report *r, enum verdict_fact f)
{
    size_t i;

    for (i = 0; i < r->n; i++) {
        if (r->reasons[i].rule->fact == f) {
            return true;
        }
    }
    return false;
}

/* Errors stand out: of all of them together, or of a kind. */
static bool verdict_failed(const struct verdict_report *r)
{
    return verdict_broke(r, VERDICT_ERRORS) ||
           verdict_broke(r, VERDICT_HTTP_5XX) ||
           verdict_broke(r, VERDICT_TIMEOUTS) ||
           verdict_broke(r, VERDICT_REFUSED) ||
           verdict_broke(r, VERDICT_HTTP_429);
}

/* Each by what there is of it: nobody looks for keys where nothing was denied,
 * nor for limits of a rate where none was told. */
static void verdict_hints(const struct verdict_facts *facts,
                          struct verdict_report *r)
{
    const struct verdict_known *of = facts->of;
    bool few = of[VERDICT_ERRORS].known &&
               of[VERDICT_ERRORS].value <= VERDICT_FEW_ERRORS;
    bool slow =
        verdict_broke(r, VERDICT_P95) || verdict_broke(r, VERDICT_P95_GROWTH);
    bool failed = verdict_failed(r);
    bool http_5xx = failed && of[VERDICT_HTTP_5XX].value > 0;
    bool timeouts = failed && of[VERDICT_TIMEOUTS].value > 0;

    r->hints[VERDICT_HINT_SATURATED] = facts->rises && (http_5xx || timeouts);
    r->hints[VERDICT_HINT_SLOW] =
        (few && slow) || (timeouts && !r->hints[VERDICT_HINT_SATURATED]);
    r->hints[VERDICT_HINT_ERRORS] = http_5xx || (failed && facts->others > 0);
    r->hints[VERDICT_HINT_BEHIND] = http_5xx && !facts->rises;
    r->hints[VERDICT_HINT_REFUSED] = failed && of[VERDICT_REFUSED].value > 0;
    r->hints[VERDICT_HINT_KEYS] = failed && facts->denied > 0;
    r->hints[VERDICT_HINT_REQUESTS] = failed && facts->wrong > 0;
    r->hints[VERDICT_HINT_LIMITED] = failed && of[VERDICT_HTTP_429].value > 0;
    r->hints[VERDICT_HINT_MEMORY] = verdict_broke(r, VERDICT_MEMORY_GROWTH) ||
                                    verdict_broke(r, VERDICT_MEMORY_LIMIT);
}

void verdict_of(const struct verdict_facts *facts,
                const struct verdict_rule *rules, size_t n_rules,
                struct verdict_report *out)
{
    int i;

    memset(out, 0, sizeof *out);
    out->level = VERDICT_UNKNOWN;
    if (facts->requests < VERDICT_REQUESTS_MIN ||
        facts->active_us < VERDICT_ACTIVE_MIN_US) {
        return;
    }
    for (i = 0; i < VERDICT_FACTS; i++) {
        enum verdict_fact fact = (enum verdict_fact)i;
        const struct verdict_known *k = &facts->of[i];
        const struct verdict_rule *rule;

        if (!k->known) {
            out->open[i] = verdict_asked(fact, k->moot, rules, n_rules);
            continue;
        }
        rule = verdict_worst(k, fact, rules, n_rules);
        if (rule != NULL) {
            verdict_add(out, rule, k);
        }
    }
    out->level = out->n > 0 ? out->reasons[0].rule->level : VERDICT_GOOD;
    verdict_hints(facts, out);
}

/* A stretch of a load. */
struct normal_load {
    double load;
    uint64_t held_us;
};

static int normal_order(const void *a, const void *b)
{
    const struct normal_load *x = a, *y = b;

    return x->load < y->load ? -1 : x->load > y->load;
}

/* Sorted by load: those of the same one (to half of it) stand together. The
 * least that was held for at least half as long as that which was held longest;
 * 0 = none. */
static double normal_least(struct normal_load *list, size_t n)
{
    uint64_t held = 0, most = 0, *all = xcalloc(n + 1, sizeof *all);
    size_t from = 0, to = 0, i;
    double least = 0;

    for (i = 0; i < n; i++) {
        while (to < n && list[to].load < list[i].load + 0.5) {
            held += list[to++].held_us;
        }
        while (list[from].load <= list[i].load - 0.5) {
            held -= list[from++].held_us;
        }
        all[i] = held;
        most = list[i].load > 0 && held > most ? held : most;
    }
    for (i = n; i-- > 0;) {
        least = list[i].load > 0 && all[i] * 2 >= most ? list[i].load : least;
    }
    free(all);
    return least;
}

static bool normal_counts(const struct plateau *x, uint64_t who)
{
    return x->load > 0 && x->who == who;
}

/* Loads of other scenarios are other loads: of those that ran longest at loads
 * that were held. */
static uint64_t normal_who(const struct plateaus *p)
{
    struct {
        uint64_t who, us;
    } sets[NORMAL_SETS];
    size_t n = plateaus_count(p), n_sets = 0, best = 0, i, k;

    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        for (k = 0; k < n_sets && sets[k].who != x->who; k++) {
        }
        if (k == NORMAL_SETS || x->load <= 0) {
            continue;
        }
        if (k == n_sets) {
            sets[n_sets].who = x->who;
            sets[n_sets++].us = 0;
        }
        sets[k].us += x->settled_us;
    }
    for (k = 1; k < n_sets; k++) {
        best = sets[k].us > sets[best].us ? k : best;
    }
    return n_sets > 0 ? sets[best].who : 0;
}

/* Once a frame, of a thousand levels: sorted, not each against each. */
int verdict_normal(const struct plateaus *p)
{
    size_t n = plateaus_count(p), n_list = 0, i;
    struct normal_load *list = xcalloc(n + 1, sizeof *list);
    uint64_t longest = 0, who = normal_who(p);
    double least;
    int best = -1;

    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (normal_counts(x, who)) {
            list[n_list++] = (struct normal_load){x->load, x->settled_us};
        }
    }
    qsort(list, n_list, sizeof *list, normal_order);
    least = normal_least(list, n_list);
    free(list);
    for (i = 0; i < n && least > 0; i++) {
        const struct plateau *x = plateaus_at(p, i);
        /* One that came after an overload, only where there is no other. */
        uint64_t us = x->after > 0 ? 0 : x->settled_us;

        if (normal_counts(x, who) && fabs(x->load - least) < 0.5 &&
            (best < 0 || us > longest)) {
            best = (int)i;
            longest = us;
        }
    }
    return best;
}
