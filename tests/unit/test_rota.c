/* SPDX-License-Identifier: MIT
 *
 * test_rota - threads that begin, hand over, wait and end at random: each
 * iteration that is due begins once or is dropped once, no VU is promised
 * twice, and none stays free while something waits. */
#include "config.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "load/rota.h"

#define WORKERS 4
#define DUES    20000u /* of each worker */
#define FIRST   2u     /* VUs that each begins with */
#define ROOM    1u     /* and may make */

struct stage {
    struct rota *rota;
    bool queue;
    atomic_uint begun[WORKERS * DUES]; /* times, by due time */
    atomic_uint dropped, done, made;
};

struct actor {
    struct stage *stage;
    unsigned index;
    uint32_t free, busy; /* VUs */
    uint32_t most;
    struct rng rng;
    pthread_t thread;
};

static void actor_begin(struct actor *a, mono_us due)
{
    atomic_fetch_add(&a->stage->begun[due], 1);
    a->busy++;
}

static void actor_receive(struct actor *a)
{
    struct rota_given g;

    while (rota_take(a->stage->rota, a->index, &g)) {
        if (g.grow && rota_claim(a->stage->rota, a->index)) {
            rota_spare(a->stage->rota, a->index);
            g.grow = false;
        }
        if (g.grow) {
            atomic_fetch_add(&a->stage->made, 1);
            a->most++;
        } else {
            assert_true(a->free > 0);
            a->free--;
        }
        actor_begin(a, g.due);
        assert_true(a->free + a->busy == a->most);
        assert_true(a->most <= FIRST + ROOM);
    }
}

/* One of its VUs has ended what it did. */
static void actor_end(struct actor *a)
{
    struct rota *r = a->stage->rota;
    mono_us due;

    a->busy--;
    if (rota_next(r, &due)) {
        actor_begin(a, due);
        return;
    }
    a->free++;
    rota_release(r, a->index);
    while (rota_waits(r) && rota_claim(r, a->index)) {
        if (rota_next(r, &due)) {
            a->free--;
            actor_begin(a, due);
            return;
        }
        rota_release(r, a->index);
    }
}

static void actor_due(struct actor *a, mono_us due)
{
    struct rota *r = a->stage->rota;

    if (!rota_waits(r) && rota_claim(r, a->index)) {
        assert_true(a->free > 0);
        a->free--;
        actor_begin(a, due);
        return;
    }
    if (rota_place(r, a->index, due, a->stage->queue) == ROTA_DROPPED) {
        atomic_fetch_add(&a->stage->dropped, 1);
    }
}

static void *actor_main(void *arg)
{
    struct actor *a = arg;
    struct stage *s = a->stage;

    for (uint64_t n = 0; n < DUES; n++) {
        actor_due(a, a->index * DUES + n);
        actor_receive(a);
        while (a->busy > 0 && rng_range(&a->rng, 0, 2) > 0) {
            actor_end(a);
        }
    }
    /* Until nobody has anything more to do, or to hand over. */
    atomic_fetch_add(&s->done, 1);
    while (atomic_load(&s->done) < WORKERS || rota_queued(s->rota) > 0 ||
           rota_given(s->rota, a->index) > 0 || a->busy > 0) {
        actor_receive(a);
        if (a->busy > 0) {
            actor_end(a);
        }
    }
    return NULL;
}

static uint32_t says_first(void *ctx, unsigned index)
{
    (void)ctx;
    (void)index;
    return FIRST;
}

static uint32_t says_room(void *ctx, unsigned index)
{
    (void)ctx;
    (void)index;
    return ROOM;
}

