/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/hunt_ground.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Whatever the load is, these do not come of it. A reset or a time-out may. */
static bool ground_unreached(enum failure f)
{
    return f == FAILURE_REFUSED || f == FAILURE_DNS || f == FAILURE_TLS ||
           f == FAILURE_CONNECT || f == FAILURE_PROTOCOL ||
           f == FAILURE_UNRESOLVED;
}

/* Nor do these, of requests that never succeeded, in a service that answers: it
 * does not want what it is sent. 408 and 429 are words for too much. */
static bool ground_plain(const struct delta_series *x)
{
    return (x->failure == FAILURE_HTTP_4XX && x->status != 408) ||
           x->failure == FAILURE_STATUS || x->failure == FAILURE_REDIRECTS ||
           x->failure == FAILURE_ENCODING || x->failure == FAILURE_TOO_LARGE ||
           x->failure == FAILURE_UNRESOLVED;
}

void hunt_ground_init(struct hunt_ground *g, const struct plan *plan,
                      double allowed)
{
    memset(g, 0, sizeof *g);
    g->plan = plan;
    g->allowed = allowed;
}

/* The tick is one of the lowest load that there is. */
static bool ground_is_lowest(const struct tick *t)
{
    return t->scenarios[0].wanted <= 1 && t->draining == 0;
}

static void ground_request(struct ground_request *r,
                           const struct delta_series *x)
{
    r->count += x->count;
    if (x->failed == 0) {
        return;
    }
    if (r->failed == 0) {
        r->kind = x->failure;
        r->status = x->status;
    }
    r->failed += x->failed;
    r->plain += ground_plain(x) ? x->failed : 0;
    r->same += x->failure == r->kind && x->status == r->status ? x->failed : 0;
}

/* The first line of a response's body, if that is for people. */
static void ground_said(const char *text, char *buf, size_t size)
{
    const char *body = strstr(text, "\n\n");
    char line[4 * HUNT_SAID_MAX];

    buf[0] = '\0';
    if (body == NULL) {
        return;
    }
    body += strspn(body, "\n \t");
    if (body[0] != '<') { /* no markup */
        snprintf(line, sizeof line, "%.*s", (int)strcspn(body, "\n"), body);
        text_brief(buf, size, line);
    }
}

/* Why a check failed: without its name, which is told before it. */
static void ground_why(const struct hunt_ground *g,
                       const struct failure_sample *s, char *buf, size_t size)
{
    const char *why = s->message;
    char name[sizeof s->message];

    if (g->plan != NULL && s->check < g->plan->n_checks) {
        text_safe(name, sizeof name, g->plan->checks[s->check]->name);
        if (strncmp(why, name, strlen(name)) == 0 &&
            strncmp(why + strlen(name), ": ", 2) == 0) {
            why += strlen(name) + 2;
        }
    }
    text_brief(buf, size, why);
}

static void ground_samples(struct hunt_ground *g, const struct delta *d)
{
    size_t i;

    for (i = 0; i < d->n_failures; i++) {
        const struct failure_sample *s = &d->failures[i];
        bool check = s->kind == FAILURE_CHECK;
        size_t at = check ? s->check : s->request;
        char *said;

        if (at >= HUNT_GROUND_MAX) {
            continue;
        }
        said = check ? g->checks[at].said : g->requests[at].said;
        if (said[0] == '\0' && check) {
            ground_why(g, s, said, HUNT_SAID_MAX);
        } else if (said[0] == '\0') {
            ground_said(s->text, said, HUNT_SAID_MAX);
        }
    }
}

static void ground_count(struct hunt_ground *g, const struct tick *t)
{
    const struct delta *d = t->delta;
    size_t i;

    for (i = 0; i < d->n_series; i++) {
        const struct delta_series *x = &d->series[i];

        g->answered = g->answered || (x->count > 0 && x->status != 0);
        g->succeeded = g->succeeded || x->count > x->failed;
        g->all += x->count;
        g->lowest += x->count;
        g->loaded += ground_plain(x) ? 0 : x->failed;
        g->failed[x->failure] += g->answered ? 0 : x->count;
        if (x->request < HUNT_GROUND_MAX) {
            ground_request(&g->requests[x->request], x);
        }
    }
    for (i = 0; i < d->n_checks; i++) {
        if (d->checks[i].check < HUNT_GROUND_MAX) {
            g->checks[d->checks[i].check].passes += d->checks[i].passes;
            g->checks[d->checks[i].check].fails += d->checks[i].fails;
        }
    }
    ground_samples(g, d);
}

static void ground_clocks(struct hunt_ground *g, const struct tick *t)
{
    size_t i;

    g->since_us += g->all > 0 ? t->active_us : 0;
    if (ground_is_lowest(t)) {
        g->lowest_us += g->lowest > 0 ? t->active_us : 0;
    } else {
        g->lowest_us = g->lowest = 0;
    }
    for (i = 0; i < HUNT_GROUND_MAX; i++) {
        struct ground_request *r = &g->requests[i];
        struct ground_check *c = &g->checks[i];

        r->since_us += r->count > 0 ? t->active_us : 0;
        c->since_us += c->passes + c->fails > 0 ? t->active_us : 0;
    }
}

