/* hanyang.h: the private-use codes by which Hanyang's and Hancom's word processors wrote old
 * Hangul, as the conjoining letters that they stand for. */
#ifndef FR_TEXT_HANYANG_H
#define FR_TEXT_HANYANG_H

#include <stddef.h>
#include <stdint.h>

#define FR_HANYANG_FIRST   0xE0BCu
#define FR_HANYANG_LAST    0xF8F7u
#define FR_HANYANG_LETTERS 3u

/* The letters of a code, fillers among them, in the order of a syllable; those after the last are
 * 0. NULL: it is no such code. Source: the table of hypua 0.2.0. */
const uint16_t *fr_hanyang_letters(uint32_t cp);

#endif
