/* Decodes every block of every section of a segment, and holds numbers against each other. */
#include "index/verify.h"

#include "segment/columns.h"
#include "segment/dictionary.h"
#include "segment/documents.h"
#include "segment/field_ends.h"
#include "segment/lengths.h"
#include "segment/postings.h"
#include "segment/postings_writer.h"
#include "segment/store.h"
#include "text/analyzer.h"

static frai_status check_terms(const struct fr_segment *seg, frai_error *err)
{
    struct fr_buf word;
    struct fr_positions positions;
    fr_buf_init(&word, seg->mem);
    fr_buf_init(&positions.buf, seg->mem);
    frai_status status = FRAI_OK;
    uint32_t terms = seg->stats.pair_terms + seg->stats.word_terms;
    uint64_t postings = 0, walked = 0;
    struct fr_postings_walk walk = {.seg = seg};
    for (uint32_t t = 0; t < terms && status == FRAI_OK; t++) {
        bool is_pair;
        uint32_t key, docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8];
        struct fr_postings p;
        status = fr_dictionary_term(seg, t, &is_pair, &key, &word, err);
        if (status == FRAI_OK) status = fr_postings_next(&walk, &p, err);
        for (uint32_t b = 0; status == FRAI_OK && b < p.blocks; b++) {
            uint32_t n = 0;
            fr_buf_clear(&positions.buf);
            struct fr_position_list list; /* a long one is only looked up */
            if (!fr_postings_decode(&p, b, docs, tfs, &n) ||
                (n && !(tfs[n - 1] > FR_POSTING_LONG
                            ? fr_postings_position_list(&p, b, docs, tfs, n - 1, &list)
                            : fr_postings_positions(&p, b, docs, tfs, n - 1, &positions))))
                status = fr_segment_damaged(seg, "postings", err);
            if (positions.buf.failed) status = fr_fail_memory(err, "reading the index");
            fr_segment_account_scan(seg, &walked, n * 8 + positions.buf.len);
            if (is_pair ? fr_pair_is_text(key) : fr_term_is_text(word.data[0])) postings += n;
        }
    }
    if (status == FRAI_OK && postings != seg->stats.postings)
        status = fr_segment_damaged(seg, "count of postings", err);
    fr_buf_deinit(&word);
    fr_buf_deinit(&positions.buf);
    return status;
}

static frai_status check_documents(const struct fr_segment *seg, frai_error *err)
{
    bool korean = seg->stats.analyzer == FR_ANALYZER_KOREAN;
    uint32_t bounds = seg->stats.text_fields - 1;
    struct fr_buf id;
    struct fr_lengths_reader lengths = {.seg = seg};
    uint64_t tokens = 0, walked = 0, blocks = 0;
    FR_VECTOR(uint32_t) field_ends;
    struct fr_store_reader store;
    fr_buf_init(&id, seg->mem);
    fr_buf_init(&field_ends.buf, seg->mem);
    frai_status status = FRAI_OK;
    fr_store_reader_init(&store, seg, seg->mem);
    uint32_t *ends = fr_vec_reserve(&field_ends, bounds);
    if (!ends) status = fr_fail_memory(err, "reading the index");
    for (uint32_t d = 0; d < seg->stats.docs && status == FRAI_OK; d++) {
        struct fr_eojeols eojeols;
        uint32_t length = 0;
        status = fr_document_id(seg, d, &id, err);
        if (status == FRAI_OK) status = fr_lengths_read(&lengths, d, &length, err);
        tokens += length;
        if (status == FRAI_OK) status = fr_store_check(&store, d, err);
        fr_segment_account_scan(seg, &walked, (store.blocks_read - blocks) * FR_STORE_BLOCK_BYTES);
        blocks = store.blocks_read;
        if (status == FRAI_OK && korean) status = fr_eojeols_read(seg, d, &eojeols, err);
        if (status == FRAI_OK) status = fr_field_ends_read(seg, d, bounds, ends, err);
    }
    if (status == FRAI_OK && tokens != seg->stats.tokens)
        status = fr_segment_damaged(seg, "sum of lengths", err);
    fr_store_reader_deinit(&store);
    fr_buf_deinit(&id);
    fr_buf_deinit(&field_ends.buf);
    return status;
}

frai_status fr_verify_segment(const struct fr_segment *seg, frai_error *err)
{
    FR_TRY(fr_segment_check(seg, err));
    FR_TRY(check_terms(seg, err));
    FR_TRY(check_documents(seg, err));
    struct fr_columns columns;
    FR_TRY(fr_columns_open(&columns, seg, err));
    fr_columns_close(&columns);
    return FRAI_OK;
}
