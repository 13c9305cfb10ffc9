/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "insight/probe.h"
#include "insight/rest.h"
#include "support/moments.h"

/* This exercises: the verdict on a load, and a rest, by rules that are about a
 * part of the samples: it counts alone, it may be rare, and it may be missing.
 */

#define SEC UINT64_C(1000000)

/* All requests, and beside them a part of its own. */
struct kit {
    struct probe *p;
    struct moments all, part;
    struct sifted sifted[2];
    double each; /* seconds between two of the part; 0 = none comes */
    unsigned n;
};

static void kit_init(struct kit *k, const struct rule *rules, size_t n)
{
    *k = (struct kit){.p = probe_new(rules, n), .each = 1};
    moments_init(&k->all, 1);
    moments_init(&k->part, 2);
    k->part.rate = 10;
    probe_begin(k->p, PROBE_MEASURE_US, true);
}

static void kit_clear(struct kit *k)
{
    probe_free(&k->p);
    moments_clear(&k->all);
    moments_clear(&k->part);
}

static struct moment kit_next(struct kit *k)
{
    struct moment x = moments_next(&k->all), y;
    double rate = k->part.rate;
    bool comes = k->each > 0 && k->n++ % (unsigned)k->each == 0;

    k->part.rate = comes ? rate : 0;
    y = moments_next(&k->part);
    k->part.rate = rate;
    k->sifted[0] = (struct sifted){
        .all = y.all, .good = y.good, .n = y.requests, .bad = y.failed};
    k->sifted[1] = k->sifted[0];
    x.parts = k->sifted;
    x.n_parts = 2;
    return x;
}

static const struct probe_report *decide(struct kit *k)
{
    struct moment x;
    unsigned most = 160;

    do {
        assert_true(most-- > 0);
        x = kit_next(k);
    } while (probe_feed(k->p, &x, NULL));
    return probe_report(k->p);
}

static const struct rule of_part[] = {
    {95, 2e6, 0}, {95, 300e3, 1}, {-1, 0.05, 0}};

static void a_part_breaks_it_though_the_whole_is_well(void **state)
{
    static const double rates[] = {30, 5};
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        const struct probe_report *r;
        struct kit k;

        kit_init(&k, of_part, 3);
        k.part.rate = rates[i];
        k.part.p95_ms = 600;
        r = decide(&k);
        assert_int_equal(r->verdict, SEARCH_BREAKS);
        assert_int_equal(r->reason, PROBE_LATENCY);
        assert_int_equal(r->rule, 1);
        assert_int_equal(probe_value_rule(k.p), 1);
        assert_in_range(r->value_us, 450000, 750000); /* the part's own */
        assert_in_range(r->p95_us, 100000, 130000);   /* of all */
        assert_true(r->low_us < r->value_us && r->value_us < r->high_us);
        assert_true(r->rps > 99 && r->rps < 101);
        kit_clear(&k);
    }
}

/* What the part has is not the whole's, either way. */
static void a_whole_that_breaks_is_no_part_s_doing(void **state)
{
    const struct probe_report *r;
    struct kit k;

    (void)state;
    kit_init(&k, of_part, 3);
    k.all.factor = 40;
    r = decide(&k);
    assert_int_equal(r->verdict, SEARCH_BREAKS);
    assert_int_equal(r->rule, 0);
    kit_clear(&k);
}

static void what_is_within_in_all_parts_holds(void **state)
{
    const struct probe_report *r;
    struct kit k;

    (void)state;
    kit_init(&k, of_part, 3);
    r = decide(&k);
    assert_int_equal(r->verdict, SEARCH_HOLDS);
    assert_true(!r->soft && r->steady);
    assert_int_equal(r->without, -1);
    assert_int_equal(r->rule, 1); /* nothing is beyond either: it is nearer */
    kit_clear(&k);
}

/* Two in a second beside a hundred: twice the time at most, and near the limit
 * it says that chance may have decided. */
static void a_rare_part_is_judged_by_what_there_is(void **state)
{
    static const struct {
        double p95_ms;
        enum search_verdict right;
        bool sure;
    } rows[] = {{60, SEARCH_HOLDS, true},
                {280, SEARCH_HOLDS, false},
                {900, SEARCH_BREAKS, true}};
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        const struct probe_report *r;
        struct kit k;

        kit_init(&k, of_part, 3);
        k.part.rate = 2;
        k.part.p95_ms = rows[i].p95_ms;
        r = decide(&k);
        assert_true(r->measured_us <= 2 * PROBE_MEASURE_US);
        assert_true(r->verdict == rows[i].right || !rows[i].sure);
        assert_true(r->soft != rows[i].sure);
        kit_clear(&k);
    }
}

