/* amount.h: what amounts in a text are indexed as besides their digits and units: their value, that
 * of their parts, and the first end of a range with the unit that stands behind the second. */
#ifndef FR_TEXT_AMOUNT_H
#define FR_TEXT_AMOUNT_H

#include "text/analyzer.h"
#include "text/mark.h"
#include "text/number.h"

/* Before what is a part of a number as it is written: 3억 in 3억8500만, 2천 in "7만 2천". */
#define FR_AMOUNT_PART       '<'
#define FR_AMOUNT_PART_BYTES FR_WORD_MAX_BYTES

/* Syllables of a unit that are told apart: 개, 개월, 개월간. */
#define FR_AMOUNT_UNIT 4u

/* A number with units, a date or joined digits, that the runs being read belong to. */
struct fr_amount {
    struct fr_number number;
    size_t from;
    uint32_t first_position;
    uint8_t term_class;
    bool has_parts;
};

/* Digits begin at character i: with what is behind them they may be one of these. */
void fr_amount_find(struct fr_amount *m, const struct fr_folded *cps, size_t i, size_t count,
                    uint32_t position);

/* The run, its first position given, is of the number: puts what ends in it. */
void fr_amount_put(struct fr_analyzer *a, const struct fr_amount *m, const struct fr_folded *cps,
                   struct fr_run run, uint32_t position);

/* The term of the part [from, end): without commas and spaces; its length, 0 if it is too long. */
size_t fr_amount_part(const struct fr_folded *cps, size_t from, size_t end,
                      char text[FR_AMOUNT_PART_BYTES]);

/* Do digits at i go on a number, behind a point or a unit? */
bool fr_amount_is_inner(const struct fr_amount *m, const struct fr_folded *cps, size_t i);

/* Digits, with a point before them or not, that a sign of percent follows: 2.5% for 2.50%. */
void fr_amount_put_percent(struct fr_analyzer *a, const struct fr_folded *cps, struct fr_run run,
                           uint32_t position);

/* The run of Hangul or letters may be the unit of a range, 10~15개월: puts 10개 and 10개월. */
void fr_amount_put_range(struct fr_analyzer *a, const struct fr_folded *cps, struct fr_run run,
                         uint32_t position);

/* How many characters at i say percent, with a space before them; 0: none do. */
size_t fr_amount_percent(const struct fr_folded *cps, size_t i, size_t count);

#endif
