/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "load/limits.h"

#include <dirent.h>
#include <stddef.h>
#include <sys/resource.h>

#include "load/lane_curl.h"

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

uint32_t load_vus_for(uint64_t descriptors, unsigned workers)
{
    uint64_t own = LIMITS_RESERVE + (uint64_t)workers * LIMITS_WORKER;
    uint64_t vus;

    if (descriptors <= own) {
        return 1;
    }
    /* A group of VUs costs two descriptors; the last of each worker may be
     * begun only. */
    vus = (descriptors - own) * LANE_CURL_GROUP / (LANE_CURL_GROUP + 2);
    vus = vus > 2ull * workers ? vus - 2ull * workers : 1;
    return vus > UINT32_MAX ? UINT32_MAX : (uint32_t)vus;
}
