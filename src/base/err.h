/* SPDX-License-Identifier: MIT
 *
 * err - what went wrong, for whoever called: filled by the callee, on the
 * caller's stack. The first error wins. The failures of the service under test
 * are data (counters), never a struct err. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/attr.h"

enum err_code {
    ERR_NONE = 0,
    ERR_IO,      /* a file or descriptor */
    ERR_SYNTAX,  /* text that does not parse */
    ERR_RANGE,   /* a value that is not allowed */
    ERR_LIMIT,   /* the machine or a bound of ours does not allow it */
    ERR_SUPPORT, /* known, but not supported yet */
};

struct err {
    enum err_code code;
    int line;        /* 1-based; 0 = not about a line */
    int column;      /* 1-based, in bytes; 0 = unknown */
    char where[256]; /* file or option; "" = none */
    char text[512];  /* one line, no newline */
};

#define ERR_INIT                                                               \
    {                                                                          \
        .code = ERR_NONE                                                       \
    }

/* Fills e unless it already holds an error; e may be NULL. A text that is too
 * long is cut. */
void err_set(struct err *e, enum err_code code, const char *fmt, ...)
    ATTR_PRINTF(3, 4);
/* The same, and says where: file or option, and line (0 = none). A long where
 * loses its beginning. */
void err_set_at(struct err *e, enum err_code code, const char *where, int line,
                int column, const char *fmt, ...) ATTR_PRINTF(6, 7);

/* "where:line:column: text", leaving out what is unknown. Returns buf. */
const char *err_str(const struct err *e, char *buf, unsigned long size);

#endif
