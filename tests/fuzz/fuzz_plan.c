/* SPDX-License-Identifier: MIT
 *
 * A text makes a plan or mistakes, never both and never neither; mistakes stand
 * in order, each a line that no terminal is steered by. Most changed bytes are
 * no JSON any more, so a text that is JSON is tried again with one part of it
 * in the place of another. */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/must.h"
#include "base/rng.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "plan/curve.h"
#include "plan/plan.h"

#define FUZZ_SWAPS 4

static void use_curve(const struct scenario *s)
{
    struct curve c;
    uint64_t t = 0;
    char label[64];

    curve_init(&c, s, 0.37);
    for (int i = 0; i < 100 && t != UINT64_MAX; i++) {
        MUST(curve_at(&c, t) <= c.peak);
        MUST(curve_stage_at(&c, t) < c.n);
        t = curve_next_change(&c, t);
    }
    (void)curve_stage_label(&c, c.n - 1, true, label, sizeof label);
    curve_clear(&c);
}

static void use_flow(const struct plan *p, const struct flow *f)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct flow_op *op = &f->ops[i];

        MUST(op->kind != FLOW_EVERY ||
             (op->n >= 1 && op->target > i && op->target <= f->n));
        MUST(op->kind != FLOW_THINK || op->lo_us <= op->hi_us);
        MUST(op->kind != FLOW_REQUEST ||
             op->request == p->requests[op->request->index]);
    }
}

static void use_value(const struct plan *p, const struct value *v)
{
    for (size_t i = 0; i < v->n; i++) {
        const struct value_part *part = &v->parts[i];

        MUST(part->kind != VALUE_LITERAL || part->len == strlen(part->text));
        MUST(part->kind != VALUE_DATA || part->index < p->n_data);
        MUST(part->kind != VALUE_COLUMN || p->data[part->index].table != NULL);
        MUST(part->kind != VALUE_VAR || part->index < p->n_vars);
        MUST(part->kind != VALUE_RANDOM || part->lo <= part->hi);
        MUST(part->kind != VALUE_FILE || part->index < p->n_files);
        MUST(!v->fixed || part->kind == VALUE_LITERAL ||
             part->kind == VALUE_FILE);
    }
}

static void use(const struct plan *p)
{
    struct err e = ERR_INIT;
    char buf[64];

    for (size_t i = 0; i < p->n_lineups; i++) {
        const struct lineup *l = &p->lineups[i];

        MUST(l->n >= 1 && l->n <= LINEUP_MAX);
        for (size_t k = 0; k < l->n; k++) {
            MUST(l->list[k].index == k);
            MUST(l->list[k].flow < p->n_flows);
            use_curve(&l->list[k]);
        }
    }
    for (size_t i = 0; i < p->n_flows; i++) {
        use_flow(p, &p->flows[i]);
    }
    use_flow(p, &p->setup);
    use_flow(p, &p->teardown);
    use_flow(p, &p->vu_setup);
    for (size_t i = 0; i < p->n_requests; i++) {
        use_value(p, &p->requests[i]->url);
        use_value(p, &p->requests[i]->body);
        MUST(p->requests[i]->name_index < p->n_names);
        for (size_t k = 0; k < p->requests[i]->n_headers; k++) {
            MUST(p->requests[i]->headers[k].value.n > 0);
            use_value(p, &p->requests[i]->headers[k].value);
        }
    }
    for (size_t i = 0; i < p->n_thresholds; i++) {
        MUST(p->thresholds[i].selector.metric < METRIC_COUNT + p->n_metrics);
    }
    (void)plan_host(p, buf, sizeof buf);
    (void)plan_target(p, buf, sizeof buf);
    MUST(plan_choose(p, NULL, &e) != NULL || e.code != ERR_NONE);
}

static void parse(const char *text, size_t n)
{
    struct plan_input in = {.file = "fuzz"};
    struct plan_errors errors = {.n = 0};
    struct plan *p = plan_parse(text, n, &in, &errors);

    MUST((p == NULL) == (errors.n > 0));
    for (size_t i = 0; i < errors.n; i++) {
        char safe[sizeof errors.list[i].text];

        MUST(errors.list[i].code != ERR_NONE);
        MUST(errors.list[i].text[0] != '\0');
        MUST(strcmp(text_safe(safe, sizeof safe, errors.list[i].text),
                    errors.list[i].text) == 0);
        MUST(i == 0 || errors.list[i].line == 0 ||
             strcmp(errors.list[i].where, errors.list[i - 1].where) != 0 ||
             errors.list[i].line >= errors.list[i - 1].line);
    }
    if (p != NULL) {
        use(p);
    }
    plan_free(&p);
    plan_errors_clear(&errors);
}

/* Nodes of the tree below v, v not counted. */
static size_t count(const cJSON *v)
{
    const cJSON *m;
    size_t n = 0;

    cJSON_ArrayForEach(m, v)
    {
        n += 1 + count(m);
    }
    return n;
}

/* The i-th of them, in the order of the text, and what holds it. */
static cJSON *node(cJSON *v, size_t *i, cJSON **holder)
{
    cJSON *m, *found;

    cJSON_ArrayForEach(m, v)
    {
        if ((*i)-- == 0) {
            *holder = v;
            return m;
        }
        found = node(m, i, holder);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static void swap(cJSON *doc, struct rng *r)
{
    size_t n = count(doc), from, to;
    cJSON *holder, *what, *place;
    char *name;

    if (n < 2) {
        return;
    }
    from = rng_range(r, 0, n - 1);
    to = rng_range(r, 0, n - 1);
    what = cJSON_Duplicate(node(doc, &from, &holder), true);
    place = node(doc, &to, &holder);
    if (cJSON_IsArray(holder)) {
        (void)cJSON_ReplaceItemViaPointer(holder, place, what);
    } else {
        name = xstrdup(place->string);
        (void)cJSON_ReplaceItemInObjectCaseSensitive(holder, name, what);
        free(name);
    }
}

int fuzz_one(const uint8_t *data, size_t n)
{
    struct err e = ERR_INIT;
    cJSON *doc;
    struct rng r;
    char *text;

    parse((const char *)data, n);
    doc = json_parse((const char *)data, n, "fuzz", &e);
    if (doc == NULL) {
        return 0;
    }
    rng_seed(&r, n, n == 0 ? 0 : data[n / 2]);
    for (int i = 0; i < FUZZ_SWAPS; i++) {
        swap(doc, &r);
        text = cJSON_PrintUnformatted(doc);
        if (text != NULL) {
            parse(text, strlen(text));
        }
        cJSON_free(text);
    }
    cJSON_Delete(doc);
    return 0;
}
