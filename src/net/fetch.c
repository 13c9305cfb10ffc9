/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "net/fetch.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <curl/curl.h>

#include "base/fatal.h"
#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"

#define FETCH_MAGIC 0xfe7c4001u
/* How long libcurl may sleep at a time; it is woken when something comes. */
#define FETCH_POLL_MS 1000
/* The same where somebody is asked whether it is to go on. */
#define FETCH_ASK_MS 100

struct fetch {
    unsigned magic;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    struct buf *body; /* borrowed for a call */
    char why[CURL_ERROR_SIZE];
    char type[128]; /* safe to show */
    atomic_bool stopped;
    bool (*over)(void *ctx); /* NULL = nobody is asked */
    void *over_ctx;
};

/* Fails for want of memory, or by a mistake here. */
#define FETCH_OPTION(f, opt, value)                                            \
    fetch_option_checked(curl_easy_setopt((f)->easy, opt, value), #opt)

static void fetch_option_checked(CURLcode code, const char *option)
{
    if (code != CURLE_OK) {
        fatal("libcurl: %s: %s", option, curl_easy_strerror(code));
    }
}

static size_t fetch_on_data(char *data, size_t size, size_t n, void *ctx)
{
    struct fetch *f = ctx;

    OBJ_CHECK(f, FETCH_MAGIC);
    return buf_add(f->body, data, size * n) ? size * n : 0;
}

static void fetch_set_connection(struct fetch *f, const struct fetch_config *c)
{
    /* Nothing of it comes from the environment, as in the load. */
    FETCH_OPTION(f, CURLOPT_NOPROXY, "*");
    FETCH_OPTION(f, CURLOPT_NOSIGNAL, 1L);
    FETCH_OPTION(f, CURLOPT_TIMEOUT_MS, c->timeout_ms);
    FETCH_OPTION(f, CURLOPT_SSL_VERIFYPEER, c->insecure ? 0L : 1L);
    FETCH_OPTION(f, CURLOPT_SSL_VERIFYHOST, c->insecure ? 0L : 2L);
    if (c->cacert != NULL) {
        FETCH_OPTION(f, CURLOPT_CAINFO, c->cacert);
    }
}

static void fetch_set_request(struct fetch *f, const struct fetch_config *c)
{
    char *accept = xasprintf("Accept: %s", c->accept);

    f->headers = curl_slist_append(NULL, accept);
    if (f->headers == NULL) {
        fatal("out of memory");
    }
    free(accept);
    FETCH_OPTION(f, CURLOPT_URL, c->url);
#if LIBCURL_VERSION_NUM >= 0x075500
    FETCH_OPTION(f, CURLOPT_PROTOCOLS_STR, "http,https");
    FETCH_OPTION(f, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    FETCH_OPTION(f, CURLOPT_PROTOCOLS,
                 (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    FETCH_OPTION(f, CURLOPT_REDIR_PROTOCOLS,
                 (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A call that is given up does not wait for the resolver's answer. */
    FETCH_OPTION(f, CURLOPT_QUICK_EXIT, 1L);
#endif
    FETCH_OPTION(f, CURLOPT_HTTP09_ALLOWED, 0L);
    FETCH_OPTION(f, CURLOPT_FOLLOWLOCATION, 1L);
    FETCH_OPTION(f, CURLOPT_MAXREDIRS, 3L);
    FETCH_OPTION(f, CURLOPT_ACCEPT_ENCODING, "");
    FETCH_OPTION(f, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
    FETCH_OPTION(f, CURLOPT_HTTPHEADER, f->headers);
    FETCH_OPTION(f, CURLOPT_ERRORBUFFER, f->why);
    FETCH_OPTION(f, CURLOPT_WRITEFUNCTION, fetch_on_data);
    FETCH_OPTION(f, CURLOPT_WRITEDATA, f);
}

struct fetch *fetch_new(const struct fetch_config *c)
{
    struct fetch *f = xcalloc(1, sizeof *f);

    f->magic = FETCH_MAGIC;
    f->multi = curl_multi_init();
    f->easy = curl_easy_init();
    if (f->multi == NULL || f->easy == NULL) {
        fatal("libcurl could not be initialised");
    }
    fetch_set_connection(f, c);
    fetch_set_request(f, c);
    return f;
}

void fetch_free(struct fetch **fp)
{
    struct fetch *f = *fp;

    if (f == NULL) {
        return;
    }
    OBJ_CHECK(f, FETCH_MAGIC);
    curl_easy_cleanup(f->easy);
    curl_multi_cleanup(f->multi);
    curl_slist_free_all(f->headers);
    f->magic = 0;
    free(f);
    *fp = NULL;
}

void fetch_stop(struct fetch *f)
{
    atomic_store(&f->stopped, true);
    (void)curl_multi_wakeup(f->multi);
}

void fetch_ask(struct fetch *f, bool (*over)(void *ctx), void *ctx)
{
    OBJ_CHECK(f, FETCH_MAGIC);
    f->over = over;
    f->over_ctx = ctx;
}

static bool fetch_over(struct fetch *f)
{
    return atomic_load(&f->stopped) ||
           (f->over != NULL && f->over(f->over_ctx));
}

/* curl_easy_perform() would not hear that it is to stop. */
static CURLcode fetch_perform(struct fetch *f)
{
    CURLcode code = CURLE_ABORTED_BY_CALLBACK;
    int running = 1, left;
    int poll_ms = f->over != NULL ? FETCH_ASK_MS : FETCH_POLL_MS;
    CURLMsg *m;

    while (running > 0 && !fetch_over(f)) {
        if (curl_multi_perform(f->multi, &running) != CURLM_OK ||
            (running > 0 &&
             curl_multi_poll(f->multi, NULL, 0, poll_ms, NULL) != CURLM_OK)) {
            return CURLE_OUT_OF_MEMORY;
        }
    }
    while ((m = curl_multi_info_read(f->multi, &left)) != NULL) {
        if (m->msg == CURLMSG_DONE) {
            code = m->data.result;
        }
    }
    return code;
}

static void fetch_note_type(struct fetch *f)
{
    char *type = NULL;

    if (curl_easy_getinfo(f->easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK) {
        text_safe(f->type, sizeof f->type, type != NULL ? type : "");
    }
}

static bool fetch_failed(struct fetch *f, CURLcode code, struct err *e)
{
    char safe[sizeof f->why];

    if (f->body->cut) {
        err_set(e, ERR_LIMIT, "the answer is larger than %zu bytes",
                f->body->max);
    } else {
        text_safe(safe, sizeof safe,
                  f->why[0] != '\0' ? f->why : curl_easy_strerror(code));
        err_set(e, ERR_IO, "%s", safe);
    }
    return false;
}

bool fetch_get(struct fetch *f, struct buf *body, struct err *e)
{
    CURLcode code;
    long status = 0;

    OBJ_CHECK(f, FETCH_MAGIC);
    buf_reset(body);
    f->body = body;
    f->why[0] = f->type[0] = '\0';
    if (curl_multi_add_handle(f->multi, f->easy) != CURLM_OK) {
        fatal("libcurl: a call could not be added");
    }
    code = fetch_perform(f);
    fetch_note_type(f);
    (void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_multi_remove_handle(f->multi, f->easy);
    if (code != CURLE_OK) {
        return fetch_failed(f, code, e);
    }
    if (status != 200) {
        err_set(e, ERR_IO, "it answers with status %ld", status);
        return false;
    }
    return true;
}

const char *fetch_type(const struct fetch *f)
{
    return f->type;
}
