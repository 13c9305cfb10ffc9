/* SPDX-License-Identifier: MIT
 *
 * bench_screen - what a picture costs: a made-up run, and for each tick of ten
 * seconds more the model and the grid made anew (picture), and what a
 * terminal is sent of it (frame, bytes: the median). After a minute, and after
 * an hour; while it runs, and while nothing but the clock moves (idle). Prints
 * lines of "WHAT SCALE UNIT VALUE"; asserts nothing. */
#include "config.h"

#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clk.h"
#include "base/must.h"
#include "screen/layout.h"
#include "screen/render.h"
#include "screen/term.h"
#include "support/sim.h"

#define TICKS 100u

/* The sim's usual spike at the end of an hour. */
static const char bench_hour[] =
    "{\"name\":\"hour\",\"flow\":["
    "{\"get\":\"http://127.0.0.1:1/a\",\"name\":\"A\"},"
    "{\"get\":\"http://127.0.0.1:1/b\",\"name\":\"B\"},"
    "{\"get\":\"http://127.0.0.1:1/c\",\"name\":\"C\"},"
    "{\"get\":\"http://127.0.0.1:1/d\",\"name\":\"D\"}],"
    "\"scenarios\":{\"spike\":{\"executor\":\"ramping-vus\","
    "\"startVUs\":0,\"stages\":["
    "{\"duration\":\"20m\",\"target\":40},"
    "{\"duration\":\"30m\",\"target\":20},"
    "{\"duration\":\"20m\",\"target\":100}]}},"
    "\"thresholds\":{\"http_req_duration\":[\"p(95)<500\"],"
    "\"http_req_failed\":[\"rate<0.01\"]}}";

struct bench {
    struct sim sim;
    struct model_source *source;
    struct model model;
    struct ui ui;
    struct grid grid;
    int cols, rows;
    struct term *term;
    int master, out; /* the terminal's end; standard output as it was */
    uint64_t picture_us, frame_us;
    uint64_t bytes; /* of this frame */
};

static void bench_begin(struct bench *b, int cols, int rows)
{
    struct winsize ws = {.ws_col = (unsigned short)cols,
                         .ws_row = (unsigned short)rows};
    struct ui_config c = {.host = "127.0.0.1:3000", .host_is_local = true};
    struct term_config t = {.stderr_was = -1, .stderr_kept = -1};
    struct err e = ERR_INIT;
    int slave;

    b->cols = cols;
    b->rows = rows;
    b->source = model_source_new(b->sim.story);
    model_init(&b->model);
    ui_init(&b->ui, &c);
    grid_init(&b->grid, cols, rows, false);
    MUST(openpty(&b->master, &slave, NULL, NULL, &ws) == 0);
    MUST(fcntl(b->master, F_SETFL, O_NONBLOCK) == 0);
    b->out = dup(STDOUT_FILENO);
    MUST(b->out >= 0 && dup2(slave, STDOUT_FILENO) >= 0);
    if (!term_open(&t, &b->term, &e)) {
        fprintf(stderr, "bench_screen: %s\n", e.text);
        exit(1);
    }
    close(slave);
}

static void bench_end(struct bench *b)
{
    term_close(&b->term);
    MUST(dup2(b->out, STDOUT_FILENO) >= 0);
    close(b->out);
    close(b->master);
    grid_clear(&b->grid);
    model_clear(&b->model);
    model_source_free(&b->source);
}

static void bench_drain(struct bench *b)
{
    char bytes[65536];
    ssize_t n;

    do {
        MUST(term_flush(b->term));
        n = read(b->master, bytes, sizeof bytes);
        b->bytes += n > 0 ? (uint64_t)n : 0;
    } while (n > 0 || term_pending(b->term));
}

static void bench_frame(struct bench *b, bool anew)
{
    uint64_t began = clk_thread_cpu_us();
    struct layout l = ui_layout(&b->ui, &b->model, b->cols, b->rows);
    struct model_want w = ui_want(&b->ui, &l);

    model_update(&b->model, b->source, &w);
    render(&b->grid, &b->model, &b->model, &b->ui, b->sim.tick.t_us);
    b->picture_us += clk_thread_cpu_us() - began;
    term_draw(b->term, &b->grid, anew);
    b->frame_us += clk_thread_cpu_us() - began;
    bench_drain(b);
}

static int bench_order(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* name: what the row is about besides its size. */
static void bench_size(struct sim *sim, const char *name, int cols, int rows)
{
    struct bench b = {.sim = *sim};
    uint64_t bytes[TICKS];
    double picture, frame;
    unsigned i;

    bench_begin(&b, cols, rows);
    bench_frame(&b, true);
    bench_frame(&b, false);
    b.picture_us = b.frame_us = 0;
    for (i = 0; i < TICKS; i++) {
        b.bytes = 0;
        sim_tick(&b.sim);
        bench_frame(&b, false);
        bytes[i] = b.bytes;
    }
    picture = (double)b.picture_us / TICKS;
    frame = (double)b.frame_us / TICKS;
    qsort(bytes, TICKS, sizeof *bytes, bench_order);
    bench_end(&b);
    printf("picture%s %dx%d us %.1f\n", name, cols, rows, picture);
    printf("frame%s %dx%d us %.1f\n", name, cols, rows, frame);
    printf("bytes%s %dx%d B %llu\n", name, cols, rows,
           (unsigned long long)bytes[TICKS / 2]);
    *sim = b.sim;
}

int main(void)
{
    struct sim sim;

    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    sim_init(&sim, NULL, 7);
    sim_run(&sim, 40);
    bench_size(&sim, "", 80, 24);
    bench_size(&sim, "", 120, 36);
    bench_size(&sim, "", 200, 55);
    sim_command(&sim, COMMAND_PAUSE, 0, "");
    sim_run(&sim, 12);
    bench_size(&sim, "-idle", 120, 36);
    bench_size(&sim, "-idle", 200, 55);
    sim_clear(&sim);
    sim_init(&sim, bench_hour, 7);
    sim_run(&sim, 3600);
    bench_size(&sim, "-hour", 120, 36);
    bench_size(&sim, "-hour", 200, 55);
    sim_clear(&sim);
    return 0;
}
