/* lexicon.h: what the corpus itself teaches: the stems of its 어절, names written in two scripts,
 * lines that it repeats. Strings in byte order, each with the number of documents that have it.
 * What deleted documents take from that is known where text is stored (segment/deletes.h), but of
 * lines.
 *
 *   미스트랄                     a stem
 *   미스트랄 <3>                 ... FR_NOUN_MARK behind: with a particle that only nouns have
 *   미스트랄 <1> mistral         FR_LEXICON_PAIR between: "미스트랄(Mistral)" was read, also the
 *   mistral <1> 미스트랄         other way round
 *   <2> ⓒ 무단전재 …            FR_LEXICON_LINE before: a line of one document in a hundred */
#ifndef FR_SEGMENT_LEXICON_H
#define FR_SEGMENT_LEXICON_H

#include "segment/external_sort.h"
#include "segment/front_coding.h"
#include "text/analyzer.h"

#define FR_LEXICON_PAIR 1
#define FR_LEXICON_LINE 2

/* The text of a repeated line's term (class FR_TERM_LINE): its hash in hexadecimal. */
#define FR_LINE_NAME_BYTES 16u
void fr_line_name(const void *line, size_t len, char name[FR_LINE_NAME_BYTES]);

/* ... of a title's term (class FR_TERM_TITLE): the first digits of its letters' (text/title.h). */
#define FR_TITLE_NAME_BYTES 12u

/* ---- writing: strings ascend ---- */
struct fr_lexicon_writer {
    struct fr_segment_writer *out;
    struct fr_list_writer strings;
    struct fr_external_sort initials; /* of every stem: initials, documents, number */
    struct fr_spill_buffer names;     /* uint64_t hashes of what stands before FR_LEXICON_PAIR */
};
void fr_lexicon_writer_init(struct fr_lexicon_writer *w, struct fr_segment_writer *out);
void fr_lexicon_writer_deinit(struct fr_lexicon_writer *w);
void fr_lexicon_writer_add(struct fr_lexicon_writer *w, const uint8_t *word, size_t len,
                           uint64_t docs);
frai_status fr_lexicon_writer_finish(struct fr_lexicon_writer *w, frai_error *err);

/* ---- reading ---- */

/* The first string that is not below `key`; lexicon_words of the segment if none. */
frai_status fr_lexicon_seek(const struct fr_segment *seg, frai_slice key, uint32_t *number,
                            frai_error *err);

/* String `number` into word (cleared first). docs: that live, as far as it is known; may be 0. */
frai_status fr_lexicon_read(const struct fr_segment *seg, uint32_t number, struct fr_buf *word,
                            uint64_t *docs, frai_error *err);

/* Documents that have the string; 0 if it is not in the lexicon. */
frai_status fr_lexicon_docs(const struct fr_segment *seg, frai_slice key, struct fr_buf *scratch,
                            uint64_t *docs, frai_error *err);

/* Is the string a stem with the mark of nouns? */
static inline bool fr_lexicon_is_marked(const struct fr_buf *string)
{
    return string->len && string->data[string->len - 1] == FR_NOUN_MARK;
}

/* Documents that have a stem, and those where it shows that it is a noun. */
struct fr_stem_docs {
    uint64_t all, noun;
};

/* Adds a segment's. */
frai_status fr_lexicon_stem(const struct fr_segment *seg, frai_slice stem, struct fr_buf *scratch,
                            struct fr_stem_docs *docs, frai_error *err);

/* False: no string of the lexicon begins with `key` and FR_LEXICON_PAIR. True: one may. */
bool fr_lexicon_may_name(const struct fr_segment *seg, frai_slice key);

/* First consonants of syllables in 5 bits each, the first highest; longer words are cut. */
#define FR_INITIALS_MAX      12u
#define FR_INITIALS_SHIFT(i) (5u * (FR_INITIALS_MAX - 1 - (i)))

/* Stems whose initials are in [low, high]: their places in the order by initials, in which of equal
 * ones the stem of most documents comes first. Needs low and high of at most FR_INITIALS_MAX. */
frai_status fr_lexicon_initials(const struct fr_segment *seg, uint64_t low, uint64_t high,
                                struct fr_buf *scratch, struct fr_span *places, frai_error *err);
/* The number of the string at a place of that order. */
frai_status fr_lexicon_at_place(const struct fr_segment *seg, uint32_t place, uint32_t *number,
                                frai_error *err);

#endif
