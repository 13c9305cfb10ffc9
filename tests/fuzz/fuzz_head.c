/* SPDX-License-Identifier: MIT
 *
 * Whatever head a service sends, its fields lie within it and on one line, and
 * what it redirects to is http or https. */
#include "config.h"

#include "fuzz.h"

#include <string.h>
#include <strings.h>

#include "base/must.h"
#include "load/head.h"
#include "load/redirect.h"

static void inside(const struct head_text *t, const char *s, size_t n)
{
    MUST(t->s >= s && t->s + t->n <= s + n);
    if (t->n > 0) {
        MUST(memchr(t->s, '\n', t->n) == NULL);
        MUST(t->s[0] != ' ' && t->s[0] != '\t');
        MUST(t->s[t->n - 1] != ' ' && t->s[t->n - 1] != '\r');
    }
}

int fuzz_one(const uint8_t *data, size_t n)
{
    static const unsigned statuses[] = {200, 301, 303, 307};
    const char *s = (const char *)data;
    struct head_walk w;
    struct head_field f;
    struct head_text found;
    struct redirect r;
    bool location = false;

    head_begin(&w, s, n);
    while (head_next(&w, &f)) {
        MUST(f.name.n > 0 && memchr(f.name.s, ':', f.name.n) == NULL);
        inside(&f.name, s, n);
        inside(&f.value, s, n);
        (void)head_is_secret(&f.name);
        location = location || head_name_is(&f.name, "location");
    }
    MUST(head_find(s, n, "Location", &found) == location);
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        redirect_read(&r, "POST", "http://h:81/a/b?c", statuses[i], s, n);
        MUST(r.kind == REDIRECT_NONE || (location && i > 0));
        if (r.kind == REDIRECT_FOLLOW) {
            MUST(strncasecmp(r.url, "http://", 7) == 0 ||
                 strncasecmp(r.url, "https://", 8) == 0);
        }
        redirect_clear(&r);
    }
    return 0;
}
