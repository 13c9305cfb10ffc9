/* SPDX-License-Identifier: MIT
 *
 * failure - the kinds of error a request can end in, and a sample of each. */
#ifndef MEASURE_FAILURE_H
#define MEASURE_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum failure {
#define FAILURE(id, name, response, help) FAILURE_##id,
#include "measure/failure.def"
#undef FAILURE
    FAILURE_COUNT
};

const char *failure_name(enum failure f);
const char *failure_help(enum failure f);
/* Did a response come all the same? */
bool failure_has_response(enum failure f);
/* The kind that a status outside the expected ones makes. */
enum failure failure_of_status(unsigned status);

/* One error to look at: bounded copies, already escaped for a terminal, with
 * secrets, Authorization, Cookie and Set-Cookie masked. */
#define FAILURE_TEXT_MAX 4096
struct failure_sample {
    uint64_t t_us; /* run time at which it ended */
    uint32_t vu;
    uint16_t request; /* plan->requests index */
    uint16_t status;  /* 0 = no response */
    enum failure kind;
    unsigned check;    /* plan->checks index: FAILURE_CHECK; else 0 */
    uint64_t took_us;  /* since the request began */
    char message[160]; /* one line: "connection refused", "503", the name of
                          the check that failed and why */
    char text[FAILURE_TEXT_MAX]; /* response head, an empty line, and the
                                    beginning of the body */
};

/* What tells errors of one kind apart: the check that failed; the status, which
 * is 0 where no response came. */
uint32_t failure_code(enum failure kind, unsigned status, unsigned check);

#endif
