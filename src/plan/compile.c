/* SPDX-License-Identifier: MIT
 *
 * compile - texts with ${…} made into values. */
#include "config.h"

#include "plan/compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"

#define COMPILE_EXPR_MAX  256 /* bytes between ${ and } */
#define COMPILE_WORDS_MAX 256

static const char *const compile_builtins[] = {
    "vu", "iter", "uuid", "vu.uuid", "random", "timestamp", "data",
};

/* One ${…}, taken apart. */
struct compile_expr {
    char name[COMPILE_EXPR_MAX]; /* without ":number" */
    bool number;
};

void compile_init(struct compile *c, size_t max)
{
    memset(c, 0, sizeof *c);
    buf_init(&c->literal, max);
}

void compile_clear(struct compile *c)
{
    value_clear(&c->value);
    buf_clear(&c->literal);
}

void compile_literal(struct compile *c, const char *s)
{
    (void)buf_adds(&c->literal, s);
}

static struct value_part *compile_part(struct compile *c)
{
    struct value *v = &c->value;

    v->parts = xgrow(v->parts, v->n, &c->cap, sizeof *v->parts);
    memset(&v->parts[v->n], 0, sizeof v->parts[v->n]);
    return &v->parts[v->n++];
}

static void compile_flush(struct compile *c)
{
    struct value_part *p;

    if (c->literal.len == 0) {
        return;
    }
    p = compile_part(c);
    p->kind = VALUE_LITERAL;
    p->len = c->literal.len;
    p->text = xstrndup(c->literal.data, c->literal.len);
    buf_reset(&c->literal);
}

void compile_file(struct compile *c, unsigned index)
{
    struct value_part *p;

    compile_flush(c);
    p = compile_part(c);
    p->kind = VALUE_FILE;
    p->index = index;
}

bool compile_done(struct reader *r, struct compile *c, struct value *out)
{
    bool ok = !c->literal.cut;

    if (!ok) {
        reader_fail(r, "longer than %zu bytes", c->literal.max);
    }
    compile_flush(c);
    c->value.fixed = c->later == 0;
    *out = c->value;
    memset(&c->value, 0, sizeof c->value);
    buf_clear(&c->literal);
    return ok;
}

static const struct plan_env *compile_env(const struct plan *p,
                                          const char *name)
{
    for (size_t i = 0; i < p->n_env; i++) {
        if (strcmp(p->env[i].name, name) == 0) {
            return &p->env[i];
        }
    }
    return NULL;
}

bool compile_is_word(const char *s)
{
    if (*s == '\0' || (*s >= '0' && *s <= '9')) {
        return false;
    }
    for (; *s != '\0'; s++) {
        bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');

        if (!letter && *s != '_' && !(*s >= '0' && *s <= '9')) {
            return false;
        }
    }
    return true;
}

bool compile_name_ok(struct reader *r, const char *name)
{
    if (!compile_is_word(name)) {
        reader_fail_key(r, name,
                        "a name has letters, digits and _ only, and begins "
                        "with no digit");
        return false;
    }
    for (size_t i = 0; i < sizeof compile_builtins / sizeof compile_builtins[0];
         i++) {
        if (strcmp(name, compile_builtins[i]) == 0) {
            reader_fail_key(r, name,
                            "${%s} has a meaning of its own: take "
                            "another name",
                            name);
            return false;
        }
    }
    return true;
}

unsigned compile_var(struct reader *r, const char *name)
{
    struct plan *p = r->plan;
    size_t i = 0;

    while (i < p->n_vars && strcmp(p->vars[i], name) != 0) {
        i++;
    }
    if (i == p->n_vars) {
        p->vars = xgrow(p->vars, p->n_vars, &r->vars_cap, sizeof *p->vars);
        p->vars[p->n_vars++] = xstrdup(name);
        r->visible = xgrow(r->visible, r->n_visible, &r->visible_cap,
                           sizeof *r->visible);
        r->n_visible++;
    }
    r->visible[i] = true;
    return (unsigned)i;
}

