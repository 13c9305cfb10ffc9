/* SPDX-License-Identifier: MIT
 *
 * prepared - a request as it goes out: URL, header lines and body, expanded.
 * The transport borrows it until the exchange is done, so each exchange has
 * its own, from a pool; fixed requests share one. */
#ifndef LOAD_PREPARED_H
#define LOAD_PREPARED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "load/expand.h"
#include "load/transport.h"
#include "plan/request.h"

#define PREPARED_URL_MAX  (64u << 10)
#define PREPARED_TEXT_MAX (64u << 20) /* URL, headers and body together */

struct prepared {
    const char *method; /* static */
    struct buf text;    /* all that follows stands here, NUL behind each */
    size_t url;         /* offsets into text */
    size_t body, body_len;
    const char *shared; /* a body that is a file's: borrowed from the plan, not
                           in text; NULL = none */
    bool has_body;
    size_t *line_at;    /* owned: offsets of the header lines */
    const char **lines; /* owned: the same as pointers */
    size_t n_lines, cap_at, cap_lines;
    size_t jar_line;   /* which line has cookies of a jar, from 1; 0 = none */
    size_t own_cookie; /* offset of the plan's own Cookie line, which that one
                          stands for; SIZE_MAX = there is none */
    struct prepared *next; /* in the pool */
};

struct prepared_pool {
    struct prepared *free;
};

/* An empty one; given back by prepared_put. */
struct prepared *prepared_get(struct prepared_pool *pool);
/* Gives *p back and sets it to NULL; *p may be NULL. */
void prepared_put(struct prepared_pool *pool, struct prepared **p);
void prepared_pool_clear(struct prepared_pool *pool);
void prepared_free(struct prepared **p);

/* Fills an empty p from the plan's request. Headers whose every ${…} came to
 * nothing are left out. false: unresolved, x->why says what. */
bool prepared_fill(struct prepared *p, const struct request *r,
                   struct expand *x) MUST_CHECK;

/* What changes when a redirect is followed. */
struct prepared_hop {
    const char *method; /* static */
    const char *url;
    bool keep_body;    /* else it, and the headers that describe it, go */
    bool keep_secrets; /* else Authorization, Cookie and Host go */
    bool drop_auth;    /* Authorization goes whatever the host: it answered a
                          challenge to another request */
};
/* Fills an empty p as from, but for what the hop changes. */
void prepared_follow(struct prepared *p, const struct prepared *from,
                     const struct prepared_hop *hop);

/* Fills an empty p as from. */
void prepared_copy(struct prepared *p, const struct prepared *from);
/* The value of the plan's own Cookie line, or NULL. Borrowed until p changes.
 */
const char *prepared_cookie(const struct prepared *p);
/* Puts a Cookie line of that value in the place of the plan's own, for this hop
 * alone. */
void prepared_set_cookie(struct prepared *p, const char *value);

/* One more header line, without CR or LF. */
void prepared_add_line(struct prepared *p, const char *line);

/* Points the call's request at p, which it borrows. */
void prepared_call(const struct prepared *p, struct call *c);
/* Borrowed until p changes. */
const char *prepared_url(const struct prepared *p);

#endif
