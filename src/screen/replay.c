/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/replay.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"

enum { TIME_PARTS = 3, TIME_TEXT = 32 };

/* "45", "0:45", "1:02:03"; the first part may be large, the others are of
 * sixty. */
static bool time_clock(const char *text, uint64_t *us)
{
    uint64_t s = 0, n;
    int parts = 0;

    do {
        size_t k = strcspn(text, ":");
        char part[TIME_TEXT];

        snprintf(part, sizeof part, "%.*s", k < 8 ? (int)k : 8, text);
        if (parts == TIME_PARTS || k > 7 ||
            !num_u64(part, 0, parts == 0 ? 9999999 : 59, &n)) {
            return false;
        }
        s = s * 60 + n;
        parts++;
        text += k;
    } while (*text++ == ':');
    *us = s * 1000000;
    return true;
}

struct replay_time replay_time(const char *text, uint64_t now_us,
                               uint64_t total_us)
{
    struct replay_time t = {.ok = false};
    bool forward = text[0] == '+', back = text[0] == '-';
    char clock[NUM_MAX];
    uint64_t us;

    text += forward || back ? 1 : 0;
    if (!time_clock(text, &us) && !dur_parse(text, &us)) {
        snprintf(t.text, sizeof t.text, "a time: 0:45, 90s, 1m30s, +10, -1m");
        return t;
    }
    t.ok = true;
    t.us = forward ? now_us + us : back ? (now_us > us ? now_us - us : 0) : us;
    if (t.us > total_us) {
        t.us = total_us;
        snprintf(t.text, sizeof t.text, "to the end, at %s",
                 num_clock(clock, total_us));
    } else {
        snprintf(t.text, sizeof t.text, "to %s", num_clock(clock, t.us));
    }
    return t;
}
