/* piece.h: where long texts are cut, so that each piece is analyzed by itself. The text alone
 * decides: what a piece gives is the same wherever it is analyzed. */
#ifndef FR_TEXT_PIECE_H
#define FR_TEXT_PIECE_H

#include <stdbool.h>
#include <stddef.h>

#define FR_PIECE_BYTES (64u << 10) /* at the most */

/* What is before a piece. */
enum fr_cut {
    FR_CUT_NONE,   /* nothing: the text begins */
    FR_CUT_GAP,    /* a line or a sentence ends */
    FR_CUT_SPACE,  /* a word ends, but no sentence */
    FR_CUT_INSIDE, /* a syllable of the run that goes on */
    FR_CUT_APART   /* anything: there was no better place */
};

/* The first piece of a text that is cut into pieces of at most `most` bytes, 64 at the least: its
 * length, and what it is for the piece behind it. */
size_t fr_piece_end(const char *text, size_t len, size_t most, enum fr_cut *cut);

/* Bytes of the character behind a piece that was cut inside a run. */
size_t fr_piece_ahead(const char *text, size_t len, size_t end, enum fr_cut cut);

/* Of a text the piece [begin, end), and the character behind it if that is of its run. */
struct fr_piece {
    size_t begin, end, ahead;
    enum fr_cut before, behind;
};

/* Moves on to the next piece, from {0} to the first one; false: there is none. */
bool fr_piece_next(const char *text, size_t len, size_t most, struct fr_piece *piece);

#endif
