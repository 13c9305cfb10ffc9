/* SPDX-License-Identifier: MIT
 *
 * dial - what people write about connections, checked and put into one form. */
#include "config.h"

#include "plan/dial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <arpa/inet.h>

#include "base/num.h"
#include "base/xalloc.h"

#define DIAL_NAME_MAX     253 /* of a host; RFC 1035 */
#define DIAL_NO_PROXY_MAX 4096
#define DIAL_PORT_MAX     65535

void dial_clear(struct dial *d)
{
    free(d->ca);
    free(d->ca_dir);
    free(d->cert);
    free(d->key);
    free(d->password);
    free(d->ciphers);
    free(d->proxy);
    free(d->no_proxy);
    for (size_t i = 0; i < d->n_resolve; i++) {
        free(d->resolve[i]);
    }
    free(d->resolve);
    addresses_clear(&d->locals);
    *d = (struct dial){.http1 = false};
}

static bool dial_wrong(char *why, size_t size, const char *text,
                       const char *what)
{
    (void)snprintf(why, size, "'%.80s' %s", text, what);
    return false;
}

/* n bytes that may be a host's name: nothing that separates things here. */
static bool dial_name(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];

        if (c <= ' ' || c == 0x7f || strchr("/:,@[]?#\\", c) != NULL) {
            return false;
        }
    }
    return n > 0 && n <= DIAL_NAME_MAX;
}

static bool dial_port(const char *s, size_t n)
{
    char port[8];
    uint64_t v;

    if (n == 0 || n >= sizeof port) {
        return false;
    }
    (void)snprintf(port, sizeof port, "%.*s", (int)n, s);
    return num_u64(port, 1, DIAL_PORT_MAX, &v);
}

/* n bytes that are an IP address; an IPv6 one may stand in brackets. */
static bool dial_address(const char *s, size_t n)
{
    char text[ADDRESS_MAX];
    struct in6_addr v6;
    struct in_addr v4;

    if (n >= 2 && s[0] == '[' && s[n - 1] == ']') {
        s++;
        n -= 2;
    }
    if (n == 0 || n >= sizeof text) {
        return false;
    }
    (void)snprintf(text, sizeof text, "%.*s", (int)n, s);
    return inet_pton(AF_INET, text, &v4) == 1 ||
           inet_pton(AF_INET6, text, &v6) == 1;
}

/* Bytes of "scheme://", 0 when there is none; *known: one that a proxy has. */
static size_t dial_scheme(const char *s, bool *known)
{
    static const char *const schemes[] = {"http",    "https",  "socks4",
                                          "socks4a", "socks5", "socks5h"};
    const char *mark = strstr(s, "://");
    size_t n = mark != NULL ? (size_t)(mark - s) : 0;

    *known = mark == NULL;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (strlen(schemes[i]) == n && strncasecmp(s, schemes[i], n) == 0) {
            *known = true;
        }
    }
    return mark != NULL ? n + 3 : 0;
}

bool dial_set_proxy(struct dial *d, const char *text, char *why, size_t size)
{
    bool known;
    size_t from = dial_scheme(text, &known);
    size_t n = strcspn(text + from, "/?#");
    const char *host = text + from, *at, *end = host + n, *colon;
    bool v6;

    if (!known) {
        return dial_wrong(why, size, text,
                          "is no proxy: there are http, https, socks4, "
                          "socks4a, socks5 and socks5h");
    }
    for (at = host; at < end; at++) {
        host = *at == '@' ? at + 1 : host;
    }
    if (end[0] != '\0' && strcmp(end, "/") != 0) {
        return dial_wrong(why, size, host, "is no proxy: it has a path");
    }
    v6 = *host == '[';
    colon = v6 ? memchr(host, ']', (size_t)(end - host)) : host;
    colon = colon != NULL ? memchr(colon, ':', (size_t)(end - colon)) : NULL;
    if (colon == NULL || !dial_port(colon + 1, (size_t)(end - colon) - 1)) {
        /* Not what stands before the host: it may hold a password. */
        return dial_wrong(why, size, host,
                          "names no port from 1 to 65535 (as "
                          "http://127.0.0.1:3128)");
    }
    if (v6 ? !dial_address(host, (size_t)(colon - host))
           : !dial_name(host, (size_t)(colon - host))) {
        return dial_wrong(why, size, host, "has no host");
    }
    free(d->proxy);
    d->proxy = xasprintf("%s%.*s", from == 0 ? "http://" : "",
                         (int)(end - text), text);
    return true;
}

