/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/rw_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "net/post.h"
#include "record/out_env.h"
#include "record/prom_metric.h"

#define RW_ENV_HEADER RW_OPTIONS_PREFIX "HEADERS_"
#define RW_PUSH_MIN   UINT64_C(1000)
#define RW_PUSH_MAX   UINT64_C(300000)

enum rw_option_type {
    RW_OPTION_TEXT,
    RW_OPTION_BOOL,
    RW_OPTION_DURATION,
    RW_OPTION_STATS,
    RW_OPTION_HEADERS,
};

static const struct rw_option {
    const char *name;
    enum rw_option_type type;
    size_t at; /* of the member */
    const char *value;
} rw_options[] = {
#define RW_OPTION(name, member, type, value, help)                             \
    {RW_OPTIONS_PREFIX name, RW_OPTION_##type,                                 \
     offsetof(struct rw_options, member), value},
#include "record/rw_options.def"
#undef RW_OPTION
};
enum { RW_OPTIONS = sizeof rw_options / sizeof rw_options[0] };

void rw_options_clear(struct rw_options *o)
{
    free(o->url);
    free(o->user);
    free(o->password);
    free(o->token);
    free(o->cert);
    free(o->cert_key);
    while (o->n_headers > 0) {
        free(o->headers[--o->n_headers]);
    }
    memset(o, 0, sizeof *o);
}

static bool rw_percentile(const char *word, double *p)
{
    size_t len = strlen(word);
    char inner[16];

    if (len < 4 || len - 3 >= sizeof inner || strncmp(word, "p(", 2) != 0 ||
        word[len - 1] != ')') {
        return false;
    }
    (void)snprintf(inner, sizeof inner, "%.*s", (int)(len - 3), word + 2);
    return num_double(inner, p) && *p >= 0 && *p <= 100;
}

/* "p(99.9)" is called p999, as in k6. */
static bool rw_stat_parse(const char *word, struct rw_stat *out)
{
    static const char *const words[] = {
        [RW_COUNT] = "count", [RW_SUM] = "sum", [RW_MIN] = "min",
        [RW_AVG] = "avg",     [RW_MED] = "med", [RW_MAX] = "max",
    };
    const char *c;
    size_t i, n = 1;

    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i]) == 0) {
            out->kind = (enum rw_stat_kind)i;
            (void)snprintf(out->suffix, sizeof out->suffix, "%s", word);
            return true;
        }
    }
    out->kind = RW_P;
    out->suffix[0] = 'p';
    for (c = word; *c != '\0' && n < sizeof out->suffix - 1; c++) {
        if (*c >= '0' && *c <= '9') {
            out->suffix[n++] = *c;
        }
    }
    out->suffix[n] = '\0';
    return rw_percentile(word, &out->percentile);
}

static bool rw_stats_add(struct rw_options *o, const char *name,
                         const char *word, struct err *e)
{
    struct rw_stat s = {.percentile = 0};
    char safe[80];
    size_t i;

    if (!rw_stat_parse(word, &s)) {
        err_set(e, ERR_RANGE,
                "%s: '%s' is no figure of a trend (count, sum, min, max, avg, "
                "med, p(N))",
                name, text_brief(safe, sizeof safe, word));
        return false;
    }
    for (i = 0; i < o->n_stats; i++) {
        if (strcmp(o->stats[i].suffix, s.suffix) == 0) {
            err_set(e, ERR_RANGE, "%s: two figures are called '%s'", name,
                    s.suffix);
            return false;
        }
    }
    if (o->n_stats == RW_STATS_MAX) {
        err_set(e, ERR_LIMIT, "%s: more than %d figures", name, RW_STATS_MAX);
        return false;
    }
    o->stats[o->n_stats++] = s;
    return true;
}

/* Calls fn for each of the words between commas, without spaces around them. */
static bool rw_words(struct rw_options *o, const char *name, const char *list,
                     bool (*fn)(struct rw_options *o, const char *name,
                                const char *word, struct err *e),
                     struct err *e)
{
    bool ok = true;

