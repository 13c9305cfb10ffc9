/* SPDX-License-Identifier: MIT
 *
 * hunt_internal - what hunt.c (what is asked for next), hunt_rules.c (what
 * loads are held against), hunt_rest.c (what is awaited after an overload) and
 * hunt_news.c (what is told of it) share. */
#ifndef RUN_HUNT_INTERNAL_H
#define RUN_HUNT_INTERNAL_H

#include "insight/rest.h"
#include "run/hunt.h"
#include "run/hunt_ground.h"
#include "run/hunt_second.h"

struct hunt {
    struct hunt_config config;
    uint32_t max;
    uint64_t unit_us;
    struct search *search; /* owned, as the next */
    struct probe *probe;
    struct rest rest;
    struct rest_before before; /* on the way to the first load */
    struct hunt_second second;
    enum hunt_phase phase;
    uint64_t phase_us;        /* active time in it */
    uint32_t from, to, asked; /* of the ramp; asked for now */
    uint64_t ramp_us;
    uint32_t tried;      /* load of the last try */
    uint32_t hand;       /* most that was asked for by hand */
    uint64_t start_us;   /* run time at which the probe began */
    uint64_t base_us;    /* a percentile at base_load */
    int base_rule;       /* whose it is; -1 = none's */
    bool out[RULES_MAX]; /* rules that no load can be held against */
    bool told_out;
    uint32_t base_load; /* lowest load that held; 0 = none */
    double rps;
    uint32_t rps_load;
    bool broke;
    enum probe_reason by;
    unsigned missed;
    bool cooling; /* the operator took the wheel while it rested */
    enum hunt_cut cut;
    struct hunt_ground ground;
    struct hunt_fault fault; /* CUT_SILENT, CUT_PLAN */
    int broke_rule;          /* that the last load broke by; -1 = none's */
    uint64_t broke_value;    /* as the tick has it */
    struct tick_probe told;  /* of the last feed */
    size_t n_told;
    struct hunt_news news[HUNT_NEWS_MAX];
    size_t n_news;
};

/* A rule on latency that can be held against. */
bool hunt_latency(const struct rule *r);
/* Makes its probe: rules that there will be no sample of count for nothing.
 * Returns what their samples are kept in, owned by the caller. */
struct rule_parts *hunt_rules(struct hunt *h);
/* Share of all requests that may fail. */
double hunt_allowed(const struct hunt_config *c);
/* The load at which it rests after that one. */
uint32_t hunt_rest_load(const struct hunt *h, uint32_t after);
void hunt_rest_begin(struct hunt *h);
/* A tick on the way to a load: of the first one keeps what was a little above
 * the load of its rest. */
void hunt_rest_look(struct hunt *h, const struct tick *t);
/* Something to be told with this tick; its text is still empty. */
struct hunt_news *hunt_say(struct hunt *h, const char *type);
/* Rules that count for nothing: once. */
void hunt_tell_out(struct hunt *h);
/* It is over: what it came to, and why. */
void hunt_end(struct hunt *h, enum hunt_cut cut);
/* A load was judged: what is kept of it, and the news. */
void hunt_learn(struct hunt *h, const struct probe_report *r);
void hunt_report(struct hunt *h, const struct tick *t,
                 const struct search_step *step);

#endif
