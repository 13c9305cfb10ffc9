/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/load_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/dial_args.h"
#include "cli/earlier.h"
#include "plan/advice.h"

void print_err(const struct err *e)
{
    char text[1024], shown[2048];

    text_safe(shown, sizeof shown, err_str(e, text, sizeof text));
    fprintf(stderr, "brunt: %s\n", shown);
}

static bool word_ends(const char *word, const char *tail)
{
    size_t n = strlen(word), k = strlen(tail);

    return n >= k && strcmp(word + n - k, tail) == 0;
}

enum word_kind word_kind_of(const char *word)
{
    if (strstr(word, "://") != NULL) {
        return WORD_URL;
    }
    if (strchr(word, '/') != NULL || word_ends(word, ".json")) {
        return WORD_FILE;
    }
    return WORD_SCENARIO;
}

static const char *load_plan_getenv(const char *name)
{
    return getenv(name);
}

/* -e NAME=VALUE words as settings; the strings are owned by names. */
static bool load_plan_settings(const struct cli_args *a,
                               const struct load_plan_extra *extra,
                               struct plan_setting *list, char **names,
                               size_t *n)
{
    size_t i;

    *n = 0;
    if (extra != NULL && extra->name != NULL) {
        list[*n].name = extra->name;
        list[*n].value = extra->value;
        (*n)++;
    }
    for (i = 0; i < a->n_list[OPTION_ENV]; i++) {
        const char *word = a->list[OPTION_ENV][i];
        const char *eq = strchr(word, '=');
        char shown[96];

        if (eq == NULL || eq == word) {
            fprintf(stderr, "brunt: -e '%s': expected NAME=VALUE\n",
                    text_safe(shown, sizeof shown, word));
            return false;
        }
        names[i] = xstrndup(word, (size_t)(eq - word));
        list[*n].name = names[i];
        list[*n].value = eq + 1;
        (*n)++;
    }
    return true;
}

static struct plan *load_plan_read(const char *file, const char *builtin,
                                   const struct plan_input *in,
                                   struct plan_errors *errors)
{
    size_t n = 0;
    const char *text;

    if (file != NULL) {
        return plan_load(file, in, errors);
    }
    text = plan_builtin(builtin, &n);
    MUST(text != NULL);
    return plan_parse(text, n, in, errors);
}

static void load_plan_advice(void *ctx, const char *text)
{
    char shown[2048];

    (void)ctx;
    fprintf(stderr, "brunt: warning: %s\n",
            text_safe(shown, sizeof shown, text));
}

struct plan *load_plan(const char *file, const char *builtin,
                       const struct cli_args *a,
                       const struct load_plan_extra *extra)
{
    size_t n_env = a->n_list[OPTION_ENV], i;
    struct plan_setting *list = xcalloc(n_env + 1, sizeof *list);
    char **names = xcalloc(n_env + 1, sizeof *names);
    struct plan_errors errors = {NULL, 0, 0};
    struct plan_input in = {file != NULL ? file : "", list, 0,
                            load_plan_getenv};
    struct plan *plan = NULL;

    if (load_plan_settings(a, extra, list, names, &in.n_settings)) {
        plan = load_plan_read(file, builtin, &in, &errors);
        for (i = 0; i < errors.n; i++) {
            print_err(&errors.list[i]);
        }
        plan_errors_clear(&errors);
    }
    if (plan != NULL) {
        plan_advice(plan, load_plan_advice, NULL);
    }
    for (i = 0; i < n_env; i++) {
        free(names[i]);
    }
    free(names);
    free(list);
    return plan;
}

