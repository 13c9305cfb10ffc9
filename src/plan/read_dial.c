/* SPDX-License-Identifier: MIT
 *
 * read_dial - what "http" says of connections: TLS, proxy, names, sources. */
#include "config.h"

#include "plan/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "plan/compile.h"

#define DIAL_LIST_MAX    1000
#define DIAL_TTL_MAX_US  (UINT64_C(86400) * 1000000)
#define DIAL_REASON_SIZE 200

/* One of some words; the place of it, or -1 with a mistake, or when there is no
 * such member. */
static int dial_word(struct reader *r, const cJSON *v, const char *key,
                     const char *const *words, size_t n)
{
    const char *s = NULL;
    char hint[128];

    if (!reader_m_string(r, v, key, &s)) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(s, words[i]) == 0) {
            return (int)i;
        }
    }
    reader_fail_member(r, key, "'%.120s' is not known%s", s,
                       reader_hint(hint, sizeof hint, s, words, n));
    return -1;
}

/* A string of settled text, owned by the caller; NULL: a mistake, reported. */
static char *dial_text(struct reader *r, const cJSON *v)
{
    const char *s = NULL;

    return reader_string(r, v, &s) ? compile_settled(r, s) : NULL;
}

/* Strings of an array, or a single one, each given to fn. */
static void dial_list(struct reader *r, const cJSON *v, const char *of,
                      void (*fn)(struct reader *r, const char *text))
{
    const cJSON *m;
    size_t i = 0;
    char *text;

    if (cJSON_IsString(v)) {
        text = dial_text(r, v);
        if (text != NULL) {
            fn(r, text);
        }
        free(text);
        return;
    }
    if (!reader_array(r, v, of, DIAL_LIST_MAX)) {
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark = reader_enter_index(r, i++);

        text = dial_text(r, m);
        if (text != NULL) {
            fn(r, text);
        }
        free(text);
        reader_leave(r, mark);
    }
}

static void dial_read_local(struct reader *r, const char *text)
{
    char why[DIAL_REASON_SIZE];

    if (!addresses_add(&r->plan->http.dial.locals, text, why, sizeof why)) {
        reader_fail(r, "%s", why);
    }
}

static void dial_read_locals(struct reader *r, const cJSON *v)
{
    dial_list(r, v, "addresses", dial_read_local);
}

static void dial_read_proxy(struct reader *r, const cJSON *v)
{
    char *text = dial_text(r, v);
    char why[DIAL_REASON_SIZE];

    /* "" is no proxy, so that a variable can decide. */
    if (text != NULL && *text != '\0' &&
        !dial_set_proxy(&r->plan->http.dial, text, why, sizeof why)) {
        reader_fail(r, "%s", why);
    }
    free(text);
}

static void dial_read_exception(struct reader *r, const char *text)
{
    char why[DIAL_REASON_SIZE];

    if (!dial_add_no_proxy(&r->plan->http.dial, text, why, sizeof why)) {
        reader_fail(r, "%s", why);
    }
}

static void dial_read_no_proxy(struct reader *r, const cJSON *v)
{
    dial_list(r, v, "hosts", dial_read_exception);
}

static void dial_read_resolve(struct reader *r, const cJSON *v)
{
    char why[DIAL_REASON_SIZE];
    const cJSON *m;

    if (!reader_names(r, v, "\"host:port\": \"address\"", DIAL_RESOLVE_MAX)) {
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark = reader_enter(r, m->string);
        char *address = dial_text(r, m);
        char *entry =
            address != NULL ? xasprintf("%s:%s", m->string, address) : NULL;

        if (entry != NULL &&
            !dial_add_resolve(&r->plan->http.dial, entry, why, sizeof why)) {
            reader_fail(r, "%s", why);
        }
        free(entry);
        free(address);
        reader_leave(r, mark);
    }
}

static void dial_read_dns(struct reader *r, const cJSON *v)
{
    static const char *const policies[] = {
        [DIAL_ANY] = "any",
        [DIAL_IPV4] = "onlyIPv4",
        [DIAL_IPV6] = "onlyIPv6",
    };
    struct dial *d = &r->plan->http.dial;
    const cJSON *ttl = reader_get(v, "ttl");
    uint64_t us = 0;
    int policy;

    if (!reader_object(r, v, KEY_DNS)) {
        return;
    }
    policy = dial_word(r, v, "policy", policies, 3);
    d->family = policy > 0 ? (enum dial_family)policy : DIAL_ANY;
    if (cJSON_IsString(ttl) && strcmp(ttl->valuestring, "inf") == 0) {
        d->has_ttl = true;
        d->ttl_s = DIAL_TTL_FOREVER;
    } else if (reader_m_duration(r, v, "ttl", 0, DIAL_TTL_MAX_US, &us)) {
        d->has_ttl = true;
        d->ttl_s = (int64_t)(us / 1000000);
        if (us % 1000000 != 0) {
            reader_fail_member(r, "ttl", "expected whole seconds, 0 or inf");
        }
    }
}

