/* SPDX-License-Identifier: MIT
 *
 * brunt list: what a plan offers. */
#include "config.h"

#include <langinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "chart/spark.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load_plan.h"
#include "plan/curve.h"
#include "plan/describe.h"
#include "run/level.h"

/* Columns of a planned curve's drawing. */
#define LIST_DRAWING 32

static void list_drawing(const struct curve *c, bool ascii)
{
    double values[LIST_DRAWING];
    char text[LIST_DRAWING * 4 + 1];
    size_t i;

    for (i = 0; i < LIST_DRAWING; i++) {
        uint64_t t = c->length_us == UINT64_MAX
                         ? 0
                         : (uint64_t)((double)c->length_us * ((double)i + 0.5) /
                                      LIST_DRAWING);

        values[i] = curve_at(c, t);
    }
    spark_text(values, LIST_DRAWING, c->peak, ascii, text, sizeof text);
    fputs(text, stdout);
}

/* "peak 20 VUs", "peak 50 it/s". */
static void list_peak(const struct curve *c)
{
    char unit[NUM_MAX];

    if (c->time_unit_us > 0) {
        printf("peak %u %s", c->peak, level_unit(unit, c->time_unit_us));
    } else {
        printf("peak %u VU%s", c->peak, c->peak == 1 ? "" : "s");
    }
}

/* One line: how its load goes. */
static void list_course(const char *name, const struct scenario *s, bool ascii)
{
    char dur[NUM_MAX], start[NUM_MAX];
    struct curve c;

    curve_init(&c, s, 1.0);
    if (c.length_us == UINT64_MAX) {
        snprintf(dur, sizeof dur, "no end");
    } else {
        num_dur(dur, c.length_us);
    }
    printf("  %-10s ", name);
    list_drawing(&c, ascii);
    printf("  %-9s ", dur);
    list_peak(&c);
    if (executor_is_counted(s->executor)) {
        printf(", %llu iterations", (unsigned long long)s->iterations);
        fputs(s->executor == EXECUTOR_PER_VU_ITERATIONS ? " each" : "", stdout);
    }
    if (c.start_us > 0) {
        printf(", starts at %s", num_dur(start, c.start_us));
    }
    putchar('\n');
    curve_clear(&c);
}

static void list_describe(const struct plan *p, const struct scenario *s,
                          const char *before)
{
    char text[512], safe[1024];

    printf("  %-10s %s%s\n", "", before,
           text_safe(safe, sizeof safe,
                     scenario_describe(p, s, text, sizeof text)));
}

/* One scenario, or several that run together, each by its own name. */
static void list_lineup(const struct plan *p, const struct lineup *l,
                        bool ascii)
{
    char name[128], purpose[256];
    size_t i;

    text_safe(name, sizeof name, l->name);
    text_safe(purpose, sizeof purpose, l->purpose);
    if (l->n == 1) {
        list_course(name, &l->list[0], ascii);
        if (purpose[0] != '\0') {
            printf("  %-10s %s\n", "", purpose);
        }
        list_describe(p, &l->list[0], "");
        return;
    }
    printf("  %-10s %zu scenarios together%s%s\n", name, l->n,
           purpose[0] != '\0' ? ": " : "", purpose);
    for (i = 0; i < l->n; i++) {
        char part[140];

        snprintf(part, sizeof part, "* %s",
                 text_safe(name, sizeof name, l->list[i].name));
        list_course(part, &l->list[i], ascii);
        list_describe(p, &l->list[i], "  ");
    }
}

static void list_thresholds(const struct plan *p)
{
    size_t i;

    if (p->n_thresholds > 0) {
        puts("\nThresholds");
    }
    for (i = 0; i < p->n_thresholds; i++) {
        const struct threshold *t = &p->thresholds[i];
        char metric[256], expression[128];

        printf("  %s: %s%s\n", text_safe(metric, sizeof metric, t->metric_text),
               text_safe(expression, sizeof expression, t->expression),
               t->abort_on_fail ? "  (aborts the run)" : "");
    }
}

static void list_env(const struct plan *p)
{
    size_t i;

    if (p->n_env > 0) {
        puts("\nVariables (-e NAME=VALUE, or the environment)");
    }
    for (i = 0; i < p->n_env; i++) {
        const struct plan_env *v = &p->env[i];
        char name[128], by_default[256], value[256];

        text_safe(name, sizeof name, v->name);
        text_safe(by_default, sizeof by_default,
                  v->secret && v->by_default[0] != '\0' ? "***"
                                                        : v->by_default);
        printf("  %-14s default \"%s\"%s", name, by_default,
               v->secret ? ", secret" : "");
        if (strcmp(v->value, v->by_default) != 0) {
            text_safe(value, sizeof value, v->secret ? "***" : v->value);
            printf(", now \"%s\"", value);
        }
        putchar('\n');
    }
}

static void list_baseline(const struct baseline *b)
{
    size_t i, k;
    char name[128];

    printf("\nBaseline %s\n", text_safe(name, sizeof name, b->name));
    for (i = 0; i < b->n; i++) {
        const struct baseline_set *set = &b->sets[i];

        text_safe(name, sizeof name, set->scenario);
        printf("  %-10s", strcmp(set->scenario, "*") == 0 ? "all" : name);
        for (k = 0; k < set->n; k++) {
            char metric[128], expect[128];

            printf("%s %s %s", k > 0 ? "," : "",
                   text_safe(metric, sizeof metric, set->items[k].metric),
                   text_safe(expect, sizeof expect, set->items[k].expect));
        }
        putchar('\n');
    }
}

int cmd_list(const struct cli_args *a)
{
    bool ascii =
        a->set[OPTION_ASCII] || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    struct plan *p;
    char name[256];
    size_t i;

    if (a->n_words > 1) {
        fputs("brunt list: takes at most one plan file\n", stderr);
        return EXIT_INVALID;
    }
    p = load_plan(a->n_words > 0 ? a->words[0] : NULL, "vi", a, NULL);
    if (p == NULL) {
        return EXIT_INVALID;
    }
    printf("%s\n\nScenarios\n", text_safe(name, sizeof name, p->name));
    for (i = 0; i < p->n_lineups; i++) {
        list_lineup(p, &p->lineups[i], ascii);
    }
    list_thresholds(p);
    list_env(p);
    for (i = 0; i < p->n_baselines; i++) {
        list_baseline(&p->baselines[i]);
    }
    plan_free(&p);
    return EXIT_OK;
}
