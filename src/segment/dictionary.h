/* dictionary.h: terms ↔ ordinals. Pairs come first, by key; then words, by class and bytes. */
#ifndef FR_SEGMENT_DICTIONARY_H
#define FR_SEGMENT_DICTIONARY_H

#include "base/bytes.h"
#include "base/vector.h"
#include "segment/external_sort.h"
#include "segment/front_coding.h"

/* In section pair_first or pair_by_last: where the pairs with this first, or last, code begin. */
struct fr_pair_group {
    uint32_t code, place;
};
FR_VECTOR_TYPE(fr_pair_groups, struct fr_pair_group);

/* ---- writing: keys ascend ---- */
struct fr_dictionary_writer {
    struct fr_segment_writer *out;
    struct fr_pair_groups firsts;    /* of each first code; places are ordinals */
    FR_VECTOR(uint32_t) first_df;    /* of the same */
    struct fr_external_sort by_last; /* pairs by their second code; numbers are ordinals */
    uint32_t latest;                 /* key */
    struct fr_list_writer words;
};
void fr_dictionary_writer_init(struct fr_dictionary_writer *w, struct fr_segment_writer *out);
void fr_dictionary_writer_deinit(struct fr_dictionary_writer *w);
void fr_dictionary_writer_pair(struct fr_dictionary_writer *w, uint32_t key, uint32_t df);
void fr_dictionary_writer_word(struct fr_dictionary_writer *w, uint8_t term_class,
                               const uint8_t *bytes, size_t len);
frai_status fr_dictionary_writer_finish(struct fr_dictionary_writer *w, frai_error *err);

/* ---- reading ---- */
#define FR_NO_TERM UINT32_MAX

/* The ordinal of a term, FR_NO_TERM if the segment has none. */
frai_status fr_dictionary_pair(const struct fr_segment *seg, uint32_t key, uint32_t *ordinal,
                               frai_error *err);
frai_status fr_dictionary_word(const struct fr_segment *seg, uint8_t term_class, const char *bytes,
                               size_t len, uint32_t *ordinal, frai_error *err);

/* The number of the first word (of stats.word_terms) that is not below the class and bytes. */
frai_status fr_dictionary_word_seek(const struct fr_segment *seg, uint8_t term_class,
                                    const char *bytes, size_t len, uint32_t *number,
                                    frai_error *err);

/* The ordinals of the pairs that begin with `first`; the lone syllable, if it is a term, is the
 * first of them. */
frai_status fr_dictionary_first(const struct fr_segment *seg, uint16_t first,
                                struct fr_span *ordinals, frai_error *err);

/* Of those, the ones whose second character is in [low, high]. */
frai_status fr_dictionary_first_range(const struct fr_segment *seg, uint16_t first, uint16_t low,
                                      uint16_t high, struct fr_span *ordinals, frai_error *err);

FR_VECTOR_TYPE(fr_ordinals, uint32_t);

/* Appends the ordinals of those that say where `first` stands, each place once: of pairs
 * with a second character, and with what is from `mark` to FR_PAIR_READING. */
frai_status fr_dictionary_beginning(const struct fr_segment *seg, uint16_t first, uint16_t mark,
                                    struct fr_ordinals *ordinals, frai_error *err);

/* The document frequencies of all pairs that begin with `first`, summed (at most 2^32 - 1): how
 * often another syllable follows. 0 if none does. */
frai_status fr_dictionary_first_df(const struct fr_segment *seg, uint16_t first, uint32_t *df,
                                   frai_error *err);

/* Appends the ordinals of pairs that end with `last`. */
frai_status fr_dictionary_last(const struct fr_segment *seg, uint16_t last,
                               struct fr_ordinals *ordinals, frai_error *err);

/* The term behind an ordinal: a pair (true, *key) or a word (false, word holds class then bytes).
 */
frai_status fr_dictionary_term(const struct fr_segment *seg, uint32_t ordinal, bool *is_pair,
                               uint32_t *key, struct fr_buf *word, frai_error *err);

#endif