static void dial_file(struct reader *r, const cJSON *v, const char *key,
                      bool folder, char **out)
{
    const cJSON *m = reader_get(v, key);
    size_t mark;

    if (m != NULL) {
        mark = reader_enter(r, key);
        *out = read_file_name(r, m, folder);
        reader_leave(r, mark);
    }
}

static void dial_string(struct reader *r, const cJSON *v, const char *key,
                        char **out)
{
    const cJSON *m = reader_get(v, key);
    size_t mark;

    if (m != NULL) {
        mark = reader_enter(r, key);
        *out = dial_text(r, m);
        reader_leave(r, mark);
    }
}

static struct dial_place dial_where(struct reader *r, const cJSON *v,
                                    const char *key)
{
    struct dial_place at = {0};
    size_t mark;

    if (reader_get(v, key) != NULL) {
        mark = reader_enter(r, key);
        (void)json_where(r->text, r->n, r->path, false, &at.line, &at.column);
        reader_leave(r, mark);
    }
    return at;
}

static void dial_read_tls(struct reader *r, const cJSON *v)
{
    static const char *const versions[] = {
        [DIAL_TLS_DEFAULT] = "",
        [DIAL_TLS_1_2] = "tls1.2",
        [DIAL_TLS_1_3] = "tls1.3",
    };
    struct dial *d = &r->plan->http.dial;
    int oldest;

    if (!reader_object(r, v, KEY_TLS)) {
        return;
    }
    d->ca_at = dial_where(r, v, "ca");
    d->cert_at = dial_where(r, v, "cert");
    d->ciphers_at = dial_where(r, v, "ciphers");
    dial_file(r, v, "ca", false, &d->ca);
    dial_file(r, v, "caDir", true, &d->ca_dir);
    dial_file(r, v, "cert", false, &d->cert);
    dial_file(r, v, "key", false, &d->key);
    dial_string(r, v, "password", &d->password);
    dial_string(r, v, "ciphers", &d->ciphers);
    oldest = dial_word(r, v, "minVersion", versions + 1, 2);
    d->tls_min = (enum dial_tls)(oldest + 1);
    if (reader_get(v, "cert") == NULL) {
        static const char *const of_cert[] = {"key", "password"};

        for (size_t i = 0; i < 2; i++) {
            if (reader_get(v, of_cert[i]) != NULL) {
                reader_fail_key(r, of_cert[i],
                                "goes with cert, a client's "
                                "certificate");
            }
        }
    }
}

static void dial_read_http2(struct reader *r, const cJSON *v)
{
    const char *s = NULL;

    if (!reader_string(r, v, &s)) {
        return;
    }
    if (strcmp(s, "prior-knowledge") == 0) {
        r->plan->http.dial.prior_knowledge = true;
    } else if (strcmp(s, "negotiate") != 0) {
        reader_fail(r,
                    "'%.120s' is not known; there are negotiate, "
                    "prior-knowledge (and http1 for none)",
                    s);
    }
}

static const struct {
    const char *key;
    void (*read)(struct reader *r, const cJSON *v);
} dial_parts[] = {
    {"tls", dial_read_tls},
    {"proxy", dial_read_proxy},
    {"noProxy", dial_read_no_proxy},
    {"resolve", dial_read_resolve},
    {"localAddresses", dial_read_locals},
    {"dns", dial_read_dns},
    {"http2", dial_read_http2},
};

void read_dial(struct reader *r, const cJSON *v)
{
    struct dial *d = &r->plan->http.dial;

    (void)reader_m_bool(r, v, "http1", &d->http1);
    (void)reader_m_bool(r, v, "insecure", &d->insecure);
    for (size_t i = 0; i < sizeof dial_parts / sizeof dial_parts[0]; i++) {
        const cJSON *m = reader_get(v, dial_parts[i].key);

        if (m != NULL) {
            size_t mark = reader_enter(r, dial_parts[i].key);

            dial_parts[i].read(r, m);
            reader_leave(r, mark);
        }
    }
    if (d->http1 && d->prior_knowledge) {
        reader_fail_key(r, "http2", "contradicts http1: leave one out");
    }
}