    while (ok && *list != '\0') {
        size_t n = strcspn(list, ","), from = strspn(list, " "), to = n;
        char *word;

        while (to > from && list[to - 1] == ' ') {
            to--;
        }
        word =
            xstrndup(list + (from < to ? from : to), from < to ? to - from : 0);
        ok = fn(o, name, word, e);
        free(word);
        list += n + (list[n] == ',');
    }
    return ok;
}

/* RFC 9110, 5.6.2: a token. */
static bool rw_header_name_ok(const char *name, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        unsigned char c = (unsigned char)name[i];

        if (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c) != NULL) {
            return false;
        }
    }
    return n > 0;
}

static bool rw_header_value_ok(const char *value)
{
    for (; *value != '\0'; value++) {
        if ((unsigned char)*value < ' ' && *value != '\t') {
            return false;
        }
    }
    return true;
}

/* The value may be a secret: no message has it. */
static bool rw_header_add(struct rw_options *o, const char *option,
                          const char *name, size_t n, const char *value,
                          struct err *e)
{
    if (!rw_header_name_ok(name, n) || !rw_header_value_ok(value)) {
        err_set(e, ERR_RANGE,
                "%s: this is no header (a name of letters, digits and -, and "
                "a value of one line)",
                option);
        return false;
    }
    if (o->n_headers == RW_HEADERS_MAX) {
        err_set(e, ERR_LIMIT, "%s: more than %d headers", option,
                RW_HEADERS_MAX);
        return false;
    }
    o->headers[o->n_headers++] = xasprintf("%.*s: %s", (int)n, name, value);
    return true;
}

static bool rw_header_word(struct rw_options *o, const char *name,
                           const char *word, struct err *e)
{
    const char *colon = strchr(word, ':');

    if (colon == NULL) {
        err_set(e, ERR_RANGE, "%s: a header without ':' (NAME:VALUE)", name);
        return false;
    }
    return rw_header_add(o, name, word, (size_t)(colon - word),
                         colon + 1 + strspn(colon + 1, " "), e);
}

static bool rw_push(struct rw_options *o, const char *name, const char *text,
                    struct err *e)
{
    uint64_t us = 0;
    char safe[80];

    if (!dur_parse(text, &us) || us / 1000 < RW_PUSH_MIN ||
        us / 1000 > RW_PUSH_MAX) {
        err_set(e, ERR_RANGE,
                "%s: '%s' is no duration of 1s to 5m (points are of whole "
                "seconds)",
                name, text_brief(safe, sizeof safe, text));
        return false;
    }
    o->push_ms = us / 1000;
    return true;
}

static bool rw_option_set(struct rw_options *o, const struct rw_option *p,
                          const char *text, struct err *e)
{
    void *member = (char *)o + p->at;
    char **string;

    switch (p->type) {
    case RW_OPTION_TEXT:
        string = member;
        *string = *text != '\0' ? xstrdup(text) : NULL;
        return true;
    case RW_OPTION_BOOL:
        return out_bool(p->name, text, member, e);
    case RW_OPTION_DURATION:
        return rw_push(o, p->name, text, e);
    case RW_OPTION_STATS:
        return rw_words(o, p->name, text, rw_stats_add, e);
    case RW_OPTION_HEADERS:
        return rw_words(o, p->name, text, rw_header_word, e);
    }
    return false;
}

struct rw_reading {
    struct rw_options *o;
    struct err *e;
    bool ok;
};

