/* SPDX-License-Identifier: MIT
 *
 * limits - one VU has one connection at a time, a descriptor and a port each.
 * A VU that keeps it has it all the time; one that does not ("reuse": "never")
 * has none while it thinks, and then nobody can tell before the run how many
 * are open at once: such a plan is let go on, and what the machine then refuses
 * is counted as failures of the kind "local". */
#include "config.h"

#include "load/limits.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/must.h"
#include "base/num.h"
#include "load/lane_curl.h"
#include "plan/plan.h"

/* The program's own: standard streams, files it writes, the control socket and
 * its clients, a resolver's. */
#define LIMITS_RESERVE 64
/* A worker's loop: epoll, its wake-up, the timer, and room for resolvers. */
#define LIMITS_WORKER 12

uint64_t load_raise_descriptors(void)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_NOFILE, &r) != 0) {
        return 256;
    }
    if (r.rlim_cur != r.rlim_max) {
        struct rlimit all = {.rlim_cur = r.rlim_max, .rlim_max = r.rlim_max};

        /* Refused on systems whose hard limit says "infinity" and does not
         * mean it: the soft one then stays. */
        if (setrlimit(RLIMIT_NOFILE, &all) == 0) {
            r = all;
        }
    }
    return r.rlim_cur == RLIM_INFINITY ? UINT32_MAX : (uint64_t)r.rlim_cur;
}

uint64_t load_open_descriptors(void)
{
    DIR *d = opendir("/proc/self/fd");
    uint64_t n = 0;

    if (d == NULL) {
        return 0;
    }
    for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        n += e->d_name[0] != '.';
    }
    closedir(d);
    return n - 1; /* without that of the looking */
}

void load_port_range(uint32_t *first, uint32_t *last)
{
    struct err e = ERR_INIT;
    const char *end = NULL;
    double low = 32768, high = 60999;
    struct buf b;

    buf_init(&b, 64);
    if (!file_read("/proc/sys/net/ipv4/ip_local_port_range", &b, &e) ||
        !num_double_prefix(buf_str(&b), &low, &end) ||
        !num_double_prefix(end + strspn(end, " \t"), &high, &end) ||
        high < low || low < 1 || high > 65535) {
        low = 32768;
        high = 60999;
    }
    buf_clear(&b);
    *first = (uint32_t)low;
    *last = (uint32_t)high;
}

static uint64_t limits_ports(void)
{
    uint32_t low, high;

    load_port_range(&low, &high);
    return (uint64_t)(high - low) + 1;
}

/* Is it one address for sure? A name may stand for many. */
static bool limits_one_address(const char *host)
{
    char name[256];
    struct in6_addr six;
    struct in_addr four;
    size_t n;

    if (host[0] == '[') {
        host++;
        n = strcspn(host, "]");
    } else {
        n = strcspn(host, ":");
    }
    snprintf(name, sizeof name, "%.*s", (int)n, host);
    return strcmp(name, "localhost") == 0 ||
           inet_pton(AF_INET, name, &four) == 1 ||
           inet_pton(AF_INET6, name, &six) == 1;
}

static bool limits_flow_thinks(const struct flow *f)
{
    for (size_t i = 0; i < f->n; i++) {
        if (f->ops[i].kind == FLOW_THINK && f->ops[i].hi_us > 0) {
            return true;
        }
    }
    return false;
}

struct limits_room limits_room_of(const struct plan *plan,
                                  const struct lineup *lineup,
                                  uint64_t descriptors, unsigned workers)
{
    struct limits_room r = {.descriptors = descriptors,
                            .workers = workers,
                            .rests = plan->http.reuse == REUSE_NEVER,
                            .sources = 1};
    char host[256];

    for (size_t i = 0; i < lineup->n; i++) {
        r.rests =
            r.rests && limits_flow_thinks(&plan->flows[lineup->list[i].flow]);
    }
    if (plan->http.dial.locals.n > 0) {
        r.sources = addresses_count(&plan->http.dial.locals);
    }
    if (plan->http.dial.proxy == NULL &&
        limits_one_address(plan_host(plan, host, sizeof host))) {
        r.ports = limits_ports();
    }
    return r;
}

/* VUs that descriptors allow. */
static uint64_t limits_by_descriptors(const struct limits_room *r)
{
    uint64_t own = LIMITS_RESERVE + (uint64_t)r->workers * LIMITS_WORKER;
    uint64_t left, vus;

    if (r->descriptors <= own) {
        return 1;
    }
    left = r->descriptors - own;
    /* A group of VUs costs two descriptors; the last of each worker may be
     * begun only. Where VUs rest, a fifth is left for connections. */
    vus = r->rests ? left * 4 / 5 * LANE_CURL_GROUP / 2
                   : left * LANE_CURL_GROUP / (LANE_CURL_GROUP + 2);
    return vus > 2ull * r->workers ? vus - 2ull * r->workers : 1;
}

static uint64_t limits_by_ports(const struct limits_room *r)
{
    if (r->ports == 0 || r->rests || r->sources > LIMITS_VUS_MAX) {
        return LIMITS_VUS_MAX;
    }
    return r->ports * r->sources;
}

struct limits_bound limits_bound_of(const struct limits_room *r)
{
    uint64_t vus = limits_by_descriptors(r), ports = limits_by_ports(r);
    enum limits_scarce scarce = LIMITS_DESCRIPTORS;

    if (ports < vus) {
        vus = ports;
        scarce = LIMITS_PORTS;
    }
    if (vus >= LIMITS_VUS_MAX) {
        return (struct limits_bound){LIMITS_VUS_MAX, LIMITS_VUS};
    }
    return (struct limits_bound){(uint32_t)vus, scarce};
}

const char *limits_name(enum limits_scarce s)
{
    switch (s) {
    case LIMITS_VUS:
        return "the most there may be";
    case LIMITS_DESCRIPTORS:
        return "descriptor limit";
    case LIMITS_PORTS:
        return "free ports";
    }
    MUST(!"a limit");
    return "";
}

const char *limits_explain(const struct limits_room *r, uint32_t vus,
                           char *text, size_t size)
{
    struct limits_bound b = limits_bound_of(r);
    /* The same share again, and some to spare. */
    uint64_t descriptors = r->rests
                               ? (uint64_t)vus * 5 / 2 / LANE_CURL_GROUP + 512
                               : (uint64_t)vus + vus / 8 + 256;

    switch (b.scarce) {
    case LIMITS_VUS:
        snprintf(text, size, "%u are the most there may be", b.vus);
        break;
    case LIMITS_DESCRIPTORS:
        snprintf(text, size,
                 "the descriptor limit of %" PRIu64
                 " allows %u: ulimit -n %" PRIu64
                 " lifts it (as root, or with a higher hard limit)",
                 r->descriptors, b.vus, descriptors);
        break;
    case LIMITS_PORTS:
        snprintf(text, size,
                 "%" PRIu64 " free ports of %" PRIu64
                 " source address%s allow %u connections to one address: "
                 "more addresses in http.localAddresses (%" PRIu64
                 " in all), or sysctl net.ipv4.ip_local_port_range=\"1024 "
                 "65535\", lift it",
                 r->ports, r->sources, r->sources == 1 ? "" : "es", b.vus,
                 (vus + r->ports - 1) / r->ports);
        break;
    }
    return text;
}
