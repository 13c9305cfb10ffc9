/* SPDX-License-Identifier: MIT
 *
 * tape - bytes on their way to a terminal, a file or a pipe, looked through for
 * what nobody but the program itself may say to a terminal. */
#ifndef TESTS_SUPPORT_TAPE_H
#define TESTS_SUPPORT_TAPE_H

#include <stddef.h>

enum tape {
    TAPE_DATA,    /* for programs: names as they are, in UTF-8 */
    TAPE_TEXT,    /* no escape sequence at all */
    TAPE_COLOURS, /* such as set colours */
    TAPE_SCREEN,  /* what curses needs: cursor, erasing, modes of its own */
};

/* Where the first byte is that may not be there: control characters (but \n, \t
 * and \r), sequences of other kinds, C1, bytes that are not UTF-8, what is
 * invisible or turns the direction of writing. NULL: nowhere. */
const char *tape_fault(const char *bytes, size_t n, enum tape kind);

#endif
