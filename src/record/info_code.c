/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/info_code.h"

#include <string.h>

#include "record/code.h"
#include "record/plan_code.h"
#include "record/tick_code.h"

static const char info_mark[] = "brunt";

static void info_put_server(struct buf *out, const struct server_names *s)
{
    size_t i;

    code_put(out, s->n);
    for (i = 0; i < s->n; i++) {
        code_put_text(out, s->list[i].name);
        code_put(out, s->list[i].unit);
    }
}

static void info_get_server(struct code_in *in, struct server_names *s)
{
    size_t i;

    s->n = (size_t)code_get(in, SERVER_OTHERS_MAX, "the server's series");
    for (i = 0; i < s->n && !in->bad; i++) {
        code_get_text(in, s->list[i].name, sizeof s->list[i].name, false,
                      "the name of a series");
        s->list[i].unit = (enum server_unit)code_get(in, SERVER_UNIT_RATE,
                                                     "the unit of a series");
    }
}

bool info_encode(const struct run_info *info, struct buf *out)
{
    code_put_text(out, info_mark);
    code_put(out, TICK_CODE_VERSION);
    code_put_double(out, info->time_scale);
    code_put_signed(out, info->started.us);
    code_put(out, info->seed);
    code_put(out, info->workers);
    code_put(out, info->rps);
    code_put(out, info->no_thresholds);
    code_put_text(out, info->target);
    info_put_server(out, &info->server);
    plan_encode(out, info->plan);
    lineup_encode(out, info->lineup, info->plan);
    return !out->cut;
}

static void info_begin(struct code_in *in)
{
    char mark[sizeof info_mark];

    code_get_text(in, mark, sizeof mark, false, "not of brunt");
    if (strcmp(mark, info_mark) != 0) {
        code_bad(in, "not of brunt");
    }
    if (!tick_code_known(code_get(in, UINT64_MAX, "a version"))) {
        code_bad(in, "of another version of brunt");
    }
}

static void info_plain(struct code_in *in, struct run_info *info)
{
    info->time_scale = code_get_double(in, "a time scale");
    if (!in->bad && (info->time_scale < 1e-4 || info->time_scale > 1e3)) {
        code_bad(in, "a time scale");
    }
    info->started.us = code_get_signed(in, "a date");
    if (info->started.us < 0 || info->started.us > WALL_US_MAX) {
        code_bad(in, "a date");
    }
    info->seed = code_get(in, UINT64_MAX, "a seed");
    info->workers = (unsigned)code_get(in, 1u << 16, "workers");
    info->rps = (uint32_t)code_get(in, UINT32_MAX, "a cap on requests");
    info->no_thresholds = code_get_bool(in, "whether thresholds count");
    code_get_text(in, info->target, sizeof info->target, false, "a target");
    info_get_server(in, &info->server);
}

bool info_decode(const void *data, size_t n, struct info_read *out,
                 struct err *e)
{
    struct code_in in;
    size_t i;

    memset(out, 0, sizeof *out);
    code_in_init(&in, data, n);
    info_begin(&in);
    info_plain(&in, &out->info);
    out->plan = plan_decode(&in);
    out->lineup = lineup_decode(&in, out->plan);
    if (!code_end(&in)) {
        err_set(e, ERR_SYNTAX, "the header of a run: %s", in.problem);
        info_read_clear(out);
        return false;
    }
    for (i = 0; i < out->lineup->n; i++) {
        curve_init(&out->curves[i], &out->lineup->list[i],
                   out->info.time_scale);
    }
    out->n_curves = out->lineup->n;
    out->info.plan = out->plan;
    out->info.lineup = out->lineup;
    out->info.curves = out->curves;
    return true;
}

void info_read_clear(struct info_read *r)
{
    size_t i;

    for (i = 0; i < r->n_curves; i++) {
        curve_clear(&r->curves[i]);
    }
    lineup_free(&r->lineup);
    plan_free(&r->plan);
    memset(r, 0, sizeof *r);
}
