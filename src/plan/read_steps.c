/* SPDX-License-Identifier: MIT
 *
 * read_steps - lists of steps, flattened into a flow's operations. */
#include "config.h"

#include "plan/read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

#define STEPS_EVERY_MAX    UINT64_C(1000000000)
#define STEPS_OPS_MAX      10000
#define STEPS_WEIGHT_MAX   UINT64_C(1000000)
#define STEPS_BRANCHES_MAX 1000

/* A flow being put together. */
struct steps {
    struct flow *flow;
    size_t cap;
    const char *group; /* "" or "::outer::inner"; borrowed */
    unsigned depth;    /* repeats around */
    uint64_t times;    /* they do it at most so often */
};

static struct flow_op *steps_op(struct reader *r, struct steps *s,
                                enum flow_op_kind kind)
{
    struct flow *f = s->flow;

    if (f->n >= STEPS_OPS_MAX) {
        reader_fail(r, "more than %d steps", STEPS_OPS_MAX);
        return NULL;
    }
    f->ops = xgrow(f->ops, f->n, &s->cap, sizeof *f->ops);
    memset(&f->ops[f->n], 0, sizeof f->ops[f->n]);
    f->ops[f->n].kind = kind;
    return &f->ops[f->n++];
}

static void steps_list(struct reader *r, const cJSON *v, struct steps *s);

static void steps_do(struct reader *r, const cJSON *v, struct steps *s)
{
    const cJSON *list = reader_get(v, "do");
    size_t mark;

    if (list == NULL) {
        reader_fail(r, "'do' is missing: the steps");
        return;
    }
    mark = reader_enter(r, "do");
    steps_list(r, list, s);
    reader_leave(r, mark);
}

static void steps_think(struct reader *r, const cJSON *v, struct steps *s)
{
    struct flow_op *op = steps_op(r, s, FLOW_THINK);
    const cJSON *think = reader_get(v, "think");
    size_t mark;

    (void)reader_object(r, v, KEY_THINK);
    if (op == NULL) {
        return;
    }
    mark = reader_enter(r, "think");
    if (!cJSON_IsObject(think)) {
        (void)reader_duration(r, think, 0, PLAN_DUR_MAX_US, &op->lo_us);
        op->hi_us = op->lo_us;
    } else if (reader_object(r, think, KEY_PAUSE)) {
        if (reader_get(think, "min") == NULL ||
            reader_get(think, "max") == NULL) {
            reader_fail(r, "expected both min and max");
        }
        (void)reader_m_duration(r, think, "min", 0, PLAN_DUR_MAX_US,
                                &op->lo_us);
        op->hi_us = op->lo_us;
        if (reader_m_duration(r, think, "max", 0, PLAN_DUR_MAX_US,
                              &op->hi_us) &&
            op->hi_us < op->lo_us) {
            reader_fail(r, "max is less than min");
            op->hi_us = op->lo_us;
        }
    }
    reader_leave(r, mark);
}

static void steps_every(struct reader *r, const cJSON *v, struct steps *s)
{
    struct flow_op *op = steps_op(r, s, FLOW_EVERY);
    size_t at = s->flow->n - 1;

    (void)reader_object(r, v, KEY_EVERY);
    if (op == NULL) {
        return;
    }
    op->n = 1;
    (void)reader_m_u64(r, v, "every", 1, STEPS_EVERY_MAX, &op->n);
    steps_do(r, v, s);
    s->flow->ops[at].target = s->flow->n;
}

/* One branch: its steps, and where they stand into its FLOW_BRANCH. */
static void steps_branch(struct reader *r, const cJSON *v, struct steps *s,
                         size_t at, uint64_t *sum)
{
    struct flow_op *op;
    uint64_t weight = 1;

    if (!reader_object(r, v, KEY_BRANCH)) {
        return;
    }
    (void)reader_m_u64(r, v, "weight", 1, STEPS_WEIGHT_MAX, &weight);
    *sum += weight;
    s->flow->ops[at].n = *sum;
    s->flow->ops[at].target = s->flow->n;
    steps_do(r, v, s);
    op = steps_op(r, s, FLOW_JUMP);
    if (op != NULL) {
        op->target = at; /* till the end is known */
    }
}

/* The jumps behind the branches first..last go behind all of them. */
static void steps_close(struct steps *s, size_t first, size_t last)
{
    for (size_t i = last + 1; i < s->flow->n; i++) {
        struct flow_op *op = &s->flow->ops[i];

        if (op->kind == FLOW_JUMP && op->target >= first &&
            op->target <= last) {
            op->target = s->flow->n;
        }
    }
}

