/* SPDX-License-Identifier: MIT
 *
 * crc - CRC-32 as gzip and PNG have it (ISO 3309, polynomial 0xEDB88320,
 * reflected): whether bytes are those that were written. No defence against
 * who changes them on purpose. */
#ifndef BASE_CRC_H
#define BASE_CRC_H

#include <stddef.h>
#include <stdint.h>

/* Of n more bytes, behind those that made crc; 0 begins. data may be NULL where
 * n is 0. */
uint32_t crc_add(uint32_t crc, const void *data, size_t n);

#endif
