/* SPDX-License-Identifier: MIT
 *
 * jar - the cookies of one VU (RFC 6265, section 5), above both lanes. Where
 * the RFC asks for a list of public suffixes, a Domain without a dot is refused
 * and no more: a service may set a cookie for "co.uk", as there is no list
 * here. Names that begin with __Secure- or __Host- keep their word, as RFC
 * 6265bis has it (4.1.3). Everything a service sends is bounded. Pure: no clock
 * of its own. */
#ifndef LOAD_JAR_H
#define LOAD_JAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Bounds of one VU's jar. A cookie that does not fit takes the place of the
 * oldest. */
#define JAR_COOKIES_MAX 200u
#define JAR_BYTES_MAX   (64u << 10) /* names, values, domains and paths */
#define JAR_COOKIE_MAX  4096u /* one's name and value; longer are refused */
#define JAR_FIELD_MAX   1024u /* a domain or path; longer are ignored */

struct jar; /* opaque; NULL = empty */

/* Where a request goes, as cookies see it. */
struct jar_url {
    char host[256];   /* lower case, brackets of IPv6 included */
    const char *path; /* borrowed from the URL, query and fragment not in it */
    size_t path_len;  /* 0: "/" */
    bool secure;      /* https */
};
/* false: cookies neither come from it nor go there (its host is in no plain
 * form). */
bool jar_url_read(struct jar_url *u, const char *url);

/* Has the head a Set-Cookie at all? Cheap enough for every response. */
bool jar_is_set(const char *head, size_t n);
/* Takes the cookies of a response's head that came from u. now in seconds since
 * 1970, as below. *j is made when the first is taken, and NULL again when none
 * is left. */
void jar_store(struct jar **j, const struct jar_url *u, const char *head,
               size_t n, int64_t now);
/* Appends "a=b; c=d", those that go to u, in the RFC's order; nothing when
 * there are none. skip: called for each name, true leaves it out; NULL = none
 * is. */
void jar_send(const struct jar *j, const struct jar_url *u, int64_t now,
              bool (*skip)(void *ctx, const char *name, size_t n), void *ctx,
              struct buf *out);
size_t jar_count(const struct jar *j);
/* The same cookies in another jar, owned by the caller; of NULL it is NULL. */
struct jar *jar_copy(const struct jar *j);
void jar_free(struct jar **j);

/* A date as cookies have it (5.1.1), in seconds since 1970. false: it is none.
 */
bool jar_date(const char *s, size_t n, int64_t *out);

#endif