static void each_is_begun_or_dropped_once(bool queue)
{
    static struct stage s;
    struct rota_opening opening = {.free_of = says_first, .room_of = says_room};
    struct actor actors[WORKERS] = {0};
    uint64_t begun = 0;

    memset(&s, 0, sizeof s);
    s.queue = queue;
    s.rota = rota_new(WORKERS);
    rota_obey(s.rota, 1, true);
    rota_open(s.rota, 0, &opening);
    for (unsigned i = 0; i < WORKERS; i++) {
        actors[i].stage = &s;
        actors[i].index = i;
        actors[i].free = actors[i].most = FIRST;
        rng_seed(&actors[i].rng, 1, i);
        assert_int_equal(
            pthread_create(&actors[i].thread, NULL, actor_main, &actors[i]), 0);
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        pthread_join(actors[i].thread, NULL);
    }
    for (size_t i = 0; i < WORKERS * DUES; i++) {
        assert_true(atomic_load(&s.begun[i]) <= 1);
        begun += atomic_load(&s.begun[i]);
    }
    assert_int_equal(begun + atomic_load(&s.dropped), WORKERS * DUES);
    assert_true(!queue || atomic_load(&s.dropped) == 0);
    assert_true(atomic_load(&s.made) <= WORKERS * ROOM);
    for (unsigned i = 0; i < WORKERS; i++) {
        assert_int_equal(actors[i].free, actors[i].most);
        for (uint32_t k = 0; k < actors[i].most; k++) {
            assert_true(rota_claim(s.rota, i));
        }
        assert_false(rota_claim(s.rota, i));
        assert_int_equal(rota_close(s.rota, i), 0);
    }
    rota_free(&s.rota);
}

static void threads_that_drop_lose_and_double_none(void **state)
{
    (void)state;
    each_is_begun_or_dropped_once(false);
}

static void threads_that_queue_lose_and_double_none(void **state)
{
    (void)state;
    each_is_begun_or_dropped_once(true);
}

static void wake(void *ctx)
{
    (*(unsigned *)ctx)++;
}

static void what_is_due_goes_to_who_is_free_then_to_who_may_grow(void **state)
{
    struct rota_opening opening = {.free_of = says_first, .room_of = says_room};
    struct rota *r = rota_new(2);
    struct rota_given g;
    unsigned woken = 0;

    (void)state;
    rota_join(r, 1, wake, &woken);
    assert_int_equal(rota_place(r, 0, 1, false), ROTA_DROPPED);
    rota_open(r, 0, &opening);
    assert_true(rota_claim(r, 0) && rota_claim(r, 0) && !rota_claim(r, 0));
    assert_int_equal(rota_place(r, 0, 2, false), ROTA_GIVEN);
    assert_int_equal(rota_place(r, 0, 3, false), ROTA_GIVEN);
    assert_int_equal(woken, 2);
    assert_false(rota_take(r, 0, &g));
    assert_false(rota_claim(r, 1)); /* both are promised */
    assert_true(rota_take(r, 1, &g) && g.due == 2 && !g.grow);
    assert_int_equal(rota_place(r, 0, 4, false), ROTA_GIVEN); /* own room */
    assert_int_equal(woken, 2);
    assert_true(rota_take(r, 0, &g) && g.due == 4 && g.grow);
    assert_int_equal(rota_place(r, 0, 5, false), ROTA_GIVEN);
    assert_int_equal(rota_place(r, 0, 6, false), ROTA_DROPPED);
    assert_int_equal(rota_close(r, 1), 2); /* 3 and 5 */
    rota_leave(r, 1);
    assert_int_equal(woken, 3);
    rota_free(&r);
}

static void what_waits_stays_in_line_through_a_pause(void **state)
{
    struct rota_opening opening = {.free_of = says_first, .room_of = says_room};
    struct rota *r = rota_new(1);
    struct rota_given g;
    mono_us due = 0;

    (void)state;
    rota_obey(r, 5, true);
    rota_open(r, 0, &opening);
    while (rota_claim(r, 0)) {
    }
    assert_int_equal(rota_place(r, 0, 1, true), ROTA_GIVEN);
    assert_int_equal(rota_place(r, 0, 2, true), ROTA_WAITS);
    assert_int_equal(rota_place(r, 0, 3, true), ROTA_WAITS);
    assert_true(rota_waits(r));
    rota_obey(r, 6, false);
    rota_obey(r, 5, true); /* late: it has passed */
    assert_false(rota_waits(r));
    assert_false(rota_next(r, &due));
    rota_release(r, 0);
    rota_serve(r, 0);
    assert_int_equal(rota_queued(r), 2);
    rota_obey(r, 7, true);
    rota_serve(r, 0);
    assert_true(rota_take(r, 0, &g) && g.due == 1 && g.grow);
    assert_true(rota_take(r, 0, &g) && g.due == 2 && !g.grow);
    assert_true(rota_next(r, &due) && due == 3);
    assert_false(rota_next(r, &due));
    rota_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_due_goes_to_who_is_free_then_to_who_may_grow),
        cmocka_unit_test(what_waits_stays_in_line_through_a_pause),
        cmocka_unit_test(threads_that_drop_lose_and_double_none),
        cmocka_unit_test(threads_that_queue_lose_and_double_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
