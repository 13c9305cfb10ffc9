/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "net/fetch.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "net/caller.h"

#define FETCH_MAGIC 0xfe7c4001u

struct fetch {
    unsigned magic;
    struct caller caller;
    struct buf *body; /* borrowed for a call */
    char type[128];   /* safe to show */
};

static size_t fetch_on_data(char *data, size_t size, size_t n, void *ctx)
{
    struct fetch *f = ctx;

    OBJ_CHECK(f, FETCH_MAGIC);
    return buf_add(f->body, data, size * n) ? size * n : 0;
}

static void fetch_set_request(struct fetch *f, const char *accept)
{
    struct caller *c = &f->caller;
    char *line = xasprintf("Accept: %s", accept);

    caller_header(c, line);
    free(line);
#if LIBCURL_VERSION_NUM >= 0x075500
    CALLER_OPTION(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    CALLER_OPTION(c, CURLOPT_REDIR_PROTOCOLS,
                  (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    CALLER_OPTION(c, CURLOPT_FOLLOWLOCATION, 1L);
    CALLER_OPTION(c, CURLOPT_MAXREDIRS, 3L);
    CALLER_OPTION(c, CURLOPT_ACCEPT_ENCODING, "");
    CALLER_OPTION(c, CURLOPT_WRITEFUNCTION, fetch_on_data);
    CALLER_OPTION(c, CURLOPT_WRITEDATA, f);
}

struct fetch *fetch_new(const struct fetch_config *c)
{
    struct fetch *f = xcalloc(1, sizeof *f);
    struct caller_config config = {c->url, c->cacert, c->insecure,
                                   c->timeout_ms};

    f->magic = FETCH_MAGIC;
    caller_init(&f->caller, &config);
    fetch_set_request(f, c->accept);
    return f;
}

void fetch_free(struct fetch **fp)
{
    struct fetch *f = *fp;

    if (f == NULL) {
        return;
    }
    OBJ_CHECK(f, FETCH_MAGIC);
    caller_clear(&f->caller);
    f->magic = 0;
    free(f);
    *fp = NULL;
}

void fetch_stop(struct fetch *f)
{
    caller_stop(&f->caller);
}

void fetch_ask(struct fetch *f, bool (*over)(void *ctx), void *ctx)
{
    OBJ_CHECK(f, FETCH_MAGIC);
    f->caller.over = over;
    f->caller.over_ctx = ctx;
}

static void fetch_note_type(struct fetch *f)
{
    char *type = NULL;

    if (curl_easy_getinfo(f->caller.easy, CURLINFO_CONTENT_TYPE, &type) ==
        CURLE_OK) {
        text_safe(f->type, sizeof f->type, type != NULL ? type : "");
    }
}

static bool fetch_failed(struct fetch *f, CURLcode code, struct err *e)
{
    char why[CURL_ERROR_SIZE];

    if (f->body->cut) {
        err_set(e, ERR_LIMIT, "the answer is larger than %zu bytes",
                f->body->max);
    } else {
        err_set(e, ERR_IO, "%s", caller_why(&f->caller, code, why, sizeof why));
    }
    return false;
}

bool fetch_get(struct fetch *f, struct buf *body, struct err *e)
{
    CURLcode code;

    OBJ_CHECK(f, FETCH_MAGIC);
    buf_reset(body);
    f->body = body;
    f->type[0] = '\0';
    code = caller_perform(&f->caller);
    fetch_note_type(f);
    if (code != CURLE_OK) {
        return fetch_failed(f, code, e);
    }
    if (caller_status(&f->caller) != 200) {
        err_set(e, ERR_IO, "it answers with status %ld",
                caller_status(&f->caller));
        return false;
    }
    return true;
}

const char *fetch_type(const struct fetch *f)
{
    return f->type;
}
