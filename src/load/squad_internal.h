/* SPDX-License-Identifier: MIT
 *
 * squad_internal - what the parts of a squad share: squad.c (its life, and what
 * is the same for all executors), muster.c (executors with a number of VUs) and
 * arrivals.c (those with a rate). */
#ifndef LOAD_SQUAD_INTERNAL_H
#define LOAD_SQUAD_INTERNAL_H

#include "load/crew.h"
#include "load/once.h"
#include "load/places.h"
#include "load/squad.h"
#include "load/vu.h"

#define SQUAD_MAGIC 0x53514421u

/* Iterations that are begun in one go before the loop gets its turn. */
#define SQUAD_SLICE 1000u

/* As many VUs as the level says. */
struct muster {
    struct places places;
    size_t want;         /* places to be held: this worker's share */
    size_t wake_at;      /* VUs of places below it have been told to go on */
    struct timer fill;   /* the next slice */
    struct timer change; /* the curve's next change */
};

/* Iterations as they are due. */
struct arrivals {
    struct timer timer; /* for due */
    uint64_t next;      /* the next iteration of this worker, from 1 over all;
                           UINT64_MAX = none is this worker's */
    mono_us due;        /* its time; UINT64_MAX = none comes */
    struct vu **idle;   /* owned: VUs that are free, the next one last */
    size_t n_idle, cap_idle;
    size_t made;       /* places whose VUs are on, those that drain apart */
    size_t draining;   /* VUs */
    struct vu *chosen; /* free, and about to begin; NULL = none is */
    size_t n_pending;  /* VUs that hold an iteration until they are set up */
};

struct squad {
    unsigned magic;
    struct squad_config config;
    struct crew crew;
    struct vu_owner owner;
    struct desired desired; /* LOAD_WAIT before the first */
    struct vu **vus;        /* owned: by place, NULL until it first begins */
    size_t n_vus, cap_vus;
    uint32_t running; /* iterations under way */
    uint32_t most;    /* VUs at work at a time, since the last tick */
    uint64_t begun;
    mono_us ended;       /* the last one's end; 0 = none has ended */
    uint64_t set_up;     /* times that a VU's own setup has begun */
    uint64_t not_set_up; /* and that it has failed */
    bool arrival;        /* which of the next two it goes by */
    struct muster muster;
    struct arrivals arrivals;
    struct once once;
};

/* The VU of a place, made if there is none yet. */
struct vu *squad_vu(struct squad *s, size_t place);
/* How many of the scenario's first `total` VUs live here. */
size_t squad_share(const struct squad *s, uint32_t total);
/* The same of another worker. */
uint32_t squad_share_of(const struct squad *s, unsigned index, uint32_t total);
/* The stage clock now. */
uint64_t squad_stage_clock(const struct squad *s);
/* A VU goes to work: on an iteration, or on its own setup. */
void squad_works(struct squad *s);
/* The iteration that v asks for begins: counts it. */
void squad_begin(struct squad *s);

void muster_init(struct squad *s);
void muster_clear(struct squad *s);
/* After the desired state has changed from `before`. */
void muster_obey(struct squad *s, const struct desired *before);
bool muster_may_begin(struct squad *s, struct vu *v);
bool muster_may_set_up(struct squad *s, struct vu *v);
/* v's iteration is over, and v drains: it is switched off. */
void muster_drained(struct squad *s, struct vu *v);
void muster_state(const struct squad *s, struct squad_state *state);

/* The same. */
void arrivals_init(struct squad *s);
void arrivals_clear(struct squad *s);
/* Begins what other workers have handed over. */
void arrivals_receive(struct squad *s);
void arrivals_obey(struct squad *s, const struct desired *before);
bool arrivals_may_begin(struct squad *s, struct vu *v);
bool arrivals_may_set_up(struct squad *s, struct vu *v);
void arrivals_drained(struct squad *s, struct vu *v);
void arrivals_state(const struct squad *s, struct squad_state *state);

#endif