bool dial_add_no_proxy(struct dial *d, const char *text, char *why, size_t size)
{
    size_t had = d->no_proxy != NULL ? strlen(d->no_proxy) : 0;
    char *all;

    if (had + strlen(text) + 2 > DIAL_NO_PROXY_MAX) {
        return dial_wrong(why, size, text, "is more than fits: 4096 bytes");
    }
    for (const char *s = text;; s++) {
        size_t n = strcspn(s, ",");

        for (size_t i = 0; i < n; i++) {
            if ((unsigned char)s[i] <= ' ' || strchr("@?#\\", s[i]) != NULL) {
                return dial_wrong(why, size, text, "is no list of hosts");
            }
        }
        if (n == 0) {
            return dial_wrong(why, size, text,
                              "has an empty host in it (as localhost,.internal,"
                              "10.0.0.0/8)");
        }
        s += n;
        if (*s == '\0') {
            break;
        }
    }
    all = xasprintf("%s%s%s", had > 0 ? d->no_proxy : "", had > 0 ? "," : "",
                    text);
    free(d->no_proxy);
    d->no_proxy = all;
    return true;
}

/* "host:port:" of text; 0: it does not begin so. */
static size_t dial_resolve_head(const char *text)
{
    size_t host = strcspn(text, ":");
    size_t port = text[host] == ':' ? strcspn(text + host + 1, ":") : 0;

    if (port == 0 || text[host + 1 + port] != ':' || !dial_name(text, host) ||
        !dial_port(text + host + 1, port)) {
        return 0;
    }
    return host + port + 2;
}

static bool dial_resolve_tail(const char *s)
{
    for (;;) {
        size_t n = strcspn(s, ",");

        if (!dial_address(s, n)) {
            return false;
        }
        if (s[n] == '\0') {
            return true;
        }
        s += n + 1;
    }
}

static void dial_put_resolve(struct dial *d, const char *text, size_t head)
{
    for (size_t i = 0; i < d->n_resolve; i++) {
        if (strncasecmp(d->resolve[i], text, head) == 0) {
            free(d->resolve[i]);
            d->resolve[i] = xstrdup(text);
            return;
        }
    }
    d->resolve = xreallocarray(d->resolve, d->n_resolve + 1, sizeof(char *));
    d->resolve[d->n_resolve++] = xstrdup(text);
}

bool dial_add_resolve(struct dial *d, const char *text, char *why, size_t size)
{
    size_t head = dial_resolve_head(text);

    if (head == 0) {
        return dial_wrong(why, size, text,
                          "does not begin with a host's name and a port (as "
                          "example.com:443:127.0.0.1)");
    }
    if (!dial_resolve_tail(text + head)) {
        return dial_wrong(why, size, text + head,
                          "is no IP address (as 127.0.0.1 or [::1])");
    }
    if (d->n_resolve >= DIAL_RESOLVE_MAX) {
        return dial_wrong(why, size, text, "is one too many: at most 100");
    }
    dial_put_resolve(d, text, head);
    return true;
}

static void dial_take(char **to, char **from)
{
    if (*from != NULL) {
        free(*to);
        *to = *from;
        *from = NULL;
    }
}

void dial_override(struct dial *d, struct dial *flags)
{
    d->http1 = d->http1 || flags->http1;
    d->insecure = d->insecure || flags->insecure;
    if (flags->http1) {
        d->prior_knowledge = false;
    }
    if (flags->cert != NULL) {
        /* The plan's key does not belong to this certificate. */
        free(d->key);
        d->key = NULL;
    }
    if (flags->cert != NULL || flags->key != NULL) {
        d->cert_at = (struct dial_place){0};
    }
    if (flags->ca != NULL) {
        d->ca_at = (struct dial_place){0};
        free(d->ca_dir);
        d->ca_dir = NULL;
    }
    dial_take(&d->ca, &flags->ca);
    dial_take(&d->cert, &flags->cert);
    dial_take(&d->key, &flags->key);
    dial_take(&d->proxy, &flags->proxy);
    dial_take(&d->no_proxy, &flags->no_proxy);
    for (size_t i = 0; i < flags->n_resolve; i++) {
        dial_put_resolve(d, flags->resolve[i],
                         dial_resolve_head(flags->resolve[i]));
    }
    if (flags->locals.n > 0) {
        addresses_clear(&d->locals);
        d->locals = flags->locals;
        flags->locals = (struct addresses){.list = NULL};
    }
    dial_clear(flags);
}
