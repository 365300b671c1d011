/* A table by code: the codes follow no rule. It is that of the crate hypua, in the public domain by
 * the Unlicense; KTUG's Hanyang PUA table project has collected the codes. */
#include "text/hanyang.h"

#define INDEX(code) ((code)-FR_HANYANG_FIRST)

static const uint16_t table[INDEX(FR_HANYANG_LAST) + 1][FR_HANYANG_LETTERS] = {
#include "text/hanyang_table.inc"
};

const uint16_t *fr_hanyang_letters(uint32_t cp)
{
    if (cp < FR_HANYANG_FIRST || cp > FR_HANYANG_LAST) return NULL;
    const uint16_t *letters = table[INDEX(cp)];
    return letters[0] ? letters : NULL;
}
