/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_windows.h"

#include <inttypes.h>
#include <math.h>

#include "base/buf.h"
#include "base/must.h"

#define WINDOWS_PAIR_TEXT 40u /* a bucket in text, at most */

static double windows_seconds(uint64_t us)
{
    return (double)(us / 1000) / 1e3;
}

static void windows_add(cJSON *list, const struct window *w)
{
    cJSON *o = cJSON_CreateObject();
    struct buf text;
    size_t i;

    cJSON_AddNumberToObject(o, "start_s", windows_seconds(w->start_us));
    cJSON_AddNumberToObject(o, "end_s", windows_seconds(w->end_us));
    cJSON_AddNumberToObject(o, "active_s", windows_seconds(w->active_us));
    cJSON_AddNumberToObject(o, "load", w->load);
    cJSON_AddBoolToObject(o, "recovering", w->felt);
    cJSON_AddBoolToObject(o, "suspect", w->suspect);
    cJSON_AddNumberToObject(o, "suspect_s", windows_seconds(w->suspect_us));
    cJSON_AddNumberToObject(o, "requests", (double)w->requests);
    cJSON_AddNumberToObject(o, "failed", (double)w->failed);
    buf_init(&text, w->n * WINDOWS_PAIR_TEXT + 8);
    buf_addc(&text, '[');
    for (i = 0; i < w->n; i++) {
        buf_addf(&text, "%s[%" PRIu64 ", %" PRIu32 "]", i > 0 ? ", " : "",
                 coarse_low(w->us[i].bucket), w->us[i].count);
    }
    buf_addc(&text, ']');
    MUST(!text.cut);
    cJSON_AddRawToObject(o, "durations", buf_str(&text));
    buf_clear(&text);
    cJSON_AddItemToArray(list, o);
}

void results_windows(cJSON *root, const struct windows *w)
{
    cJSON *o = cJSON_AddObjectToObject(root, "windows"), *list;
    size_t n = 0, i;
    const struct window *all = windows_list(w, &n);

    cJSON_AddNumberToObject(o, "interval_s", windows_seconds(windows_us(w)));
    cJSON_AddNumberToObject(o, "dropped", (double)windows_dropped(w));
    list = cJSON_AddArrayToObject(o, "list");
    for (i = 0; i < n; i++) {
        windows_add(list, &all[i]);
    }
}

static void levels_number(cJSON *o, const char *key, bool any, double v)
{
    if (any && isfinite(v)) {
        cJSON_AddNumberToObject(o, key, v);
    } else {
        cJSON_AddNullToObject(o, key);
    }
}

static void levels_figure(cJSON *level, const struct compare_level *l,
                          enum compare_figure f)
{
    const struct compare_result *r = &l->of[f];
    bool ms = f != COMPARE_RPS && f != COMPARE_ERRORS;
    double scale = ms ? 1e-3 : 1;
    cJSON *o = cJSON_AddObjectToObject(level, compare_figure_name(f));
    char text[160];

    cJSON_AddStringToObject(o, "answer", compare_answer_name(r->answer));
    levels_number(o, "before", true, r->a * scale);
    levels_number(o, "now", true, r->b * scale);
    levels_number(o, "before_low", ms, r->a_low * scale);
    levels_number(o, "before_high", ms, r->a_high * scale);
    levels_number(o, "now_low", ms, r->b_low * scale);
    levels_number(o, "now_high", ms, r->b_high * scale);
    cJSON_AddStringToObject(o, "unit",
                            ms                 ? "ms"
                            : f == COMPARE_RPS ? "1/s"
                                               : "1");
    levels_number(o, "change", r->any, r->change);
    levels_number(o, "low", r->any, r->low);
    levels_number(o, "high", r->any, r->high);
    levels_number(o, "detectable", r->any, r->least);
    cJSON_AddStringToObject(o, "text",
                            comparison_tell(l, f, false, text, sizeof text));
}

cJSON *results_levels(const struct compare_report *r)
{
    cJSON *list = cJSON_CreateArray();
    size_t i;
    int f;

    for (i = 0; i < r->n; i++) {
        const struct compare_level *l = &r->levels[i];
        cJSON *o = cJSON_CreateObject();

        cJSON_AddNumberToObject(o, "load", l->load);
        cJSON_AddNumberToObject(o, "before_s", l->seconds_a);
        cJSON_AddNumberToObject(o, "now_s", l->seconds_b);
        cJSON_AddNumberToObject(o, "before_blocks", (double)l->blocks_a);
        cJSON_AddNumberToObject(o, "now_blocks", (double)l->blocks_b);
        cJSON_AddNumberToObject(o, "block_s", l->block_s);
        cJSON_AddStringToObject(o, "confidence", l->sure ? "high" : "low");
        for (f = 0; f < COMPARE_FIGURES; f++) {
            levels_figure(o, l, (enum compare_figure)f);
        }
        cJSON_AddItemToArray(list, o);
    }
    return list;
}

void results_comparison(cJSON *insights, const struct comparison_now *now)
{
    struct compare_report r;
    char note[COMPARISON_NOTE_MAX];
    cJSON *o;

    if (!comparison_of(now, &r)) {
        return;
    }
    o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "file", now->earlier->file);
    cJSON_AddStringToObject(o, "scenario", now->earlier->scenario);
    cJSON_AddStringToObject(o, "answer",
                            compare_answer_name(compare_summary(&r)));
    cJSON_AddStringToObject(o, "note", comparison_note(&r, note, sizeof note));
    cJSON_AddItemToObject(o, "levels", results_levels(&r));
    cJSON_ReplaceItemInObjectCaseSensitive(insights, "comparison", o);
}
