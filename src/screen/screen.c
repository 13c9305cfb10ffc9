/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "screen/picture.h"
#include "screen/render.h"
#include "screen/rescue.h"
#include "screen/screen_internal.h"

/* Seconds. A picture follows a tick at most so often, a key sooner; sizes come
 * in bursts while a window is dragged. */
#define SCREEN_FRAME_S  0.1
#define SCREEN_KEY_S    0.01
#define SCREEN_RESIZE_S 0.05
#define SCREEN_AGAIN_S  0.5

/* Keys that are handled in one go; and how long a terminal is given. */
enum { SCREEN_KEYS_MAX = 256, SCREEN_GIVE_MS = 300 };

static void screen_leave(struct screen *s)
{
    if (!s->left) {
        s->left = true;
        if (s->config.left != NULL) {
            s->config.left(s->config.left_ctx);
        }
    }
}

/* There is no terminal any more; the run goes on without a picture. */
static void screen_lose(struct screen *s)
{
    s->lost = true;
    ev_io_stop(s->loop, &s->in);
    ev_io_stop(s->loop, &s->out);
    ev_timer_stop(s->loop, &s->frame);
    ev_timer_stop(s->loop, &s->again);
    if (s->finished) {
        screen_leave(s);
    }
}

/* A picture after this many seconds, or sooner if one is due anyway. */
static void screen_due(struct screen *s, double after)
{
    if (s->lost || s->suspended) {
        return;
    }
    if (ev_is_active(&s->frame)) {
        if (ev_timer_remaining(s->loop, &s->frame) <= after) {
            return;
        }
        ev_timer_stop(s->loop, &s->frame);
    }
    ev_timer_set(&s->frame, after, 0.);
    ev_timer_start(s->loop, &s->frame);
}

static void screen_send(struct screen *s)
{
    if (!term_flush(s->term)) {
        screen_lose(s);
    } else if (term_pending(s->term)) {
        ev_io_start(s->loop, &s->out);
    } else {
        ev_io_stop(s->loop, &s->out);
    }
}

/* A replay may be over, and then again not. */
static void screen_rewound(struct screen *s)
{
    if (s->config.replay != NULL) {
        s->ui.done = s->live.any && s->live.tick.state == RUN_FINISHED;
    }
}

static void screen_draw(struct screen *s)
{
    int cols, rows;
    struct model_want want;
    struct layout l;

    term_size(s->term, &cols, &rows);
    if (s->grid.cols != cols || s->grid.rows != rows) {
        grid_clear(&s->grid);
        grid_init(&s->grid, cols, rows, term_ascii(s->term));
    }
    ui_replay_look(&s->ui, clk_now(clk_system()));
    l = ui_layout(&s->ui, &s->live, cols, rows);
    if (s->ui.frozen && !s->was_frozen) {
        model_clear(&s->frozen);
        s->frozen = s->live;
        model_init(&s->live);
        model_source_free(&s->source_frozen);
        s->source_frozen = model_source_new(s->config.story);
        model_source_baseline(s->source_frozen, s->config.baseline);
    }
    s->was_frozen = s->ui.frozen;
    s->anew = term_theme(s->term, s->ui.theme) || s->anew;
    term_mouse(s->term, s->ui.mouse);
    want = ui_want(&s->ui, &l);
    model_update(&s->live, s->source, &want);
    screen_rewound(s);
    if (s->ui.frozen) {
        model_look(&s->frozen, s->source_frozen, &want);
    }
    render(&s->grid, s->ui.frozen ? &s->frozen : &s->live, &s->live, &s->ui,
           clk_now(clk_system()));
    s->ui.scroll_most = s->grid.scroll_most;
    term_draw(s->term, &s->grid, s->anew);
    s->anew = false;
    quiet_bound(&s->quiet);
    screen_send(s);
}

static void screen_on_frame(struct ev_loop *loop, ev_timer *w, int revents)
{
    struct screen *s = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(s, SCREEN_MAGIC);
    if (s->lost || s->suspended) {
        return;
    }
    if (term_pending(s->term)) {
        screen_send(s);
    }
    /* A terminal that does not take the last picture gets no further one; the
     * newest is drawn when it does. */
    if (s->lost || term_pending(s->term)) {
        screen_due(s, SCREEN_FRAME_S);
        return;
    }
    screen_draw(s);
}

