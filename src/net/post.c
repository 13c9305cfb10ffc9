/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "net/post.h"

#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "net/caller.h"

#define POST_MAGIC 0x90570001u
/* Of an answer's body no more is read. */
#define POST_BODY_MAX (64u << 10)

struct post {
    unsigned magic;
    struct caller caller;
    bool whole_head;               /* of an answer: its status counts */
    char begins[POST_RAW_MAX + 1]; /* its body, as it came */
    size_t n_begins;               /* bytes in use */
    size_t body_bytes;             /* that came */
};

static size_t post_on_data(char *data, size_t size, size_t n, void *ctx)
{
    struct post *p = ctx;
    size_t bytes = size * n, room, take;

    OBJ_CHECK(p, POST_MAGIC);
    room = sizeof p->begins - 1 - p->n_begins;
    take = bytes < room ? bytes : room;
    memcpy(p->begins + p->n_begins, data, take);
    p->n_begins += take;
    p->begins[p->n_begins] = '\0';
    p->body_bytes += bytes;
    return p->body_bytes <= POST_BODY_MAX ? bytes : 0;
}

/* A line at a time. Interim answers (1xx) have heads of their own, and trailers
 * end with an empty line, too. */
static size_t post_on_header(char *line, size_t size, size_t n, void *ctx)
{
    struct post *p = ctx;
    size_t bytes = size * n;

    OBJ_CHECK(p, POST_MAGIC);
    if (bytes >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        p->whole_head = false;
    } else if (bytes > 0 && (line[0] == '\r' || line[0] == '\n')) {
        p->whole_head = p->whole_head || caller_status(&p->caller) >= 200;
    }
    return bytes;
}

static void post_set_request(struct post *p, const struct post_config *c)
{
    struct caller *call = &p->caller;
    const char *const *h;

    /* The answer to "may I?" would be one more way for it to hang. */
    caller_header(call, "Expect:");
    for (h = c->headers; h != NULL && *h != NULL; h++) {
        caller_header(call, *h);
    }
    if (c->user != NULL) {
        CALLER_OPTION(call, CURLOPT_USERNAME, c->user);
        CALLER_OPTION(call, CURLOPT_PASSWORD,
                      c->password != NULL ? c->password : "");
    }
    if (c->cert != NULL) {
        CALLER_OPTION(call, CURLOPT_SSLCERT, c->cert);
        CALLER_OPTION(call, CURLOPT_SSLKEY,
                      c->cert_key != NULL ? c->cert_key : c->cert);
    }
    CALLER_OPTION(call, CURLOPT_POST, 1L);
    CALLER_OPTION(call, CURLOPT_WRITEFUNCTION, post_on_data);
    CALLER_OPTION(call, CURLOPT_WRITEDATA, p);
    CALLER_OPTION(call, CURLOPT_HEADERFUNCTION, post_on_header);
    CALLER_OPTION(call, CURLOPT_HEADERDATA, p);
}

struct post *post_new(const struct post_config *c)
{
    struct post *p = xcalloc(1, sizeof *p);
    struct caller_config config = {c->url, c->cacert, c->insecure,
                                   c->timeout_ms};

    p->magic = POST_MAGIC;
    caller_init(&p->caller, &config);
    post_set_request(p, c);
    return p;
}

void post_free(struct post **pp)
{
    struct post *p = *pp;

    if (p == NULL) {
        return;
    }
    OBJ_CHECK(p, POST_MAGIC);
    caller_clear(&p->caller);
    p->magic = 0;
    free(p);
    *pp = NULL;
}

void post_stop(struct post *p)
{
    caller_stop(&p->caller);
}

static uint64_t post_retry_after_ms(const struct post *p)
{
    curl_off_t s = 0;

    (void)curl_easy_getinfo(p->caller.easy, CURLINFO_RETRY_AFTER, &s);
    if (s <= 0) {
        return 0;
    }
    return (uint64_t)s < POST_RETRY_AFTER_MAX_MS / 1000
               ? (uint64_t)s * 1000
               : POST_RETRY_AFTER_MAX_MS;
}

static void post_note(struct post *p, struct post_answer *a)
{
    memcpy(a->raw, p->begins, p->n_begins);
    a->raw_len = p->n_begins;
    p->begins[strcspn(p->begins, "\r\n")] = '\0';
    a->status = caller_status(&p->caller);
    a->retry_after_ms = post_retry_after_ms(p);
    text_brief(a->text, sizeof a->text, p->begins);
}

bool post_send(struct post *p, const void *data, size_t n,
               struct post_answer *a, struct err *e)
{
    char why[CURL_ERROR_SIZE];
    CURLcode code;

    OBJ_CHECK(p, POST_MAGIC);
    memset(a, 0, sizeof *a);
    p->whole_head = false;
    p->n_begins = p->body_bytes = 0;
    p->begins[0] = '\0';
    CALLER_OPTION(&p->caller, CURLOPT_POSTFIELDS, n > 0 ? data : "");
    CALLER_OPTION(&p->caller, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
    code = caller_perform(&p->caller);
    if (!p->whole_head) {
        /* libcurl is content with half a head. */
        err_set(e, ERR_IO, "%s",
                code == CURLE_OK
                    ? "the connection was closed within the answer's head"
                    : caller_why(&p->caller, code, why, sizeof why));
        return false;
    }
    post_note(p, a);
    return true;
}

/* A part of a URL, owned by the caller (curl_free); NULL = it has none. */
static char *post_url_part(CURLU *u, CURLUPart part)
{
    char *text = NULL;

    return curl_url_get(u, part, &text, 0) == CURLUE_OK ? text : NULL;
}

static void post_url_show(CURLU *u, char *shown, size_t size)
{
    static const CURLUPart hidden[] = {CURLUPART_USER, CURLUPART_PASSWORD,
                                       CURLUPART_OPTIONS, CURLUPART_QUERY,
                                       CURLUPART_FRAGMENT};
    char *text;
    size_t i;

    for (i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        (void)curl_url_set(u, hidden[i], NULL, 0);
    }
    text = post_url_part(u, CURLUPART_URL);
    text_safe(shown, size, text != NULL ? text : "");
    curl_free(text);
}

bool post_url_ok(const char *url, char *shown, size_t size, struct err *e)
{
    CURLU *u = curl_url();
    char *scheme = NULL;
    bool ok;

    if (u == NULL) {
        fatal("out of memory");
    }
    shown[0] = '\0';
    ok = strstr(url, "://") != NULL &&
         curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK;
    scheme = ok ? post_url_part(u, CURLUPART_SCHEME) : NULL;
    ok = scheme != NULL &&
         (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    if (ok) {
        post_url_show(u, shown, size);
    } else {
        /* Not quoted: there may be a password in it. */
        err_set(e, ERR_RANGE,
                "this is no URL to send to (http://HOST:PORT/PATH or https)");
    }
    curl_free(scheme);
    curl_url_cleanup(u);
    return ok;
}
