/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "load/http1_write.h"

#include <string.h>
#include <strings.h>

#define HTTP1_AGENT PACKAGE_NAME "/" PACKAGE_VERSION

#define HTTP1_PORT_MAX 65535u
#define HTTP1_HOST_MAX 255u

static bool http1_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool http1_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Four numbers as they are usually written; *end points behind them. libcurl
 * reads others (127.1, 0x7f.1), and writes them out. */
static bool http1_quad(const char *s, const char **end)
{
    for (int part = 0; part < 4; part++) {
        unsigned value = 0, digits = 0;

        if (part > 0 && *s++ != '.') {
            return false;
        }
        while (http1_digit(*s) && digits < 3) {
            value = value * 10 + (unsigned)(*s - '0');
            digits++;
            s++;
        }
        if (digits == 0 || value > 255 ||
            (digits > 1 && s[-(int)digits] == '0')) {
            return false;
        }
    }
    *end = s;
    return true;
}

static bool http1_bracketed(const char *s, const char **end)
{
    size_t n = 1 + strspn(s + 1, "0123456789abcdef:.");

    *end = s + n + 1;
    return n > 2 && s[n] == ']';
}

/* Behind the host; NULL: it is none, or one for libcurl. */
static const char *http1_host(const char *s, struct http1_target *t)
{
    const char *end = s;

    t->host = s;
    if (*s == '[') {
        if (!http1_bracketed(s, &end)) {
            return NULL;
        }
    } else if (http1_digit(*s)) {
        if (!http1_quad(s, &end)) {
            return NULL;
        }
    } else {
        while (http1_letter(*end) || http1_digit(*end) ||
               (*end != '\0' && strchr(".-_", *end) != NULL)) {
            end++;
        }
        if (end == s || *s == '.' || end[-1] == '.') {
            return NULL;
        }
    }
    t->host_len = (size_t)(end - s);
    return t->host_len <= HTTP1_HOST_MAX ? end : NULL;
}

/* Behind the port, if there is one. */
static const char *http1_port(const char *s, struct http1_target *t)
{
    unsigned usual = t->tls ? 443 : 80;

    t->port = usual;
    if (*s == ':') {
        if (s[1] == '0' || !http1_digit(s[1])) {
            return NULL;
        }
        t->port = 0;
        for (s++; http1_digit(*s) && t->port <= HTTP1_PORT_MAX; s++) {
            t->port = t->port * 10 + (unsigned)(*s - '0');
        }
    }
    t->usual_port = t->port == usual;
    return t->port <= HTTP1_PORT_MAX ? s : NULL;
}

/* "." and "..", which libcurl takes out; also where they are escaped. */
static bool http1_dots(const char *s)
{
    if (*s == '.' || (s[0] == '%' && s[1] == '2' && (s[2] | 0x20) == 'e')) {
        s += *s == '.' ? 1 : 3;
        return *s == '\0' || strchr("./?%", *s) != NULL;
    }
    return false;
}

static bool http1_path(const char *s, struct http1_target *t)
{
    bool query = false;

    t->path = s;
    if (*s != '\0' && *s != '/' && *s != '?') {
        return false;
    }
    for (; *s != '\0'; s++) {
        query = query || *s == '?';
        if (*s <= ' ' || *s >= 0x7f || *s == '#' || *s == '\\' ||
            (!query && *s == '/' && http1_dots(s + 1))) {
            return false;
        }
    }
    t->path_len = (size_t)(s - t->path);
    return true;
}

bool http1_target_of(const char *url, struct http1_target *t)
{
    const char *s;

    *t = (struct http1_target){.tls = false};
    if (strncasecmp(url, "http://", 7) == 0) {
        s = url + 7;
    } else if (strncasecmp(url, "https://", 8) == 0) {
        s = url + 8;
        t->tls = true;
    } else {
        return false;
    }
    s = http1_host(s, t);
    s = s != NULL ? http1_port(s, t) : NULL;
    return s != NULL && http1_path(s, t);
}

bool http1_has_body(const struct call *c)
{
    return strcmp(c->method, "HEAD") != 0 &&
           (c->has_body || strcmp(c->method, "POST") == 0 ||
            strcmp(c->method, "PUT") == 0 || strcmp(c->method, "PATCH") == 0);
}

/* What a header line is about; NULL: another name. */
static const char *http1_value(const char *line, const char *name)
{
    size_t n = strlen(name);

    return strncasecmp(line, name, n) == 0 && line[n] == ':' ? line + n + 1
                                                             : NULL;
}

static bool http1_has(const struct call *c, const char *name)
{
    for (size_t i = 0; i < c->n_headers; i++) {
        if (http1_value(c->headers[i], name) != NULL) {
            return true;
        }
    }
    return false;
}

bool http1_can_write(const struct call *c)
{
    static const char *const left[] = {
        "Content-Length",    "Expect",  "TE",
        "Transfer-Encoding", "Trailer", "Upgrade"};

    for (size_t i = 0; i < c->n_headers; i++) {
        const char *line = c->headers[i];

        if (strpbrk(line, "\r\n") != NULL || strchr(line, ':') == NULL) {
            return false;
        }
        for (size_t k = 0; k < sizeof left / sizeof left[0]; k++) {
            if (http1_value(line, left[k]) != NULL) {
                return false;
            }
        }
    }
    return true;
}

/* "X-Empty: " goes out as "X-Empty:", as libcurl has it. */
static void http1_write_line(struct buf *out, const char *line)
{
    const char *colon = strchr(line, ':');

    if (colon[1 + strspn(colon + 1, " \t")] == '\0') {
        buf_add(out, line, (size_t)(colon - line) + 1);
    } else {
        buf_adds(out, line);
    }
    buf_add(out, "\r\n", 2);
}

static void http1_write_target(struct buf *out, const struct http1_target *t)
{
    if (t->path_len == 0 || *t->path == '?') {
        buf_addc(out, '/');
    }
    buf_add(out, t->path, t->path_len);
}

static void http1_write_host(struct buf *out, const struct http1_target *t)
{
    buf_adds(out, "Host: ");
    buf_add(out, t->host, t->host_len);
    if (!t->usual_port) {
        buf_addf(out, ":%u", t->port);
    }
    buf_add(out, "\r\n", 2);
}

void http1_write_head(struct buf *out, const struct call *c,
                      const struct http1_target *t, bool *close)
{
    *close = false;
    buf_adds(out, c->method);
    buf_addc(out, ' ');
    http1_write_target(out, t);
    buf_adds(out, " HTTP/1.1\r\n");
    if (!http1_has(c, "Host")) {
        http1_write_host(out, t);
    }
    if (!http1_has(c, "User-Agent")) {
        buf_adds(out, "User-Agent: " HTTP1_AGENT "\r\n");
    }
    for (size_t i = 0; i < c->n_headers; i++) {
        const char *connection = http1_value(c->headers[i], "Connection");

        *close = *close || (connection != NULL &&
                            strcasestr(connection, "close") != NULL);
        http1_write_line(out, c->headers[i]);
    }
    if (http1_has_body(c)) {
        buf_addf(out, "Content-Length: %zu\r\n", c->body_len);
    }
    buf_add(out, "\r\n", 2);
}
