/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/varint.h"

/* This exercises: whole numbers in as few bytes as they need. */

static void examples_are_as_published(void **state)
{
    /* 624485 is the example of the format's description. */
    static const uint8_t want[] = {0xe5, 0x8e, 0x26};
    uint8_t bytes[VARINT_MAX];

    (void)state;
    assert_int_equal(varint_put(bytes, 624485), sizeof want);
    assert_memory_equal(bytes, want, sizeof want);
    assert_int_equal(varint_put(bytes, 0), 1);
    assert_int_equal(bytes[0], 0);
}

static void every_length_comes_back(void **state)
{
    uint8_t bytes[VARINT_MAX];
    uint64_t v, edge, back;
    int bit, side;

    (void)state;
    for (bit = 0; bit < 64; bit++) {
        for (side = -1; side <= 1; side++) {
            size_t n, cut;

            edge = UINT64_C(1) << bit;
            v = side < 0 ? edge - 1 : edge + (uint64_t)side;
            n = varint_put(bytes, v);
            assert_int_equal(n, varint_size(v));
            assert_int_equal(varint_get(bytes, n, &back), n);
            assert_true(back == v);
            for (cut = 0; cut < n; cut++) {
                assert_int_equal(varint_get(bytes, cut, &back), 0);
            }
        }
    }
    assert_int_equal(varint_put(bytes, UINT64_MAX), VARINT_MAX);
    assert_int_equal(varint_get(bytes, VARINT_MAX, &back), VARINT_MAX);
    assert_true(back == UINT64_MAX);
}

static void more_than_64_bits_are_refused(void **state)
{
    static const uint8_t beyond[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02";
    static const uint8_t longer[] =
        "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01";
    uint64_t v;

    (void)state;
    assert_true(varint_get(beyond, 10, &v) == VARINT_TOO_LONG);
    assert_true(varint_get(longer, 12, &v) == VARINT_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_are_as_published),
        cmocka_unit_test(every_length_comes_back),
        cmocka_unit_test(more_than_64_bits_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