/* Failed checks, errors of one name: a few hundredths of all requests. */
static void a_share_of_a_part_breaks_it(void **state)
{
    static const struct rule share[] = {
        {95, 300e3, 0}, {-1, 0.05, 0}, {-1, 0.01, 2}};
    const struct probe_report *r;
    struct kit k;

    (void)state;
    kit_init(&k, share, 3);
    k.part.fail = 0.12;
    r = decide(&k);
    assert_int_equal(r->verdict, SEARCH_BREAKS);
    assert_int_equal(r->reason, PROBE_ERRORS);
    assert_int_equal(r->rule, 2);
    assert_true(r->share > 0.05 && r->share < 0.25);
    assert_true(r->error_rate <= 0 && r->value_us > 0);
    kit_clear(&k);
}

/* It is waited for once, through a measure; then the rest decides, and it is
 * told. As soon as there is one it counts, and is waited for. */
static void a_part_without_samples_neither_holds_nor_breaks(void **state)
{
    const struct probe_report *r;
    struct kit k;

    (void)state;
    kit_init(&k, of_part, 3);
    k.each = 0;
    r = decide(&k);
    assert_int_equal(r->verdict, SEARCH_HOLDS);
    assert_false(r->soft);
    assert_int_equal(r->measured_us, PROBE_MEASURE_US);
    assert_int_equal(r->without, 1);
    assert_int_not_equal(r->rule, 1);
    assert_int_equal(probe_value_rule(k.p), 0);
    probe_begin(k.p, PROBE_MEASURE_US, true);
    r = decide(&k);
    assert_int_equal(r->measured_us, 10 * SEC);
    assert_int_equal(r->without, 1);
    k.each = 1;
    k.part.factor = 10;
    probe_begin(k.p, PROBE_MEASURE_US, true);
    r = decide(&k);
    assert_int_equal(r->verdict, SEARCH_BREAKS);
    assert_int_equal(r->rule, 1);
    k.each = 0; /* it was there, and is not any more */
    probe_begin(k.p, PROBE_MEASURE_US, true);
    r = decide(&k);
    assert_int_equal(r->verdict, SEARCH_HOLDS);
    assert_true(r->soft);
    assert_int_equal(r->measured_us, 2 * PROBE_MEASURE_US);
    assert_int_equal(r->without, 1);
    kit_clear(&k);
}

/* One that will never come is not waited for; nor is p100 held against. */
static void what_is_left_out_decides_nothing(void **state)
{
    static const struct rule rules[] = {
        {100, 1e3, 0}, {95, 300e3, 0}, {95, 1e3, 1}, {-1, 0.05, 0}};
    const struct probe_report *r;
    struct kit k;

    (void)state;
    kit_init(&k, rules, 4);
    k.each = 0;
    probe_leave_out(k.p, 2);
    r = decide(&k);
    assert_int_equal(r->verdict, SEARCH_HOLDS);
    assert_int_equal(r->measured_us, 10 * SEC);
    assert_int_equal(r->without, -1);
    assert_int_equal(probe_value_rule(k.p), 1);
    kit_clear(&k);
}

/* Nothing at all of what rules are about is not enough to say, never "holds".
 */
static void nothing_to_hold_against_is_not_sure(void **state)
{
    static const struct rule rules[] = {{95, 300e3, 1}, {-1, 0.05, 0}};
    const struct probe_report *r;
    struct kit k;

    (void)state;
    kit_init(&k, rules, 2);
    k.each = 0;
    k.all.rate = 0;
    r = decide(&k);
    assert_true(r->soft);
    assert_int_equal(r->verdict, SEARCH_BREAKS);
    assert_int_equal(r->reason, PROBE_THROUGHPUT);
    kit_clear(&k);
}

/* How long is waited in silence: twice what a response may take, and that is
 * not what an iteration may. */
static void silence_is_as_long_as_responses_may_take(void **state)
{
    static const struct rule rules[] = {
        {95, 2e6, 0}, {95, 60e6, 1}, {-1, 0.05, 0}};
    static const struct {
        unsigned marks;
        bool aborted;
    } rows[] = {{PROBE_NO_RESPONSE, true}, {0, false}};
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        const struct probe_report *r;
        struct kit k;

        kit_init(&k, rules, 3);
        probe_mark(k.p, 1, rows[i].marks);
        k.each = 0;
        k.all.rate = 0;
        k.all.in_flight = 10;
        r = decide(&k);
        assert_int_equal(r->verdict, SEARCH_BREAKS);
        assert_int_equal(r->reason, PROBE_THROUGHPUT);
        assert_true(r->aborted == rows[i].aborted);
        assert_true(r->soft != rows[i].aborted);
        assert_true(!rows[i].aborted ||
                    r->settle_us + r->measured_us <= 10 * SEC);
        kit_clear(&k);
    }
}

static const struct probe_report *at_load(struct kit *k, double load,
                                          double each)
{
    k->all.load = load;
    k->each = each;
    k->n = 0;
    probe_begin(k->p, PROBE_MEASURE_US, true);
    return decide(k);
}

