/* SPDX-License-Identifier: MIT
 *
 * bench_screen - what a picture costs: a made-up run of a minute, and the model
 * and the grid made anew for each tick of ten seconds more. Prints lines of
 * "WHAT SCALE UNIT VALUE"; asserts nothing. */
#include "config.h"

#include <stdio.h>

#include "base/clk.h"
#include "screen/layout.h"
#include "screen/render.h"
#include "support/sim.h"

#define TICKS 100u

static void bench_size(int cols, int rows)
{
    struct ui_config c = {.host = "127.0.0.1:3000", .host_is_local = true};
    uint64_t took = 0;
    struct sim sim;
    struct model_source *source;
    struct model model;
    struct ui ui;
    unsigned i;

    sim_init(&sim, NULL, 7);
    source = model_source_new(sim.story);
    model_init(&model);
    ui_init(&ui, &c);
    sim_run(&sim, 60);
    for (i = 0; i < TICKS; i++) {
        uint64_t began;
        struct model_want w;
        struct layout l;
        struct grid g;

        sim_tick(&sim);
        began = clk_thread_cpu_us();
        l = ui_layout(&ui, &model, cols, rows);
        w = ui_want(&ui, &l);
        model_update(&model, source, &w);
        grid_init(&g, cols, rows, false);
        render(&g, &model, &model, &ui, sim.tick.t_us);
        grid_clear(&g);
        took += clk_thread_cpu_us() - began;
    }
    printf("picture %dx%d us %.1f\n", cols, rows, (double)took / TICKS);
    model_clear(&model);
    model_source_free(&source);
    sim_clear(&sim);
}

int main(void)
{
    bench_size(80, 24);
    bench_size(120, 36);
    bench_size(240, 70);
    return 0;
}
