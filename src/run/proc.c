/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/proc.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/num.h"
#include "load/limits.h"

uint64_t proc_rss_bytes(void)
{
    struct err e = ERR_INIT;
    const char *end = NULL;
    double pages = 0, resident = 0;
    struct buf b;
    bool ok;

    buf_init(&b, 4096);
    /* "size resident shared …", in pages */
    ok = file_read("/proc/self/statm", &b, &e) &&
         num_double_prefix(buf_str(&b), &pages, &end) && *end == ' ' &&
         num_double_prefix(end + 1, &resident, &end);
    buf_clear(&b);
    return ok ? num_whole(resident) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

uint32_t proc_fds(void)
{
    struct stat st;

    /* Since Linux 6.2 the folder's size is their number; a walk over twenty
     * thousand of them would take the loop's time. */
    if (stat("/proc/self/fd", &st) == 0 && st.st_size > 0) {
        return (uint32_t)st.st_size;
    }
    return (uint32_t)load_open_descriptors();
}

uint32_t proc_fds_max(void)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur > UINT32_MAX) {
        return UINT32_MAX;
    }
    return (uint32_t)r.rlim_cur;
}

unsigned proc_cores(void)
{
    long n;
#ifdef CPU_COUNT
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        return (unsigned)CPU_COUNT(&set);
    }
#endif
    n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}
