/* SPDX-License-Identifier: MIT
 *
 * test_steps - the order in which a flow's steps come: every, random, repeat,
 * in each other and by chance. */
#include "config.h"

#include "load/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "support/plan_text.h"

/* A flow under test: each request is named by one letter. */
struct trip {
    struct plan *plan;
    struct steps steps;
    struct script script;
    struct rng rng;
    struct buf seen; /* the letters, in order */
};

static struct trip *trip_new(const char *flow)
{
    struct trip *t = xcalloc(1, sizeof *t);
    char *members = xasprintf("\"flow\":[%s]", flow);

    t->plan = plan_text_of(members);
    free(members);
    t->script = steps_script(&t->steps, &t->plan->flows[0]);
    rng_seed(&t->rng, 7, 1);
    buf_init(&t->seen, 10000000);
    return t;
}

static void trip_free(struct trip *t)
{
    buf_clear(&t->seen);
    plan_free(&t->plan);
    free(t);
}

/* One iteration; its letters alone. */
static const char *trip_go(struct trip *t, uint64_t iter)
{
    struct action a;

    buf_reset(&t->seen);
    t->script.ops->begin(t->script.self, iter);
    for (;;) {
        a = t->script.ops->next(t->script.self, &t->rng);
        if (a.kind == ACTION_END) {
            return buf_str(&t->seen);
        }
        if (a.kind == ACTION_REQUEST) {
            assert_true(buf_adds(&t->seen, a.request->name));
        }
    }
}

#define GET(name) "{\"get\":\"http://h/\",\"name\":\"" name "\"}"

static void steps_come_in_their_order(void **state)
{
    struct trip *t = trip_new(
        GET("a") ",{\"every\":2,\"do\":[" GET("b") "]},{\"group\":\"g\","
                                                   "\"do\":[" GET("c") "]}");

    (void)state;
    assert_string_equal(trip_go(t, 0), "abc");
    assert_string_equal(trip_go(t, 1), "ac");
    assert_string_equal(trip_go(t, 2), "abc");
    trip_free(t);
}

static void a_repeat_is_done_so_often_and_each_iteration_anew(void **state)
{
    struct trip *t = trip_new(GET("a") ",{\"repeat\":3,\"do\":[" GET(
        "b") ",{\"repeat\":2,\"do\":["
             "{\"every\":2,\"do\":[" GET("c") "]}]}]}," GET("d"));

    (void)state;
    assert_string_equal(trip_go(t, 0), "abccbccbccd");
    assert_string_equal(trip_go(t, 1), "abbbd");
    assert_string_equal(trip_go(t, 2), "abccbccbccd");
    trip_free(t);
}

static void
a_random_number_of_times_takes_every_value_and_no_other(void **state)
{
    struct trip *t =
        trip_new("{\"repeat\":{\"min\":0,\"max\":3},\"do\":[" GET("a") "]}");
    unsigned times[5] = {0};

    (void)state;
    for (unsigned i = 0; i < 400; i++) {
        size_t n = strlen(trip_go(t, i));

        assert_in_range(n, 0, 3);
        times[n]++;
    }
    for (unsigned i = 0; i < 4; i++) {
        assert_in_range(times[i], 60, 140);
    }
    trip_free(t);
}

static void one_branch_is_taken_by_its_weight(void **state)
{
    struct trip *t =
        trip_new("{\"random\":[{\"weight\":7,\"do\":[" GET("a") "," GET(
            "b") "]},{\"weight\":2,\"do\":[{\"random\":[{\"do\":"
                 "[" GET("c") "]}"
                              ",{\"do\":[" GET("d") "]}]}]},{"
                                                    "\"do\":[" GET(
                                                        "e") "]}]}"
                                                             "," GET("z"));
    unsigned n[256] = {0};

    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        const char *s = trip_go(t, i);

        assert_int_equal(s[strlen(s) - 1], 'z');
        assert_int_equal(strlen(s), s[0] == 'a' ? 3 : 2);
        n[(unsigned char)s[0]]++;
    }
    assert_in_range(n['a'], 6800, 7200);
    assert_in_range(n['c'], 900, 1100);
    assert_in_range(n['d'], 900, 1100);
    assert_in_range(n['e'], 900, 1100);
    trip_free(t);
}

static void the_same_seed_makes_the_same_choices(void **state)
{
    static const char flow[] =
        "{\"repeat\":{\"min\":1,\"max\":9},\"do\":[{\"random\":[{\"do\":["
        "{\"get\":\"http://h/\",\"name\":\"a\"}]},{\"do\":["
        "{\"get\":\"http://h/\",\"name\":\"b\"}]}]}]}";
    struct trip *t = trip_new(flow), *u = trip_new(flow), *v = trip_new(flow);
    bool differs = false;

    (void)state;
    rng_seed(&v->rng, 8, 1);
    for (unsigned i = 0; i < 50; i++) {
        const char *s = trip_go(t, i);

        assert_string_equal(s, trip_go(u, i));
        differs = differs || strcmp(s, trip_go(v, i)) != 0;
    }
    assert_true(differs);
    trip_free(t);
    trip_free(u);
    trip_free(v);
}

static void repeats_as_deep_and_as_often_as_allowed_end(void **state)
{
    struct trip *t = trip_new(
        "{\"repeat\":10,\"do\":[{\"repeat\":10,\"do\":[{\"repeat\":10,\"do\":["
        "{\"repeat\":10,\"do\":[{\"repeat\":10,\"do\":[{\"repeat\":10,\"do\":["
        "{\"repeat\":1,\"do\":[{\"repeat\":1,\"do\":[" GET(
            "a") "]}]}]}]}]}]}]}]}");

    (void)state;
    assert_int_equal(strlen(trip_go(t, 0)), 1000000);
    trip_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_come_in_their_order),
        cmocka_unit_test(a_repeat_is_done_so_often_and_each_iteration_anew),
        cmocka_unit_test(
            a_random_number_of_times_takes_every_value_and_no_other),
        cmocka_unit_test(one_branch_is_taken_by_its_weight),
        cmocka_unit_test(the_same_seed_makes_the_same_choices),
        cmocka_unit_test(repeats_as_deep_and_as_often_as_allowed_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
