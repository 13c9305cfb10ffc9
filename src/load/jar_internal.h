/* SPDX-License-Identifier: MIT
 *
 * jar_internal - a Set-Cookie on its way into a jar. */
#ifndef LOAD_JAR_INTERNAL_H
#define LOAD_JAR_INTERNAL_H

#include "load/head.h"
#include "load/jar.h"

#define JAR_NEVER INT64_MAX /* a session's cookie */

/* A Set-Cookie taken apart; all borrowed from the head. */
struct jar_set {
    struct head_text name, value, domain, path;
    int64_t expires;
    bool has_max_age, has_domain, secure;
};
/* now in seconds since 1970. false: it is none, or none that is taken. */
bool jar_parse(struct jar_set *c, const struct head_text *field, int64_t now);

#endif
