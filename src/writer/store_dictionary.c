/* zstd trains on the first records of a chunk, about TRAINING_BYTES of them. */
#include "writer/store_dictionary.h"

#include "base/compress.h"
#include "segment/documents.h"

#define DICTIONARY_BYTES   (112u << 10)
#define TRAINING_BYTES     (2u << 20)
#define TRAINING_MIN_BYTES (64u << 10)
#define SAMPLE_BYTES       2048u /* of a long document */

frai_status fr_store_dictionary_borrow(struct fr_buf *dictionary, struct fr_segment *seg,
                                       frai_error *err)
{
    const struct fr_section *dict = &seg->sections[FR_SECTION_STORE_DICT];
    if (!fr_segment_verify_range(seg, dict->data, dict->len) || dict->len > DICTIONARY_BYTES)
        return fr_segment_damaged(seg, "store_dict", err);
    fr_buf_put(dictionary, dict->data, (size_t)dict->len);
    return dictionary->failed ? fr_fail_memory(err, "building") : FRAI_OK;
}

frai_status fr_store_dictionary_learn(struct fr_buf *dictionary, const struct fr_chunk *chunk,
                                      frai_error *err)
{
    if (chunk->records.bytes.len < TRAINING_MIN_BYTES) return FRAI_OK;
    FR_VECTOR(size_t) sizes;
    fr_buf_init(&sizes.buf, dictionary->mem);
    size_t bytes = 0;
    size_t all = chunk->is_part ? chunk->part_bytes / SAMPLE_BYTES : chunk->docs;
    for (size_t i = 0; i < all && bytes < TRAINING_BYTES; i++) {
        size_t len = chunk->is_part ? SAMPLE_BYTES : fr_vec_at(&chunk->records.lengths, i);
        fr_vec_push(&sizes, len);
        bytes += len;
    }
    frai_status status = FRAI_OK;
    size_t most = bytes / 16 < DICTIONARY_BYTES ? bytes / 16 : DICTIONARY_BYTES;
    if (sizes.buf.failed || !fr_buf_room(dictionary, DICTIONARY_BYTES))
        status = fr_fail_memory(err, "building");
    else
        dictionary->len = fr_compress_train(dictionary->data, most, chunk->records.bytes.data,
                                            fr_vec_data(&sizes), (unsigned)fr_vec_count(&sizes));
    fr_buf_deinit(&sizes.buf);
    return status;
}
