/* SPDX-License-Identifier: MIT
 *
 * cookies - cookies end by the date, so this asks for it: never without a
 * cookie at hand. */
#include "config.h"

#include "load/cookies.h"

#include <string.h>

#include "base/clk.h"
#include "base/wall.h"

static int64_t cookies_now(void)
{
    return wall_now().us / (int64_t)US_PER_SEC;
}

/* The request's cookie of that name, or NULL. */
static const struct request_cookie *cookies_own(const struct request *r,
                                                const char *name, size_t n)
{
    for (size_t i = 0; i < r->n_cookies; i++) {
        if (strlen(r->cookies[i].name) == n &&
            memcmp(r->cookies[i].name, name, n) == 0) {
            return &r->cookies[i];
        }
    }
    return NULL;
}

static bool cookies_replaced(void *request, const char *name, size_t n)
{
    const struct request_cookie *c = cookies_own(request, name, n);

    return c != NULL && c->replace;
}

/* Does line hold a cookie of that name? */
static bool cookies_has(const struct buf *line, const char *name, size_t n)
{
    const char *s = buf_str(line);

    while (*s != '\0') {
        if (strncmp(s, name, n) == 0 && s[n] == '=') {
            return true;
        }
        s += strcspn(s, ";");
        s += strspn(s, "; ");
    }
    return false;
}

/* The plan's own pairs but for those that give way to the jar's. */
static void cookies_add_own(struct buf *line, const struct request *r,
                            const char *own, const struct buf *jars)
{
    while (own != NULL && *own != '\0') {
        size_t n = strcspn(own, ";");
        size_t name = strcspn(own, "=;");
        const struct request_cookie *c = cookies_own(r, own, name);

        if (c == NULL || c->replace || !cookies_has(jars, own, name)) {
            (void)buf_addf(line, "%s%.*s", line->len > 0 ? "; " : "", (int)n,
                           own);
        }
        own += n;
        own += strspn(own, "; ");
    }
}

bool cookies_line(const struct jar *j, const struct request *r, const char *own,
                  const char *url, struct buf *line)
{
    struct jar_url u;
    struct buf jars;

    if (!jar_url_read(&u, url)) {
        return false;
    }
    buf_init(&jars, COOKIES_LINE_MAX);
    jar_send(j, &u, cookies_now(), cookies_replaced, (void *)(uintptr_t)r,
             &jars);
    if (jars.len > 0) {
        cookies_add_own(line, r, own, &jars);
        (void)buf_addf(line, "%s%s", line->len > 0 ? "; " : "", buf_str(&jars));
    }
    buf_clear(&jars);
    return line->len > 0;
}

void cookies_store(struct jar **j, const char *url, const struct exchange *x)
{
    struct jar_url u;

    if (jar_url_read(&u, url)) {
        jar_store(j, &u, buf_str(&x->head), x->head.len, cookies_now());
    }
}
