/* units.h: the units that documents and postings are worked on in, from small to large.
 *
 *   range     64 documents         a word of bits; a dense term has a maximum for each
 *   block     128 postings         packed together, of a term that is not dense
 *   row       4,096 documents      64 ranges; a dense term has an entry for each
 *   window    16,384 documents     matched together, in arrays of bits of 2 KiB */
#ifndef FR_BASE_UNITS_H
#define FR_BASE_UNITS_H

#define FR_RANGE_DOCS  64u
#define FR_BLOCK       128u
#define FR_ROW_DOCS    4096u
#define FR_WINDOW_DOCS 16384u

_Static_assert(FR_ROW_DOCS == 64 * FR_RANGE_DOCS, "the ranges of a row are a word of bits");
_Static_assert(FR_WINDOW_DOCS % FR_ROW_DOCS == 0, "windows are whole rows");

#endif