/* -s D:N words as stages. */
static bool selection_stages(const struct cli_args *a, struct stage *out)
{
    size_t i;

    for (i = 0; i < a->n_list[OPTION_STAGE]; i++) {
        const char *word = a->list[OPTION_STAGE][i];
        const char *colon = strrchr(word, ':');
        char shown[96];
        char *dur = xstrndup(word, colon != NULL ? (size_t)(colon - word) : 0);
        uint64_t target = 0;
        bool ok = colon != NULL && dur_parse(dur, &out[i].duration_us) &&
                  num_u64(colon + 1, 0, 1000000, &target);

        free(dur);
        if (!ok) {
            fprintf(stderr,
                    "brunt: --stage '%s': expected DURATION:VUS, as 30s:10\n",
                    text_safe(shown, sizeof shown, word));
            return false;
        }
        out[i].target = (uint32_t)target;
        out[i].name = NULL;
    }
    return true;
}

bool selection_choose(const struct cli_args *a, const char *name,
                      struct selection *s)
{
    struct err e = ERR_INIT;
    const struct lineup *chosen = plan_choose(s->plan, name, &e);
    struct stage *stages = xcalloc(a->n_list[OPTION_STAGE] + 1, sizeof *stages);
    struct plan_override o = {
        .has_vus = a->set[OPTION_VUS],
        .has_duration = a->set[OPTION_DURATION],
        .has_iterations = a->set[OPTION_ITERATIONS],
        .vus = (uint32_t)a->count[OPTION_VUS],
        .duration_us = a->count[OPTION_DURATION],
        .iterations = a->count[OPTION_ITERATIONS],
        .stages = stages,
        .n_stages = a->n_list[OPTION_STAGE],
    };
    bool ok = false;

    if (chosen == NULL || !plan_baseline_check(s->plan, &e)) {
        print_err(&e);
    } else if (!selection_stages(a, stages)) {
        /* said */
    } else if (o.has_vus || o.has_duration || o.has_iterations ||
               o.n_stages > 0) {
        s->lineup = plan_overridden(chosen, &o, &e);
        ok = s->lineup != NULL;
        if (!ok) {
            print_err(&e);
        }
    } else {
        s->lineup = lineup_copy(chosen);
        ok = true;
    }
    free(stages);
    return ok;
}

/* The plan of the words: sets *scenario to the word that names one. */
bool selection_plan(const struct cli_args *a, const char *command,
                    struct selection *s, const char **scenario)
{
    enum word_kind kind =
        a->n_words > 0 ? word_kind_of(a->words[0]) : WORD_SCENARIO;
    size_t used = kind == WORD_SCENARIO ? 0 : 1;
    struct err e = ERR_INIT;

    if (a->n_words > used + 1 || (kind == WORD_URL && a->n_words > 1)) {
        char shown[96];

        fprintf(stderr,
                "brunt %s: what is '%s'? At most a plan and a "
                "scenario, or a URL alone\n",
                command,
                text_safe(shown, sizeof shown, a->words[a->n_words - 1]));
        return false;
    }
    *scenario = a->n_words > used ? a->words[used] : NULL;
    if (kind == WORD_URL) {
        if (a->n_list[OPTION_ENV] > 0) {
            fprintf(stderr,
                    "brunt %s: -e goes with a plan: a URL declares no "
                    "variables\n",
                    command);
            return false;
        }
        s->plan = plan_from_url(a->words[0], &e);
        if (s->plan == NULL) {
            print_err(&e);
        }
        return s->plan != NULL;
    }
    s->plan = load_plan(kind == WORD_FILE ? a->words[0] : NULL, "vi", a, NULL);
    return s->plan != NULL;
}

bool selection_make(const struct cli_args *a, struct selection *s)
{
    const char *scenario = NULL;

    s->plan = NULL;
    s->lineup = NULL;
    return selection_plan(a, "run", s, &scenario) && dial_args(a, s->plan) &&
           selection_choose(a, scenario, s);
}

void selection_clear(struct selection *s)
{
    lineup_free(&s->lineup);
    plan_free(&s->plan);
}

bool load_baseline(const struct cli_args *a, struct baseline_run **out)
{
    struct err e = ERR_INIT;

    if (!a->set[OPTION_BASELINE]) {
        return true;
    }
    *out = earlier_read(a->text[OPTION_BASELINE], &e);
    if (*out == NULL) {
        print_err(&e);
    }
    return *out != NULL;
}
