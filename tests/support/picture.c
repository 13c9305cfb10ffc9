/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/picture.h"

#include <string.h>

#include "support/sheet.h"

void picture(struct story *story, int cols, int rows, bool done,
             enum ui_panel panel, struct buf *out)
{
    struct sheet s;

    sheet_init_story(&s, story);
    s.ui.done = done;
    s.ui.panel = panel;
    buf_adds(out, sheet_at(&s, cols, rows));
    grid_roles(&s.grid, out);
    sheet_clear(&s);
}

bool same_text(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        size_t n = strcspn(a, "\n"), k = strcspn(b, "\n");
        bool coarse = memmem(a, n, "recover", 7) != NULL ||
                      memmem(a, n, "breaks at", 9) != NULL ||
                      memmem(a, n, ", limit ", 8) != NULL ||
                      memmem(a, n, "verdict so far", 14) != NULL ||
                      memmem(a, n, " so far: ", 9) != NULL ||
                      memmem(a, n, "· verdict ", 11) != NULL ||
                      memmem(a, n, "not after", 9) != NULL ||
                      memmem(a, n, "(before: ", 9) != NULL ||
                      memmem(a, n, "back since", 10) != NULL;

        if (!coarse && (n != k || memcmp(a, b, n) != 0)) {
            return false;
        }
        a += n + (a[n] != '\0');
        b += k + (b[k] != '\0');
    }
    return *a == *b;
}
