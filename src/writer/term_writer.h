/* term_writer.h: terms with their postings, one after another → the dictionary and the postings of
 * a segment. They are put into batches, which a thread of the encoder's own writes, if it has one.
 */
#ifndef FR_WRITER_TERM_WRITER_H
#define FR_WRITER_TERM_WRITER_H

#include "segment/segment_writer.h"

struct fr_term_writer;

/* norms, widths: by document. threads: 2 or more for a thread of its own. NULL: out of memory. */
struct fr_term_writer *fr_term_writer_create(struct fr_segment_writer *out, const uint8_t *norms,
                                             const uint8_t *widths, uint32_t threads);
void fr_term_writer_destroy(struct fr_term_writer *e);

/* The next posting of the term to come: room for its tf positions, or NULL: out of memory. The
 * order is that of fr_postings_writer_add. */
uint32_t *fr_term_writer_add(struct fr_term_writer *e, uint32_t doc, uint32_t tf);

/* The term whose postings came; nothing if none did. Terms ascend: pairs, then words. */
void fr_term_writer_begin_pair(struct fr_term_writer *e, uint32_t key);
void fr_term_writer_begin_word(struct fr_term_writer *e, uint8_t term_class, const uint8_t *bytes,
                               size_t len);

/* When all is written; nothing may be added then. */
frai_status fr_term_writer_finish(struct fr_term_writer *e, frai_error *err);

#endif
