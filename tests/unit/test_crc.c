/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/crc.h"

/* The check value of the catalogue of parametrised CRC algorithms
 * (CRC-32/ISO-HDLC), and what zlib gives for a single 'a'. */
static void it_is_the_one_that_others_have(void **state)
{
    (void)state;
    assert_int_equal(crc_add(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(crc_add(0, "a", 1), 0xe8b7be43);
    assert_int_equal(crc_add(0, NULL, 0), 0);
}

static void parts_are_as_the_whole(void **state)
{
    uint32_t crc = crc_add(0, "1234", 4);

    (void)state;
    crc = crc_add(crc, NULL, 0);
    assert_int_equal(crc_add(crc, "56789", 5), 0xcbf43926);
}

static void any_bit_makes_another(void **state)
{
    unsigned char bytes[32] = {0};
    uint32_t was = crc_add(0, bytes, sizeof bytes);
    size_t i;

    (void)state;
    for (i = 0; i < 8 * sizeof bytes; i++) {
        bytes[i / 8] ^= (unsigned char)(1u << i % 8);
        assert_int_not_equal(crc_add(0, bytes, sizeof bytes), was);
        bytes[i / 8] ^= (unsigned char)(1u << i % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_one_that_others_have),
        cmocka_unit_test(parts_are_as_the_whole),
        cmocka_unit_test(any_bit_makes_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
