/* SPDX-License-Identifier: MIT
 *
 * versus_text - two runs side by side, in words. */
#include "config.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "record/versus.h"
#include "run/comparison.h"

static const char *versus_unit(enum compare_figure f)
{
    return f == COMPARE_ERRORS ? "pt" : "%";
}

const char *versus_change(enum compare_figure f, double change, char *buf,
                          size_t size)
{
    char n[64];

    if (isnan(change)) {
        snprintf(buf, size, "-");
    } else {
        snprintf(buf, size, "%s %s",
                 comparison_number(change * 100, true, n, sizeof n),
                 versus_unit(f));
    }
    return buf;
}

const char *versus_doubt_name(enum versus_doubt d)
{
    static const char *const names[] = {
        [VERSUS_SURE] = NULL,
        [VERSUS_OF_FAILURES] = "of_failures",
        [VERSUS_MIXED] = "mixed",
    };

    return names[d];
}

/* What an answer is taken back for; NULL = it is not. */
static const char *versus_doubt_text(enum versus_doubt d)
{
    static const char *const texts[] = {
        [VERSUS_SURE] = NULL,
        [VERSUS_OF_FAILURES] = "of quick failures, not better",
        [VERSUS_MIXED] = "mixed: the whole went the other way",
    };

    return texts[d];
}

const char *versus_tell(const struct versus_figure *v, enum compare_figure f,
                        bool ascii, char *buf, size_t size)
{
    const struct contrast *m = &v->moments;
    char change[120];

    if (f == COMPARE_ERRORS && v->a == 0 && v->b == 0) {
        snprintf(buf, size, "the same: none failed");
        return buf;
    }
    if (!m->any) {
        snprintf(buf, size, "not enough to say");
        return buf;
    }
    snprintf(buf, size, "%s, ",
             comparison_change(f, m->mean, m->low, m->high, ascii, change,
                               sizeof change));
    if (v->doubt != VERSUS_SURE) {
        text_add(buf, size, "%s", versus_doubt_text(v->doubt));
        return buf;
    }
    switch (v->answer) {
    case COMPARE_SAME:
        text_add(buf, size, "same within %s %s",
                 f == COMPARE_ERRORS ? "0.5" : "5", versus_unit(f));
        break;
    case COMPARE_WORSE:
    case COMPARE_BETTER:
    case COMPARE_SLIGHT:
    case COMPARE_UNSURE:
    case COMPARE_SHORT:
        text_add(buf, size, "%s", comparison_answer(v->answer));
        break;
    }
    return buf;
}
