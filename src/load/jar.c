/* SPDX-License-Identifier: MIT
 *
 * jar - a short list, in the order in which cookies came: a VU has few. What is
 * over its time is dropped when something new comes. */
#include "config.h"

#include "load/jar.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <arpa/inet.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/head.h"
#include "load/jar_internal.h"

#define JAR_MAGIC 0x6a617221u

struct jar_cookie {
    char *name; /* owned, with all that follows in one piece */
    const char *value, *domain, *path;
    size_t bytes; /* of all of them */
    int64_t expires;
    bool host_only, secure;
};

struct jar {
    unsigned magic;
    struct jar_cookie *list; /* owned, oldest first */
    size_t n, cap;
    size_t bytes;
};

static bool jar_is_address(const char *host)
{
    struct in_addr v4;

    return host[0] == '[' || inet_pton(AF_INET, host, &v4) == 1;
}

/* --- matching: 5.1.3 and 5.1.4 --- */

static bool jar_domain_match(const char *host, const char *domain, size_t n)
{
    size_t len = strlen(host);

    if (len == n && strncasecmp(host, domain, n) == 0) {
        return true;
    }
    return len > n && host[len - n - 1] == '.' &&
           strncasecmp(host + len - n, domain, n) == 0 && !jar_is_address(host);
}

static bool jar_path_match(const struct jar_url *u, const char *path)
{
    const char *at = u->path_len > 0 ? u->path : "/";
    size_t have = u->path_len > 0 ? u->path_len : 1;
    size_t n = strlen(path);

    return have >= n && memcmp(at, path, n) == 0 &&
           (have == n || path[n - 1] == '/' || at[n] == '/');
}

static struct head_text jar_default_path(const struct jar_url *u)
{
    size_t n = u->path_len;

    while (n > 0 && u->path[n - 1] != '/') {
        n--;
    }
    /* Without its last '/', unless that is all there is. */
    return n > 1 ? (struct head_text){u->path, n - 1}
                 : (struct head_text){"/", 1};
}

/* --- storing: 5.3 --- */

static void jar_remove(struct jar *j, size_t i)
{
    j->bytes -= j->list[i].bytes;
    free(j->list[i].name);
    j->n--;
    memmove(&j->list[i], &j->list[i + 1], (j->n - i) * sizeof *j->list);
}

static void jar_expire(struct jar *j, int64_t now)
{
    for (size_t i = j->n; i > 0; i--) {
        if (j->list[i - 1].expires <= now) {
            jar_remove(j, i - 1);
        }
    }
}

static bool jar_text_is(const char *have, const struct head_text *t)
{
    return strlen(have) == t->n && memcmp(have, t->s, t->n) == 0;
}

/* The cookie of that name, domain and path, or j->n. */
static size_t jar_find(const struct jar *j, const struct jar_set *c)
{
    size_t i = 0;

    while (i < j->n &&
           !(jar_text_is(j->list[i].name, &c->name) &&
             strlen(j->list[i].domain) == c->domain.n &&
             strncasecmp(j->list[i].domain, c->domain.s, c->domain.n) == 0 &&
             jar_text_is(j->list[i].path, &c->path))) {
        i++;
    }
    return i;
}

