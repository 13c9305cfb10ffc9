/* SPDX-License-Identifier: MIT
 *
 * lane_curl_headers - header lines as libcurl takes them, and fixed requests
 * prepared once for all ports. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "load/lane_curl_internal.h"

#define LANE_AGENT "User-Agent: " PACKAGE_NAME "/" PACKAGE_VERSION

bool lane_call_has_body(const struct call *c)
{
    return c->has_body || strcmp(c->method, "POST") == 0 ||
           strcmp(c->method, "PUT") == 0 || strcmp(c->method, "PATCH") == 0;
}

void lane_headers_clear(struct lane_headers *h)
{
    for (size_t i = 0; i < h->n_made; i++) {
        free(h->made[i]);
    }
    free(h->made);
    free(h->nodes);
    *h = (struct lane_headers){.nodes = NULL};
}

static bool lane_is_header(const char *line, const char *name)
{
    size_t n = strlen(name);

    return strncasecmp(line, name, n) == 0 && line[n] == ':';
}

/* The call's own line of that name, or NULL. */
static const char *lane_header_of(const struct call *c, const char *name)
{
    for (size_t i = 0; i < c->n_headers; i++) {
        if (lane_is_header(c->headers[i], name)) {
            return c->headers[i];
        }
    }
    return NULL;
}

static void lane_headers_keep(struct lane_headers *h, char *line)
{
    h->made = xgrow(h->made, h->n_made, &h->cap_made, sizeof(char *));
    h->made[h->n_made++] = line;
}

/* libcurl reads "Name:" as "do not send Name", and "Name;" as "send it
 * empty". */
static const char *lane_line(struct lane_headers *h, const char *line)
{
    const char *colon = strchr(line, ':');
    char *made;

    if (colon == NULL || colon[1 + strspn(colon + 1, " \t")] != '\0') {
        return line;
    }
    made = xasprintf("%.*s;", (int)(colon - line), line);
    lane_headers_keep(h, made);
    return made;
}

static void lane_headers_add(struct lane_headers *h, size_t *n,
                             const char *line)
{
    h->nodes = xgrow(h->nodes, *n, &h->cap, sizeof *h->nodes);
    /* The list is only read; its type has no const. */
    h->nodes[(*n)++].data = (char *)(uintptr_t)line;
}

static void lane_headers_chain(struct lane_headers *h, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        h->nodes[i].next = i + 1 < n ? &h->nodes[i + 1] : NULL;
    }
}

/* libcurl asks for "100 Continue" before a body of more than a MiB; by far. */
#define LANE_EXPECT_BYTES 65536

/* Takes out lines that libcurl would add and k6 does not: each one that is not
 * needed costs a comparison with every header that libcurl writes. The user
 * agent is a line among them, as libcurl prints its own twice. */
void lane_headers_make(struct lane_headers *h, const struct call *c,
                       const char *const *lines)
{
    const struct {
        const char *name, *line;
        bool needed; /* unless the call has its own */
    } usual[] = {
        {"Accept", "Accept:", true},
        {"Content-Type", "Content-Type:", lane_call_has_body(c)},
        {"Expect", "Expect:", c->body_len > LANE_EXPECT_BYTES},
        {"User-Agent", LANE_AGENT, true},
    };
    size_t n = 0;

    for (size_t i = 0; i < h->n_made; i++) {
        free(h->made[i]);
    }
    h->n_made = 0;
    for (size_t u = 0; u < sizeof usual / sizeof usual[0]; u++) {
        if (usual[u].needed && lane_header_of(c, usual[u].name) == NULL) {
            lane_headers_add(h, &n, usual[u].line);
        }
    }
    for (size_t i = 0; i < c->n_headers; i++) {
        lane_headers_add(h, &n, lane_line(h, lines[i]));
    }
    lane_headers_chain(h, n);
}

/* Until then libcurl prints header lines letter by letter, and the host's
 * twice: a quarter of its time. */
#define LANE_BLOCK_BEFORE 0x080000

/* May all header lines be one entry of the list? libcurl passes entries on as
 * they are (CURLOPT_HTTPHEADER), but then sees the first line alone. So not
 * where it would act on another: on one that frames the request, on the host's
 * where HTTP/2 makes a field of its own of it, and where it adds a line for the
 * URL's user. */
