/* SPDX-License-Identifier: MIT
 *
 * limits - what the machine allows a process: descriptors and ports, and so
 * VUs. */
#ifndef LOAD_LIMITS_H
#define LOAD_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan;
struct lineup;

/* No run has more, whatever the machine allows. */
#define LIMITS_VUS_MAX 1000000u

/* Raises the soft limit of descriptors to the hard one. Returns how many the
 * process may have. Main thread, at the start. */
uint64_t load_raise_descriptors(void);
/* Descriptors that are open now; 0 = the system does not say. */
uint64_t load_open_descriptors(void);

/* Free ports that the system gives out for one address, both included; Linux's
 * default where it does not say. */
void load_port_range(uint32_t *low, uint32_t *high);

/* What bounds the VUs of a run. */
struct limits_room {
    uint64_t descriptors; /* that the process may have */
    unsigned workers;     /* at least 1 */
    bool rests; /* a VU that thinks has no connection, so that many more may be
                   there than have one at a time */
    uint64_t ports;   /* that one address has for one destination; 0 = they do
                         not count, for there may be many destinations */
    uint64_t sources; /* addresses of ours, at least 1 */
};

enum limits_scarce { LIMITS_VUS, LIMITS_DESCRIPTORS, LIMITS_PORTS };

struct limits_bound {
    uint32_t vus; /* at least 1, at most LIMITS_VUS_MAX */
    enum limits_scarce scarce;
};

/* The room of a lineup of the plan on this machine. */
struct limits_room limits_room_of(const struct plan *plan,
                                  const struct lineup *lineup,
                                  uint64_t descriptors, unsigned workers);
/* How many VUs there is room for, beside what the workers' loops and groups and
 * the program itself need. */
struct limits_bound limits_bound_of(const struct limits_room *r);
/* "descriptor limit", "free ports"; static. */
const char *limits_name(enum limits_scarce s);
/* Into text: why there is no room for that many VUs, and the commands that make
 * it. Returns text. */
const char *limits_explain(const struct limits_room *r, uint32_t vus,
                           char *text, size_t size);

#endif
