/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/view_kit.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record/results.h"

const int view_sizes[VIEW_SIZES][2] = {
    {60, 16}, {80, 24}, {120, 36}, {200, 55}};

static void view_post(void *ctx, const struct command *c)
{
    struct view *v = ctx;

    v->last = *c;
    v->posted++;
}

void view_init(struct view *v, struct story *story,
               const struct ui_config *config)
{
    struct ui_config c = {.host = "127.0.0.1:3000", .host_is_local = true};

    memset(v, 0, sizeof *v);
    if (config != NULL) {
        c = *config;
    }
    c.post = view_post;
    c.post_ctx = v;
    keymap_init(&v->keys);
    c.keys = &v->keys;
    v->source = model_source_new(story);
    model_init(&v->model);
    ui_init(&v->ui, &c);
    v->now_us = 1000000;
    buf_init(&v->text, 1 << 22);
}

void view_clear(struct view *v)
{
    buf_clear(&v->text);
    grid_clear(&v->grid);
    model_clear(&v->model);
    model_source_free(&v->source);
    baseline_free(&v->base);
}

void view_look(struct view *v, int cols, int rows)
{
    struct layout l = ui_layout(&v->ui, &v->model, cols, rows);
    struct model_want w = ui_want(&v->ui, &l);

    model_update(&v->model, v->source, &w);
}

void view_draw(struct view *v, int cols, int rows)
{
    grid_clear(&v->grid);
    grid_init(&v->grid, cols, rows, v->ascii);
    render(&v->grid, &v->model, &v->model, &v->ui, v->now_us);
    v->ui.scroll_most = v->grid.scroll_most;
}

const char *view_text(struct view *v, int cols, int rows)
{
    view_look(v, cols, rows);
    /* The second one knows how many rows its lists need. */
    view_look(v, cols, rows);
    view_draw(v, cols, rows);
    buf_clear(&v->text);
    buf_init(&v->text, 1 << 22);
    grid_text(&v->grid, &v->text);
    return buf_str(&v->text);
}

unsigned view_key(struct view *v, uint32_t key)
{
    return ui_key(&v->ui, &v->model, key, v->now_us);
}

void view_type(struct view *v, const char *text)
{
    for (; *text != '\0'; text++) {
        (void)view_key(v, (unsigned char)*text);
    }
}

void view_has(struct view *v, int cols, int rows, const char *words)
{
    if (strstr(view_text(v, cols, rows), words) == NULL) {
        fail_msg("no '%s' at %dx%d:\n%s", words, cols, rows, buf_str(&v->text));
    }
}

void view_lacks(struct view *v, int cols, int rows, const char *words)
{
    if (strstr(view_text(v, cols, rows), words) != NULL) {
        fail_msg("'%s' at %dx%d:\n%s", words, cols, rows, buf_str(&v->text));
    }
}

void view_baseline(struct view *v, struct story *old)
{
    struct err e = ERR_INIT;
    char *text = results_text(old);

    v->base = baseline_parse(text, strlen(text), "old.json", &e);
    assert_non_null(v->base);
    free(text);
    v->ui.config.has_baseline = v->ui.baseline = true;
    model_source_baseline(v->source, v->base);
}
