/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "chart/axis.h"

#define SECOND UINT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

static const uint64_t axis_steps[] = {
    SECOND,    2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
    MINUTE,    2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    HOUR,      2 * HOUR,   4 * HOUR,   6 * HOUR,    12 * HOUR,   24 * HOUR,
    48 * HOUR, 120 * HOUR, 240 * HOUR, 720 * HOUR};

enum {
    AXIS_STEPS = sizeof axis_steps / sizeof axis_steps[0],
    AXIS_AHEAD = 16, /* this part of a window is what comes */
};

static uint64_t axis_round_up(uint64_t us, uint64_t step)
{
    return us % step == 0 ? us : us - us % step + step;
}

/* The first span out of 1, 2, 5, 10 … minutes that holds us. */
static uint64_t axis_open_span(uint64_t us)
{
    size_t i;

    for (i = 6; i < AXIS_STEPS; i++) {
        if (us <= axis_steps[i]) {
            return axis_steps[i];
        }
    }
    return axis_round_up(us, axis_steps[AXIS_STEPS - 1]);
}

uint64_t axis_reach(uint64_t have_us, uint64_t need_us, int bounded)
{
    if (!bounded) {
        return have_us >= need_us && have_us > 0 ? have_us
                                                 : axis_open_span(need_us);
    }
    if (have_us == 0) {
        return need_us > SECOND ? need_us : SECOND;
    }
    if (need_us > have_us) {
        /* A run on hold ends later with every second: some in advance. */
        uint64_t more = need_us + need_us / 16;

        return axis_round_up(more, SECOND);
    }
    if (have_us - need_us > have_us / 8) {
        return need_us > SECOND ? need_us : SECOND;
    }
    return have_us;
}

uint64_t axis_step(uint64_t span_us, int cols, int gap)
{
    size_t i;

    for (i = 0; i < AXIS_STEPS - 1; i++) {
        double wide = (double)axis_steps[i] / (double)span_us * (double)cols;

        if (wide >= (double)gap) {
            return axis_steps[i];
        }
    }
    return axis_steps[AXIS_STEPS - 1];
}

struct axis axis_window(uint64_t now_us, uint64_t span_us, uint64_t step_us,
                        uint64_t keep_us)
{
    uint64_t to = axis_round_up(now_us + span_us / AXIS_AHEAD, step_us);
    uint64_t from = to > span_us ? to - span_us : 0;

    if (keep_us != UINT64_MAX && keep_us < from) {
        from = keep_us - keep_us % step_us;
    } else if (keep_us != UINT64_MAX && keep_us + step_us > from + span_us) {
        from = axis_round_up(keep_us + step_us, step_us) - span_us;
    }
    return (struct axis){from, from + span_us};
}

bool axis_has(const struct axis *a, uint64_t t_us)
{
    return t_us >= a->from_us && t_us <= a->to_us;
}

int axis_at(const struct axis *a, uint64_t t_us, int cols)
{
    uint64_t span = a->to_us - a->from_us;

    if (span == 0 || t_us >= a->to_us) {
        return cols;
    }
    return t_us <= a->from_us ? 0
                              : (int)((double)(t_us - a->from_us) /
                                      (double)span * (double)cols);
}

uint64_t axis_middle(const struct axis *a, int col, int cols)
{
    return a->from_us + (uint64_t)(((double)col + 0.5) / (double)cols *
                                   (double)(a->to_us - a->from_us));
}
