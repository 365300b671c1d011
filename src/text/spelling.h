/* spelling.h: loanwords as people spell them: 컨텐츠 for 콘텐츠, 메세지 for 메시지. */
#ifndef FR_TEXT_SPELLING_H
#define FR_TEXT_SPELLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FR_SPELLINGS 6u

/* Other syllables that a loanword may have in place of this one, at most FR_SPELLINGS; how many.
 * From the notes on common mistakes in the National Institute of Korean Language's loanword rules:
 * ㅓ/ㅗ, ㅔ/ㅣ, ㅐ/ㅔ, ㅏ/ㅓ behind certain consonants; no ㅑㅕㅛㅠ behind ㅈㅊ; no ㅟ behind ㅅ;
 * no tense consonants (looked at only where a word begins). */
size_t fr_spelling_others(uint32_t syllable, bool first, uint16_t out[FR_SPELLINGS]);

#endif