static bool lane_block_fits(const struct call *c)
{
    static const char *const seen[] = {"Accept-Encoding",
                                       "Connection",
                                       "Content-Length",
                                       "Expect",
                                       "TE",
                                       "Trailer",
                                       "Transfer-Encoding",
                                       "Upgrade"};

    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        if (lane_header_of(c, seen[i]) != NULL) {
            return false;
        }
    }
    return curl_version_info(CURLVERSION_NOW)->version_num <
               LANE_BLOCK_BEFORE &&
           strncasecmp(c->url, "http://", 7) == 0 &&
           strchr(c->url, '@') == NULL && c->body_len <= LANE_EXPECT_BYTES;
}

/* The host as libcurl would write it: false when it does more than that (a name
 * that is not ASCII). */
static bool lane_block_host(struct buf *out, CURLU *url)
{
    char *host = NULL, *port = NULL;
    bool ok = curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK;

    for (const char *h = host; ok && *h != '\0'; h++) {
        ok = *h > ' ' && *h < 0x7f;
    }
    if (ok) {
        buf_addf(out, "Host: %s", host);
        if (curl_url_get(url, CURLUPART_PORT, &port, 0) == CURLUE_OK &&
            strcmp(port, "80") != 0) {
            buf_addf(out, ":%s", port);
        }
    }
    curl_free(host);
    curl_free(port);
    return ok;
}

/* The content type first, which libcurl must see; no line end after the last.
 */
static bool lane_block_text(struct buf *out, const struct call *c, CURLU *url)
{
    const char *type = lane_header_of(c, "Content-Type");

    if (type != NULL) {
        buf_addf(out, "%s\r\n", type);
    }
    for (size_t i = 0; i < c->n_headers; i++) {
        if (c->headers[i] != type) {
            buf_addf(out, "%s\r\n", c->headers[i]);
        }
    }
    if (lane_header_of(c, "User-Agent") == NULL) {
        buf_adds(out, LANE_AGENT "\r\n");
    }
    if (lane_header_of(c, "Host") == NULL) {
        return lane_block_host(out, url) && !out->cut;
    }
    out->data[out->len - 2] = '\0';
    return !out->cut;
}

/* The call's header lines as one entry; false when that cannot be. */
static bool lane_headers_block(struct lane_headers *h, const struct call *c,
                               CURLU *url)
{
    struct buf text;
    size_t n = 0;

    buf_init(&text, EXCHANGE_HEAD_MAX);
    if (url == NULL || !lane_block_fits(c) || !lane_block_text(&text, c, url)) {
        buf_clear(&text);
        return false;
    }
    lane_headers_add(h, &n, "Accept:");
    lane_headers_add(h, &n, "Host:");
    if (lane_call_has_body(c) && lane_header_of(c, "Content-Type") == NULL) {
        lane_headers_add(h, &n, "Content-Type:");
    }
    lane_headers_keep(h, buf_take(&text));
    lane_headers_add(h, &n, h->made[h->n_made - 1]);
    lane_headers_chain(h, n);
    return true;
}

void lane_fixed_clear(struct lane_fixed *f)
{
    curl_url_cleanup(f->url);
    lane_headers_clear(&f->headers);
    for (size_t i = 0; i < f->n_lines; i++) {
        free(f->lines[i]);
    }
    free(f->lines);
}

const struct lane_fixed *lane_fixed_of(struct lane_curl *l,
                                       const struct call *c)
{
    struct lane_fixed *f;

    for (size_t i = 0; i < l->n_fixed; i++) {
        if (l->fixed[i].key == c->fixed) {
            return &l->fixed[i];
        }
    }
    if (l->n_fixed == LANE_FIXED_MAX) {
        return NULL;
    }
    if (l->fixed == NULL) {
        /* Handles point into it: it never moves. */
        l->fixed = xcalloc(LANE_FIXED_MAX, sizeof *l->fixed);
    }
    f = &l->fixed[l->n_fixed++];
    f->key = c->fixed;
    f->lines = xcalloc(c->n_headers, sizeof(char *));
    for (size_t i = 0; i < c->n_headers; i++) {
        f->lines[f->n_lines++] = xstrdup(c->headers[i]);
    }
    f->url = curl_url();
    if (f->url != NULL &&
        curl_url_set(f->url, CURLUPART_URL, c->url, 0) != CURLUE_OK) {
        curl_url_cleanup(f->url);
        f->url = NULL;
    }
    if (!lane_headers_block(&f->headers, c, f->url)) {
        lane_headers_make(&f->headers, c, (const char *const *)f->lines);
    }
    return f;
}
