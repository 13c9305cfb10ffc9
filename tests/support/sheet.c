/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/sheet.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "record/results.h"

#define SHEET_TEXT_MAX (1 << 22)

const int sheet_sizes[SHEET_SIZES][2] = {
    {60, 16}, {80, 24}, {120, 36}, {200, 55}};

static void sheet_post(void *ctx, const struct command *c)
{
    struct sheet *s = ctx;

    s->last = *c;
    s->posted++;
}

void sheet_set_up(struct sheet *s, struct ui_config config)
{
    config.post = sheet_post;
    config.post_ctx = s;
    config.keys = &s->keys;
    ui_init(&s->ui, &config);
}

static void sheet_begin(struct sheet *s, struct story *story)
{
    keymap_init(&s->keys);
    s->source = model_source_new(story);
    model_init(&s->model);
    sheet_set_up(
        s, (struct ui_config){.host = "127.0.0.1:3000", .host_is_local = true});
    s->now_us = 1000000;
    buf_init(&s->text, SHEET_TEXT_MAX);
}

void sheet_init(struct sheet *s, const char *plan)
{
    memset(s, 0, sizeof *s);
    sim_init(&s->sim, plan, 7);
    sheet_begin(s, s->sim.story);
}

void sheet_init_story(struct sheet *s, struct story *story)
{
    memset(s, 0, sizeof *s);
    sheet_begin(s, story);
}

void sheet_clear(struct sheet *s)
{
    buf_clear(&s->text);
    grid_clear(&s->grid);
    model_clear(&s->model);
    model_source_free(&s->source);
    baseline_free(&s->base);
    if (s->sim.plan != NULL) {
        sim_clear(&s->sim);
    }
}

void sheet_behind(struct sheet *s, const char *results)
{
    struct err e = ERR_INIT;

    s->base = baseline_parse(results, strlen(results), "old.json", &e);
    assert_non_null(s->base);
    s->ui.config.has_baseline = s->ui.baseline = true;
    model_source_baseline(s->source, s->base);
}

void sheet_baseline(struct sheet *s)
{
    struct sim old;
    char *text;

    sim_init(&old, NULL, 3);
    old.rate_scale = 0.6;
    sim_run(&old, 120);
    sim_finish(&old, 0);
    text = results_text(old.story);
    sheet_behind(s, text);
    free(text);
    sim_clear(&old);
}

void sheet_look(struct sheet *s, int cols, int rows)
{
    struct layout l = ui_layout(&s->ui, &s->model, cols, rows);
    struct model_want w = ui_want(&s->ui, &l);

    model_update(&s->model, s->source, &w);
}

void sheet_draw(struct sheet *s, int cols, int rows)
{
    grid_clear(&s->grid);
    grid_init(&s->grid, cols, rows, s->ascii);
    render(&s->grid, &s->model, &s->model, &s->ui, s->now_us);
    s->ui.scroll_most = s->grid.scroll_most;
}

void sheet_take(struct sheet *s, int cols, int rows)
{
    sheet_look(s, cols, rows);
    sheet_draw(s, cols, rows);
}

const char *sheet_text(struct sheet *s)
{
    buf_reset(&s->text);
    grid_text(&s->grid, &s->text);
    return buf_str(&s->text);
}

const char *sheet_at(struct sheet *s, int cols, int rows)
{
    sheet_look(s, cols, rows);
    sheet_take(s, cols, rows);
    return sheet_text(s);
}

unsigned sheet_key(struct sheet *s, uint32_t key)
{
    return ui_key(&s->ui, &s->model, key, s->now_us);
}

void sheet_type(struct sheet *s, const char *text)
{
    for (; *text != '\0'; text++) {
        (void)sheet_key(s, (unsigned char)*text);
    }
}

void sheet_has(struct sheet *s, int cols, int rows, const char *words)
{
    if (strstr(sheet_at(s, cols, rows), words) == NULL) {
        fail_msg("no '%s' at %dx%d:\n%s", words, cols, rows, buf_str(&s->text));
    }
}

void sheet_lacks(struct sheet *s, int cols, int rows, const char *words)
{
    if (strstr(sheet_at(s, cols, rows), words) != NULL) {
        fail_msg("'%s' at %dx%d:\n%s", words, cols, rows, buf_str(&s->text));
    }
}

void sheet_is_whole(struct sheet *s)
{
    const char *at = sheet_text(s);
    int row;

    for (row = 0; row < s->grid.rows; row++) {
        char line[4096];
        size_t n = strcspn(at, "\n");

        assert_true(n < sizeof line);
        memcpy(line, at, n);
        line[n] = '\0';
        assert_int_equal(text_width(line), s->grid.cols);
        assert_int_equal(at[n], '\n');
        at += n + 1;
    }
    assert_int_equal(*at, '\0');
}
