/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "net/caller.h"

#include "base/fatal.h"
#include "base/text.h"

/* How long libcurl may sleep at a time; it is woken when something comes. */
#define CALLER_POLL_MS 1000
/* The same where somebody is asked whether it is to go on. */
#define CALLER_ASK_MS 100

void caller_checked(CURLcode code, const char *option)
{
    if (code != CURLE_OK) {
        fatal("libcurl: %s: %s", option, curl_easy_strerror(code));
    }
}

static void caller_set_connection(struct caller *c,
                                  const struct caller_config *config)
{
    /* Nothing of it comes from the environment, as in the load. */
    CALLER_OPTION(c, CURLOPT_NOPROXY, "*");
    CALLER_OPTION(c, CURLOPT_NOSIGNAL, 1L);
    CALLER_OPTION(c, CURLOPT_TIMEOUT_MS, config->timeout_ms);
    CALLER_OPTION(c, CURLOPT_SSL_VERIFYPEER, config->insecure ? 0L : 1L);
    CALLER_OPTION(c, CURLOPT_SSL_VERIFYHOST, config->insecure ? 0L : 2L);
    if (config->cacert != NULL) {
        CALLER_OPTION(c, CURLOPT_CAINFO, config->cacert);
    }
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A call that is given up does not wait for the resolver's answer. */
    CALLER_OPTION(c, CURLOPT_QUICK_EXIT, 1L);
#endif
}

void caller_init(struct caller *c, const struct caller_config *config)
{
    c->multi = curl_multi_init();
    c->easy = curl_easy_init();
    if (c->multi == NULL || c->easy == NULL) {
        fatal("libcurl could not be initialised");
    }
    caller_set_connection(c, config);
    CALLER_OPTION(c, CURLOPT_URL, config->url);
#if LIBCURL_VERSION_NUM >= 0x075500
    CALLER_OPTION(c, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    CALLER_OPTION(c, CURLOPT_PROTOCOLS,
                  (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    CALLER_OPTION(c, CURLOPT_HTTP09_ALLOWED, 0L);
    CALLER_OPTION(c, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
    CALLER_OPTION(c, CURLOPT_ERRORBUFFER, c->why);
}

void caller_clear(struct caller *c)
{
    curl_easy_cleanup(c->easy);
    curl_multi_cleanup(c->multi);
    curl_slist_free_all(c->headers);
}

void caller_header(struct caller *c, const char *line)
{
    struct curl_slist *more = curl_slist_append(c->headers, line);

    if (more == NULL) {
        fatal("out of memory");
    }
    c->headers = more;
    CALLER_OPTION(c, CURLOPT_HTTPHEADER, c->headers);
}

void caller_stop(struct caller *c)
{
    atomic_store(&c->stopped, true);
    (void)curl_multi_wakeup(c->multi);
}

static bool caller_over(struct caller *c)
{
    return atomic_load(&c->stopped) ||
           (c->over != NULL && c->over(c->over_ctx));
}

/* curl_easy_perform() would not hear that it is to stop. */
static CURLcode caller_run(struct caller *c)
{
    CURLcode code = CURLE_ABORTED_BY_CALLBACK;
    int running = 1, left;
    int poll_ms = c->over != NULL ? CALLER_ASK_MS : CALLER_POLL_MS;
    CURLMsg *m;

    while (running > 0 && !caller_over(c)) {
        if (curl_multi_perform(c->multi, &running) != CURLM_OK ||
            (running > 0 &&
             curl_multi_poll(c->multi, NULL, 0, poll_ms, NULL) != CURLM_OK)) {
            return CURLE_OUT_OF_MEMORY;
        }
    }
    while ((m = curl_multi_info_read(c->multi, &left)) != NULL) {
        if (m->msg == CURLMSG_DONE) {
            code = m->data.result;
        }
    }
    return code;
}

CURLcode caller_perform(struct caller *c)
{
    CURLcode code;

    c->why[0] = '\0';
    if (curl_multi_add_handle(c->multi, c->easy) != CURLM_OK) {
        fatal("libcurl: a call could not be added");
    }
    code = caller_run(c);
    (void)curl_multi_remove_handle(c->multi, c->easy);
    return code;
}

long caller_status(const struct caller *c)
{
    long status = 0;

    (void)curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

const char *caller_why(const struct caller *c, CURLcode code, char *buf,
                       size_t size)
{
    return text_safe(buf, size,
                     c->why[0] != '\0' ? c->why : curl_easy_strerror(code));
}
