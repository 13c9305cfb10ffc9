/* SPDX-License-Identifier: MIT
 *
 * Whatever cookies a service sets, the jar stays within its bounds, what is
 * sent is one line of whole pairs, nothing of it goes to a stranger, and a date
 * is one that exists. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "base/buf.h"
#include "base/must.h"
#include "load/jar.h"

static void check_line(const struct buf *line)
{
    for (size_t i = 0; i < line->len; i++) {
        unsigned char c = (unsigned char)line->data[i];

        MUST((c >= ' ' || c == '\t') && c != 0x7f);
    }
    MUST(line->len <= JAR_BYTES_MAX + 2 * (size_t)JAR_COOKIES_MAX);
}

int fuzz_one(const uint8_t *data, size_t n)
{
    static const char *const urls[] = {"http://www.shop.example/a/b?c",
                                       "https://shop.example/",
                                       "http://127.0.0.1:8080/x/"};
    const char *s = (const char *)data;
    struct jar *jar = NULL, *copy;
    struct jar_url u;
    struct buf line;
    int64_t when;

    buf_init(&line, 1u << 20);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        MUST(jar_url_read(&u, urls[i]));
        jar_store(&jar, &u, s, n, 1700000000 + (int64_t)i);
        MUST(jar_count(jar) <= JAR_COOKIES_MAX);
        MUST((jar != NULL) == (jar_count(jar) > 0));
        MUST(jar == NULL || jar_is_set(s, n) || n == 0);
        buf_reset(&line);
        jar_send(jar, &u, 1700000000, NULL, NULL, &line);
        check_line(&line);
    }
    copy = jar_copy(jar);
    MUST(jar_count(copy) == jar_count(jar));
    MUST(jar_url_read(&u, "https://stranger.test/a/b"));
    buf_reset(&line);
    jar_send(copy, &u, 0, NULL, NULL, &line);
    MUST(line.len == 0);
    jar_free(&copy);
    jar_free(&jar);
    buf_clear(&line);
    if (jar_date(s, n, &when)) {
        MUST(when >= INT64_C(-11644473600) && when <= INT64_C(253402300799));
    }
    return 0;
}