static void screen_on_out(struct ev_loop *loop, ev_io *w, int revents)
{
    struct screen *s = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(s, SCREEN_MAGIC);
    screen_send(s);
}

static void screen_key(struct screen *s, const struct typed *t)
{
    struct picture p = {&s->grid, s->ui.theme, s->ui.no_color};
    uint64_t now = clk_now(clk_system());
    char answer[512];
    unsigned effect;

    s->ui.still = s->was_frozen ? &s->frozen : NULL;
    effect = ui_take(&s->ui, &s->live, &s->grid.hits, t, now);
    if ((effect & UI_REDRAW) != 0) {
        s->anew = true;
    }
    if ((effect & UI_PICTURE) != 0) {
        /* What the terminal shows, as files. */
        picture_save(&p, s->live.info, answer, sizeof answer);
        ui_note(&s->ui, answer, now);
    }
    if ((effect & UI_DRAW) != 0) {
        screen_due(s, SCREEN_KEY_S);
    }
    if ((effect & UI_LEAVE) != 0) {
        screen_leave(s);
    }
}

static void screen_on_in(struct ev_loop *loop, ev_io *w, int revents)
{
    struct screen *s = w->data;
    struct typed keys[SCREEN_KEYS_MAX];
    int n, i;

    (void)revents;
    OBJ_CHECK(s, SCREEN_MAGIC);
    if (!term_foreground(s->term)) {
        /* Somebody else's keys: reading them would fail again and again. */
        ev_io_stop(loop, &s->in);
        ev_timer_start(loop, &s->again);
        return;
    }
    n = term_keys(s->term, keys, SCREEN_KEYS_MAX);
    if (n < 0) {
        screen_lose(s);
        return;
    }
    for (i = 0; i < n; i++) {
        screen_key(s, &keys[i]);
    }
    if (n == SCREEN_KEYS_MAX) {
        ev_feed_event(loop, w, EV_READ);
    }
}

/* Takes the terminal (again), if it is ours. */
static void screen_take(struct screen *s)
{
    if (!term_foreground(s->term)) {
        ev_timer_start(s->loop, &s->again);
        return;
    }
    term_take(s->term);
    term_resize(s->term);
    s->suspended = false;
    s->anew = true;
    ev_io_start(s->loop, &s->in);
    screen_due(s, 0.);
}

static void screen_on_again(struct ev_loop *loop, ev_timer *w, int revents)
{
    struct screen *s = w->data;

    (void)revents;
    OBJ_CHECK(s, SCREEN_MAGIC);
    if (!term_foreground(s->term)) {
        return;
    }
    ev_timer_stop(loop, w);
    if (s->suspended) {
        screen_take(s);
    } else {
        ev_io_start(loop, &s->in);
    }
}

