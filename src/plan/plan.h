/* SPDX-License-Identifier: MIT
 *
 * plan - everything a run needs to know before it starts, read from one JSON
 * file, checked, and immutable from then on: any thread may read it. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "plan/dial.h"
#include "plan/flow.h"
#include "plan/metric.h"
#include "plan/request.h"
#include "plan/scenario.h"
#include "plan/threshold.h"
#include "plan/verdict_rule.h"

struct plan_env {
    char *name;       /* owned */
    char *by_default; /* owned, as in the plan */
    char *value;      /* owned: what holds for this run */
    bool secret;      /* shown and written as *** */
    bool set;         /* by -e, which is stronger than a scenario's env */
};

/* Which row of a data file an iteration gets. */
enum data_pick {
    DATA_SEQUENTIAL, /* the next, in one order over the whole run */
    DATA_RANDOM,     /* any */
    DATA_UNIQUE,     /* the next, and no row twice */
    DATA_VU,         /* VU n keeps row n for its life; setup has the first */
};

/* What an iteration does that finds no row (DATA_UNIQUE, DATA_VU). */
enum data_done {
    DATA_STOP, /* it does not begin: its VU is done */
    DATA_WRAP, /* begins again with the first */
    DATA_FAIL, /* its requests that use it are unresolved */
};

struct plan_data {
    char *name;    /* owned */
    char **values; /* owned: each element as text (strings as they are, other
                      JSON values printed); NULL when it is a file */
    size_t n;      /* of them, or rows of the file; at least 1 */
    struct table *table; /* owned; NULL: the values */
    char *file;          /* owned, as written; NULL: none */
    enum data_pick pick; /* of the file, as the next */
    enum data_done when_done;
    unsigned feed; /* counts the files from 0 */
};

/* A file that requests send, read before the run. */
struct plan_file {
    char *path; /* owned, as opened */
    char *data; /* owned: n bytes */
    size_t n;
};

struct plan_http {
    uint64_t timeout_us;    /* 60 s by default */
    unsigned max_redirects; /* 10 by default */
    enum { REUSE_VU, REUSE_ITERATION, REUSE_NEVER } reuse;
    enum {
        COOKIES_ITERATION, /* a VU's jar is emptied before each iteration */
        COOKIES_KEEP,      /* it is kept for as long as the VU lives */
        COOKIES_OFF,       /* there is none */
    } cookies;
    enum plan_lane lane;
    bool compression;            /* asks for packed responses, unpacks them */
    uint64_t max_response_bytes; /* of a body; more is TOO_LARGE; 4 GiB */
    uint64_t max_request_bytes;  /* of a body; 64 MiB */
    struct dial dial;
};

struct plan_metric {
    char *name; /* owned */
    enum metric_type type;
    enum metric_contains contains;
};

/* What a line of a baseline is about. */
enum baseline_kind {
    BASELINE_METRIC,
    BASELINE_THROUGHPUT,   /* requests a second, under normal load */
    BASELINE_AVAILABILITY, /* share of requests that did not fail */
    BASELINE_BREAKING,     /* load at which the service breaks */
    BASELINE_RECOVERY,     /* µs, after a fall in load */
};
/* One line of a baseline. */
struct baseline_item {
    char *metric; /* owned: "http_req_duration", "throughput", … */
    char *expect; /* owned: "p(95)<1000", "50-80", … */
    enum baseline_kind kind;
    struct threshold limit; /* METRIC; else only op */
    bool about;             /* THROUGHPUT: four fifths and more, not op */
    double low, high;       /* in the unit of the kind; of BREAKING a range,
                               else the same */
    char unit;              /* THROUGHPUT as written: s, m or h */
};
struct baseline_set {
    char *scenario; /* owned; "*" = all */
    struct baseline_item *items;
    size_t n;
};
struct baseline {
    char *name; /* owned: "local", "production" */
    struct baseline_set *sets;
    size_t n;
};

struct table;

struct plan {
    char *name; /* owned */
    char *file; /* owned: path as given; "" = built in or made from a URL */
    char *text; /* owned: as it was read */
    char sha256[65]; /* of the text */
    struct plan_env *env;
    size_t n_env;
    char **hidden; /* owned, each too: texts made of secrets that are masked as
                      they are: credentials in base64 */
    size_t n_hidden;
    struct plan_data *data;
    size_t n_data;
    size_t n_feeds; /* those that are files */
    char **vars;    /* names that steps extract */
    size_t n_vars;
    bool *secret_vars; /* owned: those of them whose values are shown and
                          written as ***; NULL = none is */
    struct plan_http http;
    struct plan_file *files;
    size_t n_files;
    char **sources; /* owned, each too: files that it names, as opened */
    size_t n_sources, cap_sources;
    struct request **requests; /* all of them, setup and teardown included */
    size_t n_requests;
    char **names; /* distinct request names, in order of appearance */
    size_t n_names;
    const struct check **checks; /* borrowed from the requests */
    size_t n_checks;
    struct plan_metric *metrics;
    size_t n_metrics;
    struct flow *flows; /* flows[0] is "default" where there is one */
    size_t n_flows;
    struct flow setup, teardown; /* n == 0: none */
    struct flow vu_setup; /* of each VU, before its first iteration; n == 0:
                             none */
    uint64_t setup_timeout_us, teardown_timeout_us; /* 60 s by default */
    struct lineup *lineups;                         /* the menu */
    size_t n_lineups;
    size_t n_together; /* most scenarios that one of them runs */
    struct tag *tags;  /* on every sample */
    size_t n_tags;
    struct threshold *thresholds;
    size_t n_thresholds;
    struct baseline *baselines;
    size_t n_baselines;
    struct verdict_rule verdict[VERDICT_RULES_MAX]; /* its own, and those of
                                                       the built-in ones that
                                                       they leave */
    size_t n_verdict;
};

