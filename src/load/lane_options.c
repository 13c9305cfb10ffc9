/* SPDX-License-Identifier: MIT
 *
 * lane_options - nothing of it comes from the environment: libcurl would look
 * there for proxies. */
#include "config.h"

#include "load/lane_options.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/fatal.h"

/* As k6 keeps names by default. */
#define LANE_DNS_TTL_S 300L

/* Setting an option of libcurl fails for want of memory, or by a mistake here:
 * the types and values are ours, and those of people were checked before. */
#define LANE_OPTION(easy, opt, value)                                          \
    lane_option_checked(curl_easy_setopt(easy, opt, value), #opt)

static void lane_option_checked(CURLcode code, const char *option)
{
    if (code != CURLE_OK) {
        fatal("libcurl: %s: %s", option, curl_easy_strerror(code));
    }
}

void lane_options_init(struct lane_options *o, const struct dial *dial)
{
    *o = (struct lane_options){.dial = dial};
    for (size_t i = 0; i < dial->n_resolve; i++) {
        struct curl_slist *list =
            curl_slist_append(o->resolve, dial->resolve[i]);

        if (list == NULL) {
            fatal("out of memory");
        }
        o->resolve = list;
    }
}

void lane_options_clear(struct lane_options *o)
{
    curl_slist_free_all(o->resolve);
    *o = (struct lane_options){.dial = NULL};
}

static void lane_options_set_proxy(const struct dial *d, CURL *easy)
{
    if (d->proxy == NULL) {
        /* None, and no look into the environment for one. */
        LANE_OPTION(easy, CURLOPT_NOPROXY, "*");
        return;
    }
    LANE_OPTION(easy, CURLOPT_PROXY, d->proxy);
    LANE_OPTION(easy, CURLOPT_NOPROXY, d->no_proxy != NULL ? d->no_proxy : "");
    /* What the proxy says before a tunnel stands is not the response. */
    LANE_OPTION(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static void lane_options_set_names(const struct lane_options *o, CURL *easy)
{
    static const long families[] = {
        [DIAL_ANY] = CURL_IPRESOLVE_WHATEVER,
        [DIAL_IPV4] = CURL_IPRESOLVE_V4,
        [DIAL_IPV6] = CURL_IPRESOLVE_V6,
    };
    const struct dial *d = o->dial;

    LANE_OPTION(easy, CURLOPT_DNS_CACHE_TIMEOUT,
                d->has_ttl ? (long)d->ttl_s : LANE_DNS_TTL_S);
    LANE_OPTION(easy, CURLOPT_IPRESOLVE, families[d->family]);
    if (o->resolve != NULL) {
        LANE_OPTION(easy, CURLOPT_RESOLVE, o->resolve);
    }
}

/* libcurl keeps parsed authorities from connection to connection only where
 * they are one file, and parses them even when nothing is verified: each
 * connection would cost milliseconds. */
static void lane_options_set_authorities(const struct dial *d, CURL *easy)
{
    const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);

    if (d->ca != NULL || d->ca_dir != NULL || d->insecure) {
        LANE_OPTION(easy, CURLOPT_CAINFO, d->insecure ? NULL : d->ca);
        LANE_OPTION(easy, CURLOPT_CAPATH, d->insecure ? NULL : d->ca_dir);
    } else if (v->age >= CURLVERSION_SEVENTH && v->cainfo != NULL) {
        LANE_OPTION(easy, CURLOPT_CAPATH, NULL);
    }
}

static void lane_options_set_tls(const struct dial *d, CURL *easy)
{
    static const long oldest[] = {
        [DIAL_TLS_DEFAULT] = CURL_SSLVERSION_DEFAULT,
        [DIAL_TLS_1_2] = CURL_SSLVERSION_TLSv1_2,
        [DIAL_TLS_1_3] = CURL_SSLVERSION_TLSv1_3,
    };

    lane_options_set_authorities(d, easy);
    LANE_OPTION(easy, CURLOPT_SSL_VERIFYPEER, d->insecure ? 0L : 1L);
    LANE_OPTION(easy, CURLOPT_SSL_VERIFYHOST, d->insecure ? 0L : 2L);
    LANE_OPTION(easy, CURLOPT_SSLVERSION, oldest[d->tls_min]);
    /* As in k6: whoever connects is new, whichever handle opens it. */
    LANE_OPTION(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    if (d->cert != NULL) {
        LANE_OPTION(easy, CURLOPT_SSLCERT, d->cert);
        LANE_OPTION(easy, CURLOPT_SSLKEY, d->key != NULL ? d->key : d->cert);
        /* Without a password libcurl's TLS may ask the terminal for one. */
        LANE_OPTION(easy, CURLOPT_KEYPASSWD,
                    d->password != NULL ? d->password : "");
    }
    if (d->ciphers != NULL) {
        LANE_OPTION(easy, CURLOPT_SSL_CIPHER_LIST, d->ciphers);
    }
}

static void lane_options_set_source(const struct dial *d, CURL *easy,
                                    uint32_t vu)
{
    char address[ADDRESS_MAX], name[ADDRESS_MAX + 8];

    if (d->locals.n == 0) {
        return;
    }
    (void)snprintf(name, sizeof name, "host!%s",
                   addresses_at(&d->locals, vu > 0 ? vu - 1 : 0, address));
    LANE_OPTION(easy, CURLOPT_INTERFACE, name);
}

void lane_options_set(const struct lane_options *o, void *easy, uint32_t vu)
{
    lane_options_set_proxy(o->dial, easy);
    lane_options_set_names(o, easy);
    lane_options_set_tls(o->dial, easy);
    lane_options_set_source(o->dial, easy, vu);
}

bool lane_options_plain_proxy(const struct lane_options *o)
{
    const char *proxy = o->dial->proxy;

    return proxy != NULL && strncasecmp(proxy, "socks", 5) != 0;
}
