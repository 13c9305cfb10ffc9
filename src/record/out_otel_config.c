/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/out_otel_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "net/post.h"
#include "record/out_env.h"

#define OTEL_PATH     "/v1/metrics"
#define OTEL_TEXT_MAX (64u << 10)

/* The first of those that says something. */
static const char *otel_env(const struct out_config *out,
                            const char *const *names, const char **name)
{
    const char *value;

    for (; *names != NULL; names++) {
        value = out_env(out, *names);
        if (value != NULL) {
            *name = *names;
            return value;
        }
    }
    return NULL;
}

/* What is asked for, and is not to be had. */
static bool otel_refuse(const struct out_config *out, struct err *e)
{
    static const char *const protocols[] = {
        "K6_OTEL_EXPORTER_PROTOCOL", "K6_OTEL_EXPORTER_TYPE",
        "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL",
        NULL};
    const char *name = NULL, *value = otel_env(out, protocols, &name);
    bool one_counter = true;
    char safe[80];

    if (value != NULL && strcmp(value, "http") != 0 &&
        strcmp(value, "http/protobuf") != 0) {
        err_set(e, ERR_SUPPORT, "%s: '%s' is not supported, only http/protobuf",
                name, text_brief(safe, sizeof safe, value));
        return false;
    }
    if (out->place == NULL &&
        out_env(out, "K6_OTEL_GRPC_EXPORTER_ENDPOINT") != NULL &&
        out_env(out, "K6_OTEL_HTTP_EXPORTER_ENDPOINT") == NULL) {
        err_set(e, ERR_SUPPORT,
                "K6_OTEL_GRPC_EXPORTER_ENDPOINT: gRPC is not supported, only "
                "http/protobuf; say where in K6_OTEL_HTTP_EXPORTER_ENDPOINT");
        return false;
    }
    if (!out_env_bool(out, "K6_OTEL_SINGLE_COUNTER_FOR_RATE", &one_counter,
                      e)) {
        return false;
    }
    if (!one_counter) {
        err_set(e, ERR_SUPPORT,
                "K6_OTEL_SINGLE_COUNTER_FOR_RATE: two counters for a rate are "
                "not supported");
    }
    return one_counter;
}

/* k6's: host and port, a path, http or https. */
static bool otel_k6_url(struct otel_config *c, const struct out_config *out,
                        const char *host, struct err *e)
{
    const char *path = out_env(out, "K6_OTEL_HTTP_EXPORTER_URL_PATH");
    bool plain = false;

    if (strstr(host, "://") != NULL) {
        err_set(e, ERR_RANGE,
                "K6_OTEL_HTTP_EXPORTER_ENDPOINT is a host and a port, no URL");
        return false;
    }
    if (!out_env_bool(out, "K6_OTEL_HTTP_EXPORTER_INSECURE", &plain, e)) {
        return false;
    }
    path = path != NULL ? path : OTEL_PATH;
    c->url = xasprintf("%s://%s%s%s", plain ? "http" : "https", host,
                       path[0] == '/' ? "" : "/", path);
    return true;
}

/* One that has no path of its own goes to that of metrics; what is behind "?"
 * stays behind it. */
static char *otel_with_path(const char *url, bool always)
{
    const char *host = strstr(url, "://"), *rest = url + strcspn(url, "?#");
    size_t n = (size_t)(rest - url);

    host = host != NULL ? host + 3 : url;
    while (n > 0 && url[n - 1] == '/') {
        n--;
    }
    return always || host >= url + n ||
                   memchr(host, '/', n - (size_t)(host - url)) == NULL
               ? xasprintf("%.*s%s%s", (int)n, url, OTEL_PATH, rest)
               : xstrdup(url);
}

