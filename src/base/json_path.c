/* SPDX-License-Identifier: MIT
 *
 * json_path - the two ways to name a value: our own paths for people, which
 * lead to a place in the text, and JSON Pointers, which lead into the tree. */
#include "config.h"

#include "base/json.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_scan.h"

#define JSON_NAME_MAX 65536

static bool json_is_word_char(char c, bool first)
{
    bool letter = ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';

    return letter || (!first && ((c >= '0' && c <= '9') || c == '-'));
}

static bool json_is_word(const char *name)
{
    if (!json_is_word_char(*name, true)) {
        return false;
    }
    for (name++; *name != '\0'; name++) {
        if (!json_is_word_char(*name, false)) {
            return false;
        }
    }
    return true;
}

static bool json_path_append(char *path, size_t size, struct buf *step)
{
    size_t len = strlen(path);
    bool fits = !step->cut && step->len < size - len;

    if (fits) {
        memcpy(path + len, buf_str(step), step->len + 1);
    }
    buf_clear(step);
    return fits;
}

bool json_path_member(char *path, size_t size, const char *name)
{
    struct buf step;

    buf_init(&step, size);
    if (json_is_word(name)) {
        buf_addf(&step, ".%s", name);
        return json_path_append(path, size, &step);
    }
    buf_adds(&step, "['");
    for (; *name != '\0'; name++) {
        if (*name == '\'' || *name == '\\') {
            buf_addc(&step, '\\');
        }
        buf_addc(&step, *name);
    }
    buf_adds(&step, "']");
    return json_path_append(path, size, &step);
}

bool json_path_index(char *path, size_t size, size_t i)
{
    struct buf step;

    buf_init(&step, size);
    buf_addf(&step, "[%zu]", i);
    return json_path_append(path, size, &step);
}

/* One step of a path. */
struct json_step {
    struct buf name; /* of a member */
    bool is_index;
    size_t index;
};

/* Decimal digits; NULL: none, or too many. */
static const char *json_index(const char *p, size_t *out)
{
    const char *begin = p;
    size_t v = 0;

    for (; *p >= '0' && *p <= '9'; p++) {
        if (v > (SIZE_MAX - 9) / 10) {
            return NULL;
        }
        v = v * 10 + (size_t)(*p - '0');
    }
    *out = v;
    return p != begin ? p : NULL;
}

/* Reads one step; what stands behind it, or NULL. */
static const char *json_step_read(const char *p, struct json_step *step)
{
    buf_reset(&step->name);
    step->is_index = false;
    if (*p == '.') {
        for (p++; *p != '\0' && *p != '.' && *p != '['; p++) {
            buf_addc(&step->name, *p);
        }
        return p;
    }
    if (p[0] != '[') {
        return NULL;
    }
    if (p[1] != '\'') {
        step->is_index = true;
        p = json_index(p + 1, &step->index);
        return p != NULL && *p == ']' ? p + 1 : NULL;
    }
    for (p += 2; *p != '\'' && *p != '\0'; p++) {
        if (*p == '\\' && p[1] != '\0') {
            p++;
        }
        buf_addc(&step->name, *p);
    }
    return p[0] == '\'' && p[1] == ']' ? p + 2 : NULL;
}

/* Is the string token (with its quotes) this name? */
static bool json_token_is(const char *token, size_t n, const struct buf *name)
{
    cJSON *v;
    bool same;

    if (memchr(token, '\\', n) == NULL) {
        return n - 2 == name->len &&
               memcmp(token + 1, buf_str(name), n - 2) == 0;
    }
    v = cJSON_ParseWithLength(token, n);
    same = cJSON_IsString(v) && strcmp(v->valuestring, buf_str(name)) == 0;
    cJSON_Delete(v);
    return same;
}

/* Behind the opening brace: goes to the value of a member; the place of its
 * name in *key. */
static bool json_enter_member(struct json_scan *s, const struct buf *name,
                              size_t *key)
{
    for (;;) {
        size_t end;

        json_scan_peek(s);
        *key = s->at;
        if (!json_scan_name(s)) {
            return false;
        }
        end = s->at;
        while (s->text[end - 1] != '"') {
            end--;
        }
        if (json_token_is(s->text + *key, end - *key, name)) {
            return true;
        }
        if (!json_scan_value(s) || json_scan_peek(s) != ',') {
            return false;
        }
        s->at++;
    }
}

static bool json_enter_index(struct json_scan *s, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (json_scan_peek(s) == ']' || !json_scan_value(s) ||
            json_scan_peek(s) != ',') {
            return false;
        }
        s->at++;
    }
    return json_scan_peek(s) != ']';
}

static bool json_enter(struct json_scan *s, const struct json_step *step,
                       size_t *key)
{
    if (json_scan_peek(s) != (step->is_index ? '[' : '{')) {
        return false;
    }
    s->at++;
    if (step->is_index) {
        *key = SIZE_MAX;
        return json_enter_index(s, step->index);
    }
    return json_enter_member(s, &step->name, key);
}

bool json_where(const char *text, size_t n, const char *path, bool key,
                int *line, int *column)
{
    struct json_step step = {.index = 0};
    struct json_scan s;
    size_t key_at = SIZE_MAX;
    bool ok = *path == '$';

    buf_init(&step.name, JSON_NAME_MAX);
    json_scan_init(&s, text, n);
    for (path++; ok && *path != '\0';) {
        path = json_step_read(path, &step);
        ok = path != NULL && json_enter(&s, &step, &key_at);
    }
    buf_clear(&step.name);
    if (!ok || json_scan_peek(&s) == '\0') {
        return false;
    }
    json_scan_place(text, key && key_at != SIZE_MAX ? key_at : s.at, line,
                    column);
    return true;
}

bool json_pointer_valid(const char *pointer)
{
    if (*pointer != '\0' && *pointer != '/') {
        return false;
    }
    for (; *pointer != '\0'; pointer++) {
        if (*pointer == '~' && pointer[1] != '0' && pointer[1] != '1') {
            return false;
        }
    }
    return true;
}

/* Does the token at p (up to '/' or the end) name s? */
static bool json_pointer_names(const char *p, const char *s)
{
    for (; *p != '\0' && *p != '/'; p++, s++) {
        char c = *p;

        if (c == '~') {
            p++;
            c = *p == '0' ? '~' : '/';
        }
        if (*s != c) {
            return false;
        }
    }
    return *s == '\0';
}

static const cJSON *json_pointer_step(const cJSON *v, const char *p)
{
    const cJSON *child;
    const char *end;
    size_t index;

    if (cJSON_IsObject(v)) {
        cJSON_ArrayForEach(child, v)
        {
            if (json_pointer_names(p, child->string)) {
                return child;
            }
        }
        return NULL;
    }
    end = json_index(p, &index);
    /* "01" is not an index, nor is "-", the place behind the last. */
    if (!cJSON_IsArray(v) || end == NULL || (*end != '\0' && *end != '/') ||
        (*p == '0' && end != p + 1)) {
        return NULL;
    }
    cJSON_ArrayForEach(child, v)
    {
        if (index-- == 0) {
            return child;
        }
    }
    return NULL;
}

/* cJSON_Utils has this too, but takes its tree as not const, and takes
 * pointers that are none. */
const cJSON *json_pointer(const cJSON *root, const char *pointer)
{
    const cJSON *v = root;

    if (!json_pointer_valid(pointer)) {
        return NULL;
    }
    while (v != NULL && *pointer == '/') {
        pointer++;
        v = json_pointer_step(v, pointer);
        pointer += strcspn(pointer, "/");
    }
    return v;
}
