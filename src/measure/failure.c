/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/failure.h"

#include <assert.h>

#include "base/must.h"

struct failure_row {
    const char *name;
    bool response;
    const char *help;
};

static const struct failure_row failure_table[] = {
#define FAILURE(id, name, response, help)                                      \
    [FAILURE_##id] = {name, response, help},
#include "measure/failure.def"
#undef FAILURE
};

static_assert(sizeof failure_table / sizeof failure_table[0] == FAILURE_COUNT,
              "one row for each kind");

static const struct failure_row *failure_row(enum failure f)
{
    MUST((unsigned)f < FAILURE_COUNT);
    return &failure_table[f];
}

const char *failure_name(enum failure f)
{
    return failure_row(f)->name;
}

const char *failure_help(enum failure f)
{
    return failure_row(f)->help;
}

bool failure_has_response(enum failure f)
{
    return failure_row(f)->response;
}

enum failure failure_of_status(unsigned status)
{
    if (status == 429) {
        return FAILURE_HTTP_429;
    }
    if (status >= 400 && status <= 499) {
        return FAILURE_HTTP_4XX;
    }
    if (status >= 500 && status <= 599) {
        return FAILURE_HTTP_5XX;
    }
    return FAILURE_STATUS;
}

uint32_t failure_code(enum failure kind, unsigned status, unsigned check)
{
    if (kind == FAILURE_CHECK) {
        return check;
    }
    return failure_has_response(kind) ? status : 0;
}
