/* term_writer.h: writes the dictionary and the postings of a segment, term by term. Terms are
 * collected in batches; if it may, the writer encodes them in a thread of its own. */
#ifndef FR_WRITER_TERM_WRITER_H
#define FR_WRITER_TERM_WRITER_H

#include "segment/postings_writer.h"

struct fr_term_writer;

/* norms, widths: of each document. With 2 threads or more it has one of its own. NULL: out of
 * memory. */
struct fr_term_writer *fr_term_writer_create(struct fr_segment_writer *out, const uint8_t *norms,
                                             const uint8_t *widths, uint32_t threads);
void fr_term_writer_destroy(struct fr_term_writer *e);

/* Adds a posting of the next term, and returns room for its tf positions; NULL: out of memory.
 * Postings come in the order of fr_postings_writer_add. */
uint32_t *fr_term_writer_add(struct fr_term_writer *e, uint32_t doc, uint32_t tf);

/* The same with more than FR_POSTING_LONG positions, which come behind in portions of so many at
 * the most. */
void fr_term_writer_begin_long(struct fr_term_writer *e, uint32_t doc, uint32_t tf);
uint32_t *fr_term_writer_more(struct fr_term_writer *e, uint32_t count);

/* Ends the term whose postings were added; without postings it is left out. Terms ascend: pairs,
 * then words. */
void fr_term_writer_begin_pair(struct fr_term_writer *e, uint32_t key);
void fr_term_writer_begin_word(struct fr_term_writer *e, uint8_t term_class, const uint8_t *bytes,
                               size_t len);

/* Waits until everything is written. Nothing may be added afterwards. */
frai_status fr_term_writer_finish(struct fr_term_writer *e, frai_error *err);

#endif
