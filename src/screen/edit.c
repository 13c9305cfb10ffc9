/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/edit.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "screen/keymap.h"

void edit_begin(struct edit *e, struct edit_past *past, size_t limit)
{
    MUST(limit < EDIT_MAX);
    *e = (struct edit){.limit = limit, .past = past};
    e->shown = past != NULL ? past->n : 0;
}

/* Where the character before, or behind, byte at begins. */
static size_t edit_before(const struct edit *e, size_t at)
{
    while (at > 0) {
        at--;
        if (((unsigned char)e->text[at] & 0xc0) != 0x80) {
            break;
        }
    }
    return at;
}

static size_t edit_behind(const struct edit *e, size_t at)
{
    uint32_t cp;

    return at + text_next(e->text + at, e->len - at, &cp);
}

static void edit_cut(struct edit *e, size_t from, size_t to)
{
    memmove(e->text + from, e->text + to, e->len - to + 1);
    e->len -= to - from;
    e->at = from;
}

bool edit_add(struct edit *e, uint32_t cp)
{
    char bytes[4];
    size_t n;

    if (cp < 0x20 || cp == 0x7f || text_cp_width(cp) < 1) {
        return false;
    }
    n = text_put(bytes, cp);
    if (e->len + n > e->limit) {
        return false;
    }
    memmove(e->text + e->at + n, e->text + e->at, e->len - e->at + 1);
    memcpy(e->text + e->at, bytes, n);
    e->len += n;
    e->at += n;
    return true;
}

void edit_set(struct edit *e, const char *text)
{
    size_t n = strlen(text);

    e->text[0] = '\0';
    e->len = e->at = 0;
    while (n > 0) {
        uint32_t cp;
        size_t took = text_next(text, n, &cp);

        edit_add(e, cp);
        text += took;
        n -= took;
    }
}

/* As Ctrl-W in a shell: the word before the cursor, and blanks behind it. */
static size_t edit_word(const struct edit *e)
{
    size_t at = e->at;

    while (at > 0 && e->text[at - 1] == ' ') {
        at--;
    }
    while (at > 0 && e->text[at - 1] != ' ') {
        at--;
    }
    return at;
}

/* by: -1 = an older line. */
static void edit_turn(struct edit *e, int by)
{
    size_t n = e->past != NULL ? e->past->n : 0;

    if (by < 0 ? e->shown == 0 : e->shown >= n) {
        return;
    }
    if (e->shown == n) {
        memcpy(e->typed, e->text, sizeof e->typed);
    }
    e->shown = by < 0 ? e->shown - 1 : e->shown + 1;
    edit_set(e, e->shown == n ? e->typed : e->past->lines[e->shown]);
}

static bool edit_move(struct edit *e, uint32_t key)
{
    switch (key) {
    case TYPED_ARROW_LEFT:
    case TYPED_CTRL('B'):
        e->at = edit_before(e, e->at);
        return true;
    case TYPED_ARROW_RIGHT:
    case TYPED_CTRL('F'):
        e->at = edit_behind(e, e->at);
        return true;
    case TYPED_FIRST:
    case TYPED_CTRL('A'):
        e->at = 0;
        return true;
    case TYPED_LAST:
    case TYPED_CTRL('E'):
        e->at = e->len;
        return true;
    case TYPED_ARROW_UP:
    case TYPED_CTRL('P'):
        edit_turn(e, -1);
        return true;
    case TYPED_ARROW_DOWN:
    case TYPED_CTRL('N'):
        edit_turn(e, 1);
        return true;
    default:
        return false;
    }
}

bool edit_key(struct edit *e, uint32_t key)
{
    if (edit_move(e, key)) {
        return true;
    }
    switch (key) {
    case TYPED_RUBOUT:
        edit_cut(e, edit_before(e, e->at), e->at);
        return true;
    case TYPED_DELETE:
    case TYPED_CTRL('D'):
        edit_cut(e, e->at, edit_behind(e, e->at));
        return true;
    case TYPED_CTRL('U'):
        edit_cut(e, 0, e->at);
        return true;
    case TYPED_CTRL('K'):
        edit_cut(e, e->at, e->len);
        return true;
    case TYPED_CTRL('W'):
        edit_cut(e, edit_word(e), e->at);
        return true;
    default:
        return key >= 0x20 && key < TYPED_RETURN && edit_add(e, key);
    }
}

void edit_keep(const struct edit *e)
{
    struct edit_past *p = e->past;

    if (p == NULL || e->len == 0 ||
        (p->n > 0 && strcmp(p->lines[p->n - 1], e->text) == 0)) {
        return;
    }
    if (p->n == EDIT_PAST_MAX) {
        memmove(p->lines[0], p->lines[1], sizeof p->lines - sizeof p->lines[0]);
        p->n--;
    }
    memcpy(p->lines[p->n++], e->text, sizeof p->lines[0]);
}

/* Columns of the bytes from..to. */
static int edit_width(const struct edit *e, size_t from, size_t to)
{
    int width = 0;

    while (from < to) {
        uint32_t cp;

        from += text_next(e->text + from, to - from, &cp);
        width += text_cp_width(cp);
    }
    return width;
}

struct edit_view edit_view(const struct edit *e, int cols)
{
    struct edit_view v = {.to = e->len};

    MUST(cols >= 2);
    /* Begins as late as the cursor asks for: what stands before it is what is
     * being read. */
    while (v.from < e->at && edit_width(e, v.from, e->at) > cols - 1) {
        v.from = edit_behind(e, v.from);
    }
    v.cursor = edit_width(e, v.from, e->at);
    /* A wide character under the cursor is shown whole, if there is room. */
    while (v.to > e->at && edit_width(e, v.from, v.to) > cols) {
        v.to = edit_before(e, v.to);
    }
    return v;
}
