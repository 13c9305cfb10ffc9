/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/show.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "measure/failure.h"

const char *show_parts(char *text, const char *begun, int room)
{
    size_t n = strlen(text), k = strlen(begun);

    for (; n > 0 && text_width(text) > room; n--) {
        if (strncmp(text + n, begun, k) == 0) {
            text[n] = '\0';
        }
    }
    return text;
}

const char *show_latency(char *buf, size_t size, uint64_t us, bool any)
{
    char number[NUM_MAX];

    snprintf(buf, size, "%s", any ? num_latency(number, us) : "-");
    return buf;
}

const char *show_level(char *buf, double level, uint64_t unit_us)
{
    return unit_us > 0 ? num_rate(buf, level)
                       : num_count(buf, num_whole(level + 0.5));
}

const char *show_axis_us(char *buf, size_t size, double us)
{
    if (us < 995) {
        snprintf(buf, size, "%.0fµs", us);
    } else if (us < 995e3) {
        snprintf(buf, size, "%.3gms", us / 1e3);
    } else if (us < 995e6) {
        snprintf(buf, size, "%.3gs", us / 1e6);
    } else {
        snprintf(buf, size, "%.0fs", us / 1e6);
    }
    return buf;
}

const char *show_axis_count(char *buf, size_t size, double n)
{
    if (n >= 1e6) {
        snprintf(buf, size, "%.3gM", n / 1e6);
    } else if (n >= 1e4) {
        snprintf(buf, size, "%.3gk", n / 1e3);
    } else {
        snprintf(buf, size, "%.4g", n);
    }
    return buf;
}

const char *show_axis_bytes(char *buf, size_t size, double bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    size_t i = 0;

    while (bytes >= 999.5 && i + 1 < sizeof units / sizeof units[0]) {
        bytes /= 1000;
        i++;
    }
    snprintf(buf, size, "%.3g%s", bytes, bytes > 0 ? units[i] : "");
    return buf;
}

const char *show_axis_plain(char *buf, size_t size, double v)
{
    snprintf(buf, size, "%.3g", v);
    return buf;
}

const char *show_server(char *buf, size_t size, enum server_unit unit, double v)
{
    char x[NUM_MAX];

    if (!isfinite(v)) {
        snprintf(buf, size, "not known");
    } else if (unit == SERVER_UNIT_BYTES && v >= 0 && v < SERVER_BYTES_MAX) {
        snprintf(buf, size, "%s", num_bytes(x, (uint64_t)v));
    } else if (unit == SERVER_UNIT_SECONDS && v >= 0 && v < 1e9) {
        snprintf(buf, size, "%s", num_ms(x, v * 1000));
    } else if (unit == SERVER_UNIT_RATE && v >= 0 && v < 1e15) {
        snprintf(buf, size, "%s /s", num_rate(x, v));
    } else {
        snprintf(buf, size, "%s", num_plain(x, v));
    }
    return buf;
}

const char *show_word_count(char *buf, size_t size, const char *word, double n,
                            const char *full, int room)
{
    char number[NUM_MAX];

    snprintf(buf, size, "%s %s", word, full);
    if (text_width(buf) > room) {
        snprintf(buf, size, "%s %s", word,
                 show_axis_count(number, sizeof number, n));
    }
    if (text_width(buf) > room && n >= 1e4) {
        snprintf(buf, size, n < 1e6 ? "%s %.0fk" : "%s %.0fM", word,
                 n < 1e6 ? n / 1e3 : n / 1e6);
    }
    return buf;
}

const char *show_subject(const struct plan *p, const struct threshold *t,
                         char *buf, size_t size)
{
    char safe[128];
    size_t i, at;

    switch (t->selector.metric) {
    case METRIC_HTTP_REQ_DURATION:
        buf[0] = '\0';
        break;
    case METRIC_HTTP_REQ_FAILED:
        snprintf(buf, size, "failed");
        break;
    case METRIC_HTTP_REQ_INTENDED_DURATION:
        snprintf(buf, size, "due"); /* as beside the charts */
        break;
    case METRIC_DROPPED_ITERATIONS:
        snprintf(buf, size, "dropped");
        break;
    default:
        snprintf(buf, size, "%s",
                 text_safe(safe, sizeof safe,
                           plan_metric_info(p, t->selector.metric).name));
        break;
    }
    for (i = 0; i < t->selector.n_tags; i++) {
        at = strlen(buf);
        snprintf(buf + at, size - at, "%s%s", at > 0 ? " " : "",
                 text_safe(safe, sizeof safe, t->selector.tags[i].value));
    }
    return buf;
}