static void steps_random(struct reader *r, const cJSON *v, struct steps *s)
{
    const cJSON *list = reader_get(v, "random"), *m;
    size_t at = s->flow->n, mark, i = 0, n;
    uint64_t sum = 0;

    (void)reader_object(r, v, KEY_RANDOM);
    mark = reader_enter(r, "random");
    if (reader_array(r, list, "branches", STEPS_BRANCHES_MAX) &&
        steps_op(r, s, FLOW_RANDOM) != NULL) {
        n = (size_t)cJSON_GetArraySize(list);
        while (i < n && steps_op(r, s, FLOW_BRANCH) != NULL) {
            i++;
        }
        n = i;
        i = 0;
        cJSON_ArrayForEach(m, list)
        {
            size_t inner = reader_enter_index(r, i++);

            if (i <= n) {
                steps_branch(r, m, s, at + i, &sum);
            }
            reader_leave(r, inner);
        }
        s->flow->ops[at].n = sum;
        steps_close(s, at + 1, at + n);
    }
    reader_leave(r, mark);
}

/* How often: a number, or {min, max}. */
static void steps_times(struct reader *r, const cJSON *v, struct flow_op *op)
{
    uint64_t lo = 1, hi;

    if (!cJSON_IsObject(v)) {
        if (reader_u64(r, v, 1, FLOW_TIMES_MAX, &lo)) {
            op->lo = op->hi = (uint32_t)lo;
        }
        return;
    }
    if (!reader_object(r, v, KEY_TIMES)) {
        return;
    }
    if (reader_get(v, "min") == NULL || reader_get(v, "max") == NULL) {
        reader_fail(r, "expected both min and max");
    }
    (void)reader_m_u64(r, v, "min", 0, FLOW_TIMES_MAX, &lo);
    hi = lo;
    if (reader_m_u64(r, v, "max", 1, FLOW_TIMES_MAX, &hi) && hi < lo) {
        reader_fail(r, "max is less than min");
    }
    op->lo = (uint32_t)lo;
    op->hi = (uint32_t)(hi > lo ? hi : lo);
}

/* The body of a repeat that may be done so often. */
static void steps_body(struct reader *r, const cJSON *v, struct steps *s,
                       uint64_t times)
{
    uint64_t outer = s->times;

    s->times = outer * times;
    if (s->depth >= FLOW_DEPTH_MAX) {
        reader_fail_key(r, "repeat", "more than %d repeats in each other",
                        FLOW_DEPTH_MAX);
    } else if (s->times > FLOW_TIMES_MAX) {
        reader_fail_key(r, "repeat",
                        "with those around it up to %" PRIu64
                        " times (at most %d)",
                        s->times, FLOW_TIMES_MAX);
    } else {
        s->depth++;
        steps_do(r, v, s);
        s->depth--;
    }
    s->times = outer;
}

static void steps_repeat(struct reader *r, const cJSON *v, struct steps *s)
{
    struct flow_op *op = steps_op(r, s, FLOW_REPEAT);
    size_t at = s->flow->n - 1, mark;

    (void)reader_object(r, v, KEY_REPEAT);
    if (op == NULL) {
        return;
    }
    op->lo = op->hi = 1;
    op->depth = s->depth;
    mark = reader_enter(r, "repeat");
    steps_times(r, reader_get(v, "repeat"), op);
    reader_leave(r, mark);
    steps_body(r, v, s, op->hi);
    op = steps_op(r, s, FLOW_AGAIN);
    if (op != NULL) {
        op->depth = s->depth;
        op->target = at + 1;
    }
    s->flow->ops[at].target = s->flow->n;
}

static void steps_group(struct reader *r, const cJSON *v, struct steps *s)
{
    const char *outer = s->group, *name = "";
    char *inner;

    (void)reader_object(r, v, KEY_GROUP);
    if (reader_m_name(r, v, "group", &name) && strstr(name, "::") != NULL) {
        reader_fail_member(r, "group", "a group's name has no '::'");
    }
    inner = xasprintf("%s::%s", outer, name);
    s->group = inner;
    steps_do(r, v, s);
    s->group = outer;
    free(inner);
}

static void steps_request(struct reader *r, const cJSON *v, struct steps *s)
{
    const struct request *q = read_request(r, v, s->group);
    struct flow_op *op;

    if (q != NULL) {
        op = steps_op(r, s, FLOW_REQUEST);
        if (op != NULL) {
            op->request = q;
        }
    }
}

typedef void steps_read_fn(struct reader *r, const cJSON *v, struct steps *s);

static const struct {
    const char *key;
    steps_read_fn *read; /* NULL: not supported yet */
} steps_kinds[] = {
    {"get", steps_request},     {"post", steps_request},
    {"put", steps_request},     {"patch", steps_request},
    {"delete", steps_request},  {"head", steps_request},
    {"options", steps_request}, {"think", steps_think},
    {"every", steps_every},     {"group", steps_group},
    {"random", steps_random},   {"repeat", steps_repeat},
    {"parallel", NULL},
};

