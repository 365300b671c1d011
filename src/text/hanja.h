/* hanja.h: how Korean reads Han characters. */
#ifndef FR_TEXT_HANJA_H
#define FR_TEXT_HANJA_H

#include <stddef.h>
#include <stdint.h>

#define FR_HANJA_READINGS 8u

/* Readings of a Han character as syllables, those that the law of initials (두음법칙) gives at a
 * word's start among them: 女 → 녀, 여. Returns how many. Source: Unihan, kHangul. */
size_t fr_hanja_readings(uint32_t han, uint16_t out[FR_HANJA_READINGS]);

/* What newspapers write in one Han character: 佛 for 프랑스. */
struct fr_news_hanja {
    uint16_t han;
    const char *word; /* UTF-8 */
};
extern const struct fr_news_hanja fr_news_hanja[];
extern const size_t fr_news_hanja_count;

#endif