/* It was there at less load, and while all else answers there is none of it. */
static void a_part_that_hangs_under_load_breaks_it(void **state)
{
    const struct probe_report *r;
    struct kit k;

    (void)state;
    kit_init(&k, of_part, 3);
    assert_int_equal(at_load(&k, 20, 1)->verdict, SEARCH_HOLDS);
    r = at_load(&k, 40, 0);
    assert_int_equal(r->verdict, SEARCH_BREAKS);
    assert_int_equal(r->reason, PROBE_THROUGHPUT);
    assert_true(r->soft);
    assert_int_equal(r->without, 1);
    assert_int_equal(r->rule, -1);
    assert_int_equal(r->measured_us, 2 * PROBE_MEASURE_US);
    r = at_load(&k, 10, 0); /* nothing says that it was there */
    assert_int_equal(r->verdict, SEARCH_HOLDS);
    assert_true(r->soft);
    assert_int_equal(r->without, 1);
    kit_clear(&k);
}

/* So few that it may be chance; a limit that is longer than the probe; samples
 * of failures. */
static void a_part_that_may_lack_breaks_nothing(void **state)
{
    static const struct {
        double limit, each;
        unsigned marks;
    } rows[] = {{300e3, 20, 0}, {600e6, 1, 0}, {300e3, 1, PROBE_MAY_LACK}};
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        struct rule rules[3] = {{95, 2e6, 0}, {95, 0, 1}, {-1, 0.05, 0}};
        const struct probe_report *r;
        struct kit k;

        rules[1].limit = rows[i].limit;
        kit_init(&k, rules, 3);
        k.part.rate = rows[i].each > 1 ? 1 : 10;
        probe_mark(k.p, 1, rows[i].marks);
        assert_int_equal(at_load(&k, 20, rows[i].each)->verdict, SEARCH_HOLDS);
        r = at_load(&k, 40, 0);
        assert_int_equal(r->verdict, SEARCH_HOLDS);
        assert_true(r->soft);
        kit_clear(&k);
    }
}

/* Its failures are within the limit on them: no probe waits twice its time for
 * a time of one that succeeds. */
static void a_part_that_always_fails_is_not_waited_for(void **state)
{
    const struct probe_report *r;
    struct kit k;

    (void)state;
    kit_init(&k, of_part, 3);
    k.part.rate = 3;
    k.part.fail = 1;
    r = at_load(&k, 20, 1);
    assert_int_equal(r->verdict, SEARCH_HOLDS);
    assert_int_equal(r->measured_us, PROBE_MEASURE_US);
    assert_false(r->soft);
    r = at_load(&k, 40, 1);
    assert_int_equal(r->verdict, SEARCH_HOLDS);
    assert_int_equal(r->measured_us, 10 * SEC);
    assert_int_equal(r->without, 1);
    kit_clear(&k);
}

/* Under a rest's load two of the part come in three seconds, and they are slow
 * for a while. */
static void a_rest_waits_for_its_part(void **state)
{
    struct rest r;
    struct kit k;
    unsigned n = 0;

    (void)state;
    kit_init(&k, of_part, 3);
    k.each = 3;
    k.part.rate = 2;
    k.part.factor = 20;
    rest_begin(&r, 95, 1, 150000, 0.05);
    for (n = 0; n < 30; n++) {
        struct moment x = kit_next(&k);

        assert_int_equal(rest_feed(&r, &x), REST_GOING);
    }
    k.part.factor = 0.5;
    for (n = 0; r.state == REST_GOING; n++) {
        struct moment x = kit_next(&k);

        (void)rest_feed(&r, &x);
    }
    assert_int_equal(r.state, REST_DONE);
    assert_in_range(n, 5, 20);
    k.each = 0; /* none comes, and all else is calm */
    rest_begin(&r, 95, 1, 150000, 0.05);
    for (n = 0; r.state == REST_GOING; n++) {
        struct moment x = kit_next(&k);

        (void)rest_feed(&r, &x);
    }
    assert_int_equal(r.state, REST_DONE);
    assert_int_equal(n, 15);
    kit_clear(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_breaks_it_though_the_whole_is_well),
        cmocka_unit_test(a_whole_that_breaks_is_no_part_s_doing),
        cmocka_unit_test(what_is_within_in_all_parts_holds),
        cmocka_unit_test(a_rare_part_is_judged_by_what_there_is),
        cmocka_unit_test(a_share_of_a_part_breaks_it),
        cmocka_unit_test(a_part_without_samples_neither_holds_nor_breaks),
        cmocka_unit_test(what_is_left_out_decides_nothing),
        cmocka_unit_test(nothing_to_hold_against_is_not_sure),
        cmocka_unit_test(silence_is_as_long_as_responses_may_take),
        cmocka_unit_test(a_part_that_hangs_under_load_breaks_it),
        cmocka_unit_test(a_part_that_may_lack_breaks_nothing),
        cmocka_unit_test(a_part_that_always_fails_is_not_waited_for),
        cmocka_unit_test(a_rest_waits_for_its_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
