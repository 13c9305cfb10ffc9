/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "plan/advice.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct advice {
    advice_fn *fn;
    void *ctx;
};

/* of: "" or " in the scenario …". */
static void advice_secret(const struct advice *a, const char *name,
                          const char *value, const char *of)
{
    size_t n = strlen(value);
    char text[512];

    if (n == 0 || n >= ADVICE_SECRET_MIN) {
        return;
    }
    snprintf(
        text, sizeof text,
        "the secret %.100s has %zu byte%s%.150s: *** is shown wherever they "
        "stand in a text; give it a longer value, or take it out of "
        "\"secrets\"",
        name, n, n == 1 ? "" : "s", of);
    a->fn(a->ctx, text);
}

static bool advice_is_secret(const struct plan *p, const char *name)
{
    size_t i;

    for (i = 0; i < p->n_env; i++) {
        if (p->env[i].secret && strcmp(p->env[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void advice_secrets(const struct advice *a, const struct plan *p)
{
    size_t i, k, m;

    for (i = 0; i < p->n_env; i++) {
        if (p->env[i].secret) {
            advice_secret(a, p->env[i].name, p->env[i].value, "");
        }
    }
    for (i = 0; i < p->n_lineups; i++) {
        for (k = 0; k < p->lineups[i].n; k++) {
            const struct scenario *s = &p->lineups[i].list[k];
            char of[160];

            snprintf(of, sizeof of, " in the scenario '%.120s'", s->name);
            for (m = 0; m < s->n_env; m++) {
                if (advice_is_secret(p, s->env[m].name)) {
                    advice_secret(a, s->env[m].name, s->env[m].value, of);
                }
            }
        }
    }
}

/* A coding that only libcurl's lane unpacks, and only when it asked for it. */
static bool advice_packs(const struct header *h)
{
    static const char *const codings[] = {"gzip", "br", "deflate", "zstd"};
    size_t i, k;

    if (strcasecmp(h->name, "Accept-Encoding") != 0) {
        return false;
    }
    for (i = 0; i < h->value.n; i++) {
        for (k = 0; k < sizeof codings / sizeof codings[0]; k++) {
            if (h->value.parts[i].kind == VALUE_LITERAL &&
                strcasestr(h->value.parts[i].text, codings[k]) != NULL) {
                return true;
            }
        }
    }
    return false;
}

/* One line for all such requests: the first is named. */
static void advice_packed(const struct advice *a, const struct plan *p)
{
    size_t i, k;
    char text[512];

    for (i = 0; i < p->n_requests && !p->http.compression; i++) {
        const struct request *r = p->requests[i];

        for (k = 0; k < r->n_headers; k++) {
            if (advice_packs(&r->headers[k])) {
                snprintf(text, sizeof text,
                         "'%.150s' asks for packed responses by a header, and "
                         "they stay packed, for checks and extraction too; "
                         "\"http\": {\"compression\": true} asks and unpacks",
                         r->name);
                a->fn(a->ctx, text);
                return;
            }
        }
    }
}

void plan_advice(const struct plan *p, advice_fn *fn, void *ctx)
{
    struct advice a = {fn, ctx};

    advice_secrets(&a, p);
    advice_packed(&a, p);
}