/* A setting from the command line: -e NAME=VALUE. */
struct plan_setting {
    const char *name, *value; /* borrowed */
};

/* All mistakes found, in the order of the text. */
struct plan_errors {
    struct err *list; /* owned */
    size_t n, cap;
};
void plan_errors_clear(struct plan_errors *errors);

/* What plan_parse is told besides the text. All borrowed during the call. */
struct plan_input {
    const char *file;                    /* for messages; "" = built in */
    const struct plan_setting *settings; /* -e, strongest */
    size_t n_settings;
    /* Reads the process environment (getenv); NULL = none is consulted. */
    const char *(*getenv)(const char *name);
};

/* Parses and checks text. NULL when there is any mistake: all of them are in
 * errors, each with line, column and "JSON path: what is wrong" as its text.
 * Else owned by the caller. An -e that the plan does not declare is a mistake
 * (where = "-e NAME"). */
struct plan *plan_parse(const char *text, size_t n, const struct plan_input *in,
                        struct plan_errors *errors) MUST_CHECK;
/* Reads a file (at most 16 MiB) and parses it. */
struct plan *plan_load(const char *path, const struct plan_input *in,
                       struct plan_errors *errors) MUST_CHECK;
/* The built-in plans, compiled in from data/plans: "vi", "demo". The text is
 * static; NULL = no such plan. */
const char *plan_builtin(const char *name, size_t *n);
/* A plan that GETs one URL, with one scenario "url" of one VU without an end.
 * The URL is as typed: ${…} in it is literal. NULL: not an http or https URL.
 */
struct plan *plan_from_url(const char *url, struct err *e) MUST_CHECK;
void plan_free(struct plan **p);

/* The lineup of that name, or NULL. Borrowed. */
const struct lineup *plan_lineup(const struct plan *p, const char *name);
/* Which lineup runs: name if not NULL, else the environment's SCENARIO (as
 * settled in p->env), else the only one. NULL with an error that lists them and
 * says "did you mean". */
const struct lineup *plan_choose(const struct plan *p, const char *name,
                                 struct err *e) MUST_CHECK;

/* Flags that replace the scenario's executor (contract: -u with -d, -s or -i).
 */
struct plan_override {
    bool has_vus, has_duration, has_iterations;
    uint32_t vus;
    uint64_t duration_us;
    uint64_t iterations;
    const struct stage *stages; /* -s, in order; borrowed */
    size_t n_stages;
};
/* A new lineup made from l and the flags, owned by the caller (lineup_free).
 * Fails with a reason where they make no sense together; several scenarios have
 * no executor that they could replace. */
struct lineup *plan_overridden(const struct lineup *l,
                               const struct plan_override *o,
                               struct err *e) MUST_CHECK;
/* What a hunt for the breaking point drives. */
struct plan_hunt {
    bool rate;        /* by a rate of arrival, a second; else by VUs */
    uint32_t start;   /* the load that it begins with, 1 or more */
    uint32_t max_vus; /* rate: VUs that it may have, 1 or more */
};
/* A new lineup without end made from l, which is of one scenario (else it fails
 * with a reason): the same flow under another executor. Owned by the caller. */
struct lineup *plan_hunted(const struct lineup *l, const struct plan_hunt *h,
                           struct err *e) MUST_CHECK;
/* Makes "p(95)<limit" the plan's only threshold on a percentile or the median
 * of http_req_duration as a whole. */
void plan_set_limit(struct plan *p, uint64_t limit_us);
struct lineup *lineup_copy(const struct lineup *l);
void lineup_free(struct lineup **l);

/* Is it in setup, vu_setup or teardown: of no scenario? */
bool plan_aside(const struct plan *p, const struct request *r);
/* Is it in the run of this lineup: aside, or in what one of its scenarios does?
 */
bool plan_runs(const struct plan *p, const struct lineup *l,
               const struct request *r);

/* Does a VU of this lineup make it? */
bool plan_asks(const struct plan *p, const struct lineup *l,
               const struct request *r);

/* Checks are counted by scenario: rows of such counts, and the row of one. */
size_t plan_check_rows(const struct plan *p);
size_t plan_check_row(const struct plan *p, unsigned scenario, unsigned check);

/* Is the run held against this one? Where the plan declares the variable
 * BASELINE, only against the one that it names, if it names one; else against
 * all. */
bool plan_baseline_counts(const struct plan *p, const struct baseline *b);
/* false: BASELINE names none; the error says so and lists them. */
bool plan_baseline_check(const struct plan *p, struct err *e) MUST_CHECK;

/* Info of a metric id, built-in or the plan's own. */
struct metric_info plan_metric_info(const struct plan *p, unsigned id);
/* Id of a metric's name, or -1. */
int plan_metric_id(const struct plan *p, const char *name);

/* The longest "host" that requests go to, for the screen: host[:port] of the
 * first request of the flow, or "". Returns buf. */
const char *plan_host(const struct plan *p, char *buf, size_t size);
/* The base the run is aimed at: BASE_URL if the plan has it, else the first
 * URL's origin. Returns buf. */
const char *plan_target(const struct plan *p, char *buf, size_t size);

/* Does the service talk: a request that is streamed, or whose name or URL says
 * "chat" or "completion"? Then there may be a model behind it. */
bool plan_chats(const struct plan *p);

/* Appends text to out with every value of a secret replaced by ***. */
void plan_mask(const struct plan *p, struct buf *out, const char *text,
               size_t n);

#endif
