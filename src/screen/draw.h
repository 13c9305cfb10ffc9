/* SPDX-License-Identifier: MIT
 *
 * draw - the parts of a picture; render puts them together. */
#ifndef SCREEN_DRAW_H
#define SCREEN_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "screen/grid.h"
#include "screen/layout.h"
#include "screen/model.h"
#include "screen/ui.h"

struct draw {
    struct grid *g;
    const struct model *m;    /* what is shown */
    const struct model *live; /* how things stand now */
    const struct ui *ui;
    struct layout l;
    uint64_t now_us; /* the clock of ui_key */
};

struct box {
    int row, col, rows, cols;
};

/* What a click on those cells meets (screen/hits.h). */
void draw_hit(struct grid *g, enum hit_kind kind, struct box b, uint32_t what);

/* "─ title ───────── right ─" over cols columns. */
void draw_title(struct grid *g, int row, int col, int cols, const char *title,
                const char *right, enum role right_role);
/* A frame with its title above and hints below; returns what is inside. Blanks
 * what was there. */
struct box draw_frame(struct grid *g, struct box b, const char *title,
                      const char *hint);

/* Header, stages, banners and keys. */
void draw_head(const struct draw *d, int row);
/* Who, in which state and when; returns the column behind. */
int draw_identity(const struct draw *d, int row);
/* Followed from elsewhere, and not to its end: how it ended is not known. */
bool draw_lost(const struct tick *t);
/* The same of a replay, and that it was cut here; false: it was not. */
void draw_replay_state(const struct draw *d, int row, int *col);
void draw_replay_clock(const struct draw *d, int row, int *col);
bool draw_replay_cut(const struct draw *d, char *text, size_t size);
void draw_replay_prompt(const struct draw *d);
/* The field of a prompt, which is typed into, over room columns. */
void draw_field(const struct draw *d, int row, int col, int room);
void draw_stages(const struct draw *d);
/* A hunt has no stages: is there one, does it hold loads against that threshold
 * of the plan, what it does now (from *col to before end), and what it did
 * when; and who wants the load that is not by hand. */
bool draw_hunts(const struct draw *d);
bool draw_hunts_for(const struct draw *d, const struct threshold *t);
void draw_hunt_now(const struct draw *d, int row, int *col, int end);
void draw_hunt_turns(const struct draw *d);
const char *draw_plan_word(const struct draw *d); /* "plan", "hunt" */
void draw_banner(const struct draw *d, int row);
/* Where a run ended before its load began, why, over as many rows as it needs;
 * when all else is drawn. */
void draw_banner_whole(const struct draw *d);
void draw_footer(const struct draw *d, int row);

/* Charts with their labels and the time axis. */
void draw_charts(const struct draw *d);
void draw_axis(const struct draw *d);
/* The earlier run (model_baseline) behind a band: */
struct band;
enum baseline_line {
    BASELINE_LEVEL,
    BASELINE_RPS,
    BASELINE_P95,
    BASELINE_ERRORS
};
void draw_baseline_line(struct band *b, enum baseline_line line);
/* How a figure is now against what it was: "+18 %", errors in points "+1.2 pt";
 * "-" where there is nothing to compare. Worse warns, better is good; within
 * one in twenty it is neither. Returns its role; buf gets the text. */
enum role draw_baseline_delta(enum baseline_line line, bool any, double now,
                              double was, char *buf, size_t size);
/* A figure of the earlier run as text; NAN is "-". Returns buf. */
const char *draw_baseline_value(enum baseline_line line, double was, char *buf,
                                size_t size);
/* The load now, in the unit of bin_level.level: at the cursor, or of a run
 * that is over the scenario's most VUs; NAN = none. */
double draw_baseline_load(const struct draw *d);
/* Is its p95 only about right? Results keep one for each second or longer, and
 * those cannot be merged: of a stretch of time it is their median, which is
 * shown as such ("~"). Of the whole run it is exact. */
bool draw_baseline_about(const struct draw *d);
/* "NAME ~3.78 s +12 %", and the role of the delta. */
enum role draw_baseline_brief(const struct draw *d, enum baseline_line line,
                              const char *name, char *buf, size_t size);
/* "baseline 3.78 s": what the earlier run, as a whole, had of what a rule is
 * about. false: it is not known. */
bool draw_baseline_rule(const struct draw *d, const struct threshold *t,
                        char *buf, size_t size);
/* Of which time the earlier run's figures are, beside draw_span. */
const char *draw_baseline_span(const struct draw *d);
/* Does the earlier run have some of these requests? */
bool draw_baseline_names(const struct draw *d);
/* What stands above the deltas of requests: "vs base", and what is less like
 * with like: "~base" at the cursor, whose moment is not ten seconds, and where
 * the file's window is longer than those, "~run" where a whole run of the same
 * load stands in. */
const char *draw_baseline_title(const struct draw *d);
/* Why there are no better ones while a run goes on; "" where there are. */
const char *draw_baseline_lacks(const struct draw *d);
/* The delta of one request's rate, p95 or errors, as draw_baseline_delta: of
 * few samples, or of a longer window, it is grey. */