static const size_t steps_n_kinds = sizeof steps_kinds / sizeof steps_kinds[0];

static void steps_one(struct reader *r, const cJSON *v, struct steps *s);

/* What is in a step whose kind is misspelt is looked at all the same, and its
 * name known, as if the key were the one that was meant. */
static void steps_as_meant(struct reader *r, const cJSON *v, struct steps *s,
                           const char *key, const char *meant)
{
    cJSON *copy, *m;

    for (size_t i = 0; i < steps_n_kinds; i++) {
        if (strcmp(steps_kinds[i].key, meant) == 0 &&
            steps_kinds[i].read == NULL) {
            return;
        }
    }
    copy = cJSON_Duplicate(v, true);
    m = cJSON_DetachItemFromObjectCaseSensitive(copy, key);
    if (m != NULL && cJSON_AddItemToObject(copy, meant, m)) {
        steps_one(r, copy, s);
    }
    cJSON_Delete(copy);
}

/* No key says what kind of step it is. */
static void steps_unknown(struct reader *r, const cJSON *v, struct steps *s)
{
    const char *words[sizeof steps_kinds / sizeof steps_kinds[0]];
    const cJSON *m;
    char hint[256];

    for (size_t i = 0; i < steps_n_kinds; i++) {
        words[i] = steps_kinds[i].key;
    }
    cJSON_ArrayForEach(m, v)
    {
        (void)reader_hint(hint, sizeof hint, m->string, words, steps_n_kinds);
        if (*hint != '\0') {
            reader_fail_key(r, m->string, "not a step%s", hint);
            steps_as_meant(r, v, s, m->string,
                           text_nearest(m->string, words, steps_n_kinds));
            return;
        }
    }
    reader_fail(r, "not a step: expected one of get, post, put, patch, delete, "
                   "head, options, think, every, group, random, repeat");
}

static void steps_one(struct reader *r, const cJSON *v, struct steps *s)
{
    steps_read_fn *read = NULL;
    const char *kind = NULL;

    if (!cJSON_IsObject(v)) {
        reader_fail(r, "expected a step as an object, not %s", reader_kind(v));
        return;
    }
    for (size_t i = 0; i < steps_n_kinds; i++) {
        const char *key = steps_kinds[i].key;

        if (reader_get(v, key) == NULL) {
            continue;
        }
        if (steps_kinds[i].read == NULL) {
            reader_fail_key(r, key, "not supported yet: %s",
                            key_find(KEY_LATER_STEP, key)->help);
            return;
        }
        if (kind != NULL && read != steps_kinds[i].read) {
            reader_fail_key(r, key, "one step, two kinds: it is a %s already",
                            kind);
            return;
        }
        kind = kind == NULL ? key : kind;
        read = steps_kinds[i].read;
    }
    if (read == NULL) {
        steps_unknown(r, v, s);
    } else {
        read(r, v, s);
    }
}

/* Recursion is bounded by JSON_DEPTH_MAX, which the text was read with. */
static void steps_list(struct reader *r, const cJSON *v, struct steps *s)
{
    const cJSON *m;
    size_t i = 0;

    if (!reader_array(r, v, "steps", STEPS_OPS_MAX)) {
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark = reader_enter_index(r, i++);

        steps_one(r, m, s);
        reader_leave(r, mark);
    }
}

static void steps_use(struct flow *flow, size_t data)
{
    for (size_t i = 0; i < flow->n_data; i++) {
        if (flow->data[i] == data) {
            return;
        }
    }
    flow->data =
        xreallocarray(flow->data, flow->n_data + 1, sizeof *flow->data);
    flow->data[flow->n_data++] = (uint32_t)data;
}

void read_default_data(struct reader *r, struct flow *flow)
{
    for (size_t i = 0; i < r->plan->n_data; i++) {
        if (r->default_uses[i]) {
            steps_use(flow, i);
        }
    }
}

void read_steps(struct reader *r, const cJSON *v, const char *name,
                struct flow *flow)
{
    size_t n_data = r->plan->n_data;
    struct steps s = {.flow = flow, .group = "", .times = 1};

    /* k6's groups of its own for what is done once. */
    if (strcmp(name, "setup") == 0) {
        s.group = "::setup";
    } else if (strcmp(name, "vu_setup") == 0) {
        s.group = "::vu_setup";
    } else if (strcmp(name, "teardown") == 0) {
        s.group = "::teardown";
    }
    flow->name = xstrdup(name);
    if (n_data > 0) {
        memset(r->uses, 0, n_data * sizeof *r->uses);
    }
    steps_list(r, v, &s);
    for (size_t i = 0; i < n_data; i++) {
        if (r->uses[i]) {
            steps_use(flow, i);
        }
    }
    read_default_data(r, flow);
}
