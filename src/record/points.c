/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/points_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "plan/plan.h"
#include "plan/table.h"

#define POINTS_URL_MAX 4096

static const char *const point_names[] = {
    [POINT_CHECK] = "check",   [POINT_ERROR] = "error",
    [POINT_GROUP] = "group",   [POINT_EXPECTED_RESPONSE] = "expected_response",
    [POINT_METHOD] = "method", [POINT_NAME] = "name",
    [POINT_STATUS] = "status", [POINT_SCENARIO] = "scenario",
    [POINT_URL] = "url",
};
_Static_assert(sizeof point_names / sizeof point_names[0] == POINT_TAGS,
               "a name for each tag");

const char *point_tag_name(enum point_tag t)
{
    return point_names[t];
}

void point_tags(const struct point *p, point_tag_fn *fn, void *ctx)
{
    size_t own = 0;
    int i;

    for (i = 0; i < POINT_TAGS; i++) {
        while (own < p->n_own && strcmp(p->own[own].name, point_names[i]) < 0) {
            fn(ctx, p->own[own].name, p->own[own].value);
            own++;
        }
        if (p->tags[i] != NULL) {
            fn(ctx, point_names[i], p->tags[i]);
        }
    }
    for (; own < p->n_own; own++) {
        fn(ctx, p->own[own].name, p->own[own].value);
    }
}

static int points_by_name(const void *a, const void *b)
{
    return strcmp(((const struct tag *)a)->name, ((const struct tag *)b)->name);
}

/* Those of more that are not there by name. */
static void points_own_add(struct points_own *own, const struct tag *more,
                           size_t n)
{
    size_t i;

    own->list = xreallocarray(own->list, own->n + n + 1, sizeof *own->list);
    for (i = 0; i < n; i++) {
        if (more[i].value[0] != '\0' &&
            tags_value(own->list, own->n, more[i].name) == NULL) {
            own->list[own->n++] = more[i];
        }
    }
    if (own->n > 0) {
        qsort(own->list, own->n, sizeof *own->list, points_by_name);
    }
}

static void points_url_part(struct buf *out, const struct plan *plan,
                            const struct value_part *v)
{
    switch (v->kind) {
    case VALUE_LITERAL:
        buf_add(out, v->text, v->len);
        return;
    case VALUE_DATA:
        buf_addf(out, "${data.%s}", plan->data[v->index].name);
        return;
    case VALUE_COLUMN:
        buf_addf(out, "${data.%s.%s}", plan->data[v->index].name,
                 table_name(plan->data[v->index].table, v->column));
        return;
    case VALUE_VU:
        buf_adds(out, "${vu}");
        return;
    case VALUE_ITER:
        buf_adds(out, "${iter}");
        return;
    case VALUE_UUID:
        buf_adds(out, "${uuid}");
        return;
    case VALUE_VU_UUID:
        buf_adds(out, "${vu.uuid}");
        return;
    case VALUE_RANDOM:
        buf_addf(out, "${random(%lld,%lld)}", (long long)v->lo,
                 (long long)v->hi);
        return;
    case VALUE_TIMESTAMP:
        buf_adds(out, "${timestamp}");
        return;
    case VALUE_VAR:
        buf_addf(out, "${%s}", plan->vars[v->index]);
        return;
    case VALUE_FILE:
        break; /* not in a URL */
    }
    MUST(!"a URL is made of one of these");
}

/* Who asks is nobody's business, as in k6. */
static void points_url_safe(struct buf *out, const char *url)
{
    const char *at = strstr(url, "://"), *user = NULL;
    size_t n, i;

    at = at != NULL ? at + strlen("://") : url;
    n = at == url ? 0 : strcspn(at, "/?#");
    for (i = 0; i < n; i++) {
        user = at[i] == '@' ? at + i : user;
    }
    if (user != NULL) {
        buf_add(out, url, (size_t)(at - url));
        buf_adds(out, "****:****");
        url = user;
    }
    buf_adds(out, url);
}

/* Owned by the caller. */
static char *points_url(const struct plan *plan, const struct value *url)
{
    struct buf text, safe, masked;
    size_t i;

    buf_init(&text, POINTS_URL_MAX);
    buf_init(&safe, POINTS_URL_MAX + 16);
    buf_init(&masked, 4 * POINTS_URL_MAX);
    for (i = 0; i < url->n; i++) {
        points_url_part(&text, plan, &url->parts[i]);
    }
    points_url_safe(&safe, buf_str(&text));
    plan_mask(plan, &masked, buf_str(&safe), safe.len);
    buf_clear(&text);
    buf_clear(&safe);
    return buf_take(&masked);
}

static int points_compare_own(const struct points_own *a,
                              const struct points_own *b)
{
    size_t i;
    int c;

    for (i = 0; i < a->n && i < b->n; i++) {
        c = strcmp(a->list[i].name, b->list[i].name);
        c = c != 0 ? c : strcmp(a->list[i].value, b->list[i].value);
        if (c != 0) {
            return c;
        }
    }
    return a->n < b->n ? -1 : a->n > b->n;
}

static int points_compare(const struct points_request *x,
                          const struct points_request *y)
{
    const char *a = x->scenario != NULL ? x->scenario : "";
    const char *b = y->scenario != NULL ? y->scenario : "";
    int c = strcmp(x->request->name, y->request->name);

    c = c != 0 ? c : strcmp(x->request->method, y->request->method);
    c = c != 0 ? c : strcmp(x->request->group, y->request->group);
    c = c != 0 ? c : strcmp(a, b);
    return c != 0 ? c : points_compare_own(&x->own, &y->own);
}

