/* SPDX-License-Identifier: MIT
 *
 * mask - secrets taken out of texts that people see or files keep: the value
 * as it is, and as it is written inside JSON and URLs. */
#include "config.h"

#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plan/plan_internal.h"

#define MASK_VALUE_MAX 65536 /* bytes of one written form */

/* What to look for. */
struct mask {
    struct buf *list; /* owned */
    size_t n;
};

static void mask_add(struct mask *m, const char *value, enum value_escape how)
{
    struct buf *b = &m->list[m->n];

    buf_init(b, MASK_VALUE_MAX);
    value_escape(b, how, value, strlen(value));
    for (size_t i = 0; i < m->n; i++) {
        if (m->list[i].len == b->len &&
            memcmp(m->list[i].data, b->data, b->len) == 0) {
            buf_clear(b);
            return;
        }
    }
    m->n++;
}

static void mask_add_value(struct mask *m, const char *value)
{
    if (*value != '\0') {
        mask_add(m, value, ESCAPE_NONE);
        mask_add(m, value, ESCAPE_JSON);
        mask_add(m, value, ESCAPE_URL);
    }
}

static bool mask_is_secret(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->n_env; i++) {
        if (p->env[i].secret && strcmp(p->env[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Values that scenarios give to secrets. Returns how many there are. */
static size_t mask_scenarios(struct mask *m, const struct plan *p)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n_lineups; i++) {
        for (size_t k = 0; k < p->lineups[i].n; k++) {
            const struct scenario *s = &p->lineups[i].list[k];

            for (size_t j = 0; j < s->n_env; j++) {
                if (mask_is_secret(p, s->env[j].name)) {
                    n++;
                    if (m != NULL) {
                        mask_add_value(m, s->env[j].value);
                    }
                }
            }
        }
    }
    return n;
}

static void mask_make(struct mask *m, const struct plan *p)
{
    m->list =
        xcalloc((p->n_env + mask_scenarios(NULL, p)) * 3 + p->n_hidden + 1,
                sizeof *m->list);
    m->n = 0;
    for (size_t i = 0; i < p->n_env; i++) {
        if (p->env[i].secret) {
            mask_add_value(m, p->env[i].value);
        }
    }
    (void)mask_scenarios(m, p);
    for (size_t i = 0; i < p->n_hidden; i++) {
        mask_add(m, p->hidden[i], ESCAPE_NONE);
    }
}

/* Bytes of the longest secret that begins here: one may begin with another. */
static size_t mask_at(const struct mask *m, const char *s, size_t n)
{
    size_t best = 0;

    for (size_t i = 0; i < m->n; i++) {
        const struct buf *b = &m->list[i];

        if (b->len > best && b->len <= n && memcmp(b->data, s, b->len) == 0) {
            best = b->len;
        }
    }
    return best;
}

void plan_mask(const struct plan *p, struct buf *out, const char *text,
               size_t n)
{
    struct mask m;
    size_t i = 0;

    mask_make(&m, p);
    while (i < n) {
        size_t hit = m.n == 0 ? 0 : mask_at(&m, text + i, n - i);

        if (hit > 0) {
            (void)buf_adds(out, "***");
            i += hit;
        } else if (m.n == 0) {
            (void)buf_add(out, text, n);
            i = n;
        } else {
            (void)buf_addc(out, text[i++]);
        }
    }
    for (size_t k = 0; k < m.n; k++) {
        buf_clear(&m.list[k]);
    }
    free(m.list);
}

void plan_hide(struct plan *p, const char *text, const char *made)
{
    struct buf masked;

    buf_init(&masked, 4 * MASK_VALUE_MAX);
    plan_mask(p, &masked, text, strlen(text));
    if (strcmp(buf_str(&masked), text) != 0) {
        p->hidden =
            xreallocarray(p->hidden, p->n_hidden + 1, sizeof *p->hidden);
        p->hidden[p->n_hidden++] = xstrdup(made);
    }
    buf_clear(&masked);
}
