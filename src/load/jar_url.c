/* SPDX-License-Identifier: MIT
 *
 * jar_url - where a request goes, as cookies see it. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "load/jar.h"

static bool jar_host(struct jar_url *u, const char *s, size_t n)
{
    size_t port = n;

    for (size_t i = n; i > 0 && s[i - 1] != ']'; i--) {
        if (s[i - 1] == ':') {
            port = i - 1;
        }
    }
    if (port == 0 || port >= sizeof u->host) {
        return false;
    }
    for (size_t i = 0; i < port; i++) {
        unsigned char c = (unsigned char)s[i];

        /* What libcurl would read as another host is no place for cookies. */
        if (c <= ' ' || c == 0x7f || c == '%') {
            return false;
        }
        u->host[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    u->host[port] = '\0';
    return true;
}

bool jar_url_read(struct jar_url *u, const char *url)
{
    const char *host, *end, *path_end;

    *u = (struct jar_url){.secure = strncasecmp(url, "https://", 8) == 0};
    if (!u->secure && strncasecmp(url, "http://", 7) != 0) {
        return false;
    }
    host = url + (u->secure ? 8 : 7);
    end = host + strcspn(host, "/?#");
    for (const char *s = host; s < end; s++) {
        if (*s == '\\') {
            return false;
        }
        host = *s == '@' ? s + 1 : host;
    }
    path_end = end + strcspn(end, "?#");
    u->path = end;
    u->path_len = (size_t)(path_end - end);
    return jar_host(u, host, (size_t)(end - host));
}