/* With the URL; those that are the same in the plan's order. */
static int points_order(const void *a, const void *b)
{
    const struct points_request *x = *(struct points_request *const *)a;
    const struct points_request *y = *(struct points_request *const *)b;
    int c = points_compare(x, y);

    c = c != 0 ? c : strcmp(x->url, y->url);
    return c != 0 ? c : x < y ? -1 : x > y;
}

/* Requests whose samples cannot be told apart are one: no receiver takes the
 * same set of tags twice at a time. */
static void points_alike(struct points *p)
{
    size_t n = p->info->plan->n_requests, i;
    struct points_request **list = xcalloc(n + 1, sizeof *list);

    for (i = 0; i < n; i++) {
        list[i] = &p->requests[i];
    }
    if (n > 0) {
        qsort(list, n, sizeof *list, points_order);
    }
    for (i = 0; i < n; i++) {
        unsigned self = (unsigned)(list[i] - p->requests);
        bool like = i > 0 && points_compare(list[i - 1], list[i]) == 0;
        bool url = like && strcmp(list[i - 1]->url, list[i]->url) == 0;

        list[i]->like = like ? list[i - 1]->like : self;
        list[i]->like_url = url ? list[i - 1]->like_url : self;
    }
    free(list);
}

static void points_checks_alike(struct points *p)
{
    const struct plan *plan = p->info->plan;
    unsigned i, k;

    p->checks_like = xcalloc(plan->n_checks + 1, sizeof *p->checks_like);
    for (i = 0; i < plan->n_checks; i++) {
        for (k = 0;
             strcmp(plan->checks[k]->name, plan->checks[i]->name) != 0;) {
            k++;
        }
        p->checks_like[i] = k;
    }
}

static void points_requests(struct points *p)
{
    const struct plan *plan = p->info->plan;
    const struct lineup *lineup = p->info->lineup;
    size_t i, k;

    p->requests = xcalloc(plan->n_requests + 1, sizeof *p->requests);
    p->checks = xcalloc(plan_check_rows(plan) + 1, sizeof *p->checks);
    for (i = 0; i < plan->n_requests; i++) {
        const struct request *r = plan->requests[i];
        struct points_request *x = &p->requests[i];

        x->request = r;
        x->scenario = plan_aside(plan, r) || r->scenario >= lineup->n
                          ? NULL
                          : lineup->list[r->scenario].name;
        x->url = points_url(plan, &r->url);
        points_own_add(&x->own, r->tags, r->n_tags);
        for (k = 0; k < r->n_checks && plan_runs(plan, lineup, r); k++) {
            p->checks[plan_check_row(plan, r->scenario, r->checks[k].index)] =
                (unsigned)i;
        }
    }
    points_alike(p);
}

struct points *points_new(const struct run_info *info)
{
    struct points *p = xcalloc(1, sizeof *p);
    size_t i;

    p->info = info;
    for (i = 0; i < info->lineup->n; i++) {
        const struct scenario *s = &info->lineup->list[i];

        points_own_add(&p->scenarios[i], s->tags, s->n_tags);
        points_own_add(&p->scenarios[i], info->plan->tags, info->plan->n_tags);
    }
    points_requests(p);
    points_checks_alike(p);
    return p;
}

void points_free(struct points **pp)
{
    struct points *p = *pp;
    size_t i;

    if (p == NULL) {
        return;
    }
    for (i = 0; i < p->info->plan->n_requests; i++) {
        free(p->requests[i].url);
        free(p->requests[i].own.list);
    }
    for (i = 0; i < LINEUP_MAX; i++) {
        free(p->scenarios[i].list);
    }
    free(p->requests);
    free(p->checks);
    free(p->checks_like);
    free(p);
    *pp = NULL;
}

static const char *points_text(const char *s)
{
    return s != NULL && s[0] != '\0' ? s : NULL;
}

static void points_own(struct point *x, const struct points_own *own)
{
    memset(x->tags, 0, sizeof x->tags);
    x->own = own->list;
    x->n_own = own->n;
}

void points_plain(const struct points *p, unsigned request, struct point *x)
{
    const struct points_request *r = &p->requests[request];

    points_own(x, &r->own);
    x->tags[POINT_GROUP] = points_text(r->request->group);
    x->tags[POINT_METHOD] = r->request->method;
    x->tags[POINT_NAME] = points_text(r->request->name);
    x->tags[POINT_SCENARIO] = points_text(r->scenario);
}

void points_check(const struct points *p, unsigned scenario, unsigned check,
                  struct point *x)
{
    const struct plan *plan = p->info->plan;

    points_plain(p, p->checks[plan_check_row(plan, scenario, check)], x);
    x->tags[POINT_CHECK] = points_text(plan->checks[check]->name);
}

void points_scenario(const struct points *p, unsigned scenario, struct point *x)
{
    points_own(x, &p->scenarios[scenario]);
    x->tags[POINT_SCENARIO] = points_text(p->info->lineup->list[scenario].name);
}

void points_request(const struct points *p, const struct point_end *end,
                    struct point *x, char *status)
{
    points_plain(p, end->request, x);
    x->tags[POINT_URL] = points_text(p->requests[end->request].url);
    x->tags[POINT_ERROR] = points_text(failure_name(end->failure));
    x->tags[POINT_EXPECTED_RESPONSE] = end->failed ? "false" : "true";
    x->tags[POINT_STATUS] = status;
    if (end->status == STATUS_OTHER) {
        snprintf(status, POINT_STATUS_TEXT, "other");
    } else {
        snprintf(status, POINT_STATUS_TEXT, "%u", end->status);
    }
}
