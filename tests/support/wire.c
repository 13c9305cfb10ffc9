/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/num.h"

#define WIRE_WAIT_MS 20000
#define WIRE_MAX     (4 * 1024 * 1024)

union wire_address {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
};

static socklen_t wire_resolve(union wire_address *a, const char *address,
                              unsigned port)
{
    memset(a, 0, sizeof *a);
    if (strchr(address, ':') != NULL) {
        a->in6.sin6_family = AF_INET6;
        a->in6.sin6_port = htons((unsigned short)port);
        inet_pton(AF_INET6, address, &a->in6.sin6_addr);
        return sizeof a->in6;
    }
    a->in.sin_family = AF_INET;
    a->in.sin_port = htons((unsigned short)port);
    inet_pton(AF_INET, address, &a->in.sin_addr);
    return sizeof a->in;
}

/* Receives some more into w->in; false: nothing comes any more. */
static bool wire_more(struct wire *w)
{
    struct pollfd p = {.fd = w->fd, .events = POLLIN};
    char data[16384];
    ssize_t n;

    if (poll(&p, 1, WIRE_WAIT_MS) <= 0) {
        return false;
    }
    n = recv(w->fd, data, sizeof data, 0);
    return n > 0 && buf_add(&w->in, data, (size_t)n);
}

/* Takes n bytes off the front of w->in. */
static void wire_drop(struct wire *w, size_t n)
{
    memmove(w->in.data, w->in.data + n, w->in.len - n);
    w->in.len -= n;
    w->in.data[w->in.len] = '\0';
}

/* Takes what stands before the first end, and that, off the front; false: the
 * connection ended before it came. */
static bool wire_until(struct wire *w, const char *end, struct buf *out)
{
    const char *at;

    while ((at = strstr(buf_str(&w->in), end)) == NULL) {
        if (!wire_more(w)) {
            return false;
        }
    }
    buf_add(out, w->in.data, (size_t)(at - w->in.data));
    wire_drop(w, (size_t)(at - w->in.data) + strlen(end));
    return true;
}

static bool wire_exactly(struct wire *w, size_t n, struct buf *out)
{
    while (w->in.len < n) {
        if (!wire_more(w)) {
            return false;
        }
    }
    buf_add(out, buf_str(&w->in), n);
    if (n > 0) {
        wire_drop(w, n);
    }
    return true;
}

static bool wire_hex(const char *s, size_t *n)
{
    *n = 0;
    for (; *s != '\0' && *s != ';'; s++) {
        const char *digits = "0123456789abcdef";
        const char *d = strchr(digits, *s | 0x20);

        if (d == NULL || *n > WIRE_MAX) {
            return false;
        }
        *n = *n * 16 + (size_t)(d - digits);
    }
    return true;
}

static bool wire_chunks(struct wire *w, struct buf *out)
{
    struct buf line;
    size_t n = 1;
    bool ok = true;

    buf_init(&line, 1024);
    while (ok && n > 0) {
        buf_reset(&line);
        ok = wire_until(w, "\r\n", &line) && wire_hex(buf_str(&line), &n) &&
             wire_exactly(w, n, out);
        buf_reset(&line);
        ok = ok && wire_until(w, "\r\n", &line) && line.len == 0;
    }
    buf_clear(&line);
    return ok;
}

bool wire_open(struct wire *w, const char *address, unsigned port)
{
    union wire_address a;
    socklen_t n = wire_resolve(&a, address, port);

    buf_init(&w->in, WIRE_MAX);
    w->fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (w->fd >= 0 && connect(w->fd, &a.any, n) != 0) {
        close(w->fd);
        w->fd = -1;
    }
    return w->fd >= 0;
}

void wire_close(struct wire *w)
{
    if (w->fd >= 0) {
        close(w->fd);
    }
    w->fd = -1;
    buf_clear(&w->in);
}

bool wire_put(struct wire *w, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(w->fd, data, n, MSG_NOSIGNAL);

        if (sent <= 0) {
            return false;
        }
        data += sent;
        n -= (size_t)sent;
    }
    return true;
}

bool wire_send(struct wire *w, const char *method, const char *path,
               const char *headers, const char *body)
{
    struct buf out;
    bool ok;

    buf_init(&out, WIRE_MAX);
    buf_addf(&out, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path,
             headers);
    if (body != NULL) {
        buf_addf(&out, "Content-Length: %zu\r\n", strlen(body));
    }
    buf_adds(&out, "\r\n");
    buf_adds(&out, body != NULL ? body : "");
    ok = wire_put(w, buf_str(&out), out.len);
    buf_clear(&out);
    return ok;
}

bool wire_post(struct wire *w, const char *path, const char *json)
{
    return wire_send(w, "POST", path, "Content-Type: application/json\r\n",
                     json);
}

void wire_reply_init(struct wire_reply *r)
{
    r->status = 0;
    r->chunked = false;
    buf_init(&r->head, 64 * 1024);
    buf_init(&r->body, WIRE_MAX);
}

void wire_reply_clear(struct wire_reply *r)
{
    buf_clear(&r->head);
    buf_clear(&r->body);
}

bool wire_head(struct wire *w, struct wire_reply *r)
{
    char code[4] = "";
    uint64_t status;
    char value[64];

    buf_reset(&r->head);
    buf_reset(&r->body);
    if (!wire_until(w, "\r\n\r\n", &r->head) || r->head.len < 12) {
        return false;
    }
    buf_adds(&r->head, "\r\n");
    memcpy(code, r->head.data + strlen("HTTP/1.1 "), 3);
    if (!num_u64(code, 100, 599, &status)) {
        return false;
    }
    r->status = (int)status;
    wire_header(r, "Transfer-Encoding", value, sizeof value);
    r->chunked = strcasecmp(value, "chunked") == 0;
    return true;
}

bool wire_body(struct wire *w, struct wire_reply *r)
{
    char value[64];
    uint64_t n = 0;

    if (r->chunked) {
        return wire_chunks(w, &r->body);
    }
    wire_header(r, "Content-Length", value, sizeof value);
    return num_u64(value, 0, WIRE_MAX, &n) && wire_exactly(w, n, &r->body);
}

bool wire_read(struct wire *w, struct wire_reply *r)
{
    return wire_head(w, r) && wire_body(w, r);
}

bool wire_ended(struct wire *w)
{
    struct pollfd p = {.fd = w->fd, .events = POLLIN};
    char data[4096];

    while (poll(&p, 1, WIRE_WAIT_MS) > 0) {
        if (recv(w->fd, data, sizeof data, 0) <= 0) {
            return true;
        }
    }
    return false;
}

const char *wire_header(const struct wire_reply *r, const char *name, char *buf,
                        size_t size)
{
    size_t n = strlen(name);

    buf[0] = '\0';
    for (const char *line = strstr(buf_str(&r->head), "\r\n"); line != NULL;
         line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
            line += n + 1;
            line += strspn(line, " ");
            snprintf(buf, size, "%.*s", (int)strcspn(line, "\r"), line);
            break;
        }
    }
    return buf;
}
