/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/out_influxdb_config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "net/post.h"
#include "plan/value.h"
#include "record/out_env.h"

#define INFLUX_ADDR    "http://localhost:8086"
#define INFLUX_DB      "k6"
#define INFLUX_FIELDS  "vu,iter,url"
#define INFLUX_URL_MAX 4096

/* While it is read. */
struct influx_words {
    struct influx_config *c;
    char *db, *retention, *consistency; /* owned; NULL = not said */
    char *fields;                       /* owned: names, kinds, commas */
    struct err *e;
};

static void influx_set(char **to, const char *s, size_t n)
{
    if (s != NULL) {
        free(*to);
        *to = xstrndup(s, n);
    }
}

static void influx_env(const struct out_config *out, const char *name,
                       char **to)
{
    const char *s = out_env(out, name);

    influx_set(to, s, s != NULL ? strlen(s) : 0);
}

/* A part of a URL. */
static bool influx_decoded(struct influx_words *w, char **to, const char *s,
                           size_t n)
{
    struct buf b;
    bool ok;

    buf_init(&b, INFLUX_URL_MAX);
    ok = out_unescape(&b, s, n);
    if (ok) {
        influx_set(to, buf_str(&b), b.len);
    } else {
        /* Not what it is: it may be a secret in a wrong place. */
        err_set(w->e, ERR_RANGE, "the URL is not percent-encoded as URLs are");
    }
    buf_clear(&b);
    return ok;
}

/* One "tagsAsFields=": the first takes the default's place, others are added.
 */
static void influx_more_fields(struct influx_words *w, const char *value,
                               bool first)
{
    char *all = first ? xstrdup(value) : xasprintf("%s,%s", w->fields, value);

    free(w->fields);
    w->fields = all;
}

static bool influx_parameter(struct influx_words *w, const char *name,
                             const char *value, bool first_fields)
{
    char safe[80];

    if (strcmp(name, "insecure") == 0) {
        return out_bool("insecure", value, &w->c->insecure, w->e);
    }
    if (strcmp(name, "retention") == 0) {
        influx_set(&w->retention, value, strlen(value));
    } else if (strcmp(name, "consistency") == 0) {
        influx_set(&w->consistency, value, strlen(value));
    } else if (strcmp(name, "tagsAsFields") == 0) {
        influx_more_fields(w, value, first_fields);
    } else {
        err_set(w->e, ERR_RANGE,
                "'%s' in the URL is none of insecure, retention, consistency, "
                "tagsAsFields",
                text_brief(safe, sizeof safe, name));
        return false;
    }
    return true;
}

/* What is behind "?". */
static bool influx_query(struct influx_words *w, const char *query)
{
    bool ok = true, fields = false;

    while (ok && *query != '\0') {
        size_t len = strcspn(query, "&"), n = strcspn(query, "=&");
        char *name = NULL, *value = NULL;

        ok = influx_decoded(w, &name, query, n) &&
             influx_decoded(w, &value, query + n + (n < len),
                            len - n - (n < len));
        if (ok && name[0] != '\0') {
            ok = influx_parameter(w, name, value, !fields);
            fields = fields || strcmp(name, "tagsAsFields") == 0;
        }
        free(name);
        free(value);
        query += len + (query[len] == '&');
    }
    return ok;
}

static bool influx_tag_kind(const char *name, enum influx_kind *kind)
{
    static const char *const names[] = {
        [INFLUX_STRING] = "string",
        [INFLUX_BOOL] = "bool",
        [INFLUX_FLOAT] = "float",
        [INFLUX_INT] = "int",
    };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            *kind = (enum influx_kind)i;
            return true;
        }
    }
    return false;
}

/* "name" or "name:kind". */
static bool influx_add_field(struct influx_words *w, char *word)
{
    struct influx_config *c = w->c;
    char *colon = strchr(word, ':'), safe[80];
    enum influx_kind kind = INFLUX_STRING;

    if (colon != NULL) {
        *colon = '\0';
        if (!influx_tag_kind(colon + 1, &kind)) {
            err_set(w->e, ERR_RANGE,
                    "tags as fields: '%s' is none of string, bool, float, int",
                    text_brief(safe, sizeof safe, colon + 1));
            return false;
        }
    }
    if (influx_as(c, word) != NULL) {
        err_set(w->e, ERR_RANGE, "tags as fields: '%s' is there twice",
                text_brief(safe, sizeof safe, word));
        return false;
    }
    c->as = xreallocarray(c->as, c->n_as + 1, sizeof *c->as);
    c->as[c->n_as++] = (struct influx_as){xstrdup(word), kind};
    /* There is no vu and no iter in a second. */
    c->own_time = c->own_time || !out_listed("vu,iter", word);
    return true;
}

static bool influx_add_fields(struct influx_words *w)
{
    const char *at = w->fields;
    bool ok = true;

    while (ok && *at != '\0') {
        size_t n = strcspn(at, ",");
        char *word = xstrndup(at, n);

        ok = word[0] == '\0' || influx_add_field(w, word);
        free(word);
        at += n + (at[n] == ',');
    }
    return ok;
}

static void influx_add_parameter(struct buf *url, const char *name,
                                 const char *value)
{
    if (value != NULL) {
        buf_addc(url, strchr(buf_str(url), '?') == NULL ? '?' : '&');
        buf_addf(url, "%s=", name);
        value_escape(url, ESCAPE_URL, value, strlen(value));
    }
}

