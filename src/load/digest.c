/* SPDX-License-Identifier: MIT
 *
 * digest - a challenge is read into bounded texts, and what does not fit makes
 * it one that cannot be answered. One field may hold several challenges, of
 * other schemes too; what is not understood of them is passed over. */
#include "config.h"

#include "load/digest.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

#include "load/head.h"
#include "load/http1_write.h"

#define DIGEST_HEX_MAX 65 /* SHA-256 in hex digits, with its NUL */

enum digest_hash { DIGEST_NO_HASH, DIGEST_MD5, DIGEST_SHA256 };

/* One challenge, as far as it matters. */
struct digest_challenge {
    char realm[DIGEST_VALUE_MAX], nonce[DIGEST_VALUE_MAX],
        opaque[DIGEST_VALUE_MAX];
    char algorithm[32]; /* as written; "" = MD5 */
    bool has_realm, has_nonce, has_opaque;
    bool qop, auth; /* it names ways of protection; "auth" is one of them */
    bool broken;    /* some value was too long, or had control characters in it,
                       which must not come into a request */
};

static bool digest_is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-_.!#$%&'*+^`|~", c));
}

static const char *digest_skip(const char *s, const char *end, const char *what)
{
    while (s < end && *s != '\0' && strchr(what, *s) != NULL) {
        s++;
    }
    return s;
}

static const char *digest_token(const char *s, const char *end)
{
    while (s < end && digest_is_token(*s)) {
        s++;
    }
    return s;
}

/* The value at s, quoted or not, into out; where it ends. */
static const char *digest_value(const char *s, const char *end,
                                char out[DIGEST_VALUE_MAX], bool *broken)
{
    bool quoted = s < end && *s == '"';
    size_t n = 0;

    s += quoted;
    while (s < end && (quoted ? *s != '"' : digest_is_token(*s))) {
        s += quoted && *s == '\\' && s + 1 < end;
        *broken = *broken || (unsigned char)*s < ' ' || *s == 0x7f;
        if (n + 1 < DIGEST_VALUE_MAX) {
            out[n++] = *s;
        } else {
            *broken = true;
        }
        s++;
    }
    out[n] = '\0';
    return s < end && quoted ? s + 1 : s;
}

/* Is word in the list, which commas part? */
static bool digest_lists(const char *list, const char *word)
{
    size_t n = strlen(word);

    while (*list != '\0') {
        list += strspn(list, " \t,");
        if (strncasecmp(list, word, n) == 0 &&
            strchr(" \t,", list[n]) != NULL) {
            return true;
        }
        list += strcspn(list, ",");
    }
    return false;
}

static void digest_put(struct digest_challenge *c, const struct head_text *name,
                       const char *value)
{
    if (head_name_is(name, "realm")) {
        (void)snprintf(c->realm, sizeof c->realm, "%s", value);
        c->has_realm = true;
    } else if (head_name_is(name, "nonce")) {
        (void)snprintf(c->nonce, sizeof c->nonce, "%s", value);
        c->has_nonce = true;
    } else if (head_name_is(name, "opaque")) {
        (void)snprintf(c->opaque, sizeof c->opaque, "%s", value);
        c->has_opaque = true;
    } else if (head_name_is(name, "algorithm")) {
        (void)snprintf(c->algorithm, sizeof c->algorithm, "%.31s", value);
    } else if (head_name_is(name, "qop")) {
        c->qop = true;
        c->auth = digest_lists(value, "auth");
    }
}

static bool digest_is_sess(const struct digest_challenge *c)
{
    size_t n = strlen(c->algorithm);

    return n > 5 && strcasecmp(c->algorithm + n - 5, "-sess") == 0;
}

static enum digest_hash digest_hash_of(const struct digest_challenge *c)
{
    if (c->broken || !c->has_realm || !c->has_nonce || (c->qop && !c->auth)) {
        return DIGEST_NO_HASH;
    }
    if (*c->algorithm == '\0' || strcasecmp(c->algorithm, "MD5") == 0 ||
        strcasecmp(c->algorithm, "MD5-sess") == 0) {
        return DIGEST_MD5;
    }
    if (strcasecmp(c->algorithm, "SHA-256") == 0 ||
        strcasecmp(c->algorithm, "SHA-256-sess") == 0) {
        return DIGEST_SHA256;
    }
    return DIGEST_NO_HASH;
}

/* The stronger of the two is kept in best. */
static void digest_weigh(struct digest_challenge *best,
                         const struct digest_challenge *c)
{
    if (digest_hash_of(c) > digest_hash_of(best)) {
        *best = *c;
    }
}

/* One field's value: schemes, each followed by its parameters. */
static void digest_field(const struct head_text *field,
                         struct digest_challenge *best)
{
    const char *s = field->s, *end = field->s + field->n;
    struct digest_challenge c = {.broken = true};
    char value[DIGEST_VALUE_MAX];

    while ((s = digest_skip(s, end, " \t,")) < end) {
        struct head_text name = {s, 0};
        const char *after;

        name.n = (size_t)(digest_token(s, end) - s);
        if (name.n == 0) {
            s++;
            continue;
        }
        s = name.s + name.n;
        after = digest_skip(s, end, " \t");
        if (after < end && *after == '=') {
            after = digest_skip(after + 1, end, " \t");
            s = digest_value(after, end, value, &c.broken);
            digest_put(&c, &name, value);
            continue;
        }
        digest_weigh(best, &c);
        memset(&c, 0, sizeof c);
        c.broken = !head_name_is(&name, "Digest");
    }
    digest_weigh(best, &c);
}

