/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/stroke.h"

#include <string.h>

#include "base/must.h"
#include "base/text.h"

#define STROKE_ESC '\033'
/* What reports begin with. */
#define REPORT_SGR "\033[<"

enum {
    REPORT_BEGIN = sizeof REPORT_SGR - 1,
    REPORT_MAX = 32,   /* bytes of a report that makes sense */
    REPORT_DIGITS = 5, /* of a number in it */
    REPORT_OLD = 6,    /* bytes of one without SGR: ESC [ M b x y */
    REPORT_OLD_ZERO = 32,
    REPORT_MODIFIERS = 4 | 8 | 16, /* Shift, Alt, Ctrl: no matter */
    REPORT_WHEEL = 64,
};

/* What was made of the bytes at the front. */
enum made {
    MADE_STROKE,
    MADE_NOTHING, /* they are gone, and were no stroke */
    MADE_WAIT     /* more are needed */
};

void strokes_init(struct strokes *s)
{
    memset(s, 0, sizeof *s);
}

size_t strokes_room(const struct strokes *s)
{
    return sizeof s->held - s->n;
}

void strokes_add(struct strokes *s, const char *bytes, size_t n)
{
    MUST(n <= strokes_room(s));
    memcpy(s->held + s->n, bytes, n);
    s->n += n;
}

/* Takes n bytes away at the front. */
static void strokes_drop(struct strokes *s, size_t n)
{
    memmove(s->held, s->held + n, s->n - n);
    s->n -= n;
    s->lull = 0;
    s->broken = false;
}

static enum made stroke_char(struct strokes *s, struct stroke *out, size_t n,
                             uint32_t cp)
{
    out->kind = STROKE_CHAR;
    out->cp = cp;
    strokes_drop(s, n);
    return MADE_STROKE;
}

static unsigned char strokes_at(const struct strokes *s, size_t i)
{
    return (unsigned char)s->held[i];
}