/* What could have stood there, for "did you mean". */
static void compile_unknown(struct reader *r, const char *name)
{
    const char *words[COMPILE_WORDS_MAX];
    const struct plan *p = r->plan;
    char hint[256];
    size_t n = 0;

    for (size_t i = 0; i < p->n_env && n < COMPILE_WORDS_MAX; i++) {
        words[n++] = p->env[i].name;
    }
    for (size_t i = 0; i < p->n_vars && n < COMPILE_WORDS_MAX; i++) {
        if (r->visible[i]) {
            words[n++] = p->vars[i];
        }
    }
    for (size_t i = 0; i + 1 < sizeof compile_builtins / sizeof(char *) &&
                       n < COMPILE_WORDS_MAX;
         i++) {
        words[n++] = compile_builtins[i];
    }
    reader_fail(r,
                "${%s} has no value here: it is not in env, and no earlier "
                "step extracts it%s",
                name, reader_hint(hint, sizeof hint, name, words, n));
}

static bool compile_random(struct reader *r, const char *name,
                           struct value_part *p)
{
    char args[COMPILE_EXPR_MAX];
    char *comma, *hi;
    size_t len = strlen(name);

    (void)snprintf(args, sizeof args, "%s", name + strlen("random("));
    comma = strchr(args, ',');
    if (comma == NULL || name[len - 1] != ')') {
        reader_fail(r, "${%s}: expected ${random(1,100)}", name);
        return false;
    }
    args[strlen(args) - 1] = '\0';
    *comma = '\0';
    hi = comma + 1;
    while (*hi == ' ') {
        hi++;
    }
    if (!num_i64(args, INT64_MIN / 2, INT64_MAX / 2, &p->lo) ||
        !num_i64(hi, INT64_MIN / 2, INT64_MAX / 2, &p->hi) || p->lo > p->hi) {
        reader_fail(r, "${%s}: expected two whole numbers, the smaller first",
                    name);
        return false;
    }
    p->kind = VALUE_RANDOM;
    return true;
}

/* What is known at run time only. false: a mistake, reported. */
static bool compile_later(struct reader *r, const struct compile_expr *x,
                          struct value_part *p)
{
    static const struct {
        const char *name;
        enum value_kind kind;
    } plain[] = {
        {"vu", VALUE_VU},
        {"iter", VALUE_ITER},
        {"uuid", VALUE_UUID},
        {"vu.uuid", VALUE_VU_UUID},
        {"timestamp", VALUE_TIMESTAMP},
    };
    const struct plan *plan = r->plan;

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (strcmp(x->name, plain[i].name) == 0) {
            p->kind = plain[i].kind;
            if (x->number &&
                (p->kind == VALUE_UUID || p->kind == VALUE_VU_UUID)) {
                reader_fail(r, "${%s:number}: a UUID is no number", x->name);
                return false;
            }
            return true;
        }
    }
    if (strncmp(x->name, "random(", strlen("random(")) == 0) {
        return compile_random(r, x->name, p);
    }
    if (strncmp(x->name, "data.", strlen("data.")) == 0) {
        return compile_data(r, x->name + strlen("data."), p);
    }
    for (size_t i = 0; i < plan->n_vars; i++) {
        if (r->visible[i] && strcmp(plan->vars[i], x->name) == 0) {
            p->kind = VALUE_VAR;
            p->index = (uint32_t)i;
            return true;
        }
    }
    compile_unknown(r, x->name);
    return false;
}

static bool compile_expr(struct reader *r, struct compile *c,
                         const struct compile_expr *x, enum value_escape how)
{
    const struct plan_env *env = compile_env(r->plan, x->name);
    struct value_part part = {.escape = how, .number = x->number};

    if (env != NULL) {
        if (x->number && !value_is_number(env->value, strlen(env->value))) {
            reader_fail(r, "${%s:number}: '%.120s' is no number", x->name,
                        env->value);
            return false;
        }
        c->settled++;
        c->settled_text = c->settled_text || *env->value != '\0';
        value_escape(&c->literal, how, env->value, strlen(env->value));
        return true;
    }
    if (!compile_later(r, x, &part)) {
        return false;
    }
    c->later++;
    compile_flush(c);
    *compile_part(c) = part;
    return true;
}

