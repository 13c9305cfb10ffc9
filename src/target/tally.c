/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/tally.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "base/num.h"
#include "base/xalloc.h"
#include "target/reply_parts.h"

struct tally_path {
    const char *method;
    const char *path;
};

static const struct tally_path tally_paths[] = {
#define ENDPOINT(id, method, path) [ENDPOINT_##id] = {method, path},
#include "target/tally.def"
#undef ENDPOINT
    [ENDPOINT_OTHER] = {"", "other"},
};

static const unsigned tally_codes[] = {
#define STATUS(id, code) [STATUS_##id] = (code),
#include "target/tally.def"
#undef STATUS
};

static void tally_series(struct buf *out, const char *name, const char *type,
                         const char *help)
{
    buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void tally_single(struct buf *out, const char *name, const char *type,
                         const char *help, uint64_t value)
{
    tally_series(out, name, type, help);
    buf_addf(out, "%s %" PRIu64 "\n", name, value);
}

static void tally_requests(const struct tally *t, struct buf *out)
{
    tally_series(out, "brunt_target_requests_total", "counter",
                 "Requests answered, this scrape not among them");
    for (int e = 0; e < ENDPOINT_COUNT; e++) {
        for (int s = 0; s < STATUS_COUNT; s++) {
            if (t->requests[e][s] > 0) {
                buf_addf(out,
                         "brunt_target_requests_total{endpoint=\"%s\","
                         "status=\"%u\"} %" PRIu64 "\n",
                         tally_paths[e].path, tally_codes[s],
                         t->requests[e][s]);
            }
        }
    }
}

void tally_init(struct tally *t)
{
    memset(t, 0, sizeof *t);
    t->started = wall_now();
}

void tally_answer(struct tally *t, enum endpoint endpoint, enum status status)
{
    t->requests[endpoint][status]++;
    t->answered++;
}

enum endpoint tally_route(const char *method, const char *path)
{
    int e;

    for (e = 0; e < ENDPOINT_OTHER; e++) {
        if (strcmp(path, tally_paths[e].path) == 0 &&
            strcmp(method, tally_paths[e].method) == 0) {
            break;
        }
    }
    return (enum endpoint)e;
}

unsigned tally_code(enum status status)
{
    return tally_codes[status];
}

void tally_prometheus(const struct tally *t, double strain,
                      uint64_t resident_bytes, struct buf *out)
{
    tally_series(out, "vi_chat_requests_total", "counter",
                 "Total chat requests handled");
    buf_addf(out, "vi_chat_requests_total{status=\"ok\"} %" PRIu64 "\n",
             t->chat_ok);
    buf_addf(out, "vi_chat_requests_total{status=\"error\"} %" PRIu64 "\n",
             t->chat_error);
    tally_single(out, "vi_chat_rate_limited_total", "counter",
                 "Chat requests that were rate limited", t->rate_limited);
    tally_single(out, "vi_autonomy_events_total", "counter",
                 "Autonomy events scored", t->autonomy_events);
    tally_single(out, "vi_autonomy_chimes_total", "counter",
                 "Autonomy chimes emitted", t->chimes);
    tally_single(out, "vi_server_started_at", "gauge",
                 "When this instance started, ms since 1970",
                 (uint64_t)t->started.us / 1000);
    tally_requests(t, out);
    tally_series(out, "brunt_target_strain", "gauge",
                 "Share of degrade that overload has taken, 0 to 1");
    buf_addf(out, "brunt_target_strain %.4f\n", strain);
    if (resident_bytes > 0) {
        tally_single(out, "process_resident_memory_bytes", "gauge",
                     "Resident memory of the whole process", resident_bytes);
    }
}

void tally_json(const struct tally *t, struct buf *out)
{
    cJSON *o = cJSON_CreateObject();
    char when[40];

    wall_rfc3339(t->started, when, sizeof when);
    cJSON_AddNumberToObject(o, "chatRequests",
                            (double)(t->chat_ok + t->chat_error));
    cJSON_AddNumberToObject(o, "chatOk", (double)t->chat_ok);
    cJSON_AddNumberToObject(o, "chatError", (double)t->chat_error);
    cJSON_AddNumberToObject(o, "rateLimited", (double)t->rate_limited);
    cJSON_AddNumberToObject(o, "autonomyEvents", (double)t->autonomy_events);
    cJSON_AddNumberToObject(o, "autonomyChimes", (double)t->chimes);
    cJSON_AddStringToObject(o, "startedAt", when);
    reply_json_take(o, out);
}

uint64_t tally_resident(void)
{
    char text[128];
    char *pages;
    char *end;
    uint64_t n = 0;
    ssize_t got;
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return 0;
    }
    got = read(fd, text, sizeof text - 1);
    close(fd);
    if (got <= 0) {
        return 0;
    }
    text[got] = '\0';
    pages = strchr(text, ' ');
    end = pages != NULL ? strchr(++pages, ' ') : NULL;
    if (end == NULL) {
        return 0;
    }
    *end = '\0';
    if (!num_u64(pages, 0, UINT64_MAX / 65536, &n)) {
        return 0;
    }
    return n * (uint64_t)sysconf(_SC_PAGESIZE);
}
