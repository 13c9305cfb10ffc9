/* SPDX-License-Identifier: MIT
 *
 * stroke - what a terminal sends, byte by byte in pieces of any size, made into
 * strokes: characters, sequences of keys, reports of the mouse. Pure C: it
 * neither reads nor waits.
 *
 * Reports are parsed here and not by curses: its own mouse reads the rest of a
 * report with further calls of read(), whatever came so far, and hands out as
 * keys what it makes nothing of; a description of a terminal may have no mouse
 * although the terminal does; and it asks a terminal for a mouse by itself,
 * past those who give the terminal back. Here a report that was cut off, that
 * is too long or makes no sense is dropped whole: nothing of it is a key.
 *
 * Formats: xterm's control sequences, "Mouse Tracking": SGR (1006), which is
 * asked for, and the one of 1000 alone, which a terminal without SGR sends. */
#ifndef SCREEN_STROKE_H
#define SCREEN_STROKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STROKE_BYTES_MAX = 64,   /* longest sequence that is looked at */
    STROKES_HELD_MAX = 1024, /* bytes that wait to be made into strokes */
};

enum stroke_kind { STROKE_CHAR, STROKE_SEQUENCE, STROKE_MOUSE };
/* A press of the left button, or a notch of the wheel. All else that a mouse
 * does is no stroke. */
enum stroke_mouse { STROKE_CLICK, STROKE_WHEEL_UP, STROKE_WHEEL_DOWN };

struct stroke {
    enum stroke_kind kind;
    uint32_t cp;                  /* STROKE_CHAR; also ESC */
    char bytes[STROKE_BYTES_MAX]; /* STROKE_SEQUENCE: ESC and the rest; ends in
                                     NUL; "" = longer than any key's */
    enum stroke_mouse mouse;      /* STROKE_MOUSE */
    int row, col;                 /* the same, from 0; at most 99998 */
};

struct strokes {
    char held[STROKES_HELD_MAX];
    size_t n;
    size_t lull; /* so many bytes came before the last lull; 0 = no lull */
    int late;    /* bytes of a report's beginning that a lull made keys of */
    bool broken; /* the report that is being held is none any more */
};

/* How people call the key that sends a sequence: "F5", "Ctrl-↑"; of one that is
 * not known, what it sends: "Esc [5;7z". Returns buf. */
const char *stroke_name(const struct stroke *s, char *buf, size_t size);

void strokes_init(struct strokes *s);
/* How many bytes can be added now; never 0 once strokes_next returned false. */
size_t strokes_room(const struct strokes *s);
/* At most strokes_room bytes. */
void strokes_add(struct strokes *s, const char *bytes, size_t n);
/* The next stroke; false: what is held is not a whole one. */
bool strokes_next(struct strokes *s, struct stroke *out);
/* After strokes_next returned false: could what is held be a key if nothing
 * follows soon? strokes_lull then says that nothing did. */
bool strokes_wait(const struct strokes *s);
void strokes_lull(struct strokes *s);

#endif
