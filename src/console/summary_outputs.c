/* SPDX-License-Identifier: MIT
 *
 * Where the run was streamed to (--out), and what did not arrive. */
#include "config.h"

#include "console/summary_internal.h"

void summary_outputs(struct summary_page *p)
{
    size_t n, i;
    const struct output *list = story_outputs(p->story, &n);

    if (n > 0) {
        summary_title(p, "STREAMED");
    }
    for (i = 0; i < n; i++) {
        char text[400];

        buf_adds(p->out, "    ");
        summary_good(p, list[i].dropped == 0 && !list[i].dead);
        buf_addf(p->out, " %s to ", list[i].kind);
        summary_safe(p, list[i].where);
        buf_adds(p->out, ": ");
        summary_safe(p, output_text(&list[i], ", ", text, sizeof text));
        buf_addc(p->out, '\n');
    }
}
