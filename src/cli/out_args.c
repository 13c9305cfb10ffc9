/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/out_args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "cli/load_plan.h"

#define OUT_KINDS_MAX 32

static bool out_arg_unknown(const char *name, struct err *e)
{
    const char *names[OUT_KINDS_MAX], *near;
    char menu[300] = "", shown[96], word[64];
    size_t n;

    for (n = 0; n < OUT_KINDS_MAX && out_kind_at(n) != NULL; n++) {
        names[n] = out_kind_at(n)->name;
        text_add(menu, sizeof menu, "%s%s", n == 0 ? "" : ", ", names[n]);
    }
    /* A URL, to which a password may belong, is no kind. */
    snprintf(word, sizeof word, "%.*s", (int)strcspn(name, ":/@"), name);
    near = text_nearest(word, names, n);
    err_set(e, ERR_RANGE, "--out: no kind '%s'; there are %s%s%s%s",
            text_safe(shown, sizeof shown, word), menu,
            near != NULL ? " (did you mean " : "", near != NULL ? near : "",
            near != NULL ? "?)" : "");
    return false;
}

bool out_arg_parse(const char *text, struct out_arg *o, struct err *e)
{
    size_t n = strcspn(text, "="), i;
    char name[64];

    snprintf(name, sizeof name, "%.*s", n < 60 ? (int)n : 60, text);
    o->kind = NULL;
    o->place = text[n] == '=' && text[n + 1] != '\0' ? text + n + 1 : NULL;
    for (i = 0; out_kind_at(i) != NULL && o->kind == NULL; i++) {
        if (strcmp(out_kind_at(i)->name, name) == 0) {
            o->kind = out_kind_at(i);
        }
    }
    return o->kind != NULL || out_arg_unknown(name, e);
}

/* Where the kind has a variable for it. */
static void out_arg_place(struct out_arg *o)
{
    const char *name = o->kind->place_env;
    const char *place = o->place == NULL && name != NULL ? getenv(name) : NULL;

    if (place != NULL && place[0] != '\0') {
        o->place = place;
    }
}

void out_args_env(struct cli_args *a, const char *text)
{
    char *at;

    if (text == NULL || a->n_list[OPTION_OUT] > 0) {
        return;
    }
    a->k6_out = xstrdup(text);
    for (at = a->k6_out; *at != '\0';) {
        size_t n = strcspn(at, ",");
        bool more = at[n] == ',';

        at[n] = '\0';
        if (n > 0) {
            cli_args_add(a, OPTION_OUT, at);
        }
        at += n + more;
    }
}

static bool out_args_parse(const struct cli_args *a, struct out_arg *list,
                           size_t *n)
{
    struct err e = ERR_INIT;
    size_t i;

    *n = a->n_list[OPTION_OUT];
    if (*n > OUTPUTS_MAX) {
        fprintf(stderr, "brunt: --out: at most %d of them\n", OUTPUTS_MAX);
        return false;
    }
    for (i = 0; i < *n; i++) {
        if (!out_arg_parse(a->list[OPTION_OUT][i], &list[i], &e)) {
            print_err(&e);
            return false;
        }
        out_arg_place(&list[i]);
    }
    if (out_args_samples(list, *n) > 1) {
        fputs("brunt: --out: json-samples may be given once: a sample is taken "
              "once\n",
              stderr);
        return false;
    }
    return true;
}

bool out_args(const struct cli_args *a, struct out_arg *list, size_t *n)
{
    bool ok = out_args_parse(a, list, n);

    if (!ok && a->k6_out != NULL) {
        fputs("brunt: that --out is K6_OUT's, in the environment: unset it, or "
              "give an --out\n",
              stderr);
    }
    return ok;
}

size_t out_args_samples(const struct out_arg *list, size_t n)
{
    size_t samples = 0, i;

    for (i = 0; i < n; i++) {
        samples += list[i].kind->samples;
    }
    return samples;
}

static const char *out_arg_env(void *ctx, const char *name)
{
    (void)ctx;
    return getenv(name);
}

static void out_arg_env_each(void *ctx, const char *prefix, out_env_fn *fn,
                             void *fn_ctx)
{
    size_t n = strlen(prefix);
    char **at;

    (void)ctx;
    for (at = environ; *at != NULL; at++) {
        const char *value = strchr(*at, '=');

        if (value != NULL && strncmp(*at, prefix, n) == 0) {
            char *name = xstrndup(*at, (size_t)(value - *at));

            fn(fn_ctx, name, value + 1);
            free(name);
        }
    }
}

struct out *out_arg_open(const struct out_arg *o, const struct run_info *info,
                         struct taps *taps, struct err *e)
{
    struct out_config c = {
        .info = info,
        .taps = o->kind->samples ? taps : NULL,
        .place = o->place,
        .env = out_arg_env,
        .env_each = out_arg_env_each,
    };

    return out_new(o->kind, &c, e);
}
