/* SPDX-License-Identifier: MIT
 *
 * mask - a list of written forms, of which the longest that fits is hidden:
 * one secret may begin with another. */
#include "config.h"

#include "plan/mask.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "plan/plan_internal.h"

#define MASK_VALUE_MAX 65536 /* bytes of one written form */
/* Shorter pieces of base64 could be any word. */
#define MASK_BASE64_MIN 8

struct mask {
    struct buf *forms; /* owned, each too: what to look for */
    size_t n, cap;
};

/* Takes form. */
static void mask_form_take(struct mask *m, struct buf *form)
{
    bool known = form->len == 0;

    for (size_t i = 0; i < m->n && !known; i++) {
        known = m->forms[i].len == form->len &&
                memcmp(m->forms[i].data, form->data, form->len) == 0;
    }
    if (known) {
        buf_clear(form);
        return;
    }
    m->forms = xgrow(m->forms, m->n, &m->cap, sizeof *m->forms);
    m->forms[m->n++] = *form;
}

static void mask_escaped(struct mask *m, const char *value,
                         enum value_escape how)
{
    struct buf form;

    buf_init(&form, MASK_VALUE_MAX);
    value_escape(&form, how, value, strlen(value));
    mask_form_take(m, &form);
}

/* As services write it that take %2f for the better %2F. */
static void mask_lower_url(struct mask *m, const char *value)
{
    struct buf form;

    buf_init(&form, MASK_VALUE_MAX);
    value_escape(&form, ESCAPE_URL, value, strlen(value));
    for (size_t i = 0; i + 2 < form.len; i++) {
        if (form.data[i] == '%') {
            for (size_t k = i + 1; k <= i + 2; k++) {
                if (form.data[k] >= 'A' && form.data[k] <= 'F') {
                    form.data[k] = (char)(form.data[k] - 'A' + 'a');
                }
            }
        }
    }
    mask_form_take(m, &form);
}

/* Base64 of a text that holds the secret behind `before` other bytes, modulo
 * three: those of its characters that the secret alone decides. */
static void mask_base64(struct mask *m, const char *value, size_t before)
{
    size_t from = (before * 8 + 5) / 6;
    size_t to = (before + strlen(value)) * 8 / 6;
    struct buf raw, coded, form;

    if (strlen(value) > MASK_VALUE_MAX / 2 || to < from + MASK_BASE64_MIN) {
        return;
    }
    buf_init(&raw, MASK_VALUE_MAX);
    buf_init(&coded, MASK_VALUE_MAX);
    buf_init(&form, MASK_VALUE_MAX);
    (void)buf_add(&raw, "  ", before);
    (void)buf_adds(&raw, value);
    text_base64(&coded, raw.data, raw.len);
    (void)buf_add(&form, coded.data + from, to - from);
    mask_form_take(m, &form);
    buf_clear(&raw);
    buf_clear(&coded);
}

void mask_add(struct mask *m, const char *value)
{
    if (value == NULL || *value == '\0') {
        return;
    }
    mask_escaped(m, value, ESCAPE_NONE);
    mask_escaped(m, value, ESCAPE_JSON);
    mask_escaped(m, value, ESCAPE_URL);
    mask_lower_url(m, value);
    for (size_t before = 0; before < 3; before++) {
        mask_base64(m, value, before);
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

/* Values that a scenario gives to secrets. */
static void mask_scenario(struct mask *m, const struct plan *p,
                          const struct scenario *s)
{
    for (size_t i = 0; i < s->n_env; i++) {
        if (mask_is_secret(p, s->env[i].name)) {
            mask_add(m, s->env[i].value);
        }
    }
}

struct mask *mask_new(const struct plan *p)
{
    struct mask *m = xcalloc(1, sizeof *m);

    for (size_t i = 0; i < p->n_env; i++) {
        if (p->env[i].secret) {
            mask_add(m, p->env[i].value);
        }
    }
    for (size_t i = 0; i < p->n_lineups; i++) {
        for (size_t k = 0; k < p->lineups[i].n; k++) {
            mask_scenario(m, p, &p->lineups[i].list[k]);
        }
    }
    for (size_t i = 0; i < p->n_hidden; i++) {
        mask_escaped(m, p->hidden[i], ESCAPE_NONE);
    }
    return m;
}

void mask_free(struct mask **mp)
{
    struct mask *m = *mp;

    if (m == NULL) {
        return;
    }
    *mp = NULL;
    for (size_t i = 0; i < m->n; i++) {
        buf_clear(&m->forms[i]);
    }
    free(m->forms);
    free(m);
}

/* Bytes of the longest secret that begins here. */
static size_t mask_at(const struct mask *m, const char *s, size_t n)
{
    size_t best = 0;

    for (size_t i = 0; i < m->n; i++) {
        const struct buf *b = &m->forms[i];

        if (b->len > best && b->len <= n && memcmp(b->data, s, b->len) == 0) {
            best = b->len;
        }
    }
    return best;
}

void mask_text(const struct mask *m, struct buf *out, const char *s, size_t n)
{
    size_t i = 0;

    if (m->n == 0) {
        (void)buf_add(out, s, n);
        return;
    }
    while (i < n) {
        size_t hit = mask_at(m, s + i, n - i);

        if (hit > 0) {
            (void)buf_adds(out, "***");
            i += hit;
        } else {
            (void)buf_addc(out, s[i++]);
        }
    }
}

size_t mask_begins(const struct mask *m, const char *s, size_t n, size_t least,
                   bool cut)
{
    size_t longest = 0;

    for (size_t i = 0; i < m->n; i++) {
        const struct buf *b = &m->forms[i];
        size_t same = 0;

        while (same < n && same < b->len && b->data[same] == s[same]) {
            same++;
        }
        if (same > longest && (same >= least || (cut && same == n))) {
            longest = same;
        }
    }
    return longest;
}

void plan_mask(const struct plan *p, struct buf *out, const char *text,
               size_t n)
{
    struct mask *m = mask_new(p);

    mask_text(m, out, text, n);
    mask_free(&m);
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
