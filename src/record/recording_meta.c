/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/recording_meta.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "record/recording_internal.h"
#include "record/tick_code.h"
#include "run/appraisal.h"

static void meta_machine(struct recording_meta *m)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN), pages = -1, size = -1;
    struct utsname u;
    char text[sizeof m->system];

#ifdef _SC_PHYS_PAGES
    pages = sysconf(_SC_PHYS_PAGES);
    size = sysconf(_SC_PAGESIZE);
#endif
    m->cores = cores > 0 ? (unsigned)cores : 0;
    m->memory_bytes =
        pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0;
    if (uname(&u) == 0) {
        text_safe(m->machine, sizeof m->machine, u.nodename);
        snprintf(text, sizeof text, "%.40s %.60s %.20s", u.sysname, u.release,
                 u.machine);
        text_safe(m->system, sizeof m->system, text);
    }
}

void recording_meta_of(const struct run_info *info, bool hunt,
                       struct recording_meta *m)
{
    *m = (struct recording_meta){
        .code = TICK_CODE_VERSION,
        .began = info->started,
        .hunt = hunt,
    };
    snprintf(m->version, sizeof m->version, "%s", PACKAGE_VERSION);
    text_safe(m->plan, sizeof m->plan, info->plan->name);
    text_safe(m->scenario, sizeof m->scenario, info->lineup->name);
    text_safe(m->target, sizeof m->target, info->target);
    meta_machine(m);
}

static void meta_outcome(struct recording_sum *sum, const struct tick *t)
{
    sum->t_us = t->t_us;
    sum->status = t->outcome.status;
    sum->exit_code = t->outcome.exit_code;
    snprintf(sum->outcome, sizeof sum->outcome, "%s", t->outcome.text);
}

void recording_sum_of(struct story *s, struct recording_sum *sum)
{
    const struct tick *t;
    struct summary all;
    struct appraisal a;

    sum->exit_code = -1;
    story_lock(s);
    t = story_tick(s);
    if (t != NULL) {
        all = ledger_summary(story_ledger(s), -1, SPAN_RUN);
        appraise(s, &a);
        meta_outcome(sum, t);
        sum->vus_peak = ledger_totals(story_ledger(s)).vus_max;
        sum->requests = all.requests;
        sum->failed = all.failed;
        sum->responses = all.responses;
        sum->p95_us = all.p95_us;
        sum->level = a.report.level;
        snprintf(sum->verdict, sizeof sum->verdict, "%s", a.text);
        sum->suspect = a.suspect;
    }
    story_unlock(s);
}

/* What a later version adds goes behind, and is not looked at by this one. */
void recording_meta_encode(struct buf *out, const struct recording_meta *m)
{
    code_put_text(out, m->version);
    code_put(out, m->code);
    code_put_signed(out, m->began.us);
    code_put_text(out, m->plan);
    code_put_text(out, m->scenario);
    code_put_text(out, m->target);
    code_put_text(out, m->machine);
    code_put_text(out, m->system);
    code_put(out, m->cores);
    code_put(out, m->memory_bytes);
    code_put(out, m->hunt);
}

void recording_meta_decode(struct code_in *in, struct recording_meta *m)
{
    memset(m, 0, sizeof *m);
    code_get_text(in, m->version, sizeof m->version, false, "a version");
    m->code = code_get(in, UINT32_MAX, "a tick code");
    m->began.us = code_get_signed(in, "a date");
    if (!in->bad && (m->began.us < 0 || m->began.us > WALL_US_MAX)) {
        code_bad(in, "a date");
    }
    code_get_text(in, m->plan, sizeof m->plan, false, "a plan's name");
    code_get_text(in, m->scenario, sizeof m->scenario, false,
                  "a scenario's name");
    code_get_text(in, m->target, sizeof m->target, false, "a target");
    code_get_text(in, m->machine, sizeof m->machine, false, "a machine");
    code_get_text(in, m->system, sizeof m->system, false, "a system");
    m->cores = (unsigned)code_get(in, UINT32_MAX, "cores");
    m->memory_bytes = code_get(in, UINT64_MAX, "memory");
    m->hunt = code_get_bool(in, "whether it hunts");
}

void recording_sum_encode(struct buf *out, const struct recording_sum *s)
{
    code_put(out, s->t_us);
    code_put(out, s->frames);
    code_put(out, s->held_back);
    code_put(out, s->lost);
    code_put(out, s->vus_peak);
    code_put(out, s->requests);
    code_put(out, s->failed);
    code_put(out, s->responses);
    code_put(out, s->p95_us);
    code_put(out, (uint64_t)s->status);
    code_put_signed(out, s->exit_code);
    code_put_text(out, s->outcome);
    code_put(out, (uint64_t)s->level);
    code_put_text(out, s->verdict);
    code_put(out, s->suspect);
}

void recording_sum_decode(struct code_in *in, struct recording_sum *s)
{
    int64_t code;

    memset(s, 0, sizeof *s);
    s->t_us = code_get(in, UINT64_MAX / 4, "a time");
    s->frames = code_get(in, UINT64_MAX / 4, "frames");
    s->held_back = code_get(in, UINT64_MAX / 4, "frames");
    s->lost = code_get(in, UINT64_MAX / 4, "frames");
    s->vus_peak = (uint32_t)code_get(in, UINT32_MAX, "VUs");
    s->requests = code_get(in, UINT64_MAX / 4, "requests");
    s->failed = code_get(in, s->requests, "requests that failed");
    s->responses = code_get(in, UINT64_MAX / 4, "responses");
    s->p95_us = code_get(in, UINT64_MAX / 4, "p95");
    s->status = (enum run_status)code_get(in, STATUS_INTERRUPTED, "a status");
    code = code_get_signed(in, "an exit code");
    if (code < -1 || code > 255) {
        code_bad(in, "an exit code");
    }
    s->exit_code = in->bad ? -1 : (int)code;
    code_get_text(in, s->outcome, sizeof s->outcome, false, "an outcome");
    s->level =
        (enum verdict_level)code_get(in, VERDICT_CRITICAL, "a verdict's level");
    code_get_text(in, s->verdict, sizeof s->verdict, false, "a verdict");
    s->suspect = code_get_bool(in, "whether the generator was suspect");
}
