/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/picture.h"

#include <string.h>

#include "screen/layout.h"
#include "screen/model.h"
#include "screen/render.h"

void picture(struct story *story, int cols, int rows, bool done,
             enum ui_panel panel, struct buf *out)
{
    struct ui_config c = {.host = "127.0.0.1:3000", .host_is_local = true};
    struct model_source *source = model_source_new(story);
    struct model model;
    struct ui ui;
    struct grid g;
    int i;

    model_init(&model);
    ui_init(&ui, &c);
    ui.done = done;
    ui.panel = panel;
    for (i = 0; i < 2; i++) { /* how many rows there are, the first one says */
        struct layout l = ui_layout(&ui, &model, cols, rows);
        struct model_want w = ui_want(&ui, &l);

        model_update(&model, source, &w);
    }
    grid_init(&g, cols, rows, false);
    render(&g, &model, &model, &ui, 1000000);
    grid_text(&g, out);
    grid_roles(&g, out);
    grid_clear(&g);
    model_clear(&model);
    model_source_free(&source);
}

bool same_text(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        size_t n = strcspn(a, "\n"), k = strcspn(b, "\n");
        bool coarse = memmem(a, n, "recover", 7) != NULL ||
                      memmem(a, n, "breaks at", 9) != NULL ||
                      memmem(a, n, ", limit ", 8) != NULL ||
                      memmem(a, n, "verdict so far", 14) != NULL ||
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
