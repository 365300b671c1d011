/* number.h: what numbers and dates written in Korean text are worth. */
#ifndef FR_TEXT_NUMBER_H
#define FR_TEXT_NUMBER_H

#include <stdbool.h>

#include "text/fold.h"

#define FR_NUMBER_TEXT 24u

/* What begins at a digit: its value as canonical text, and where it ends. */
struct fr_number {
    size_t end; /* code points; behind the last character that counts */
    char text[FR_NUMBER_TEXT];
    unsigned len;
};

/* 3억8500만, 3억 8,500만, 3.85억, 1천90억, 1만5000 → "385000000", … A number without one of
 * 십백천만억조 has no value beyond its digits: false. */
bool fr_number_value(const struct fr_folded *cps, size_t from, size_t count, struct fr_number *n);

/* 2025년 2월 10일, 2025.02.10, 2025. 2. 10, 2025-2-10, 2025/02/10 → "2025-02-10". */
bool fr_number_date(const struct fr_folded *cps, size_t from, size_t count, struct fr_number *n);

/* 010-1234-5678 → "01012345678": three groups of digits or more, or seven digits or more. */
bool fr_number_joined(const struct fr_folded *cps, size_t from, size_t count, struct fr_number *n);

/* One of 십 백 천 만 억 조? */
bool fr_number_is_unit(uint32_t cp);

/* Where digits that begin at `from` end: 1,090 is one number, its commas groups of three digits;
 * a comma before any other count of digits separates. */
size_t fr_number_digits(const struct fr_folded *cps, size_t from, size_t count);

#endif
