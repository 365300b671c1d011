/* The stored text of the documents is inverted again, as it was when they were added: of the run it
 * makes, how many documents each term has is what counts. */
#include "writer/lost_text.h"

#include "base/bytes.h"
#include "segment/lexicon.h"
#include "segment/store.h"
#include "writer/long_document.h"

#define PIECE_BYTES (1u << 20) /* of records that are inverted at once */

struct piece {
    const struct fr_segment *seg;
    const struct fr_settings *settings;
    FR_VECTOR(uint64_t) long_docs; /* a bit each, of those that are gone */
    FR_VECTOR(uint64_t) seen;      /* strings of the long document that is read, a bit each */
    bool has_long;
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

/* Had a part of the long document before this one the string? */
static bool was_seen(struct piece *p, uint32_t number)
{
    if (!p->chunk.is_part) return false;
    uint64_t *word = &fr_vec_at(&p->seen, number / 64), bit = 1ull << number % 64;
    bool seen = *word & bit;
    *word |= bit;
    return seen;
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
        if (fr_slice_compare(fr_buf_slice(&p->scratch), string) != 0 || was_seen(p, number))
            continue;
        fr_vec_push(&p->lost->strings, number, gone);
    }
    return FRAI_OK;
}

static frai_status invert(struct piece *p, frai_error *err)
{
    struct fr_chunk *c = &p->chunk;
    fr_invert(&p->inverter, c, NULL);
    if (c->failed) return fr_fail_memory(err, "deleting");
    if (p->have_postings && !c->is_part) lose_postings(p);
    frai_status status = lose_strings(p, err);
    fr_chunk_deinit(c);
    fr_chunk_init(c, p->scratch.mem);
    return status;
}

static bool make_bitmap(struct fr_buf *bits, uint64_t count)
{
    size_t bytes = (size_t)(count / 64 + 1) * 8;
    fr_buf_clear(bits);
    if (!fr_buf_room(bits, bytes)) return false;
    memset(bits->data, 0, bytes);
    bits->len = bytes;
    return true;
}

/* Part by part; what its terms lose is found by their postings later. */
static frai_status read_parts(struct piece *p, uint32_t doc, const struct fr_record_source *record,
                              frai_error *err)
{
    struct fr_long_document d;
    frai_status status = FRAI_OK;
    if (p->chunk.docs) FR_TRY(invert(p, err));
    if (!make_bitmap(&p->seen.buf, p->seg->stats.lexicon_words) ||
        (!p->has_long && !make_bitmap(&p->long_docs.buf, p->seg->stats.docs)))
        return fr_fail_memory(err, "deleting");
    p->has_long = true;
    fr_vec_at(&p->long_docs, doc / 64) |= 1ull << doc % 64;
    fr_long_document_init(&d, p->settings, record, FR_PART_BYTES, p->scratch.mem);
    for (bool last = false; status == FRAI_OK && !last;) {
        p->chunk.docs = 1;
        p->chunk.field_bounds = fr_settings_text_fields(p->settings) - 1;
        status = fr_long_document_next(&d, &p->chunk, err);
        last = p->chunk.is_last;
        if (status == FRAI_OK) status = invert(p, err);
    }
    fr_long_document_deinit(&d);
    return status;
}

static frai_status read_document(struct piece *p, struct fr_store_reader *store, uint32_t doc,
                                 uint64_t *walked, frai_error *err)
{
    struct fr_store_source s;
    FR_TRY(fr_store_source(store, doc, &s, err));
    if (fr_stored_is_long(&s.stored)) return read_parts(p, doc, &s.record, err);
    fr_records_add(&p->chunk.records, s.record.head, s.record.head_bytes);
    if (fr_records_failed(&p->chunk.records)) return fr_fail_memory(err, "deleting");
    p->chunk.docs++;
    fr_segment_account_scan(p->seg, walked, s.record.head_bytes);
    bool full = p->chunk.records.bytes.len >= PIECE_BYTES || p->chunk.docs == FR_CHUNK_DOCS;
    return full ? invert(p, err) : FRAI_OK;
}

static frai_status read_documents(struct piece *p, const uint64_t *gone, frai_error *err)
{
    struct fr_store_reader store;
    uint64_t walked = 0;
    frai_status status = FRAI_OK;
    fr_store_reader_init(&store, p->seg, p->scratch.mem);
    for (uint32_t doc = 0; status == FRAI_OK && doc < p->seg->stats.docs; doc++)
        if (gone[doc / 64] >> (doc % 64) & 1) status = read_document(p, &store, doc, &walked, err);
    if (status == FRAI_OK && p->chunk.docs) status = invert(p, err);
    fr_store_reader_deinit(&store);
    if (status == FRAI_OK && p->has_long && p->have_postings)
        status = fr_lost_postings(p->seg, fr_vec_data(&p->long_docs), p->lost, err);
    return status;
}

frai_status fr_lost_text(const struct fr_segment *seg, const struct fr_settings *settings,
                         const uint64_t *gone, bool have_postings, struct fr_lost *lost,
                         frai_error *err)
{
    const frai_allocator *mem = lost->strings.buf.mem;
    struct piece p = {
        .seg = seg, .settings = settings, .have_postings = have_postings, .lost = lost};
    fr_buf_init(&p.scratch, mem);
    fr_buf_init(&p.long_docs.buf, mem);
    fr_buf_init(&p.seen.buf, mem);
    fr_chunk_init(&p.chunk, mem);
    frai_status status = fr_inverter_init(&p.inverter, settings, mem)
                             ? read_documents(&p, gone, err)
                             : fr_fail_memory(err, "deleting");
    fr_inverter_deinit(&p.inverter);
    fr_chunk_deinit(&p.chunk);
    fr_buf_deinit(&p.scratch);
    fr_buf_deinit(&p.long_docs.buf);
    fr_buf_deinit(&p.seen.buf);
    return status;
}
