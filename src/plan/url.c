/* SPDX-License-Identifier: MIT
 *
 * url - as much of a URL as a plan is checked for. */
#include "config.h"

#include "plan/url.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"

#define URL_PORT_MAX 65535

/* Bytes of "http://" or "https://" at the beginning, 0 if neither. */
static size_t url_scheme(const char *s)
{
    if (strncasecmp(s, "http://", 7) == 0) {
        return 7;
    }
    return strncasecmp(s, "https://", 8) == 0 ? 8 : 0;
}

/* Where host and port stand in s, user and password left out. */
static size_t url_authority(const char *s, size_t *len)
{
    size_t from = url_scheme(s);
    size_t n = from == 0 ? 0 : strcspn(s + from, "/?#");

    for (size_t i = n; i > 0; i--) {
        if (s[from + i - 1] == '@') {
            from += i;
            n -= i;
            break;
        }
    }
    *len = n;
    return from;
}

size_t url_secret(const char *s, size_t *len)
{
    size_t from = url_scheme(s), n;
    size_t host = url_authority(s, &n);
    const char *colon = memchr(s + from, ':', host - from);

    /* "user@" and "user:@" give nothing away. */
    *len = colon != NULL && s + host - colon > 2 ? host - from - 1 : 0;
    return from;
}

static bool url_port_ok(const char *s, size_t n)
{
    char port[8];
    uint64_t v;

    if (n == 0 || n >= sizeof port) {
        return false;
    }
    (void)snprintf(port, sizeof port, "%.*s", (int)n, s);
    return num_u64(port, 1, URL_PORT_MAX, &v);
}

static const char *url_authority_wrong(const char *s, size_t n)
{
    size_t i = 0;

    if (n > 0 && s[0] == '[') {
        while (i < n && s[i] != ']') {
            i++;
        }
        if (i == n) {
            return "has '[' without ']'";
        }
        i++;
    } else {
        while (i < n && s[i] != ':') {
            i++;
        }
    }
    if (i == 0) {
        return "has no host";
    }
    if (i < n && (s[i] != ':' || !url_port_ok(s + i + 1, n - i - 1))) {
        return "has a port that is not 1 to 65535";
    }
    return NULL;
}

const char *url_wrong(const char *s, bool whole)
{
    size_t from, n;

    for (const char *p = s; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;

        if (c <= ' ' || c == 0x7f) {
            return "has a space or control character (write %20)";
        }
    }
    if (url_scheme(s) == 0) {
        return "does not begin with http:// or https://";
    }
    from = url_authority(s, &n);
    if (!whole && s[from + n] == '\0') {
        return NULL; /* more of the host may follow */
    }
    return url_authority_wrong(s + from, n);
}

const char *url_host(const char *s, char *buf, size_t size)
{
    size_t n, from = url_authority(s, &n);

    (void)snprintf(buf, size, "%.*s", (int)(n < size ? n : size), s + from);
    return buf;
}

const char *url_origin(const char *s, char *buf, size_t size)
{
    size_t n, from = url_authority(s, &n);
    size_t scheme = url_scheme(s);

    buf[0] = '\0';
    if (scheme > 0) {
        (void)snprintf(buf, size, "%.*s%.*s", (int)scheme, s,
                       (int)(n < size ? n : size), s + from);
    }
    return buf;
}
