/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/crc.h"

/* Of each half byte: a table of sixteen needs no making and no lock, and two
 * steps a byte are quick enough for what is checked (kilobytes a second). */
static const uint32_t crc_half[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
    0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
    0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

uint32_t crc_add(uint32_t crc, const void *data, size_t n)
{
    const unsigned char *s = data;
    size_t i;

    crc = ~crc;
    for (i = 0; i < n; i++) {
        crc ^= s[i];
        crc = crc >> 4 ^ crc_half[crc & 15];
        crc = crc >> 4 ^ crc_half[crc & 15];
    }
    return ~crc;
}
