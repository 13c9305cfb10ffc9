/* SPDX-License-Identifier: MIT
 *
 * report_chart - one chart of a report as SVG: lines or areas over the time
 * that all charts share, with its scale, and what it says under a cursor. The
 * plot is an SVG of its own within the chart's, whose view is as wide as the
 * time that is looked at: zooming moves that view, and draws nothing anew. */
#ifndef RECORD_REPORT_CHART_H
#define RECORD_REPORT_CHART_H

#include "chart/axis.h"
#include "chart/bins.h"
#include "chart/scale.h"
#include "record/report_internal.h"

enum {
    CHART_W = 1000, /* of a chart, in its own units, all in it too */
    PLOT_X = 66,
    PLOT_W = 916,
    PLOT_Y = 8,
    CHART_FOOT = 18, /* the times below */
    CHART_LINES = 8,
};
/* Units that a character takes, about. */
#define CHART_LETTER 6.2

enum chart_unit {
    CHART_US,
    CHART_COUNT,
    CHART_RATE,
    CHART_PERCENT,
    CHART_BYTES,
    CHART_SECONDS,
    CHART_NUMBER
};

struct chart_line {
    const char *key;  /* its look, and its name in the data: static */
    const char *name; /* for people: static */
    double *v;        /* owned: one for each bin; NAN = a gap */
    bool *thin;       /* owned: of too few samples; NULL = none is */
    bool step;        /* each value holds for its bin */
};

struct chart {
    const char *id;  /* static, or of whoever fills it in */
    char title[160]; /* not yet escaped */
    enum chart_unit unit;
    struct scale scale;
    int height;   /* of the plot */
    double limit; /* NAN = none */
    bool stacked; /* lines are areas, one on top of the other */
    bool words;   /* it has the names of stages and the words of marks */
    bool cells;   /* it is a heatmap, and says what a cell has */
    struct chart_line lines[CHART_LINES];
    size_t n;
};

struct chart_stage {
    uint64_t start_us, end_us; /* run time */
    char name[96];
};
/* A moment, or a stretch, that all charts show. */
struct chart_mark {
    uint64_t t_us, to_us; /* run time; the same of a moment */
    const char *look;     /* static: mark, hand, bad, find, pause */
    char word[64];        /* beside it; "" = none. Neither is escaped */
    char text[300];
};

/* What all charts have in common. */
struct chart_sheet {
    struct report_page *page;
    struct axis axis;
    struct bins *bins; /* owned */
    size_t n;
    struct chart_stage *stages; /* owned, as the next */
    size_t n_stages, cap_stages;
    struct chart_mark *marks;
    size_t n_marks, cap_marks;
    struct buf data; /* "charts" of the data */
};

/* The stages of a scenario (index in the lineup), or what a hunt did, in the
 * place of those before; and the marks of the run. */
void chart_stages(struct chart_sheet *s, size_t scenario);
void chart_marks(struct chart_sheet *s);
/* What the marks that there are look like. */
void chart_marks_legend(const struct chart_sheet *s);
/* The names of the stages, and the words of marks, at the top of a plot. */
void chart_words(struct chart_sheet *s);
/* "marks" of the data. */
void chart_marks_data(const struct chart_sheet *s, struct buf *out);
/* The heatmap of latency; values from lo to hi, µs. */
void chart_heat(struct chart_sheet *s, const struct scale *scale);

/* A line with room for all bins, all gaps; owned by the chart. */
struct chart_line *chart_add(struct chart *c, const struct chart_sheet *s,
                             const char *key, const char *name);
/* Where a moment stands in the plot. */
double chart_x(const struct chart_sheet *s, uint64_t t_us);
/* The whole chart; frees its lines. */
void chart_draw(struct chart_sheet *s, struct chart *c);
/* Its parts, for one that is drawn otherwise: up to the plot's begin, what lies
 * over it, and the end. */
void chart_begin(struct chart_sheet *s, const struct chart *c,
                 const char *said);
void chart_plot(struct chart_sheet *s, const struct chart *c);
void chart_end(struct chart_sheet *s, const struct chart *c);
/* What the script shows under the cursor: of lines, and up to where a chart
 * that is drawn otherwise adds its own, and a brace. */
void chart_data_begin(struct chart_sheet *s, const struct chart *c);
/* The labels of the value axis. */
void chart_ticks(struct chart_sheet *s, const struct chart *c);

#endif