/* A name in the environment. */
static void rw_option_seen(void *ctx, const char *name, const char *value)
{
    static const size_t header = sizeof RW_ENV_HEADER - 1;
    struct rw_reading *r = ctx;
    const char *names[RW_OPTIONS];
    const char *near;
    char safe[120];
    size_t i;

    if (!r->ok || *value == '\0') {
        return;
    }
    if (strncmp(name, RW_ENV_HEADER, header) == 0) {
        r->ok = rw_header_add(r->o, RW_ENV_HEADER "...", name + header,
                              strlen(name + header), value, r->e);
        return;
    }
    for (i = 0; i < RW_OPTIONS; i++) {
        if (strcmp(name, rw_options[i].name) == 0) {
            return;
        }
        names[i] = rw_options[i].name;
    }
    near = text_nearest(name, names, RW_OPTIONS);
    err_set(r->e, ERR_SUPPORT,
            "%s is in the environment and not supported%s%s%s",
            text_brief(safe, sizeof safe, name),
            near != NULL ? " (did you mean " : "", near != NULL ? near : "",
            near != NULL ? "?)" : ": unset it");
    r->ok = false;
}

static bool rw_options_fit(const struct rw_options *o, struct err *e)
{
    const char *const files[][2] = {
        {RW_OPTIONS_PREFIX "CLIENT_CERTIFICATE", o->cert},
        {RW_OPTIONS_PREFIX "CLIENT_CERTIFICATE_KEY", o->cert_key},
    };
    size_t i;

    if (o->password != NULL && o->user == NULL) {
        err_set(e, ERR_RANGE,
                RW_OPTIONS_PREFIX
                "PASSWORD: there is no user for it (" RW_OPTIONS_PREFIX
                "USERNAME)");
        return false;
    }
    if (o->token != NULL && o->user != NULL) {
        err_set(e, ERR_RANGE,
                RW_OPTIONS_PREFIX
                "BEARER_TOKEN: there is a user as well (" RW_OPTIONS_PREFIX
                "USERNAME): one of them");
        return false;
    }
    if (o->token != NULL && !rw_header_value_ok(o->token)) {
        err_set(e, ERR_RANGE,
                RW_OPTIONS_PREFIX "BEARER_TOKEN: a token has one line");
        return false;
    }
    if (o->cert_key != NULL && o->cert == NULL) {
        err_set(e, ERR_RANGE,
                RW_OPTIONS_PREFIX "CLIENT_CERTIFICATE_KEY: there is no "
                                  "certificate for it (" RW_OPTIONS_PREFIX
                                  "CLIENT_CERTIFICATE)");
        return false;
    }
    for (i = 0; i < 2; i++) {
        if (files[i][1] != NULL && access(files[i][1], R_OK) != 0) {
            err_set(e, ERR_IO, "%s: the file cannot be read", files[i][0]);
            return false;
        }
    }
    return true;
}

static bool rw_options_url(struct rw_options *o, const struct out_config *c,
                           struct err *e)
{
    struct err why = ERR_INIT;

    if (c->place != NULL) {
        free(o->url);
        o->url = xstrdup(c->place);
    }
    if (!post_url_ok(o->url, o->shown, sizeof o->shown, &why)) {
        err_set(e, why.code, "%s%s",
                c->place == NULL ? RW_OPTIONS_PREFIX "SERVER_URL: " : "",
                why.text);
        return false;
    }
    return true;
}

static bool rw_options_fill(struct rw_options *o, const struct out_config *c,
                            struct err *e)
{
    struct rw_reading r = {o, e, true};
    const char *text;
    size_t i;

    for (i = 0; i < RW_OPTIONS; i++) {
        const struct rw_option *p = &rw_options[i];

        text = out_env(c, p->name);
        if (!rw_option_set(o, p, text != NULL ? text : p->value, e)) {
            return false;
        }
    }
    if (c->env_each != NULL) {
        c->env_each(c->env_ctx, RW_OPTIONS_PREFIX, rw_option_seen, &r);
    }
    return r.ok && rw_options_fit(o, e) && rw_options_url(o, c, e);
}

bool rw_options_read(struct rw_options *o, const struct out_config *c,
                     struct err *e)
{
    memset(o, 0, sizeof *o);
    if (!rw_options_fill(o, c, e)) {
        rw_options_clear(o);
        return false;
    }
    return true;
}
