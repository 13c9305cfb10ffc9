/* SPDX-License-Identifier: MIT
 *
 * fuzz - one function, several ways to feed it. A parser's file defines
 * fuzz_one() and nothing else, and is linked with one of
 *
 *   replay.c     part of `make check': the inputs in tests/fuzz/corpus/NOUN
 *                (NOUN from the program's name, fuzz_NOUN) and seeded mutations
 *                of them, the same ones each time. Arguments are read as inputs
 *                instead, which is also how AFL runs it.
 *   libfuzzer.c  for clang -fsanitize=fuzzer, as long as one likes:
 *                clang -g -fsanitize=fuzzer,address,undefined -Isrc -Ibuild \
 *                  tests/fuzz/fuzz_json.c tests/fuzz/libfuzzer.c \
 *                  build/libbase.a -lcjson -lcrypto -lutf8proc -lm -o fuzz-json
 *                ./fuzz-json tests/fuzz/corpus/json
 *
 * A room adds its own in its room.mk:
 *
 *   check_PROGRAMS += tests/fuzz/fuzz_sse
 *   tests_fuzz_fuzz_sse_SOURCES = tests/fuzz/fuzz_sse.c $(FUZZ_COMMON)
 *   tests_fuzz_fuzz_sse_LDADD = $(LOAD_LIBS)
 *
 * What is wrong ends the program, by MUST or by a sanitizer. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* One input, which is not followed by a NUL. Returns 0. */
int fuzz_one(const uint8_t *data, size_t n);

#endif
