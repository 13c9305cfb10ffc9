/* SPDX-License-Identifier: MIT
 *
 * redirect - libcurl's URL parser resolves the Location, so that a hop goes
 * where libcurl would have gone itself. */
#include "config.h"

#include "load/redirect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/head.h"

#define REDIRECT_URL_MAX (64u << 10)

static bool redirect_status(unsigned status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 ||
           status == 308;
}

static void redirect_refuse(struct redirect *r, const char *what,
                            const char *location)
{
    r->kind = REDIRECT_REFUSED;
    (void)snprintf(r->why, sizeof r->why, "%s: %.80s", what, location);
}

/* A part of u as text for curl_free, NULL when it has none. */
static char *redirect_part(CURLU *u, CURLUPart part, unsigned flags)
{
    char *s = NULL;

    return curl_url_get(u, part, &s, flags) == CURLUE_OK ? s : NULL;
}

static bool redirect_same(CURLU *a, CURLU *b, CURLUPart part)
{
    char *x = redirect_part(a, part, 0);
    char *y = redirect_part(b, part, 0);
    bool same = x != NULL && y != NULL && strcasecmp(x, y) == 0;

    curl_free(x);
    curl_free(y);
    return same;
}

static bool redirect_scheme_is(CURLU *u, const char *scheme)
{
    char *s = redirect_part(u, CURLUPART_SCHEME, 0);
    bool is = s != NULL && strcasecmp(s, scheme) == 0;

    curl_free(s);
    return is;
}

static void redirect_resolve(struct redirect *r, CURLU *from, CURLU *to,
                             const char *location)
{
    char *url;

    if (curl_url_set(to, CURLUPART_URL, location,
                     CURLU_URLENCODE | CURLU_ALLOW_SPACE |
                         CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
        redirect_refuse(r, "redirect to what is no URL", location);
        return;
    }
    if (!redirect_scheme_is(to, "http") && !redirect_scheme_is(to, "https")) {
        redirect_refuse(r, "redirect to neither http nor https", location);
        return;
    }
    (void)curl_url_set(to, CURLUPART_FRAGMENT, NULL, 0);
    url = redirect_part(to, CURLUPART_URL, 0);
    if (url == NULL || strlen(url) > REDIRECT_URL_MAX) {
        redirect_refuse(r, "redirect to a URL that is too long", location);
    } else {
        r->kind = REDIRECT_FOLLOW;
        r->url = xstrdup(url);
        r->keep_secrets = redirect_same(from, to, CURLUPART_HOST) &&
                          !(redirect_scheme_is(from, "https") &&
                            redirect_scheme_is(to, "http"));
    }
    curl_free(url);
}

void redirect_read(struct redirect *r, const char *method, const char *url,
                   unsigned status, const char *head, size_t head_len)
{
    struct head_text value;
    char *location;
    CURLU *from, *to;

    *r = (struct redirect){.kind = REDIRECT_NONE, .method = method};
    if (!redirect_status(status) ||
        !head_find(head, head_len, "location", &value) || value.n == 0) {
        return;
    }
    r->keep_body = status == 307 || status == 308 ||
                   strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    r->method = r->keep_body ? method : "GET";
    location = xstrndup(value.s, value.n);
    from = curl_url();
    MUST(from != NULL);
    if (curl_url_set(from, CURLUPART_URL, url, CURLU_ALLOW_SPACE) !=
        CURLUE_OK) {
        redirect_refuse(r, "redirect from what is no URL", url);
    } else {
        to = curl_url_dup(from);
        MUST(to != NULL);
        redirect_resolve(r, from, to, location);
        curl_url_cleanup(to);
    }
    curl_url_cleanup(from);
    free(location);
}

void redirect_clear(struct redirect *r)
{
    free(r->url);
    r->url = NULL;
}