static void screen_give(struct screen *s)
{
    if (!s->suspended && !s->lost) {
        ev_io_stop(s->loop, &s->in);
        ev_io_stop(s->loop, &s->out);
        term_give(s->term, SCREEN_GIVE_MS);
        s->suspended = true;
    }
    pthread_mutex_lock(&s->lock);
    s->given = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static void screen_over(struct screen *s)
{
    s->finished = true;
    s->ui.done = true;
    s->ui.frozen = false;
    s->ui.prompt = PROMPT_NONE;
    screen_due(s, 0.);
    if (s->lost || s->ui.leave) {
        screen_leave(s);
    }
}

static void screen_on_wake(struct ev_loop *loop, ev_async *w, int revents)
{
    struct screen *s = w->data;
    unsigned asked;

    (void)revents;
    OBJ_CHECK(s, SCREEN_MAGIC);
    pthread_mutex_lock(&s->lock);
    asked = s->asked;
    s->asked = 0;
    pthread_mutex_unlock(&s->lock);
    if ((asked & ASK_STOP) != 0) {
        ev_break(loop, EVBREAK_ALL);
        return;
    }
    if ((asked & ASK_SUSPEND) != 0) {
        screen_give(s);
    }
    if ((asked & ASK_RESUME) != 0 && !s->lost) {
        /* Also after a stop that nobody announced: the shell has had the
         * terminal meanwhile. */
        screen_take(s);
    }
    if ((asked & ASK_FINISH) != 0) {
        screen_over(s);
    }
    if ((asked & ASK_RESIZE) != 0 && !s->lost && !s->suspended) {
        s->anew = term_resize(s->term) || s->anew;
        screen_due(s, SCREEN_RESIZE_S);
    }
    if ((asked & ASK_TICK) != 0) {
        screen_due(s, SCREEN_FRAME_S);
    }
}

static void screen_watch(struct screen *s)
{
    ev_io_init(&s->in, screen_on_in, term_fd(s->term), EV_READ);
    ev_io_init(&s->out, screen_on_out, term_fd(s->term), EV_WRITE);
    ev_timer_init(&s->frame, screen_on_frame, 0., 0.);
    ev_timer_init(&s->again, screen_on_again, SCREEN_AGAIN_S, SCREEN_AGAIN_S);
    s->in.data = s->out.data = s->frame.data = s->again.data = s;
    ev_io_start(s->loop, &s->in);
    screen_due(s, 0.);
}

static void *screen_thread(void *arg)
{
    struct screen *s = arg;
    struct term_config c = {.ascii = s->config.ascii,
                            .no_color = s->config.no_color,
                            .stderr_was = s->quiet.was,
                            .stderr_kept = s->quiet.kept};
    void *stack;
    bool ok;

    rescue_mask();
    stack = rescue_stack_new();
    ok = term_open(&c, &s->term, &s->err);
    pthread_mutex_lock(&s->lock);
    s->opened = ok;
    s->failed = !ok;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (ok) {
        s->ui.no_color = !term_colors(s->term);
        screen_watch(s);
        ev_run(s->loop, 0);
        term_close(&s->term);
    }
    rescue_stack_free(stack);
    return NULL;
}

static void screen_free(struct screen *s)
{
    model_clear(&s->live);
    model_clear(&s->frozen);
    model_source_free(&s->source);
    model_source_free(&s->source_frozen);
    grid_clear(&s->grid);
    ev_async_stop(s->loop, &s->wake);
    ev_loop_destroy(s->loop);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    rescue_stack_free(s->stack);
    s->magic = 0;
    free(s);
}

bool screen_start(const struct screen_config *config, struct screen **out,
                  struct err *e)
{
    struct screen *s = xcalloc(1, sizeof *s);
    struct ui_config ui = {.post = config->post,
                           .post_ctx = config->post_ctx,
                           .host = config->host,
                           .host_is_local = config->host_is_local,
                           .spectator = config->spectator,
                           .steer = config->steer,
                           .theme = config->theme,
                           .step = config->step,
                           .keys = config->keys,
                           .has_baseline = config->baseline != NULL,
                           .own_service = config->own_service,
                           .mouse = config->mouse,
                           .replay = config->replay};

    s->magic = SCREEN_MAGIC;
    s->config = *config;
    s->loop = ev_loop_new(EVFLAG_AUTO);
    MUST(s->loop != NULL);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    ev_async_init(&s->wake, screen_on_wake);
    s->wake.data = s;
    ev_async_start(s->loop, &s->wake);
    model_init(&s->live);
    model_init(&s->frozen);
    s->source = model_source_new(config->story);
    model_source_baseline(s->source, config->baseline);
    ui_init(&s->ui, &ui);
    s->stack = rescue_stack_new();
    quiet_begin(&s->quiet);
    MUST(pthread_create(&s->thread, NULL, screen_thread, s) == 0);
    pthread_mutex_lock(&s->lock);
    while (!s->opened && !s->failed) {
        pthread_cond_wait(&s->changed, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    if (s->failed) {
        pthread_join(s->thread, NULL);
        quiet_end(&s->quiet);
        err_set(e, s->err.code, "%s", s->err.text);
        screen_free(s);
        return false;
    }
    *out = s;
    return true;
}

void screen_stop(struct screen **sp)
{
    struct screen *s = *sp;

    if (s == NULL) {
        return;
    }
    screen_ask(s, ASK_STOP);
    pthread_join(s->thread, NULL);
    quiet_end(&s->quiet);
    screen_free(s);
    *sp = NULL;
}
