/* front_coding.h: the lists of strings of a segment: words, ids, and the lexicon. A string is
 * stored as the bytes that differ from the one before. Strings are decoded from the beginning of
 * their group; an index section has the offset of every group. */
#ifndef FR_SEGMENT_FRONT_CODING_H
#define FR_SEGMENT_FRONT_CODING_H

#include "segment/segment.h"
#include "segment/segment_writer.h"

enum fr_string_list { FR_LIST_WORDS, FR_LIST_IDS, FR_LIST_LEXICON };

/* ---- writing ---- */

struct fr_list_writer {
    struct fr_spill_buffer *strings, *index;
    struct fr_buf previous;
    uint32_t group, count; /* strings of a group; strings written */
};
void fr_list_writer_init(struct fr_list_writer *w, enum fr_string_list list,
                         struct fr_segment_writer *out);
void fr_list_writer_deinit(struct fr_list_writer *w);

/* Appends a string. A failure shows in the sections. */
void fr_list_writer_add(struct fr_list_writer *w, const uint8_t *bytes, size_t len);

/* String `number` of those written so far, into out (cleared first). */
frai_status fr_list_writer_read(struct fr_list_writer *w, uint32_t number, struct fr_buf *out,
                                frai_error *err);

/* ---- reading ---- */

/* String `number` into out (cleared first). */
frai_status fr_list_read(const struct fr_segment *seg, enum fr_string_list list, uint32_t number,
                         struct fr_buf *out, frai_error *err);

/* Of a list whose strings ascend: the number of the first that is not below `key`, or of all
 * strings if none is. `string` then holds that string, or another that is not equal to the key. */
frai_status fr_list_seek(const struct fr_segment *seg, enum fr_string_list list, frai_slice key,
                         uint32_t *number, struct fr_buf *string, frai_error *err);

#endif
