/* keyboard.h: what was typed with the other layout on (두벌식 and QWERTY). */
#ifndef FR_TEXT_KEYBOARD_H
#define FR_TEXT_KEYBOARD_H

#include "base/memory.h"

/* altmxmfkf → 미스트랄: Latin letters as 두벌식 keys, composed as an input method composes them.
 * False if some letter is no key, or not all of them make syllables. Appends UTF-8. */
bool fr_keyboard_to_hangul(const char *text, size_t len, struct fr_buf *out);

/* ㄹㄱ두초 → french: syllables and letters as the keys that type them. False if anything else is
 * in the text. Appends ASCII. */
bool fr_keyboard_to_latin(const char *text, size_t len, struct fr_buf *out);

#endif