static bool digest_hex(enum digest_hash hash, const struct buf *text,
                       char out[DIGEST_HEX_MAX])
{
    const EVP_MD *md = hash == DIGEST_SHA256 ? EVP_sha256() : EVP_md5();
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (text->cut ||
        EVP_Digest(buf_str(text), text->len, raw, &n, md, NULL) != 1 ||
        2 * n >= DIGEST_HEX_MAX) {
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", raw[i]);
    }
    return true;
}

/* The target as it stands in the request line. */
static void digest_uri(struct buf *uri, const char *url)
{
    struct http1_target t;
    const char *path = strstr(url, "://");

    if (http1_target_of(url, &t)) {
        (void)buf_addf(uri, "%s", t.path_len == 0 || *t.path != '/' ? "/" : "");
        (void)buf_add(uri, t.path, t.path_len);
        return;
    }
    path = path != NULL ? path + 3 : url;
    path += strcspn(path, "/?#");
    (void)buf_addf(uri, "%s%.*s", *path == '/' ? "" : "/",
                   (int)strcspn(path, "#"), path);
}

/* RFC 7616, section 3.4: A1, A2 and the response, each hashed. */
static bool digest_response(const struct digest_ask *ask,
                            const struct digest_challenge *c, const char *uri,
                            char out[DIGEST_HEX_MAX])
{
    enum digest_hash hash = digest_hash_of(c);
    char a1[DIGEST_HEX_MAX], a2[DIGEST_HEX_MAX];
    struct buf t;
    bool ok;

    buf_init(&t, DIGEST_LINE_MAX);
    (void)buf_addf(&t, "%s:%s:%s", ask->who->user, c->realm,
                   ask->who->password);
    ok = digest_hex(hash, &t, a1);
    if (ok && digest_is_sess(c)) {
        buf_reset(&t);
        (void)buf_addf(&t, "%s:%s:%s", a1, c->nonce, ask->cnonce);
        ok = digest_hex(hash, &t, a1);
    }
    buf_reset(&t);
    (void)buf_addf(&t, "%s:%s", ask->method, uri);
    ok = ok && digest_hex(hash, &t, a2);
    if (ok) {
        buf_reset(&t);
        (void)buf_addf(&t, "%s:%s:", a1, c->nonce);
        if (c->auth) {
            (void)buf_addf(&t, "00000001:%s:auth:", ask->cnonce);
        }
        (void)buf_adds(&t, a2);
        ok = digest_hex(hash, &t, out);
    }
    buf_clear(&t);
    return ok;
}

static void digest_quoted(struct buf *line, const char *name, const char *value)
{
    (void)buf_addf(line, "%s=\"", name);
    for (; *value != '\0'; value++) {
        if (*value == '"' || *value == '\\') {
            (void)buf_addc(line, '\\');
        }
        (void)buf_addc(line, *value);
    }
    (void)buf_adds(line, "\"");
}

static void digest_write(struct buf *line, const struct digest_ask *ask,
                         const struct digest_challenge *c, const char *uri,
                         const char *response)
{
    (void)buf_adds(line, "Authorization: Digest ");
    digest_quoted(line, "username", ask->who->user);
    digest_quoted(line, ", realm", c->realm);
    digest_quoted(line, ", nonce", c->nonce);
    digest_quoted(line, ", uri", uri);
    if (*c->algorithm != '\0') {
        (void)buf_addf(line, ", algorithm=%s", c->algorithm);
    }
    if (c->auth) {
        (void)buf_adds(line, ", qop=auth, nc=00000001");
    }
    if (c->auth || digest_is_sess(c)) {
        digest_quoted(line, ", cnonce", ask->cnonce);
    }
    digest_quoted(line, ", response", response);
    if (c->has_opaque) {
        digest_quoted(line, ", opaque", c->opaque);
    }
}

bool digest_answer(const struct digest_ask *ask, const char *head, size_t n,
                   struct buf *line)
{
    struct digest_challenge best = {.broken = true};
    char response[DIGEST_HEX_MAX];
    bool was_cut = line->cut;
    size_t before = line->len;
    struct head_walk w;
    struct head_field f;
    struct buf uri;
    bool ok;

    head_begin(&w, head, n);
    while (head_next(&w, &f)) {
        if (head_name_is(&f.name, "www-authenticate")) {
            digest_field(&f.value, &best);
        }
    }
    if (digest_hash_of(&best) == DIGEST_NO_HASH) {
        return false;
    }
    buf_init(&uri, DIGEST_LINE_MAX);
    digest_uri(&uri, ask->url);
    ok = !uri.cut && digest_response(ask, &best, buf_str(&uri), response);
    if (ok) {
        digest_write(line, ask, &best, buf_str(&uri), response);
        ok = !line->cut;
    }
    if (!ok) {
        buf_cut(line, before);
        line->cut = was_cut;
    }
    buf_clear(&uri);
    return ok;
}