static bool ground_silent(const struct hunt_ground *g)
{
    uint64_t unreached = 0;
    size_t i;

    for (i = 0; i < FAILURE_COUNT; i++) {
        unreached += ground_unreached((enum failure)i) ? g->failed[i] : 0;
    }
    return !g->answered && g->since_us >= HUNT_GROUND_US &&
           unreached >= HUNT_GROUND_REQUESTS && unreached == g->all;
}

/* Requests that never succeed are more than may fail. */
static bool ground_refused(const struct hunt_ground *g)
{
    uint64_t n = 0;
    size_t i;

    for (i = 0; i < HUNT_GROUND_MAX; i++) {
        const struct ground_request *r = &g->requests[i];

        if (r->since_us >= HUNT_GROUND_US && r->count == r->plain &&
            r->count >= HUNT_GROUND_REQUESTS) {
            n += r->count;
        }
    }
    return n > 0 && (double)n > g->allowed * (double)g->all;
}

/* The requests that a check is of, by its number; NULL: not known. */
static const struct ground_request *ground_of(const struct hunt_ground *g,
                                              size_t check)
{
    size_t i;

    if (g->plan == NULL || check >= g->plan->n_checks) {
        return NULL;
    }
    for (i = 0; i < g->plan->n_requests && i < HUNT_GROUND_MAX; i++) {
        const struct request *r = g->plan->requests[i];

        if (r->n_checks > 0 && check >= r->checks[0].index &&
            check < r->checks[0].index + r->n_checks) {
            return &g->requests[i];
        }
    }
    return NULL;
}

/* A check that never passed, though its requests succeed; HUNT_GROUND_MAX =
 * there is none. */
static size_t ground_check(const struct hunt_ground *g)
{
    size_t i;

    for (i = 0; i < HUNT_GROUND_MAX; i++) {
        const struct ground_check *c = &g->checks[i];
        const struct ground_request *r;

        if (c->passes > 0 || c->fails < HUNT_GROUND_REQUESTS ||
            c->since_us < HUNT_GROUND_US) {
            continue;
        }
        r = ground_of(g, i);
        if (r != NULL && r->count - r->failed >= HUNT_GROUND_REQUESTS) {
            return i;
        }
    }
    return HUNT_GROUND_MAX;
}

enum hunt_cut hunt_ground_feed(struct hunt_ground *g, const struct tick *t)
{
    ground_count(g, t);
    ground_clocks(g, t);
    if (ground_silent(g)) {
        return HUNT_CUT_SILENT;
    }
    if (!g->succeeded && g->lowest_us >= HUNT_GROUND_LOWEST_US &&
        g->lowest >= HUNT_GROUND_REQUESTS) {
        return g->answered ? HUNT_CUT_PLAN : HUNT_CUT_SILENT;
    }
    /* Where overload may be about, what it leads to is no fault of the plan's:
     * who could not log in is not let in. */
    if ((double)g->loaded > g->allowed * (double)g->all) {
        return HUNT_CUT_NONE;
    }
    return ground_refused(g) || ground_check(g) < HUNT_GROUND_MAX
               ? HUNT_CUT_PLAN
               : HUNT_CUT_NONE;
}

static enum failure ground_silence(const struct hunt_ground *g)
{
    int most = FAILURE_NONE, i;

    for (i = 0; i < FAILURE_COUNT; i++) {
        most = g->failed[i] > g->failed[most] ? i : most;
    }
    return (enum failure)most;
}

/* Which requests failed most; HUNT_GROUND_MAX = none did. */
static size_t ground_worst(const struct hunt_ground *g)
{
    size_t worst = HUNT_GROUND_MAX, i;

    for (i = 0; i < HUNT_GROUND_MAX; i++) {
        if (g->requests[i].failed > 0 &&
            (worst == HUNT_GROUND_MAX ||
             g->requests[i].failed > g->requests[worst].failed)) {
            worst = i;
        }
    }
    return worst;
}

/* Of one that is named by its URL: the method and the path, as the target is
 * known. */
static void ground_name(const char *name, char *buf, size_t size)
{
    const char *host = strstr(name, "://");
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
    char brief[4 * HUNT_WHERE_MAX];

    if (path != NULL) {
        snprintf(brief, sizeof brief, "%.*s%.*s", (int)strcspn(name, " ") + 1,
                 name, 2 * HUNT_WHERE_MAX, path);
        name = brief;
    }
    text_safe(buf, size, name);
}

struct hunt_fault hunt_ground_fault(const struct hunt_ground *g,
                                    const struct tick *t)
{
    size_t check = ground_check(g), worst = ground_worst(g);
    struct hunt_fault f = {.kind = ground_silence(g),
                           .lowest = ground_is_lowest(t)};

    if (!g->answered) {
        return f;
    }
    if (check < HUNT_GROUND_MAX && !ground_refused(g)) {
        f.kind = FAILURE_CHECK;
        f.failed = f.all = g->checks[check].fails;
        memcpy(f.said, g->checks[check].said, sizeof f.said);
        text_safe(f.where, sizeof f.where, g->plan->checks[check]->name);
    } else if (worst < HUNT_GROUND_MAX) {
        const struct ground_request *r = &g->requests[worst];

        f.kind = r->kind;
        f.status = r->status;
        f.failed = r->same;
        f.all = r->count;
        memcpy(f.said, r->said, sizeof f.said);
        if (g->plan != NULL && worst < g->plan->n_requests) {
            ground_name(g->plan->requests[worst]->name, f.where,
                        sizeof f.where);
        }
    }
    return f;
}
