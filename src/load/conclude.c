/* SPDX-License-Identifier: MIT
 *
 * conclude - the counts are settled here: every request is one sample, whether
 * a response came or not; a check that fails on a good response leaves the
 * request good and is counted beside it. */
#include "config.h"

#include "load/conclude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "load/answer.h"
#include "load/check.h"
#include "load/evidence.h"
#include "load/extract.h"

/* Checks of one response that are told of; further ones have their turn with
 * another. */
#define CONCLUDE_CHECKS 8

struct conclude_check {
    const struct check *check; /* NULL: none */
    char why[256];
};

struct conclude_checks {
    struct conclude_check first; /* that failed */
    struct conclude_check
        list[CONCLUDE_CHECKS]; /* that samples are wanted of */
    size_t n;
};

static uint64_t conclude_duration(const struct exchange *x)
{
    return x->sending + x->waiting + x->receiving;
}

static way_bits conclude_ways(const struct exchange *x)
{
    static const way_bits lanes[] = {
        [LANE_NONE] = 0, [LANE_CURL] = WAY_LIBCURL, [LANE_DIRECT] = WAY_DIRECT};
    static const way_bits protos[] = {[PROTO_NONE] = 0,
                                      [PROTO_HTTP_1_0] = WAY_HTTP_1_0,
                                      [PROTO_HTTP_1_1] = WAY_HTTP_1_1,
                                      [PROTO_HTTP_2] = WAY_HTTP_2};

    return lanes[x->lane] | protos[x->proto];
}

static void conclude_sample(struct crew *crew, const struct request *r,
                            const struct exchange *x, enum failure failure,
                            uint64_t intended)
{
    struct sample s = {.request = (uint16_t)r->index,
                       .failure = failure,
                       .failed = failure != FAILURE_NONE};

    if (x != NULL) {
        s.sent = x->sent;
        s.received = x->received;
        s.ways = conclude_ways(x);
    }
    if (x != NULL && x->failure == FAILURE_NONE) {
        s.status = (uint16_t)x->status;
        s.blocked = x->blocked;
        s.connecting = x->connecting;
        s.tls = x->tls;
        s.sending = x->sending;
        s.waiting = x->waiting;
        s.receiving = x->receiving;
        s.duration = conclude_duration(x);
        s.intended = intended;
    }
    shard_request(crew->shard, &s);
}

void conclude_hop(struct crew *crew, const struct request *r,
                  const struct exchange *x, uint64_t intended)
{
    conclude_sample(crew, r, x, FAILURE_NONE, intended);
}

/* A stream that never began is none: neither whole nor broken. */
static void conclude_stream(const struct conclude *c)
{
    const struct stream *s = c->stream;
    bool began = s->events > 0 || (c->x->failure == FAILURE_NONE &&
                                   ruling_expects(c->request, c->x->status));

    if (began) {
        shard_sse_end(c->crew->shard, c->request->index, s->events,
                      c->ruling->failure == FAILURE_NONE);
    }
}

static void conclude_check_take(struct conclude_check *to,
                                const struct check *check, const char *why)
{
    to->check = check;
    (void)snprintf(to->why, sizeof to->why, "%s", why);
}

static void conclude_checks(const struct conclude *c, struct answer *a,
                            struct conclude_checks *failed)
{
    const struct request *r = c->request;
    char why[sizeof failed->first.why];

    failed->first.check = NULL;
    failed->first.why[0] = '\0';
    failed->n = 0;
    for (size_t i = 0; i < r->n_checks; i++) {
        bool pass = check_holds(&r->checks[i], i, a, why, sizeof why);

        shard_check(c->crew->shard, r->scenario, r->checks[i].index, pass);
        if (pass) {
            continue;
        }
        if (failed->first.check == NULL) {
            conclude_check_take(&failed->first, &r->checks[i], why);
        }
        if (failed->n < CONCLUDE_CHECKS &&
            shard_wants_check(c->crew->shard, r->checks[i].index)) {
            conclude_check_take(&failed->list[failed->n++], &r->checks[i], why);
        }
    }
}

/* Secrets that this very response replaced: what was sent still has them. */
struct conclude_old {
    char **list; /* owned, each too */
    size_t n;
};

static void conclude_old_clear(struct conclude_old *old)
{
    for (size_t i = 0; i < old->n; i++) {
        free(old->list[i]);
    }
    free(old->list);
}

/* old: NULL, or those are kept there. */
static void conclude_vars(const struct conclude *c, struct answer *a,
                          struct conclude_old *old)
{
    const struct request *r = c->request;
    const bool *secret = c->crew->plan->secret_vars;

    for (size_t i = 0; i < r->n_extracts; i++) {
        unsigned var = r->extracts[i].var;
        char *was = c->vars[var];

        if (old != NULL && was != NULL && secret != NULL && secret[var]) {
            old->list = xreallocarray(old->list, old->n + 1, sizeof *old->list);
            old->list[old->n++] = was;
        } else {
            free(was);
        }
        c->vars[var] = extract_text(&r->extracts[i], a);
    }
}

