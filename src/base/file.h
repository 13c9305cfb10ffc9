/* SPDX-License-Identifier: MIT
 *
 * file - whole files, read with a bound and written so that a reader never
 * sees half of one. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/* Reads path into b (initialised by the caller, whose maximum bounds it).
 * Fails on what cannot be read, is a directory, or is larger than b's max. */
bool file_read(const char *path, struct buf *b, struct err *e) MUST_CHECK;

/* Writes to a temporary name beside path, flushes to disk and renames. On
 * failure nothing is left behind and a file that stood there is untouched. */
bool file_write(const char *path, const void *data, size_t n,
                struct err *e) MUST_CHECK;

/* A new name of a file is on disk only when its folder is: flushes that of
 * path. Nothing can be done where that is not possible, and the file is
 * complete all the same. */
void file_sync_folder(const char *path);

/* Do both names stand for one file, through links too? false where one of them
 * is not there, or is "". */
bool file_same(const char *a, const char *b);

/* Could file_write succeed? Tries by making and removing a temporary file
 * beside path. */
bool file_writable(const char *path, struct err *e) MUST_CHECK;

/* Lower-case hex SHA-256 (FIPS 180-4) of n bytes: 64 characters and a NUL. */
void file_sha256(const void *data, size_t n, char out[65]);

#endif