static char *jar_put(char *to, const struct head_text *t, bool lower)
{
    for (size_t i = 0; i < t->n; i++) {
        char c = t->s[i];

        to[i] = (char)(lower && c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    to[t->n] = '\0';
    return to + t->n + 1;
}

static struct jar_cookie jar_make(const struct jar_set *c, bool host_only)
{
    struct jar_cookie k = {
        .host_only = host_only, .secure = c->secure, .expires = c->expires};
    char *at;

    k.bytes = c->name.n + c->value.n + c->domain.n + c->path.n + 4;
    k.name = xmalloc(k.bytes);
    at = jar_put(k.name, &c->name, false);
    k.value = at;
    at = jar_put(at, &c->value, false);
    k.domain = at;
    at = jar_put(at, &c->domain, true);
    k.path = at;
    (void)jar_put(at, &c->path, false);
    return k;
}

/* A domain of one label is a whole country's, or everybody's. */
static bool jar_dotted(const struct head_text *domain)
{
    return domain->n > 2 && memchr(domain->s + 1, '.', domain->n - 2) != NULL;
}

/* Whose cookie it is: false when u may not set one for that domain. */
static bool jar_owner(struct jar_set *c, const struct jar_url *u,
                      bool *host_only)
{
    *host_only = c->domain.n == 0 ||
                 (strlen(u->host) == c->domain.n &&
                  strncasecmp(u->host, c->domain.s, c->domain.n) == 0 &&
                  (jar_is_address(u->host) || strchr(u->host, '.') == NULL));
    if (*host_only) {
        c->domain = (struct head_text){u->host, strlen(u->host)};
        return true;
    }
    return jar_dotted(&c->domain) &&
           jar_domain_match(u->host, c->domain.s, c->domain.n);
}

static bool jar_prefix(const struct jar_set *c, const char *prefix)
{
    size_t n = strlen(prefix);

    return c->name.n >= n && strncasecmp(c->name.s, prefix, n) == 0;
}

/* What a name promises is kept, or the cookie is refused (RFC 6265bis, 4.1.3
 * and 5.7): __Secure- comes over https and goes back over it alone; __Host-
 * besides belongs to its host alone, all of it. Whatever the letters' case, as
 * servers do not all tell it apart. */
static bool jar_keeps_word(const struct jar_set *c, const struct jar_url *u)
{
    bool host = jar_prefix(c, "__Host-");

    if (!host && !jar_prefix(c, "__Secure-")) {
        return true;
    }
    return c->secure && u->secure &&
           (!host || (!c->has_domain && c->path.n == 1 && c->path.s[0] == '/'));
}

static void jar_set(struct jar **jp, const struct jar_url *u, struct jar_set *c,
                    int64_t now)
{
    struct jar *j = *jp;
    struct jar_cookie k;
    bool host_only;
    size_t at;

    if (!jar_keeps_word(c, u) || !jar_owner(c, u, &host_only)) {
        return;
    }
    if (c->path.n == 0 || c->path.s[0] != '/') {
        c->path = jar_default_path(u);
    }
    if (j == NULL) {
        if (c->expires <= now) {
            return;
        }
        j = *jp = xcalloc(1, sizeof *j);
        j->magic = JAR_MAGIC;
    }
    at = jar_find(j, c);
    if (c->expires <= now || c->path.n > JAR_FIELD_MAX) {
        if (at < j->n) {
            jar_remove(j, at);
        }
        return;
    }
    k = jar_make(c, host_only);
    j->bytes += k.bytes;
    if (at < j->n) {
        /* It keeps its place: the time when it was made stays (5.3, 11.3). */
        j->bytes -= j->list[at].bytes;
        free(j->list[at].name);
    } else {
        j->list = xgrow(j->list, j->n, &j->cap, sizeof *j->list);
        at = j->n++;
    }
    j->list[at] = k;
    while (j->n > JAR_COOKIES_MAX || j->bytes > JAR_BYTES_MAX) {
        jar_remove(j, 0);
    }
}

void jar_store(struct jar **j, const struct jar_url *u, const char *head,
               size_t n, int64_t now)
{
    struct head_walk w;
    struct head_field f;
    struct jar_set c;

    if (*j != NULL) {
        OBJ_CHECK(*j, JAR_MAGIC);
        jar_expire(*j, now);
    }
    head_begin(&w, head, n);
    while (head_next(&w, &f)) {
        if (head_name_is(&f.name, "set-cookie") &&
            jar_parse(&c, &f.value, now)) {
            jar_set(j, u, &c, now);
        }
    }
    if (*j != NULL && (*j)->n == 0) {
        jar_free(j);
    }
}

/* --- sending: 5.4 --- */

static bool jar_goes(const struct jar_cookie *k, const struct jar_url *u,
                     int64_t now)
{
    return k->expires > now && (!k->secure || u->secure) &&
           (k->host_only
                ? strcmp(k->domain, u->host) == 0
                : jar_domain_match(u->host, k->domain, strlen(k->domain))) &&
           jar_path_match(u, k->path);
}

void jar_send(const struct jar *j, const struct jar_url *u, int64_t now,
              bool (*skip)(void *ctx, const char *name, size_t n), void *ctx,
              struct buf *out)
{
    const struct jar_cookie *go[JAR_COOKIES_MAX];
    size_t n = 0;

    for (size_t i = 0; j != NULL && i < j->n; i++) {
        const struct jar_cookie *k = &j->list[i];
        size_t at = n;

        if (!jar_goes(k, u, now) ||
            (skip != NULL && skip(ctx, k->name, strlen(k->name)))) {
            continue;
        }
        /* Longer paths first; of equal ones the older stays before. */
        while (at > 0 && strlen(go[at - 1]->path) < strlen(k->path)) {
            go[at] = go[at - 1];
            at--;
        }
        go[at] = k;
        n++;
    }
    for (size_t i = 0; i < n; i++) {
        (void)buf_addf(out, "%s%s=%s", i > 0 ? "; " : "", go[i]->name,
                       go[i]->value);
    }
}

size_t jar_count(const struct jar *j)
{
    return j != NULL ? j->n : 0;
}

struct jar *jar_copy(const struct jar *j)
{
    struct jar *to;

    if (j == NULL) {
        return NULL;
    }
    to = xcalloc(1, sizeof *to);
    to->magic = JAR_MAGIC;
    to->list = xcalloc(j->n, sizeof *to->list);
    to->n = to->cap = j->n;
    to->bytes = j->bytes;
    for (size_t i = 0; i < j->n; i++) {
        const struct jar_cookie *k = &j->list[i];
        char *text = xmalloc(k->bytes);

        memcpy(text, k->name, k->bytes);
        to->list[i] = *k;
        to->list[i].name = text;
        to->list[i].value = text + (k->value - k->name);
        to->list[i].domain = text + (k->domain - k->name);
        to->list[i].path = text + (k->path - k->name);
    }
    return to;
}

void jar_free(struct jar **j)
{
    if (*j == NULL) {
        return;
    }
    OBJ_CHECK(*j, JAR_MAGIC);
    for (size_t i = 0; i < (*j)->n; i++) {
        free((*j)->list[i].name);
    }
    free((*j)->list);
    (*j)->magic = 0;
    free(*j);
    *j = NULL;
}
