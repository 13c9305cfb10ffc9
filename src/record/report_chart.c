/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/report_chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"

/* Labels are so far apart, at least; and one needs about so much more. */
#define CHART_TICK_GAP  12
#define CHART_TICK_ROOM 18
#define CHART_TICKS_MAX 10
#define CHART_TIMES_MAX 40

struct chart_line *chart_add(struct chart *c, const struct chart_sheet *s,
                             const char *key, const char *name)
{
    struct chart_line *l;
    size_t i;

    MUST(c->n < CHART_LINES);
    l = &c->lines[c->n++];
    *l = (struct chart_line){.key = key, .name = name};
    l->v = xcalloc(s->n + 1, sizeof *l->v);
    for (i = 0; i < s->n; i++) {
        l->v[i] = NAN;
    }
    return l;
}

double chart_x(const struct chart_sheet *s, uint64_t t_us)
{
    double span = (double)(s->axis.to_us - s->axis.from_us);

    return ((double)t_us - (double)s->axis.from_us) / span * PLOT_W;
}

/* Where a value stands in the plot. */
static double chart_y(const struct chart *c, double v)
{
    return (1 - scale_at(&c->scale, v)) * c->height;
}

/* "1.79 s", "412", "2.1 %": a value on the axis. Returns buf, NUM_MAX bytes. */
static const char *chart_label(enum chart_unit unit, double v, char *buf)
{
    switch (unit) {
    case CHART_US:
        return num_limit_ms(buf, v / 1e3);
    case CHART_SECONDS:
        return num_limit_ms(buf, v * 1e3);
    case CHART_PERCENT:
        return num_limit_percent(buf, v / 100);
    case CHART_BYTES:
        return num_bytes(buf, num_whole(v));
    case CHART_COUNT:
    case CHART_RATE:
        return v >= 1000 ? num_count(buf, num_whole(v)) : num_plain(buf, v);
    case CHART_NUMBER:
        break;
    }
    return num_plain(buf, v);
}

/* Of a bin: a step holds from its begin, a line goes through its middle. */
static uint64_t chart_middle(const struct bin *b)
{
    return b->start_us + (b->end_us - b->start_us) / 2;
}

/* The last bin is over when the run is. */
static uint64_t chart_bin_end(const struct chart_sheet *s, const struct bin *b)
{
    return b->end_us < s->axis.to_us ? b->end_us : s->axis.to_us;
}

static void path_step(struct chart_sheet *s, const struct chart *c,
                      const struct chart_line *l, struct buf *d)
{
    bool pen = false;
    size_t i;

    for (i = 0; i < s->n; i++) {
        const struct bin *b = bins_at(s->bins, i);

        if (isnan(l->v[i])) {
            pen = false;
            continue;
        }
        if (!pen || bins_at(s->bins, i - 1)->end_us != b->start_us) {
            buf_addf(d, "M%.2f", chart_x(s, b->start_us));
            buf_addf(d, " %.1f", chart_y(c, l->v[i]));
        } else {
            buf_addf(d, "V%.1f", chart_y(c, l->v[i]));
        }
        buf_addf(d, "H%.2f", chart_x(s, chart_bin_end(s, b)));
        pen = true;
    }
}

/* The parts of a line that lead to values of few samples, or to the others. */
static void path_line(struct chart_sheet *s, const struct chart *c,
                      const struct chart_line *l, bool thin, struct buf *d)
{
    double x0 = 0, y0 = 0;
    bool have = false, pen = false;
    size_t i;

    for (i = 0; i < s->n; i++) {
        const struct bin *b = bins_at(s->bins, i);
        bool mine = (l->thin != NULL && l->thin[i]) == thin;
        double x = chart_x(s, chart_middle(b)), y;

        if (isnan(l->v[i])) {
            have = pen = false;
            continue;
        }
        y = chart_y(c, l->v[i]);
        if (mine && !pen) {
            buf_addf(d, "M%.2f %.1f", have ? x0 : x, have ? y0 : y);
        }
        if (mine) {
            buf_addf(d, "L%.2f %.1f", x, y);
        }
        pen = mine;
        have = true;
        x0 = x;
        y0 = y;
    }
}