static const char *show_agg(const struct threshold *t, char *buf, size_t size)
{
    switch (t->agg) {
    case AGG_COUNT:
        return "count";
    case AGG_RATE:
        return "rate";
    case AGG_VALUE:
        return "value";
    case AGG_AVG:
        return "avg";
    case AGG_MIN:
        return "min";
    case AGG_MAX:
        return "max";
    case AGG_MED:
        return "p50";
    case AGG_P:
        snprintf(buf, size, "p%.6g", t->percentile);
        return buf;
    }
    MUST(!"an aggregation");
    return "";
}

/* v in the unit of t's metric. limit: as short as it goes. */
static const char *show_value(const struct plan *p, const struct threshold *t,
                              double v, bool limit, char *buf, size_t size)
{
    struct metric_info m = plan_metric_info(p, t->selector.metric);
    char number[NUM_MAX];

    if (t->agg != AGG_COUNT && m.contains == METRIC_TIME) {
        if (limit && v > 0 && v < 1) {
            snprintf(buf, size, "%.0fµs", v * 1e3); /* as on the axis */
        } else {
            snprintf(buf, size, "%s",
                     limit && v >= 0 && v < 1e12
                         ? num_dur(number, (uint64_t)llround(v * 1e3))
                         : num_ms_beside(number, v, t->limit));
        }
    } else if (m.type == METRIC_RATE) {
        if (limit) {
            snprintf(buf, size, "%s%%", num_plain(number, v * 100));
        } else {
            snprintf(buf, size, "%s", num_percent_beside(number, v, t->limit));
        }
    } else if (m.contains == METRIC_DATA && v >= 0) {
        snprintf(buf, size, "%s%s", num_bytes(number, num_whole(v)),
                 t->agg == AGG_RATE ? "/s" : "");
    } else if (t->agg == AGG_RATE) {
        snprintf(buf, size, "%s/s", num_rate(number, v));
    } else {
        snprintf(buf, size, "%s", num_plain(number, v));
    }
    return buf;
}

const char *show_rule(const struct plan *p, const struct threshold *t,
                      char *buf, size_t size)
{
    char agg[32], limit[48];

    snprintf(buf, size, "%s %s%s", show_agg(t, agg, sizeof agg),
             threshold_op_name(t->op),
             show_value(p, t, t->limit, true, limit, sizeof limit));
    return buf;
}

const char *show_figure(const struct plan *p, const struct threshold *t,
                        const struct figure *f, char *buf, size_t size)
{
    if (!f->fed) {
        snprintf(buf, size, "-");
        return buf;
    }
    return show_value(p, t, f->value, false, buf, size);
}

const char *show_margin(const struct verdict *v, char *buf, size_t size)
{
    bool under = v->threshold->op == OP_LT || v->threshold->op == OP_LE;
    double margin = v->margin;

    if (!v->run.fed || !isfinite(margin) || v->threshold->op == OP_EQ ||
        v->threshold->op == OP_NE || (margin > 0 && !v->ok && !v->pending)) {
        snprintf(buf, size, "-"); /* the last: it fails whatever its value */
    } else if (margin >= 0) {
        snprintf(buf, size, "%.0f %% left", fmin(margin, 9.99) * 100);
    } else if (under && margin <= -1) {
        snprintf(buf, size, "%.3g× limit", fmin(1 - margin, 9999));
    } else {
        snprintf(buf, size, "%.0f %% %s", fmin(-margin, 9.99) * 100,
                 under ? "over" : "short");
    }
    return buf;
}

static bool show_by_status(enum failure kind)
{
    return kind == FAILURE_HTTP_4XX || kind == FAILURE_HTTP_429 ||
           kind == FAILURE_HTTP_5XX || kind == FAILURE_STATUS;
}