/* Reads the ${…} that s begins with; *end points behind it. */
static bool compile_take(struct reader *r, const char *s, const char **end,
                         struct compile_expr *x)
{
    static const char number[] = ":number";
    const char *close = strchr(s, '}');
    size_t len = close == NULL ? 0 : (size_t)(close - s) - 2;
    size_t tail = sizeof number - 1;

    if (close == NULL) {
        reader_fail(r, "'${' without '}' (write $${ for the characters)");
        return false;
    }
    *end = close + 1;
    if (len == 0 || len >= sizeof x->name) {
        reader_fail(r, len == 0 ? "'${}' names nothing"
                                : "what stands in ${…} is too long");
        return false;
    }
    (void)snprintf(x->name, sizeof x->name, "%.*s", (int)len, s + 2);
    x->number = len > tail && strcmp(x->name + len - tail, number) == 0;
    if (x->number) {
        x->name[len - tail] = '\0';
    }
    return true;
}

bool compile_text(struct reader *r, struct compile *c, const char *text,
                  enum value_escape how)
{
    const char *s = text;
    struct compile_expr x;
    bool ok = true;

    while (*s != '\0') {
        size_t run = strcspn(s, "$");

        value_escape(&c->literal, how, s, run);
        s += run;
        if (strncmp(s, "$${", 3) == 0) {
            value_escape(&c->literal, how, "${", 2);
            s += 3;
        } else if (strncmp(s, "${", 2) == 0) {
            if (!compile_take(r, s, &s, &x)) {
                return false;
            }
            if (x.number) {
                reader_fail(r,
                            "${%s:number} must be the whole of a string in "
                            "a JSON body",
                            x.name);
                ok = false;
            } else {
                ok = compile_expr(r, c, &x, how) && ok;
            }
        } else if (*s == '$') {
            value_escape(&c->literal, how, s++, 1);
        }
    }
    return ok;
}

bool compile_url(struct reader *r, struct compile *c, const char *text)
{
    bool ok = compile_text(r, c, text, ESCAPE_NONE);

    for (size_t i = 0; i < c->value.n; i++) {
        struct value_part *p = &c->value.parts[i];

        if (p->kind != VALUE_LITERAL) {
            p->escape = i == 0 ? ESCAPE_LINE : ESCAPE_URL;
        }
    }
    return ok;
}

bool compile_json_string(struct reader *r, struct compile *c, const char *text)
{
    struct compile_expr x;
    const char *end;
    bool ok;

    if (strncmp(text, "${", 2) == 0) {
        const char *close = strchr(text, '}');

        if (close != NULL && close[1] == '\0') {
            if (!compile_take(r, text, &end, &x)) {
                return false;
            }
            if (x.number) {
                return compile_expr(r, c, &x, ESCAPE_NONE);
            }
        }
    }
    compile_literal(c, "\"");
    ok = compile_text(r, c, text, ESCAPE_JSON);
    compile_literal(c, "\"");
    return ok;
}

char *compile_settled(struct reader *r, const char *text)
{
    struct compile c;
    char *out = NULL;

    compile_init(&c, PLAN_BODY_MAX);
    if (compile_text(r, &c, text, ESCAPE_NONE)) {
        if (c.later > 0) {
            reader_fail(r,
                        "only env variables can stand here: the rest of "
                        "'%.120s' is known at run time only",
                        text);
        } else if (c.literal.cut) {
            reader_fail(r, "longer than %zu bytes", c.literal.max);
        } else {
            out = buf_take(&c.literal);
        }
    }
    compile_clear(&c);
    return out;
}