static void chart_path(struct chart_sheet *s, const char *key, const char *more,
                       const struct buf *d)
{
    if (d->len > 0) {
        buf_addf(s->page->out, "<path class=\"l %s\"%s d=\"%s\"/>\n", key, more,
                 buf_str(d));
    }
}

static void chart_line(struct chart_sheet *s, const struct chart *c,
                       const struct chart_line *l)
{
    char clip[96], look[64];
    struct buf d;

    buf_init(&d, REPORT_BYTES_MAX);
    if (l->step) {
        path_step(s, c, l, &d);
        chart_path(s, l->key, "", &d);
        buf_clear(&d);
        return;
    }
    path_line(s, c, l, true, &d);
    snprintf(look, sizeof look, "%s thin", l->key);
    chart_path(s, look, "", &d);
    buf_reset(&d);
    path_line(s, c, l, false, &d);
    chart_path(s, l->key, "", &d);
    /* What is over the limit, once more and in red. */
    if (!isnan(c->limit) && strcmp(l->key, "p95") == 0) {
        snprintf(clip, sizeof clip, " clip-path=\"url(#%s-over)\"", c->id);
        chart_path(s, "over", clip, &d);
    }
    buf_clear(&d);
}

/* Areas, one on top of the other: each a column for each bin. */
static void chart_areas(struct chart_sheet *s, const struct chart *c)
{
    double *low = xcalloc(s->n + 1, sizeof *low);
    struct buf d;
    size_t i, k;

    buf_init(&d, REPORT_BYTES_MAX);
    for (k = 0; k < c->n; k++) {
        for (i = 0; i < s->n; i++) {
            const struct bin *b = bins_at(s->bins, i);
            double v = c->lines[k].v[i];

            if (!(v > 0)) {
                continue;
            }
            buf_addf(&d, "M%.2f %.1f", chart_x(s, b->start_us),
                     chart_y(c, low[i]));
            low[i] += v;
            buf_addf(&d, "H%.2fV%.1fH%.2fZ", chart_x(s, chart_bin_end(s, b)),
                     chart_y(c, low[i]), chart_x(s, b->start_us));
        }
        if (d.len > 0) {
            buf_addf(s->page->out, "<path class=\"a %s\" d=\"%s\"/>\n",
                     c->lines[k].key, buf_str(&d));
        }
        buf_reset(&d);
    }
    buf_clear(&d);
    free(low);
}

static void chart_tick(struct chart_sheet *s, double y, const char *text)
{
    buf_addf(s->page->out,
             "<path class=\"grid\" d=\"M%d %.1fh%d\"/>"
             "<text class=\"y\" x=\"%d\" y=\"%.1f\">",
             PLOT_X, PLOT_Y + y, PLOT_W, PLOT_X - 6, PLOT_Y + y + 3.5);
    html_text(s->page->out, text);
    buf_adds(s->page->out, "</text>\n");
}

void chart_ticks(struct chart_sheet *s, const struct chart *c)
{
    double ticks[CHART_TICKS_MAX];
    size_t most = (size_t)c->height / CHART_TICK_ROOM, n, i;
    char text[NUM_MAX];

    n = scale_ticks(&c->scale, ticks,
                    most < 3                 ? 3
                    : most > CHART_TICKS_MAX ? CHART_TICKS_MAX
                                             : most);
    for (i = 0; i < n; i++) {
        /* The upper end of a log scale stands where it must. */
        if (i + 1 < n &&
            chart_y(c, ticks[i]) - chart_y(c, ticks[i + 1]) < CHART_TICK_GAP) {
            continue;
        }
        chart_tick(s, chart_y(c, ticks[i]),
                   chart_label(c->unit, ticks[i], text));
    }
}