const char *show_error(const struct error_line *e, char *buf, size_t size)
{
    static const struct {
        enum failure kind;
        const char *words;
    } rows[] = {
        {FAILURE_REFUSED, "connection refused"},
        {FAILURE_RESET, "connection reset"},
        {FAILURE_TIMEOUT, "time-out"},
        {FAILURE_DNS, "name not resolved"},
        {FAILURE_TLS, "TLS"},
        {FAILURE_CONNECT, "no connection"},
        {FAILURE_PROTOCOL, "not HTTP"},
        {FAILURE_TOO_LARGE, "response too large"},
        {FAILURE_ENCODING, "packed body broken"},
        {FAILURE_UNRESOLVED, "value without content"},
        {FAILURE_LOCAL, "this machine could not"},
        {FAILURE_REDIRECTS, "redirect not followed"},
        {FAILURE_STREAM, "stream incomplete"},
        {FAILURE_CHECK, "more failed checks"},
    };
    size_t i;

    if (show_by_status(e->kind) && e->status >= 100 && e->status < 1000) {
        snprintf(buf, size, "HTTP %u%s", e->status,
                 e->kind == FAILURE_HTTP_429 ? " rate limited" : "");
        return buf;
    }
    snprintf(buf, size, "%s", failure_help(e->kind));
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].kind == e->kind) {
            snprintf(buf, size, "%s", rows[i].words);
        }
    }
    return buf;
}

/* "5xx", "time" … at most five characters for the classes that charts tell
 * apart. */
static const char *show_class(enum error_class c)
{
    static const char *const names[ERRORS_COUNT] = {
        [ERRORS_OTHER] = "other",  [ERRORS_CONNECT] = "conn",
        [ERRORS_TIMEOUT] = "time", [ERRORS_4XX] = "4xx",
        [ERRORS_429] = "429",      [ERRORS_5XX] = "5xx",
    };

    MUST(c < ERRORS_COUNT);
    return names[c];
}

const char *show_class_share(char *buf, size_t size, enum error_class c,
                             double share, int room)
{
    bool nearly = share >= 0.995 && share < 1; /* never rounded to all */

    share *= 100;
    if (nearly) {
        snprintf(buf, size, "%s >99%%", show_class(c));
    } else {
        snprintf(buf, size, "%s %.*f%%", show_class(c), share < 9.95 ? 1 : 0,
                 share);
    }
    if (text_width(buf) <= room) {
        return buf;
    }
    if (nearly) {
        snprintf(buf, size, "%s>99%%", show_class(c));
    } else if (share < 0.5) {
        snprintf(buf, size, "%s <1%%", show_class(c));
    } else if (share < 100) {
        snprintf(buf, size, "%s %.0f%%", show_class(c), share);
    } else {
        snprintf(buf, size, "all %s", show_class(c));
    }
    return buf;
}

const char *show_class_text(enum error_class c)
{
    static const char *const names[ERRORS_COUNT] = {
        [ERRORS_OTHER] = "others",      [ERRORS_CONNECT] = "no connection",
        [ERRORS_TIMEOUT] = "time-outs", [ERRORS_4XX] = "HTTP 4xx, but 429",
        [ERRORS_429] = "HTTP 429",      [ERRORS_5XX] = "HTTP 5xx",
    };

    MUST(c < ERRORS_COUNT);
    return names[c];
}

enum role show_class_role(enum error_class c)
{
    static const enum role roles[ERRORS_COUNT] = {
        [ERRORS_OTHER] = ROLE_E_OTHER,     [ERRORS_CONNECT] = ROLE_E_CONNECT,
        [ERRORS_TIMEOUT] = ROLE_E_TIMEOUT, [ERRORS_4XX] = ROLE_E_4XX,
        [ERRORS_429] = ROLE_E_429,         [ERRORS_5XX] = ROLE_E_5XX,
    };

    MUST(c < ERRORS_COUNT);
    return roles[c];
}

enum role show_error_role(const struct error_line *e)
{
    return show_class_role(error_class_of(e->kind));
}

const char *show_latency_beside(char *buf, size_t size, uint64_t us, bool any,
                                const struct verdict *v)
{
    char number[NUM_MAX];

    if (v == NULL || !any) {
        return show_latency(buf, size, us, any);
    }
    snprintf(buf, size, "%s",
             num_ms_beside(number, (double)us / 1e3, v->threshold->limit));
    return buf;
}

const char *show_share_beside(char *buf, double share, const struct verdict *v)
{
    return v == NULL ? num_percent(buf, share)
                     : num_percent_beside(buf, share, v->threshold->limit);
}