static bool otel_url(struct otel_config *c, const struct out_config *out,
                     struct err *e)
{
    const char *k6 = out_env(out, "K6_OTEL_HTTP_EXPORTER_ENDPOINT");
    const char *own = out_env(out, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
    const char *base = out_env(out, "OTEL_EXPORTER_OTLP_ENDPOINT");

    if (out->place != NULL) {
        c->url = otel_with_path(out->place, false);
    } else if (k6 != NULL) {
        if (!otel_k6_url(c, out, k6, e)) {
            return false;
        }
    } else if (own != NULL) {
        c->url = xstrdup(own);
    } else {
        c->url =
            otel_with_path(base != NULL ? base : "http://localhost:4318", true);
    }
    return post_url_ok(c->url, c->where, sizeof c->where, e);
}

/* A pair of a list, decoded; name and value are owned by the caller. */
struct otel_pair {
    char *name, *value;
};

static char *otel_decoded(const char *s, size_t n)
{
    struct buf b;
    char *text = NULL;

    while (n > 0 && s[0] == ' ') {
        s++;
        n--;
    }
    while (n > 0 && s[n - 1] == ' ') {
        n--;
    }
    buf_init(&b, OTEL_TEXT_MAX);
    if (out_unescape(&b, s, n)) {
        text = buf_take(&b);
    }
    buf_clear(&b);
    return text;
}

/* "name=value", percent-encoded. false: it is none. The value, which may be
 * secret, is not shown. */
static bool otel_pair(const char *s, size_t n, struct otel_pair *p)
{
    const char *is = memchr(s, '=', n);

    *p = (struct otel_pair){NULL, NULL};
    if (is != NULL) {
        p->name = otel_decoded(s, (size_t)(is - s));
        p->value = otel_decoded(is + 1, n - (size_t)(is - s) - 1);
    }
    return p->name != NULL && p->value != NULL && p->name[0] != '\0' &&
           strpbrk(p->name, "\r\n") == NULL &&
           strpbrk(p->value, "\r\n") == NULL;
}

typedef bool otel_pair_fn(struct otel_config *c, const struct otel_pair *p);

/* "a=b,c=d" of the environment. */
static bool otel_list(struct otel_config *c, const char *name, const char *list,
                      otel_pair_fn *fn, struct err *e)
{
    bool ok = true;

    while (ok && *list != '\0') {
        size_t n = strcspn(list, ",");
        struct otel_pair p = {NULL, NULL};

        ok = n == strspn(list, " ") || (otel_pair(list, n, &p) && fn(c, &p));
        free(p.name);
        free(p.value);
        list += n + (list[n] == ',');
    }
    if (!ok) {
        err_set(e, ERR_RANGE,
                "%s is a list of name=value, percent-encoded, with commas "
                "between",
                name);
    }
    return ok;
}

static bool otel_header(struct otel_config *c, const struct otel_pair *p)
{
    if (strpbrk(p->name, " :\t") != NULL) {
        return false;
    }
    c->headers =
        xreallocarray(c->headers, c->n_headers + 2, sizeof *c->headers);
    c->headers[c->n_headers++] = xasprintf("%s: %s", p->name, p->value);
    c->headers[c->n_headers] = NULL;
    return true;
}

static bool otel_attribute(struct otel_config *c, const struct otel_pair *p)
{
    const char *at = buf_str(&c->resource), *end = at + c->resource.len;

    for (; at < end; at += strlen(at) + 1, at += strlen(at) + 1) {
        if (strcmp(at, p->name) == 0) {
            return true; /* the first one stands */
        }
    }
    return buf_add(&c->resource, p->name, strlen(p->name) + 1) &&
           buf_add(&c->resource, p->value, strlen(p->value) + 1);
}

static bool otel_headers(struct otel_config *c, const struct out_config *out,
                         struct err *e)
{
    static const char *const names[] = {"K6_OTEL_HEADERS",
                                        "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
                                        "OTEL_EXPORTER_OTLP_HEADERS", NULL};
    const char *name = NULL, *list = otel_env(out, names, &name);
    char type[] = "Content-Type", protobuf[] = "application/x-protobuf";