/* The line of a limit, and the region above it. */
static void chart_limit(struct chart_sheet *s, const struct chart *c)
{
    if (!isnan(c->limit)) {
        double y = chart_y(c, c->limit);

        buf_addf(s->page->out,
                 "<clipPath id=\"%s-over\"><rect x=\"0\" y=\"-5\" width=\"%d\" "
                 "height=\"%.1f\"/></clipPath>"
                 "<path class=\"l limit\" d=\"M0 %.1fH%d\"/>\n",
                 c->id, PLOT_W, y + 5, y, PLOT_W);
    }
}

static void chart_limit_word(struct chart_sheet *s, const struct chart *c)
{
    char text[NUM_MAX];

    if (!isnan(c->limit)) {
        double y = PLOT_Y + chart_y(c, c->limit);

        buf_addf(s->page->out,
                 "<text class=\"limit\" x=\"%d\" y=\"%.1f\">limit ",
                 PLOT_X + PLOT_W - 4, y > PLOT_Y + 14 ? y - 4 : y + 13);
        html_text(s->page->out, chart_label(c->unit, c->limit, text));
        buf_adds(s->page->out, "</text>\n");
    }
}

void chart_begin(struct chart_sheet *s, const struct chart *c, const char *said)
{
    struct buf *out = s->page->out;
    size_t i;

    buf_addf(out, "<figure class=\"chart\" id=\"%s\">\n<figcaption><h3>",
             c->id);
    html_text(out, c->title);
    buf_adds(out, "</h3><ul class=\"legend\">");
    for (i = 0; i < c->n; i++) {
        buf_addf(out,
                 "<li><i class=\"%s\"></i>%s<output data-of=\"%s\"></output>"
                 "</li>",
                 c->lines[i].key, c->lines[i].name, c->lines[i].key);
    }
    buf_adds(out,
             c->cells ? "<li><output data-of=\"cell\"></output></li>" : "");
    buf_addf(out,
             "</ul></figcaption>\n"
             "<svg class=\"sheet\" viewBox=\"0 0 %d %d\" role=\"img\" "
             "aria-labelledby=\"%s-t %s-d\">\n<title id=\"%s-t\">",
             CHART_W, PLOT_Y + c->height + CHART_FOOT, c->id, c->id, c->id);
    html_text(out, c->title);
    buf_addf(out, "</title><desc id=\"%s-d\">", c->id);
    html_text(out, said);
    buf_addf(out,
             "</desc>\n<rect class=\"ground\" x=\"%d\" y=\"%d\" width=\"%d\" "
             "height=\"%d\"><title></title></rect>\n",
             PLOT_X, PLOT_Y, PLOT_W, c->height);
}

/* Marks lie below the lines, in every chart. */
static void chart_verticals(struct chart_sheet *s, const struct chart *c)
{
    struct buf *out = s->page->out;
    size_t i;

    for (i = 0; i < s->n_stages; i++) {
        if (s->stages[i].start_us > s->axis.from_us) {
            buf_addf(out, "<path class=\"v stage\" d=\"M%.2f 0V%d\"/>\n",
                     chart_x(s, s->stages[i].start_us), c->height);
        }
    }
    for (i = 0; i < s->n_marks; i++) {
        const struct chart_mark *m = &s->marks[i];

        if (m->to_us > m->t_us) {
            buf_addf(out,
                     "<path class=\"span %s\" d=\"M%.2f 0H%.2fV%dH%.2fZ\">",
                     m->look, chart_x(s, m->t_us), chart_x(s, m->to_us),
                     c->height, chart_x(s, m->t_us));
        } else {
            buf_addf(out, "<path class=\"v %s\" d=\"M%.2f 0V%d\">", m->look,
                     chart_x(s, m->t_us), c->height);
        }
        buf_adds(out, "<title>");
        html_text(out, m->text);
        buf_adds(out, "</title></path>\n");
    }
}

void chart_plot(struct chart_sheet *s, const struct chart *c)
{
    buf_addf(s->page->out,
             "<svg class=\"plot\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
             "viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\">\n",
             PLOT_X, PLOT_Y, PLOT_W, c->height, PLOT_W, c->height);
    chart_verticals(s, c);
}

