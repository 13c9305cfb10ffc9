/* SPDX-License-Identifier: MIT
 *
 * probe_internal - what probe.c (what is kept, and when it is judged),
 * probe_parts.c (what it is kept of) and probe_judge.c (how) share. */
#ifndef INSIGHT_PROBE_INTERNAL_H
#define INSIGHT_PROBE_INTERNAL_H

#include "insight/probe.h"

/* Moments that a probe may have: beyond, it is decided with what there is. */
#define PROBE_SECONDS_MAX 512
#define PROBE_BLOCKS      3 /* that have to be alike */
/* Far within: a quarter of the limit. */
#define PROBE_EASY 0.25

struct probe_second {
    uint64_t active_us;
    uint32_t requests, failed;
    uint32_t of[RULES_MAX];   /* samples that a rule is about */
    uint32_t over[RULES_MAX]; /* of them, beyond its limit; of a share bad */
    uint32_t far[RULES_MAX];  /* far beyond; of a share bad */
    double in_flight;
    double due, begun, dropped;
    bool fault;
};

/* Times, by part of a moment; of a part that no rule on latency is about NULL.
 * Part 0 is always there. */
struct probe_times {
    struct histo *of[RULES_MAX + 1]; /* owned */
};

struct probe_block {
    struct probe_times good;
    size_t from, n; /* seconds */
    uint64_t active_us;
};

struct probe {
    struct rule rules[RULES_MAX];
    bool out[RULES_MAX]; /* it counts for nothing */
    unsigned marks[RULES_MAX];
    size_t n_rules;
    /* Of any load so far: a rule had a sample; or it was waited for in vain. */
    bool seen[RULES_MAX], waited[RULES_MAX];
    /* The lowest load at which a rule had some samples; 0 = none. */
    double had[RULES_MAX];
    double load; /* of this probe */
    uint64_t measure_us;
    bool may_double;
    enum probe_state state;
    struct probe_second seconds[PROBE_SECONDS_MAX];
    size_t n;
    uint64_t since_us;
    /* The open one is the last. */
    struct probe_block blocks[PROBE_BLOCKS];
    size_t n_blocks;
    size_t from;             /* first second that is measured */
    struct probe_times good; /* of what is measured */
    uint64_t measured_us;
    bool open; /* a rate of arrival */
    bool easy; /* since its begin nothing failed, and all was far within */
    char fault[96];
    struct probe_report report;
    int value_rule;
};

/* A share against what a rule allows. */
struct probe_share {
    uint64_t n, k;
    double allowed, share, low, high;
    double worth; /* n over what chance alone would have needed, <= 1 */
};
void probe_times_new(const struct probe *p, struct probe_times *t);
void probe_times_free(struct probe_times *t);
void probe_times_clear(struct probe_times *t);
void probe_times_join(struct probe_times *t, const struct probe_times *from);
void probe_times_add(struct probe_times *t, const struct moment *x);
bool probe_latency(const struct probe *p, size_t r);
/* Counts what rules are about. */
void probe_count(struct probe *p, struct probe_second *s,
                 const struct moment *x);
/* It is decided: what later probes are to know of it. */
void probe_remember(struct probe *p);
/* A rule that had samples at less load, and has none in all of this probe; -1 =
 * none. */
int probe_gone(const struct probe *p);
/* The time to wait for what was never seen is over. */
void probe_waited(struct probe *p);
/* Does anything have to be held against that rule? */
bool probe_rule_on(const struct probe *p, size_t r);
/* Five seconds far beyond a limit, or without an answer; -1 = neither; n_rules:
 * no answer. */
int probe_far(const struct probe *p);
/* Requests in flight grow from second `from` on. */
bool probe_grows(const struct probe *p, size_t from);
/* Fills the report of what is measured; z as above. false: neither beyond nor
 * within; then the report has the estimate's verdict, soft. */
bool probe_decide(struct probe *p, double z);
/* Whatever the figures say: it breaks. */
void probe_break(struct probe *p, enum probe_reason reason, int rule);

#endif
