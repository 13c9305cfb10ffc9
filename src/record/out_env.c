/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/out_env.h"

#include <string.h>

#include "base/text.h"

void out_err(struct err *e, const char *kind, const struct err *what)
{
    err_set(e, what->code, "--out %s: %s", kind, what->text);
}

bool out_bool(const char *what, const char *text, bool *value, struct err *e)
{
    static const char *const words[][2] = {
        {"0", "1"},        {"f", "t"},        {"F", "T"},
        {"false", "true"}, {"False", "True"}, {"FALSE", "TRUE"},
    };
    char safe[80];
    size_t i, k;

    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (k = 0; k < 2; k++) {
            if (strcmp(text, words[i][k]) == 0) {
                *value = k == 1;
                return true;
            }
        }
    }
    err_set(e, ERR_RANGE, "%s: '%s' is neither true nor false", what,
            text_brief(safe, sizeof safe, text));
    return false;
}

bool out_env_bool(const struct out_config *c, const char *name, bool *value,
                  struct err *e)
{
    const char *text = out_env(c, name);

    return text == NULL || out_bool(name, text, value, e);
}

static int out_hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool out_unescape(struct buf *out, const char *s, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        int high, low;

        if (s[i] != '%') {
            buf_addc(out, s[i]);
            continue;
        }
        high = n - i > 2 ? out_hex(s[i + 1]) : -1;
        low = n - i > 2 ? out_hex(s[i + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0) {
            return false;
        }
        buf_addc(out, (char)(high * 16 + low));
        i += 2;
    }
    return true;
}

bool out_listed(const char *list, const char *word)
{
    size_t n = strlen(word);

    while (*list != '\0') {
        size_t len;

        list += strspn(list, ", ");
        len = strcspn(list, ", ");
        if (len == n && len > 0 && memcmp(list, word, n) == 0) {
            return true;
        }
        list += len;
    }
    return false;
}