/* All that this VU could show and must not; owned by the caller. */
static struct mask *conclude_mask(const struct conclude *c,
                                  const struct conclude_old *old)
{
    const struct plan *plan = c->crew->plan;
    struct mask *m = mask_new(plan);

    for (size_t i = 0; plan->secret_vars != NULL && i < plan->n_vars; i++) {
        if (plan->secret_vars[i]) {
            mask_add(m, c->vars != NULL ? c->vars[i] : NULL);
            mask_add(m, c->crew->vars != NULL ? c->crew->vars[i] : NULL);
        }
    }
    for (size_t i = 0; i < old->n; i++) {
        mask_add(m, old->list[i]);
    }
    return m;
}

/* "GET http://…", or the request's name when it never had a URL. */
static char *conclude_label(const struct conclude *c)
{
    return c->url != NULL ? xasprintf("%s %s", c->method, c->url)
                          : xstrdup(c->request->name);
}

/* 0: no response came. */
static unsigned conclude_status(const struct conclude *c)
{
    const struct exchange *x = c->x;

    return x != NULL && x->failure == FAILURE_NONE ? x->status : 0;
}

/* check: of FAILURE_CHECK, else 0. */
static void conclude_keep(const struct conclude *c,
                          const struct conclude_old *old, enum failure kind,
                          unsigned check, const char *message)
{
    struct crew *crew = c->crew;
    const struct exchange *x = c->x;
    struct failure_sample *f;
    struct mask *mask;
    char *request;

    f = xcalloc(1, sizeof *f);
    request = conclude_label(c);
    f->vu = c->vu;
    f->request = (uint16_t)c->request->index;
    f->status = (uint16_t)conclude_status(c);
    f->kind = kind;
    f->check = check;
    f->took_us = x != NULL ? x->took : 0;
    f->t_us = crew->run_start != 0 && crew_now(crew) > crew->run_start
                  ? crew_now(crew) - crew->run_start
                  : 0;
    mask = conclude_mask(c, old);
    evidence_fill(mask, f, message, request, x);
    shard_failure(crew->shard, f);
    mask_free(&mask);
    free(request);
    free(f);
}

/* "check 'health is up' failed: connection refused (GET
 * http://…/v1/health)": the reason first, as addresses are long. */
static void conclude_why(const struct conclude *c,
                         const struct conclude_old *old,
                         const struct conclude_check *check)
{
    bool came = c->x != NULL && c->x->failure == FAILURE_NONE;
    const char *reason = c->ruling->message;
    char *label = conclude_label(c);
    struct mask *mask = conclude_mask(c, old);
    char *text;

    /* "status 503, expected 200" says more than "503". */
    if (check->check != NULL && (came || *reason == '\0')) {
        reason = check->why;
    }
    if (check->check != NULL) {
        text = xasprintf("check '%s' failed: %s (%s)", check->check->name,
                         reason, label);
    } else {
        text = xasprintf("%s: %s%s", label,
                         *reason >= '0' && *reason <= '9' ? "status " : "",
                         reason);
    }
    evidence_line(mask, text, c->why, c->why_size);
    mask_free(&mask);
    free(text);
    free(label);
}

/* The error's sample, and beside it those of checks that failed. */
static void conclude_failed(const struct conclude *c,
                            const struct conclude_old *old,
                            const struct conclude_checks *failed)
{
    enum failure kind = c->ruling->failure;

    if (kind != FAILURE_NONE &&
        shard_wants_failure(c->crew->shard, kind, c->request->index,
                            conclude_status(c))) {
        conclude_keep(c, old, kind, 0, c->ruling->message);
    }
    for (size_t i = 0; i < failed->n; i++) {
        const struct conclude_check *check = &failed->list[i];
        const char *name = check->check->name;
        int shown = (int)text_whole(name, strnlen(name, 100));
        char message[sizeof check->why + 128];

        (void)snprintf(message, sizeof message, "%.*s%s: %s", shown, name,
                       name[shown] != '\0' ? "…" : "", check->why);
        conclude_keep(c, old, FAILURE_CHECK, check->check->index, message);
    }
    if (c->why != NULL) {
        conclude_why(c, old, &failed->first);
    }
}

bool conclude_request(const struct conclude *c)
{
    const struct request *r = c->request;
    struct conclude_checks failed;
    struct extract_outcome outcome;
    struct conclude_old old = {.n = 0};
    struct answer a;

    answer_init(&a, c->x, c->stream);
    a.scratch = c->crew->scratch;
    conclude_sample(c->crew, r, c->x, c->ruling->failure, c->intended);
    if (c->stream != NULL && c->x != NULL) {
        conclude_stream(c);
    }
    conclude_checks(c, &a, &failed);
    outcome.failed =
        c->ruling->failure != FAILURE_NONE || failed.first.check != NULL;
    outcome.duration = c->x != NULL ? conclude_duration(c->x) : 0;
    for (size_t i = 0; i < r->n_feeds; i++) {
        extract_feed(&r->feeds[i], r, &a, &outcome, c->crew->shard);
    }
    conclude_vars(c, &a, outcome.failed ? &old : NULL);
    if (outcome.failed) {
        conclude_failed(c, &old, &failed);
        conclude_old_clear(&old);
    }
    answer_clear(&a);
    return !outcome.failed;
}