/* The times below. */
static void chart_times(struct chart_sheet *s, const struct chart *c)
{
    uint64_t span = s->axis.to_us - s->axis.from_us;
    uint64_t step = axis_step(span, (int)(PLOT_W / CHART_LETTER), 12), t;
    char text[NUM_MAX];

    if (span / step > CHART_TIMES_MAX) { /* a file may say that it was ages */
        step = span / CHART_TIMES_MAX;
    }
    buf_adds(s->page->out, "<g class=\"time\">");
    for (t = 0; t <= s->axis.to_us; t += step) {
        buf_addf(s->page->out, "<text x=\"%.1f\" y=\"%d\">%s</text>",
                 PLOT_X + chart_x(s, t), PLOT_Y + c->height + 14,
                 num_clock(text, t));
    }
    buf_adds(s->page->out, "</g>\n");
}

void chart_end(struct chart_sheet *s, const struct chart *c)
{
    buf_adds(s->page->out, "</svg>\n");
    chart_limit_word(s, c);
    if (c->words) {
        chart_words(s);
    }
    chart_times(s, c);
    buf_adds(s->page->out, "</svg>\n</figure>\n");
}

/* "Latency from 0:00 to 1:48. p50: 12 ms to 1.8 s. …" */
static const char *chart_said(const struct chart_sheet *s,
                              const struct chart *c, char *buf, size_t size)
{
    char a[NUM_MAX], b[NUM_MAX];
    size_t i, k;

    snprintf(buf, size, "From %s to %s.", num_clock(a, s->axis.from_us),
             num_clock(b, s->axis.to_us));
    for (k = 0; k < c->n; k++) {
        double lo = NAN, hi = NAN;

        for (i = 0; i < s->n; i++) {
            lo = fmin(lo, c->lines[k].v[i]);
            hi = fmax(hi, c->lines[k].v[i]);
        }
        if (!isnan(lo)) {
            text_add(buf, size, " %s: %s to %s.", c->lines[k].name,
                     chart_label(c->unit, lo, a), chart_label(c->unit, hi, b));
        }
    }
    return buf;
}

static const char *chart_unit_name(enum chart_unit u)
{
    static const char *const names[] = {
        [CHART_US] = "us",         [CHART_COUNT] = "count",
        [CHART_RATE] = "rate",     [CHART_PERCENT] = "percent",
        [CHART_BYTES] = "bytes",   [CHART_SECONDS] = "seconds",
        [CHART_NUMBER] = "number",
    };

    return names[u];
}

void chart_data_begin(struct chart_sheet *s, const struct chart *c)
{
    size_t i, k;

    buf_addf(&s->data, "%s{\"id\":\"%s\",\"unit\":\"%s\",\"lines\":{",
             s->data.len > 0 ? ",\n" : "", c->id, chart_unit_name(c->unit));
    for (k = 0; k < c->n; k++) {
        buf_addf(&s->data, "%s\"%s\":[", k > 0 ? "," : "", c->lines[k].key);
        for (i = 0; i < s->n; i++) {
            double v = c->lines[k].v[i];

            buf_adds(&s->data, i > 0 ? "," : "");
            if (isnan(v)) {
                buf_adds(&s->data, "null");
            } else {
                buf_addf(&s->data, "%.5g", v);
            }
        }
        buf_addc(&s->data, ']');
    }
    buf_addc(&s->data, '}');
}

void chart_draw(struct chart_sheet *s, struct chart *c)
{
    char said[700];
    size_t k;

    chart_begin(s, c, chart_said(s, c, said, sizeof said));
    chart_ticks(s, c);
    chart_plot(s, c);
    chart_limit(s, c);
    if (c->stacked) {
        chart_areas(s, c);
    }
    for (k = 0; k < c->n && !c->stacked; k++) {
        chart_line(s, c, &c->lines[k]);
    }
    chart_end(s, c);
    chart_data_begin(s, c);
    buf_addc(&s->data, '}');
    for (k = 0; k < c->n; k++) {
        free(c->lines[k].v);
        free(c->lines[k].thin);
    }
    c->n = 0;
}
