/* SPDX-License-Identifier: MIT
 *
 * dial - how connections are made, for all of a run: from which address,
 * through which proxy, to which address, and how they are secured. The plan's
 * "http" says it, and options of the command line win over it. Data alone: the
 * lanes make options of it (load/lane_options.h). */
#ifndef PLAN_DIAL_H
#define PLAN_DIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "plan/address.h"

#define DIAL_RESOLVE_MAX 100 /* entries of resolve */
#define DIAL_TTL_FOREVER INT64_C(-1)

/* Oldest version of TLS that is spoken; DEFAULT is libcurl's. */
enum dial_tls { DIAL_TLS_DEFAULT, DIAL_TLS_1_2, DIAL_TLS_1_3 };
/* Which addresses of a name are taken. */
enum dial_family { DIAL_ANY, DIAL_IPV4, DIAL_IPV6 };

/* Where the plan says something. */
struct dial_place {
    int line, column; /* 1-based; 0 = it does not, or an option does */
};

/* All strings owned; NULL = not said. */
struct dial {
    bool http1;           /* never negotiate HTTP/2 */
    bool prior_knowledge; /* HTTP/2 at once, without asking, also over http */
    bool insecure;        /* certificates are not verified */
    char *ca;         /* PEM file of authorities, in place of the system's */
    char *ca_dir;     /* the same as a folder that openssl rehash has seen */
    char *cert, *key; /* the client's own, PEM; key NULL: it is in cert */
    char *password;   /* of the key */
    char *ciphers;    /* OpenSSL's list for TLS 1.2 */
    enum dial_tls tls_min;
    char *proxy;    /* URL; NULL = none, whatever the environment says */
    char *no_proxy; /* hosts that go without it, separated by commas */
    char **resolve; /* "host:port:address", as curl's --resolve */
    size_t n_resolve;
    struct dial_place ca_at, cert_at, ciphers_at;
    struct addresses locals; /* sources; VU n takes the n-th, over and over */
    bool has_ttl;
    int64_t ttl_s; /* how long a name stays resolved; DIAL_TTL_FOREVER */
    enum dial_family family;
};

void dial_clear(struct dial *d);

/* Each takes what people write. false: a mistake, told in why (one line, may
 * hold bytes of text); d is then as it was. */
/* "http://user:password@host:port": a tunnel for https, plain for http;
 * "https://…" the same over TLS; "socks5://…", "socks5h://…" (the proxy
 * resolves names), "socks4://…", "socks4a://…". No scheme is http. */
bool dial_set_proxy(struct dial *d, const char *text, char *why,
                    size_t size) MUST_CHECK;
/* Hosts separated by commas: names (and what ends in them), addresses, blocks;
 * "*" is all. */
bool dial_add_no_proxy(struct dial *d, const char *text, char *why,
                       size_t size) MUST_CHECK;
/* "host:port:address[,address]". A second one of the same host and port takes
 * the first one's place. */
bool dial_add_resolve(struct dial *d, const char *text, char *why,
                      size_t size) MUST_CHECK;
/* What flags says stands over d; d owns all of it then. */
void dial_override(struct dial *d, struct dial *flags);

#endif
