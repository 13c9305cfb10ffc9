/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/model.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"

/* Longer text than this is no --model of anyone's. */
#define MODEL_TEXT_MAX 4096

enum model_type { MODEL_WHOLE, MODEL_REAL, MODEL_SPAN };

struct model_row {
    enum model_type type;
    size_t at; /* offset of the member */
    uint64_t low;
    uint64_t high;   /* of WHOLE */
    double real_low; /* of REAL and SPAN */
    double real_high;
};

static const struct target_key model_keys[] = {
#define MODEL_RANGE_WHOLE(low, high) #low "-" #high
#define MODEL_RANGE_REAL(low, high)  #low "-" #high
#define MODEL_RANGE_SPAN(low, high)  "FROM-TO or FROM"
#define MODEL(key, type, low, high, def, unit, help)                           \
    {#key, MODEL_RANGE_##type(low, high), def, unit, help},
#include "target/model.def"
#undef MODEL
};

static const struct model_row model_rows[] = {
#define MODEL(key, type, low, high, def, unit, help)                           \
    {MODEL_##type,    offsetof(struct target_model, key),                      \
     (uint64_t)(low), (uint64_t)(high),                                        \
     (double)(low),   (double)(high)},
#include "target/model.def"
#undef MODEL
};

#define MODEL_N (sizeof model_keys / sizeof model_keys[0])
static_assert(MODEL_N == sizeof model_rows / sizeof model_rows[0], "rows");
static_assert(MODEL_N <= 64, "the keys seen are bits of one word");

static bool model_real(const char *s, const struct model_row *row, double *v)
{
    double d;

    if (!num_double(s, &d) || d < row->real_low || d > row->real_high) {
        return false;
    }
    *v = d;
    return true;
}

/* "FROM-TO", or "FROM" for no end; a lone 0 is never. */
static bool model_span(char *s, const struct model_row *row,
                       struct target_span *v)
{
    struct target_span span = {0, HUGE_VAL};
    char *dash = strchr(s, '-');

    if (dash != NULL) {
        *dash = '\0';
    }
    if (!model_real(s, row, &span.from_s)) {
        return false;
    }
    if (dash == NULL) {
        span.to_s = span.from_s > 0 ? HUGE_VAL : 0;
    } else if (!model_real(dash + 1, row, &span.to_s) ||
               span.to_s <= span.from_s) {
        return false;
    }
    *v = span;
    return true;
}

/* value is changed on the way. */
static bool model_set(struct target_model *m, size_t i, char *value)
{
    const struct model_row *row = &model_rows[i];
    char *member = (char *)m + row->at;
    bool ok = false;

    switch (row->type) {
    case MODEL_WHOLE:
        ok = num_u64(value, row->low, row->high, (uint64_t *)(void *)member);
        break;
    case MODEL_REAL:
        ok = model_real(value, row, (double *)(void *)member);
        break;
    case MODEL_SPAN:
        ok = model_span(value, row, (struct target_span *)(void *)member);
        break;
    }
    return ok;
}

static char *model_trim(char *s)
{
    size_t n;

    s += strspn(s, " \t");
    n = strlen(s);
    while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t')) {
        s[--n] = '\0';
    }
    return s;
}

static void model_unknown(const char *key, struct err *e)
{
    const char *words[MODEL_N];
    const char *near;
    char safe[64];

    for (size_t i = 0; i < MODEL_N; i++) {
        words[i] = model_keys[i].key;
    }
    near = text_nearest(key, words, MODEL_N);
    text_safe(safe, sizeof safe, key);
    if (near != NULL) {
        err_set_at(e, ERR_SYNTAX, "--model", 0, 0,
                   "no key '%s' (did you mean '%s'?)", safe, near);
    } else {
        err_set_at(e, ERR_SYNTAX, "--model", 0, 0,
                   "no key '%s' (brunt target --help lists them)", safe);
    }
}

static bool model_find(const char *key, size_t *i, struct err *e)
{
    for (*i = 0; *i < MODEL_N; (*i)++) {
        if (strcmp(key, model_keys[*i].key) == 0) {
            return true;
        }
    }
    model_unknown(key, e);
    return false;
}

/* One "K=V"; pair is changed on the way. */
static bool model_pair(struct target_model *m, char *pair, uint64_t *seen,
                       struct err *e)
{
    char *eq = strchr(pair, '=');
    char *key;
    char *value;
    char shown[64];
    size_t i;

    if (eq == NULL) {
        err_set_at(e, ERR_SYNTAX, "--model", 0, 0, "'%s' is not KEY=VALUE",
                   text_safe(shown, sizeof shown, pair));
        return false;
    }
    *eq = '\0';
    key = model_trim(pair);
    value = model_trim(eq + 1);
    text_safe(shown, sizeof shown, value);
    if (!model_find(key, &i, e)) {
        return false;
    }
    if ((*seen >> i & 1) != 0) {
        err_set_at(e, ERR_SYNTAX, "--model", 0, 0, "%s stands there twice",
                   model_keys[i].key);
        return false;
    }
    *seen |= UINT64_C(1) << i;
    if (!model_set(m, i, value)) {
        err_set_at(e, ERR_RANGE, "--model", 0, 0,
                   "%s: '%s' is not allowed (%s%s%s)", model_keys[i].key, shown,
                   model_keys[i].range, *model_keys[i].unit != '\0' ? " " : "",
                   model_keys[i].unit);
        return false;
    }
    return true;
}

const struct target_key *target_keys(size_t *n)
{
    *n = MODEL_N;
    return model_keys;
}

void target_model_init(struct target_model *m)
{
    for (size_t i = 0; i < MODEL_N; i++) {
        char def[32];
        size_t n = strlen(model_keys[i].def);

        MUST(n < sizeof def);
        memcpy(def, model_keys[i].def, n + 1);
        if (!model_set(m, i, def)) {
            MUST(false); /* a default that its own row does not allow */
        }
    }
}

bool target_model_parse(struct target_model *m, const char *text, struct err *e)
{
    struct target_model next = *m;
    uint64_t seen = 0;
    char *copy;
    char *pair;
    char *rest;
    bool ok = true;

    if (strlen(text) > MODEL_TEXT_MAX) {
        err_set_at(e, ERR_LIMIT, "--model", 0, 0, "longer than %d bytes",
                   MODEL_TEXT_MAX);
        return false;
    }
    copy = xstrdup(text);
    rest = *model_trim(copy) == '\0' ? NULL : copy;
    while (ok && rest != NULL) {
        pair = rest;
        rest = strchr(pair, ',');
        if (rest != NULL) {
            *rest++ = '\0';
        }
        ok = model_pair(&next, pair, &seen, e);
    }
    free(copy);
    if (ok) {
        *m = next;
    }
    return ok;
}