enum role draw_baseline_name(const struct draw *d,
                             const struct model_request *r,
                             enum baseline_line line, char *buf, size_t size);
/* The section of LAYOUT_WIDE; returns the rows it took. */
int draw_baseline_wide(const struct draw *d, struct box b);
/* The heatmap over those rows. */
void draw_heat(const struct draw *d, struct lines at);
/* What its levels from..to mean, from a column on; returns the one behind. */
int draw_heat_key(const struct draw *d, int row, int col, int from, int to);
/* The same beside it, as far as there is room. */
void draw_heat_side(const struct draw *d);
/* What is watched of the service itself: its bands, and the figures beside
 * them; the section of LAYOUT_WIDE, which returns the rows it took. */
void draw_service(const struct draw *d);
void draw_service_side(const struct draw *d);
int draw_service_wide(const struct draw *d, struct box b);
/* "402 MB", "0.40"; "-" where it is not known. And what else there is to say
 * of it in so many columns: "of 4.0 GB", "growing 2.10 MB/min, full in 6.1 h",
 * "silent since 0:40"; "" = nothing. Both return the role. */
enum role draw_gauge(const struct model_gauge *g, char *buf, size_t size);
enum role draw_gauge_words(const struct model *m, const struct model_gauge *g,
                           int cols, char *buf, size_t size);
/* Column of the chart that the time cursor stands in; -1: it is not in sight.
 */
int draw_cursor_column(const struct draw *d);
/* What the shown figures say of a rule on a plain metric (model_verdict).
 * false: they say nothing. */
bool draw_judged(const struct draw *d, const struct verdict *v, bool *holds);
/* A stage's label within so many columns; returns the column behind it. */
int draw_stage_name(const struct draw *d, int row, int col, int cols,
                    size_t stage);
/* "3 s so far", "3 s only": how long it is since a change, until that is ten
 * seconds. buf holds NUM_MAX; returned. */
const char *draw_so_far(const struct change *c, bool over, char *buf);
/* "220", or "220 → 660" where it went on from there to yet another load: all
 * but where it ended. buf: CHANGE_FROM_MAX. Returns buf. */
#define CHANGE_FROM_MAX ((CHANGE_TURNS + 1) * (NUM_MAX + 8))
const char *draw_change_from(const struct change *c, const char *arrow,
                             char *buf, size_t size);
/* What figures are of: "last 10 s", "whole run", "at 1:23". Returns buf. */
const char *draw_span(const struct draw *d, char *buf, size_t size);
/* The numbers beside them. */
void draw_side(const struct draw *d);
/* The same in LAYOUT_WIDE. */
void draw_side_wide(const struct draw *d);

/* The first of n rows to show so that the selected one is in sight. */
int draw_list_top(int rows, int n, int selected);
/* Marks the selected row. */
void draw_list_mark(const struct draw *d, struct box b, int row, bool on);
/* The rows of b are those of the open list (selected is not -1), from top on:
 * a click chooses one. */
void draw_list_hits(const struct draw *d, struct box b, int selected, int top);
/* So many rows of what stands in b are below those in sight: in the line under
 * it, or else above it; n <= 0: none are. */
void draw_more(const struct draw *d, struct box b, int n);
/* In place of rows that the filter left out. */
void draw_nothing_found(const struct draw *d, int row, int col);
/* A list's title, with the filter behind it. Returns buf. */
const char *draw_filtered(const struct draw *d, const char *title, char *buf,
                          size_t size);
/* Holds or not; hollow: it does, but that is not good (see draw_hollow). */
void draw_sign(const struct draw *d, int row, int col, bool ok, bool hollow);
/* A limit of response times that holds because most responses are failures. */
bool draw_verdict_hollow(const struct draw *d, const struct verdict *v);
/* Lists. selected: row of the open one, to be shown reversed and in sight; or
 * -1: it is a part of the picture. */
void draw_requests(const struct draw *d, struct box b, int selected);
/* The right of their title, where so many rows have room. Returns buf. */
const char *draw_requests_right(const struct draw *d, int rows, char *buf,
                                size_t size);
void draw_thresholds(const struct draw *d, struct box b, int selected);
/* The title of thresholds, over so many columns: of which time they are, or why
 * they do not count. */
const char *draw_thresholds_title(const struct draw *d, int cols);
/* "all 4 pass", "3/4 pass", and its role. */
enum role draw_tally(const struct draw *d, char *buf, size_t size);
/* Thresholds one beside the other, each as short as it goes. */
void draw_threshold_chips(const struct draw *d, struct box b);
void draw_errors(const struct draw *d, struct box b, int selected);
/* Those of the time cursor's moment. */
void draw_errors_at(const struct draw *d, struct box b);
void draw_log(const struct draw *d, struct box b, int selected);
/* Text over the rows of b from a column on, broken between words; what has no
 * room in the last of them is cut. */