    (void)otel_header(c, &(struct otel_pair){type, protobuf});
    return list == NULL || otel_list(c, name, list, otel_header, e);
}

static void otel_add_resource(struct otel_config *c, const char *name,
                              const char *value)
{
    struct otel_pair p = {xstrdup(name), xstrdup(value)};

    (void)otel_attribute(c, &p);
    free(p.name);
    free(p.value);
}

/* Who sends: the names of their own first, then what the list has, then what
 * there is if nobody says anything. */
static bool otel_resource(struct otel_config *c, const struct out_config *out,
                          struct err *e)
{
    static const char *const services[] = {"K6_OTEL_SERVICE_NAME",
                                           "OTEL_SERVICE_NAME", NULL};
    const char *name = NULL, *service = otel_env(out, services, &name);
    const char *version = out_env(out, "K6_OTEL_SERVICE_VERSION");
    const char *list = out_env(out, "OTEL_RESOURCE_ATTRIBUTES");

    if (service != NULL) {
        otel_add_resource(c, "service.name", service);
    }
    if (version != NULL) {
        otel_add_resource(c, "service.version", version);
    }
    if (list != NULL &&
        !otel_list(c, "OTEL_RESOURCE_ATTRIBUTES", list, otel_attribute, e)) {
        return false;
    }
    otel_add_resource(c, "service.name", "k6");
    otel_add_resource(c, "service.version", PACKAGE_VERSION);
    return true;
}

static bool otel_histograms(struct otel_config *c, const struct out_config *out,
                            struct err *e)
{
    static const char name[] =
        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    const char *how = out_env(out, name);
    char safe[80];

    c->exponential = how != NULL &&
                     strcasecmp(how, "base2_exponential_bucket_histogram") == 0;
    if (how == NULL || c->exponential ||
        strcasecmp(how, "explicit_bucket_histogram") == 0) {
        return true;
    }
    err_set(e, ERR_RANGE,
            "%s: '%s' is neither explicit_bucket_histogram nor "
            "base2_exponential_bucket_histogram",
            name, text_brief(safe, sizeof safe, how));
    return false;
}

static char *otel_file(const struct out_config *out, const char *const *names)
{
    const char *name = NULL, *value = otel_env(out, names, &name);

    return value != NULL ? xstrdup(value) : NULL;
}

static void otel_files(struct otel_config *c, const struct out_config *out)
{
    static const char *const cacert[] = {
        "K6_OTEL_TLS_CERTIFICATE", "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE",
        "OTEL_EXPORTER_OTLP_CERTIFICATE", NULL};
    static const char *const cert[] = {
        "K6_OTEL_TLS_CLIENT_CERTIFICATE",
        "OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE",
        "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", NULL};
    static const char *const key[] = {"K6_OTEL_TLS_CLIENT_KEY",
                                      "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY",
                                      "OTEL_EXPORTER_OTLP_CLIENT_KEY", NULL};

    c->cacert = otel_file(out, cacert);
    c->cert = otel_file(out, cert);
    c->cert_key = otel_file(out, key);
}

bool otel_config_read(struct otel_config *c, const struct out_config *out,
                      struct err *e)
{
    const char *prefix = out_env(out, "K6_OTEL_METRIC_PREFIX");

    buf_init(&c->resource, OTEL_TEXT_MAX);
    c->prefix = xstrdup(prefix != NULL ? prefix : "");
    otel_files(c, out);
    return otel_refuse(out, e) && otel_url(c, out, e) &&
           otel_headers(c, out, e) && otel_resource(c, out, e) &&
           otel_histograms(c, out, e) &&
           out_env_bool(out, "K6_OTEL_TLS_INSECURE_SKIP_VERIFY", &c->insecure,
                        e);
}

void otel_config_clear(struct otel_config *c)
{
    size_t i;

    for (i = 0; i < c->n_headers; i++) {
        free(c->headers[i]);
    }
    free(c->headers);
    free(c->url);
    free(c->prefix);
    free(c->cacert);
    free(c->cert);
    free(c->cert_key);
    buf_clear(&c->resource);
    *c = (struct otel_config){.n_headers = 0};
}