/* How many bytes a character that begins so has. */
static size_t stroke_utf8(unsigned char first)
{
    return first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static enum made strokes_plain(struct strokes *s, struct stroke *out)
{
    uint32_t cp = 0;
    size_t used = text_next(s->held, s->n, &cp);

    if (used == 1 && strokes_at(s, 0) >= 0x80) {
        if (s->n < stroke_utf8(strokes_at(s, 0)) && s->lull == 0) {
            return MADE_WAIT;
        }
        strokes_drop(s, 1); /* no character, so no key */
        return MADE_NOTHING;
    }
    return stroke_char(s, out, used, cp);
}

/* b as xterm has it. */
static bool stroke_button(struct stroke *out, unsigned b)
{
    b &= ~(unsigned)REPORT_MODIFIERS;
    if (b != 0 && b != REPORT_WHEEL && b != REPORT_WHEEL + 1) {
        return false; /* other buttons, motion */
    }
    out->kind = STROKE_MOUSE;
    out->mouse = b == 0              ? STROKE_CLICK
                 : b == REPORT_WHEEL ? STROKE_WHEEL_UP
                                     : STROKE_WHEEL_DOWN;
    return true;
}

/* A number within n bytes, and the byte behind it; false: there is none. */
static bool report_number(const char *bytes, size_t n, size_t *at,
                          unsigned *out)
{
    size_t begin = *at;

    for (*out = 0; *at < n && bytes[*at] >= '0' && bytes[*at] <= '9'; ++*at) {
        if (*at - begin == REPORT_DIGITS) {
            return false;
        }
        *out = *out * 10 + (unsigned)(bytes[*at] - '0');
    }
    return *at > begin;
}

/* "0;10;5M", n bytes. Releases end in 'm'. */
static bool report_parse(const char *bytes, size_t n, struct stroke *out)
{
    unsigned b, x, y;
    size_t at = 0;

    if (!report_number(bytes, n, &at, &b) || at >= n || bytes[at++] != ';' ||
        !report_number(bytes, n, &at, &x) || at >= n || bytes[at++] != ';' ||
        !report_number(bytes, n, &at, &y) || at + 1 != n || bytes[at] != 'M' ||
        x == 0 || y == 0) {
        return false;
    }
    out->col = (int)x - 1;
    out->row = (int)y - 1;
    return stroke_button(out, b);
}

/* A report is held until it ends: with its letter, or with what cannot stand
 * in any (a control character, and ESC with that). Letters that are none of
 * its are a part of it all the same, but after a lull, when the person has gone
 * on with keys. */
static enum made strokes_report(struct strokes *s, struct stroke *out)
{
    size_t i;

    for (i = REPORT_BEGIN; i < s->n; i++) {
        unsigned char c = strokes_at(s, i);

        if (c == 'M' || c == 'm') {
            bool ok = !s->broken && report_parse(s->held + REPORT_BEGIN,
                                                 i + 1 - REPORT_BEGIN, out);

            strokes_drop(s, i + 1);
            return ok ? MADE_STROKE : MADE_NOTHING;
        }
        if (c < 0x20 || c >= 0x7f ||
            (s->lull > 0 && i >= s->lull && c != ';' && (c < '0' || c > '9'))) {
            strokes_drop(s, i);
            return MADE_NOTHING;
        }
    }
    if (s->n > REPORT_MAX) {
        /* It may be as long as it likes: only its beginning is kept. */
        s->n = REPORT_BEGIN;
        s->lull = s->lull > 0 ? REPORT_BEGIN : 0;
        s->broken = true;
    }
    return MADE_WAIT;
}

/* Three bytes from 32 on behind ESC [ M. Places behind 223 do not fit in, and
 * come as anything. */
static enum made strokes_report_old(struct strokes *s, struct stroke *out)
{
    size_t i;
    bool ok;

    for (i = 3; i < REPORT_OLD; i++) {
        if (i == s->n) {
            return MADE_WAIT;
        }
        if (strokes_at(s, i) < REPORT_OLD_ZERO) {
            strokes_drop(s, i);
            return MADE_NOTHING;
        }
    }
    out->col = strokes_at(s, 4) - REPORT_OLD_ZERO - 1;
    out->row = strokes_at(s, 5) - REPORT_OLD_ZERO - 1;
    ok = out->col >= 0 && out->row >= 0 &&
         stroke_button(out, strokes_at(s, 3) - (unsigned)REPORT_OLD_ZERO);
    strokes_drop(s, REPORT_OLD);
    return ok ? MADE_STROKE : MADE_NOTHING;
}

static enum made stroke_sequence(struct strokes *s, struct stroke *out,
                                 size_t n)
{
    out->kind = STROKE_SEQUENCE;
    memset(out->bytes, 0, sizeof out->bytes);
    if (n < sizeof out->bytes) {
        memcpy(out->bytes, s->held, n);
    }
    strokes_drop(s, n);
    return MADE_STROKE;
}

/* ESC [ or ESC O, parameters, and a last byte (ECMA-48, 5.4); the keys F1 to F5
 * of the Linux console have a second '['. */
static enum made strokes_sequence(struct strokes *s, struct stroke *out)
{
    size_t i =
        strokes_at(s, 1) == '[' && s->n > 2 && strokes_at(s, 2) == '[' ? 3 : 2;

    for (; i < s->n && i < STROKE_BYTES_MAX; i++) {
        unsigned char c = strokes_at(s, i);

        if (c < 0x20 || c >= 0x7f) {
            return stroke_sequence(s, out, i); /* cut off */
        }
        if (c >= 0x40) {
            return stroke_sequence(s, out, i + 1);
        }
    }
    return i < STROKE_BYTES_MAX && s->lull == 0 ? MADE_WAIT
                                                : stroke_sequence(s, out, i);
}

static enum made strokes_escape(struct strokes *s, struct stroke *out)
{
    unsigned char second = s->n > 1 ? strokes_at(s, 1) : 0;

    if (s->n == 1 && s->lull == 0) {
        return MADE_WAIT;
    }
    if (s->n == 1 || (second != '[' && second != 'O')) {
        s->late = s->n == 1;
        return stroke_char(s, out, 1, STROKE_ESC);
    }
    if (s->n == 2 && s->lull == 0) {
        return MADE_WAIT;
    }
    if (s->n == 2 && second == 'O') {
        return stroke_char(s, out, 1, STROKE_ESC); /* typed one by one */
    }
    if (s->n == 2) {
        s->late = 2;
        return stroke_sequence(s, out, 2);
    }
    if (memcmp(s->held, REPORT_SGR, REPORT_BEGIN) == 0) {
        return strokes_report(s, out);
    }
    return second == '[' && s->held[2] == 'M' ? strokes_report_old(s, out)
                                              : strokes_sequence(s, out);
}

/* After a lull in the middle of a report's first bytes they have been taken for
 * keys; what follows is not, too. true: it is not known yet whether it does. */
static bool strokes_late(struct strokes *s)
{
    size_t late = (size_t)s->late, rest = REPORT_BEGIN - late;
    size_t n = s->n < rest ? s->n : rest;
    bool same = memcmp(s->held, &REPORT_SGR[late], n) == 0;

    if (same && s->n <= rest && s->lull == 0) {
        return true;
    }
    if (same && s->n > rest && s->held[rest] >= '0' && s->held[rest] <= '9' &&
        s->n + late <= sizeof s->held) {
        memmove(s->held + late, s->held, s->n);
        memcpy(s->held, REPORT_SGR, late);
        s->n += late;
        s->lull += s->lull > 0 ? late : 0;
    }
    s->late = 0;
    return false;
}

bool strokes_next(struct strokes *s, struct stroke *out)
{
    enum made made = MADE_NOTHING;

    while (s->n > 0 && made == MADE_NOTHING) {
        if (s->late > 0 && strokes_late(s)) {
            return false;
        }
        made = s->held[0] == STROKE_ESC ? strokes_escape(s, out)
                                        : strokes_plain(s, out);
    }
    return made == MADE_STROKE;
}

bool strokes_wait(const struct strokes *s)
{
    return s->n > 0 && s->lull != s->n;
}

void strokes_lull(struct strokes *s)
{
    s->lull = s->n;
}
