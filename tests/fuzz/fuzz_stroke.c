/* SPDX-License-Identifier: MIT
 *
 * Whatever a terminal sends, in whatever pieces and with whatever lulls: there
 * is room for more, a stroke keeps its bounds, and without lulls the pieces
 * make no difference. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "base/must.h"
#include "screen/stroke.h"

/* A sum over strokes that two ways of feeding must agree in. */
static uint64_t taken(struct strokes *s, uint64_t sum)
{
    struct stroke k = {.row = 0};

    while (strokes_next(s, &k)) {
        sum = sum * 31 + k.kind;
        switch (k.kind) {
        case STROKE_CHAR:
            MUST(k.cp <= 0x10ffff);
            sum = sum * 31 + k.cp;
            break;
        case STROKE_SEQUENCE:
            MUST(memchr(k.bytes, '\0', sizeof k.bytes) != NULL);
            MUST(k.bytes[0] == '\033' || k.bytes[0] == '\0');
            MUST(strncmp(k.bytes, "\033[<", 3) != 0);
            sum = sum * 31 + strlen(k.bytes);
            break;
        case STROKE_MOUSE:
            MUST(k.row >= 0 && k.row < 99999 && k.col >= 0 && k.col < 99999);
            sum = sum * 31 + (uint64_t)k.mouse * 7 + (uint64_t)k.row * 3 +
                  (uint64_t)k.col;
            break;
        }
    }
    MUST(strokes_room(s) > 0);
    return sum;
}

static uint64_t fed(const uint8_t *data, size_t n, size_t piece, bool lulls)
{
    struct strokes s;
    uint64_t sum = 0;

    strokes_init(&s);
    while (n > 0) {
        size_t room = strokes_room(&s), part = piece < n ? piece : n;

        part = part < room ? part : room;
        strokes_add(&s, (const char *)data, part);
        sum = taken(&s, sum);
        if (lulls && strokes_wait(&s)) {
            strokes_lull(&s);
            sum = taken(&s, sum);
        }
        data += part;
        n -= part;
    }
    return sum;
}

int fuzz_one(const uint8_t *data, size_t n)
{
    size_t piece;

    for (piece = 1; piece <= 4; piece++) {
        MUST(fed(data, n, piece, false) == fed(data, n, 1000, false));
        (void)fed(data, n, piece, true);
    }
    return 0;
}
