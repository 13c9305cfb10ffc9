/* SPDX-License-Identifier: MIT
 *
 * rw_options - where and how remote write goes: K6_PROMETHEUS_RW_… in the
 * environment, with the names, words and defaults that k6 has
 * (https://grafana.com/docs/k6/latest/results-output/real-time/prometheus-remote-write/#options).
 * What is there and means nothing here is a mistake that is told, and never
 * passed over. */
#ifndef RECORD_RW_OPTIONS_H
#define RECORD_RW_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "record/out_kind.h"

#define RW_OPTIONS_PREFIX "K6_PROMETHEUS_RW_"
/* The figures that the page of --metrics-port has, too. */
#define RW_TREND_STATS "min,avg,med,max,p(90),p(95),p(99)"
#define RW_STATS_MAX   32
#define RW_HEADERS_MAX 64

/* A figure of a trend. */
enum rw_stat_kind {
    RW_COUNT,
    RW_SUM,
    RW_MIN,
    RW_AVG,
    RW_MED,
    RW_MAX,
    RW_P,
};
struct rw_stat {
    enum rw_stat_kind kind;
    double percentile; /* RW_P: 0..100 */
    char suffix[24];   /* "p95" */
};

struct rw_options {
    char *url;             /* owned, as all texts here */
    char shown[200];       /* the same without credentials, safe to show */
    char *user, *password; /* NULL = none */
    char *token;           /* NULL = none */
    char *cert, *cert_key; /* PEM files; NULL = none */
    char *headers[RW_HEADERS_MAX + 1]; /* "Name: value", NULL behind them */
    size_t n_headers;
    bool insecure, native, stale;
    uint64_t push_ms;
    struct rw_stat stats[RW_STATS_MAX];
    size_t n_stats;
};

/* o is not initialised before. false: e names what is wrong; nothing to clear.
 */
bool rw_options_read(struct rw_options *o, const struct out_config *c,
                     struct err *e) MUST_CHECK;
void rw_options_clear(struct rw_options *o);

#endif