void draw_wrap(const struct draw *d, struct box b, int indent, enum role role,
               const char *text);
/* How many rows of so many columns it takes, but no more than most. */
int draw_wrap_rows(const char *text, int cols, int most);
/* One row each. */
void draw_change(const struct draw *d, struct box b);
void draw_generator(const struct draw *d, struct box b);
/* A note for the person, as long as it is fresh. */
bool draw_note(const struct draw *d, struct box b);
/* Columns that the news needs while it is new; 0: it is not. */
int draw_news_cols(const struct draw *d);
/* The newest event, or a note; over the rows of b where it is longer than one.
 */
void draw_news(const struct draw *d, struct box b);

/* What is in the panel of steps; and the figures between the two last marks in
 * a line: "0:42 since deploy: 412 req/s …". Returns buf. */
void draw_steps(const struct draw *d);
const char *draw_between(const struct model_steps *s, char *buf, size_t size);
/* The clock, in the last row beside latency: no figure moves for it. */
void draw_recovery(const struct draw *d);
enum role draw_trend_role(enum trend_state s);
/* A return is not shown as good while a rule on latency or failures is broken:
 * it is of before. */
enum role draw_recovery_role(const struct draw *d);
/* As much of it as there is room for, and at least the short words. Borrowed.
 */
const char *draw_recovery_words(const struct draw *d, int room);

/* There is something to say of what the run has found out, and the generator
 * needs no row to warn in. */
bool draw_answers(const struct draw *d);
/* Rows, of so many columns, that the answer of a hunt needs once it is over,
 * but no more than most; else 1. */
int draw_answer_rows(const struct draw *d, int cols, int most);
/* That in a row: where it breaks, the recovery, and the generator where there
 * is room. false: there is a recovery to tell, and no room for it. */
bool draw_answer(const struct draw *d, struct box b);
/* "every request failed: connection refused"; false: not so. */
bool draw_all_failed(const struct model *m, char *buf, size_t size);
/* Sections of LAYOUT_WIDE; returns the rows they took. */
int draw_answer_wide(const struct draw *d, struct box b);

/* Big figures: the whole screen but for head, banner, news and keys. */
void draw_big(const struct draw *d);
/* All of LAYOUT_MINIMAL. */
void draw_minimal(const struct draw *d);

/* An empty frame of at most cols x rows in the middle; less on a small
 * screen. Returns what is inside. */
struct box draw_panel_open(const struct draw *d, int cols, int rows,
                           const char *title, const char *hint);
/* The same as wide and high as reads well for a list of n rows. */
struct box draw_panel_list(const struct draw *d, int n, const char *title,
                           const char *hint);

/* Text that is scrolled: rows are asked for one after the other, and those out
 * of sight are at row -1, where nothing is drawn. */
struct page {
    const struct draw *d;
    struct box b;
    int n;   /* rows so far */
    int top; /* rows above the box */
};
int page_row(struct page *p);
/* A blank row, and a heading. */
void page_head(struct page *p, const char *text);
/* Text of several lines, wrapped, each line escaped. */
void page_text(struct page *p, enum role role, const char *text);
/* Calls fn for the rows: once to count them, once to draw those in sight. */
void page_draw(const struct draw *d, struct box b,
               void (*fn)(struct page *p, const void *ctx), const void *ctx);

/* Panels: anomalies, errors by kind with a sample, the sample in full, one
 * request looked into, checks, the generator's own health. */
void draw_findings(const struct draw *d);
void draw_errors_panel(const struct draw *d);
void draw_sample(const struct draw *d);
void draw_detail(const struct draw *d);
void draw_checks(const struct draw *d);
void draw_health(const struct draw *d);
/* What is open over the picture. */
void draw_panel(const struct draw *d);
/* "so far: warning", "verdict good", and its colour; "" and ROLE_TEXT while
 * there is not enough to say. */
enum role draw_verdict_word(const struct draw *d, char *buf, size_t size);
/* The verdict (draw_verdict.c), and rows that it would fill. */
int draw_verdict_rows(const struct draw *d, int cols);
void draw_verdict(const struct draw *d, struct box b);
void draw_prompt(const struct draw *d);

/* Role of a percentile from so many responses: grey where they are few, unless
 * it is over its limit; "~" before it then says that they are few. */
enum role draw_thin(enum role role, uint64_t responses, double percentile);
const char *draw_about(enum role role, uint64_t responses, double percentile);
/* One line of blocks, a trend: a bin's p95 on the latency scale. */
void draw_trend(const struct draw *d, int row, int col, int cols,
                const struct bin *bins, size_t n, enum role role);
/* A load that was set by hand, as long as there is one: at the end it is
 * nobody's any more. */
bool draw_by_hand(const struct tick_scenario *at);
/* Most responses are failures: those are quick, and a percentile that is low
 * for that is not good. */
bool draw_hollow(const struct summary *s);
/* "?" behind figures that the generator itself may have spoiled. */
const char *draw_doubt(const struct draw *d);

#endif
