/* SPDX-License-Identifier: MIT
 *
 * term_key - keys as curses reads them, made into ours (screen/keymap.h). A
 * part of term. */
#ifndef SCREEN_TERM_KEY_H
#define SCREEN_TERM_KEY_H

#include <stdbool.h>
#include <stdint.h>

/* After newterm: learns the codes that stand around what is pasted. */
void term_key_init(void);
/* The next key that is known here; false when there is none yet. */
bool term_key_read(uint32_t *key);

#endif
