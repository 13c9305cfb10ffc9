/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_names.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/must.h"
#include "measure/histo.h"
#include "measure/series.h"
#include "record/results.h"

/* Fewer points of a name tell nothing of time. */
#define NAMES_POINTS_MIN 3
#define NAMES_NUMBER_MAX 26 /* bytes of a number with its comma */

enum names_list {
    LIST_T,
    LIST_REQUESTS,
    LIST_RPS,
    LIST_P50,
    LIST_P95,
    LIST_P99,
    LIST_ERRORS,
    LIST_COUNT
};
static const char *const names_keys[LIST_COUNT] = {
    [LIST_T] = "t",           [LIST_REQUESTS] = "requests", [LIST_RPS] = "rps",
    [LIST_P50] = "p50",       [LIST_P95] = "p95",           [LIST_P99] = "p99",
    [LIST_ERRORS] = "errors",
};

/* The slots that end with the newest one. */
struct names_window {
    const struct series *series; /* borrowed */
    size_t name;
    uint64_t us;  /* how long it is */
    size_t first; /* slot */
    uint64_t active_us, requests, failed;
    double rated;
    struct histo *h; /* owned */
};

static double names_rated(const struct slot *s, size_t name)
{
    return s->requests > 0 ? s->rated / (double)s->requests *
                                 (double)s->requests_by_name[name]
                           : 0;
}

static void names_in(struct names_window *w, const struct slot *s)
{
    w->active_us += s->active_us;
    w->requests += s->requests_by_name[w->name];
    w->failed += s->failed_by_name[w->name];
    w->rated += names_rated(s, w->name);
    histo_add_packed(w->h, &s->by_name[w->name]);
}

static void names_out(struct names_window *w, const struct slot *s)
{
    w->active_us -= s->active_us;
    w->requests -= s->requests_by_name[w->name];
    w->failed -= s->failed_by_name[w->name];
    w->rated -= names_rated(s, w->name);
    histo_sub_packed(w->h, &s->by_name[w->name]);
}

/* Slot i comes in, and those go out that ended too long before it. */
static void names_slide(struct names_window *w, size_t i)
{
    const struct slot *s = series_slot(w->series, i);
    uint64_t end = s->start_us + series_slot_us(w->series);

    names_in(w, s);
    while (series_slot(w->series, w->first)->start_us + w->us < end) {
        names_out(w, series_slot(w->series, w->first++));
    }
}

/* A number of so many thousandths, or the like: no more digits than are needed,
 * and by hand, for there are very many. */
static void names_number(struct buf *out, uint64_t n, unsigned digits)
{
    char text[NAMES_NUMBER_MAX], *at = text + sizeof text;
    bool fraction = false;

    while (digits > 0 && n % 10 == 0) {
        n /= 10;
        digits--;
    }
    for (; digits > 0; digits--, n /= 10) {
        *--at = (char)('0' + n % 10);
        fraction = true;
    }
    if (fraction) {
        *--at = '.';
    }
    do {
        *--at = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    buf_adds(out, out->len > 1 ? ", " : "");
    buf_add(out, at, (size_t)(text + sizeof text - at));
}

static void names_null(struct buf *out)
{
    buf_adds(out, out->len > 1 ? ", null" : "null");
}

static void names_percentile(const struct names_window *w, double p,
                             struct buf *list)
{
    if (histo_count(w->h) > 0) {
        names_number(list, histo_percentile(w->h, p), 3);
    } else {
        names_null(list);
    }
}

static void names_point(const struct names_window *w, uint64_t end_us,
                        struct buf *lists)
{
    names_number(&lists[LIST_T], end_us / 1000, 3);
    names_number(&lists[LIST_REQUESTS], w->requests, 0);
    if (w->active_us > 0) {
        names_number(
            &lists[LIST_RPS],
            (uint64_t)llround(fmax(w->rated, 0) * 1e9 / (double)w->active_us),
            3);
    } else {
        names_null(&lists[LIST_RPS]);
    }
    names_percentile(w, 50, &lists[LIST_P50]);
    names_percentile(w, 95, &lists[LIST_P95]);
    names_percentile(w, 99, &lists[LIST_P99]);
    if (w->requests > 0) {
        names_number(
            &lists[LIST_ERRORS],
            (uint64_t)llround((double)w->failed / (double)w->requests * 1e6),
            6);
    } else {
        names_null(&lists[LIST_ERRORS]);
    }
}

static void names_add(cJSON *endpoint, const struct series *s, size_t name,
                      size_t step)
{
    size_t n = series_count(s), i;
    uint64_t slot_us = series_slot_us(s), wide = step * slot_us;
    struct names_window w = {.series = s, .name = name, .h = histo_new()};
    cJSON *o = cJSON_AddObjectToObject(endpoint, "series");
    struct buf lists[LIST_COUNT];

    wide = wide > RESULTS_NAMES_WINDOW_US ? wide : RESULTS_NAMES_WINDOW_US;
    w.us = (wide + slot_us - 1) / slot_us * slot_us;
    for (i = 0; i < LIST_COUNT; i++) {
        buf_init(&lists[i], (n / step + 2) * NAMES_NUMBER_MAX + 4);
        buf_addc(&lists[i], '[');
    }
    for (i = 0; i < n; i++) {
        names_slide(&w, i);
        if ((i + 1) % step == 0 || i + 1 == n) {
            names_point(&w, series_slot(s, i)->start_us + slot_us, lists);
        }
    }
    cJSON_AddNumberToObject(o, "interval_s", (double)(step * slot_us) / 1e6);
    cJSON_AddNumberToObject(o, "window_s", (double)w.us / 1e6);
    for (i = 0; i < LIST_COUNT; i++) {
        buf_addc(&lists[i], ']');
        MUST(!lists[i].cut);
        cJSON_AddRawToObject(o, names_keys[i], buf_str(&lists[i]));
        buf_clear(&lists[i]);
    }
    histo_free(&w.h);
}

static bool names_used(const struct series *s, size_t name)
{
    size_t i;

    for (i = 0; i < series_count(s); i++) {
        if (series_slot(s, i)->requests_by_name[name] > 0) {
            return true;
        }
    }
    return false;
}

void results_names(cJSON *endpoints, const struct plan *plan,
                   const struct ledger *l)
{
    const struct series *s = ledger_series(l);
    size_t n = series_count(s), used = 0, most, i;
    cJSON *endpoint;

    for (i = 0; i < plan->n_names; i++) {
        used += names_used(s, i);
    }
    most = used > 0 ? RESULTS_NAMES_POINTS / used : 0;
    most = most < RESULTS_POINTS_MAX ? most : RESULTS_POINTS_MAX;
    if (most < NAMES_POINTS_MIN) {
        return;
    }
    i = 0;
    /* One for the last, short step. */
    cJSON_ArrayForEach(endpoint, endpoints)
    {
        if (names_used(s, i)) {
            names_add(endpoint, s, i, (n + most - 2) / (most - 1));
        }
        i++;
    }
}
