/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/prom_text.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"

/* Appends a label's value, without its quotes: \ " and newlines escaped, and
 * what steers a terminal as text_escape has it. */
static void prom_text_label(struct buf *out, const char *value)
{
    struct buf safe;
    size_t i;

    buf_init(&safe, 8 * strlen(value) + 16);
    text_escape(&safe, value, strlen(value));
    for (i = 0; i < safe.len; i++) {
        char c = safe.data[i];

        if (c == '\\' || c == '"') {
            buf_addc(out, '\\');
        }
        buf_addc(out, c);
    }
    buf_clear(&safe);
}

/* Help has no quotes to escape; ours is of one line. */
void prom_text_family(struct buf *out, const char *name, const char *type,
                      const char *help, const char *more)
{
    buf_addf(out, "# HELP %s %s%s%s\n# TYPE %s %s\n", name, help,
             more != NULL ? ": " : "", more != NULL ? more : "", name, type);
}

static void prom_text_value(struct buf *out, double v)
{
    if (isfinite(v)) {
        buf_addf(out, " %.15g\n", v);
    } else {
        buf_adds(out, isnan(v) ? " NaN\n" : v > 0 ? " +Inf\n" : " -Inf\n");
    }
}

void prom_text_sample(struct buf *out, const char *name,
                      const char *const *labels, double v)
{
    bool any = false;

    buf_adds(out, name);
    for (; labels != NULL && *labels != NULL; labels += 2) {
        if (labels[1][0] != '\0') {
            buf_addf(out, "%s%s=\"", any ? "," : "{", labels[0]);
            prom_text_label(out, labels[1]);
            buf_addc(out, '"');
            any = true;
        }
    }
    buf_adds(out, any ? "}" : "");
    prom_text_value(out, v);
}