/* base: scheme, credentials, host and port. */
static void influx_write_url(struct influx_words *w, const char *base, size_t n)
{
    struct buf url;

    buf_init(&url, 4 * INFLUX_URL_MAX);
    buf_add(&url, base, n);
    buf_adds(&url, "/write");
    influx_add_parameter(&url, "db", w->db);
    influx_add_parameter(&url, "precision", w->c->own_time ? "ns" : "ms");
    influx_add_parameter(&url, "rp", w->retention);
    influx_add_parameter(&url, "consistency", w->consistency);
    w->c->write_url = buf_take(&url);
}

static void influx_create_url(struct influx_words *w, const char *base,
                              size_t n)
{
    struct buf url, query;
    const char *c;

    buf_init(&url, 4 * INFLUX_URL_MAX);
    buf_init(&query, 4 * INFLUX_URL_MAX);
    buf_adds(&query, "CREATE DATABASE \"");
    for (c = w->db; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            buf_addc(&query, '\\');
        }
        buf_addc(&query, *c);
    }
    buf_addc(&query, '"');
    buf_add(&url, base, n);
    buf_adds(&url, "/query");
    influx_add_parameter(&url, "q", buf_str(&query));
    w->c->create_url = buf_take(&url);
    buf_clear(&query);
}

/* user:password@ stands in the URL itself. */
static bool influx_has_user(const char *url, size_t base)
{
    return memchr(url, '@', base) != NULL;
}

static bool influx_url(struct influx_words *w, const char *url)
{
    struct influx_config *c = w->c;
    const char *host, *path, *query;
    size_t base, len;

    if (!post_url_ok(url, c->where, sizeof c->where, w->e)) {
        return false;
    }
    host = strstr(url, "://");
    host = host != NULL ? host + 3 : url;
    base = (size_t)(host - url) + strcspn(host, "/?#");
    path = url + base;
    len = strcspn(path, "?#");
    query = path[len] == '?' ? path + len + 1 : "";
    while (len > 0 && path[len - 1] == '/') {
        len--;
    }
    if (len > 1 && !influx_decoded(w, &w->db, path + 1, len - 1)) {
        return false;
    }
    if (!influx_query(w, query) || !influx_add_fields(w)) {
        return false;
    }
    if (len <= 1) {
        text_add(c->where, sizeof c->where, "%s%s",
                 c->where[0] != '\0' && c->where[strlen(c->where) - 1] == '/'
                     ? ""
                     : "/",
                 w->db);
    }
    if (influx_has_user(url, base)) {
        free(c->user);
        free(c->password);
        c->user = c->password = NULL;
    }
    influx_write_url(w, url, base);
    influx_create_url(w, url, base);
    return true;
}

bool influx_config_read(struct influx_config *c, const struct out_config *out,
                        struct err *e)
{
    struct influx_words w = {.c = c, .e = e};
    const char *url = out->place;
    bool ok;

    w.db = xstrdup(INFLUX_DB);
    w.fields = xstrdup(INFLUX_FIELDS);
    influx_env(out, "K6_INFLUXDB_DB", &w.db);
    influx_env(out, "K6_INFLUXDB_RETENTION", &w.retention);
    influx_env(out, "K6_INFLUXDB_CONSISTENCY", &w.consistency);
    influx_env(out, "K6_INFLUXDB_TAGS_AS_FIELDS", &w.fields);
    influx_env(out, "K6_INFLUXDB_USERNAME", &c->user);
    influx_env(out, "K6_INFLUXDB_PASSWORD", &c->password);
    url = url != NULL ? url : out_env(out, "K6_INFLUXDB_ADDR");
    ok = out_env_bool(out, "K6_INFLUXDB_INSECURE", &c->insecure, e) &&
         influx_url(&w, url != NULL ? url : INFLUX_ADDR);
    free(w.db);
    free(w.retention);
    free(w.consistency);
    free(w.fields);
    return ok;
}

void influx_config_clear(struct influx_config *c)
{
    size_t i;

    for (i = 0; i < c->n_as; i++) {
        free(c->as[i].name);
    }
    free(c->as);
    free(c->write_url);
    free(c->create_url);
    free(c->user);
    free(c->password);
    *c = (struct influx_config){.n_as = 0};
}

const struct influx_as *influx_as(const struct influx_config *c,
                                  const char *name)
{
    size_t i;

    for (i = 0; i < c->n_as; i++) {
        if (strcmp(c->as[i].name, name) == 0) {
            return &c->as[i];
        }
    }
    return NULL;
}

bool influx_kind_add(struct buf *out, enum influx_kind kind, const char *text)
{
    bool yes = false;
    double number;
    int64_t whole;

    switch (kind) {
    case INFLUX_STRING:
        return false;
    case INFLUX_BOOL:
        return out_bool("", text, &yes, NULL) &&
               buf_adds(out, yes ? "true" : "false");
    case INFLUX_FLOAT:
        return num_double(text, &number) && buf_addf(out, "%.15g", number);
    case INFLUX_INT:
        return num_i64(text, INT64_MIN, INT64_MAX, &whole) &&
               buf_addf(out, "%" PRId64 "i", whole);
    }
    return false;
}
