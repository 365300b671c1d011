/* The stored text of the documents is inverted again, as it was when they were added: of the run it
 * makes, how many documents each term has is what counts. */
#include "writer/lost_text.h"

#include "base/bytes.h"
#include "segment/lexicon.h"
#include "segment/store.h"
#include "writer/inverter.h"

#define PIECE_BYTES (1u << 20) /* of records that are inverted at once */

struct piece {
    const struct fr_segment *seg;
    struct fr_inverter inverter;
    struct fr_chunk chunk;
    struct fr_buf scratch;
    bool have_postings;
    struct fr_lost *lost;
};

/* How many documents the term has whose payload comes. */
static uint32_t payload_docs(struct fr_reader *r)
{
    uint32_t bytes = fr_read_u32(r), docs = fr_read_u32(r);
    fr_read_bytes(r, bytes - 4ull);
    return docs;
}

static void lose_postings(struct piece *p)
{
    const struct fr_buf *run = &p->chunk.run;
    struct fr_reader pairs = fr_reader_of(run->data, p->chunk.words_at),
                     words = fr_reader_of(run->data + p->chunk.words_at,
                                          p->chunk.lexicon_at - p->chunk.words_at);
    while (fr_reader_left(&pairs)) {
        uint32_t key = fr_read_u32(&pairs);
        fr_lost_pair(p->lost, key, payload_docs(&pairs));
    }
    while (fr_reader_left(&words)) {
        uint8_t term_class = fr_read_u8(&words);
        const uint8_t *length = fr_read_bytes(&words, 2);
        fr_read_bytes(&words, length ? fr_load16(length) : 0);
        fr_lost_word(p->lost, term_class, payload_docs(&words));
    }
}

/* From texts to numbers of the lexicon, which leaves some out. */
static frai_status lose_strings(struct piece *p, frai_error *err)
{
    const struct fr_chunk *c = &p->chunk;
    struct fr_reader r = fr_reader_of(c->run.data + c->lexicon_at, c->run.len - c->lexicon_at);
    while (fr_reader_left(&r)) {
        const uint8_t *length = fr_read_bytes(&r, 2);
        size_t len = length ? fr_load16(length) : 0;
        frai_slice string = {(const char *)fr_read_bytes(&r, len), len};
        uint32_t gone = fr_read_u32(&r), number;
        uint64_t docs;
        if (len == 0 || string.ptr[0] == FR_LEXICON_LINE) continue;
        FR_TRY(fr_lexicon_seek(p->seg, string, &number, err));
        if (number == p->seg->stats.lexicon_words) continue;
        FR_TRY(fr_lexicon_read(p->seg, number, &p->scratch, &docs, err));
        if (fr_slice_compare(fr_buf_slice(&p->scratch), string) == 0)
            fr_vec_push(&p->lost->strings, number, gone);
    }
    return FRAI_OK;
}

static frai_status invert(struct piece *p, frai_error *err)
{
    struct fr_chunk *c = &p->chunk;
    fr_invert(&p->inverter, c, NULL);
    if (c->failed) return fr_fail_memory(err, "deleting");
    if (p->have_postings) lose_postings(p);
    frai_status status = lose_strings(p, err);
    fr_chunk_deinit(c);
    fr_chunk_init(c, p->scratch.mem);
    return status;
}

static frai_status read_documents(struct piece *p, const uint64_t *gone, frai_error *err)
{
    struct fr_store_reader store;
    uint64_t walked = 0;
    frai_status status = FRAI_OK;
    fr_store_reader_init(&store, p->seg, p->scratch.mem);
    for (uint32_t doc = 0; status == FRAI_OK && doc < p->seg->stats.docs; doc++) {
        const uint8_t *record;
        size_t len;
        if (!(gone[doc / 64] >> (doc % 64) & 1)) continue;
        status = fr_store_read(&store, doc, &record, &len, err);
        if (status != FRAI_OK) break;
        fr_records_add(&p->chunk.records, record, len);
        if (fr_records_failed(&p->chunk.records)) status = fr_fail_memory(err, "deleting");
        p->chunk.docs++;
        fr_segment_account_scan(p->seg, &walked, len);
        bool full = p->chunk.records.bytes.len >= PIECE_BYTES || p->chunk.docs == FR_CHUNK_DOCS;
        if (status == FRAI_OK && full) status = invert(p, err);
    }
    if (status == FRAI_OK && p->chunk.docs) status = invert(p, err);
    fr_store_reader_deinit(&store);
    return status;
}

frai_status fr_lost_text(const struct fr_segment *seg, const struct fr_settings *settings,
                         const uint64_t *gone, bool have_postings, struct fr_lost *lost,
                         frai_error *err)
{
    const frai_allocator *mem = lost->strings.buf.mem;
    struct piece p = {.seg = seg, .have_postings = have_postings, .lost = lost};
    fr_buf_init(&p.scratch, mem);
    fr_chunk_init(&p.chunk, mem);
    frai_status status = fr_inverter_init(&p.inverter, settings, mem)
                             ? read_documents(&p, gone, err)
                             : fr_fail_memory(err, "deleting");
    fr_inverter_deinit(&p.inverter);
    fr_chunk_deinit(&p.chunk);
    fr_buf_deinit(&p.scratch);
    return status;
}
