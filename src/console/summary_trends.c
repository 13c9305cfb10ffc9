/* SPDX-License-Identifier: MIT
 *
 * summary_trends - whether the service got worse while the load stayed the
 * same. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "console/summary_internal.h"
#include "run/study_trend.h"

void summary_trends(struct summary_page *p)
{
    const struct study *s = story_study(p->story);
    char line[256];
    size_t i;

    if (!study_trends_told(s)) {
        return;
    }
    summary_title(p, "TRENDS");
    buf_adds(p->out, "    ");
    summary_safe(p, study_tell_soak(s, line, sizeof line));
    buf_addc(p->out, '\n');
    for (i = 0; i < study_trends(s); i++) {
        buf_adds(p->out, "      ");
        summary_safe(p, study_tell_trend(s, i, line, sizeof line));
        buf_addc(p->out, '\n');
    }
}
