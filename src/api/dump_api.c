/* frai_index_dump: walks the documents, terms or postings of each segment in their order. */
#include "api/handles.h"
#include "frai/admin.h"
#include "segment/deletes.h"
#include "segment/dictionary.h"
#include "segment/documents.h"
#include "text/analyzer.h"

struct dump {
    int (*visit)(void *ctx, const frai_dump_entry *entry);
    void *ctx;
    frai_dump_entry entry;
    struct fr_buf word, id; /* what the entry points into, */
    struct fr_positions positions;
    char pair[8];
    bool stopped;
};

static frai_status emit(struct dump *d, frai_error *err)
{
    if (d->word.failed || d->id.failed || d->positions.buf.failed)
        return fr_fail_memory(err, "reading the index");
    d->entry.id = (frai_slice){d->id.len ? (const char *)d->id.data : "", d->id.len};
    if (d->visit(d->ctx, &d->entry)) d->stopped = true;
    return FRAI_OK;
}

/* Makes term t the entry's. */
static frai_status read_term(struct dump *d, const struct fr_segment *seg, uint32_t t,
                             frai_error *err)
{
    bool is_pair;
    uint32_t key;
    FR_TRY(fr_dictionary_term(seg, t, &is_pair, &key, &d->word, err));
    unsigned term_class = is_pair ? fr_pair_class(key) : d->word.data[0];
    if (term_class >= FR_TERM_CLASSES) return fr_segment_damaged(seg, "words", err);
    d->entry.term_class = fr_term_class_name(term_class);
    d->entry.term = is_pair ? (frai_slice){d->pair, fr_pair_text(key, d->pair)}
                            : (frai_slice){(const char *)d->word.data + 1, d->word.len - 1};
    return FRAI_OK;
}

static frai_status dump_postings(struct dump *d, const struct fr_segment *seg,
                                 const struct fr_postings *p, frai_error *err)
{
    uint32_t docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8], n;
    for (uint32_t b = 0; b < p->blocks && !d->stopped; b++) {
        if (!fr_postings_decode(p, b, docs, tfs, &n))
            return fr_segment_damaged(seg, "postings", err);
        for (uint32_t i = 0; i < n && !d->stopped; i++) {
            if (fr_deletes_has(seg, docs[i])) continue;
            fr_buf_clear(&d->positions.buf);
            if (!fr_postings_positions(p, b, docs, tfs, i, &d->positions))
                return d->positions.buf.failed ? fr_fail_memory(err, "reading the index")
                                               : fr_segment_damaged(seg, "positions", err);
            FR_TRY(fr_document_id(seg, docs[i], &d->id, err));
            d->entry.tf = tfs[i];
            d->entry.positions = fr_vec_data(&d->positions);
            d->entry.position_count = (uint32_t)fr_vec_count(&d->positions);
            FR_TRY(emit(d, err));
        }
    }
    return FRAI_OK;
}

static frai_status dump_segment(struct dump *d, const struct fr_segment *seg, frai_dump what,
                                frai_error *err)
{
    if (what == FRAI_DUMP_DOCS) {
        FR_TRY(fr_live_check(seg, err));
        for (uint32_t doc = 0; doc < seg->stats.docs && !d->stopped; doc++) {
            if (!fr_document_is_live(seg, doc)) continue;
            FR_TRY(fr_document_id(seg, doc, &d->id, err));
            FR_TRY(emit(d, err));
        }
        return FRAI_OK;
    }
    uint32_t terms = seg->stats.pair_terms + seg->stats.word_terms;
    struct fr_postings_walk walk = {.seg = seg};
    for (uint32_t t = 0; t < terms && !d->stopped; t++) {
        struct fr_postings p;
        FR_TRY(fr_postings_next(&walk, &p, err));
        d->entry.df = fr_living_df(&p, t);
        if (d->entry.df == 0) continue;
        FR_TRY(read_term(d, seg, t, err));
        if (what == FRAI_DUMP_POSTINGS)
            FR_TRY(dump_postings(d, seg, &p, err));
        else
            FR_TRY(emit(d, err));
    }
    return FRAI_OK;
}

frai_status frai_index_dump(frai_index *index, frai_dump what,
                            int (*visit)(void *ctx, const frai_dump_entry *entry), void *ctx,
                            frai_error *err)
{
    if (!index || !visit || (unsigned)what > FRAI_DUMP_POSTINGS)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "index and visit must not be NULL, what be known");
    struct dump d = {.visit = visit, .ctx = ctx, .entry = {.term_class = "", .term = {"", 0}}};
    const frai_allocator *mem = index->snapshot.mem;
    fr_buf_init(&d.word, mem);
    fr_buf_init(&d.id, mem);
    fr_buf_init(&d.positions.buf, mem);
    frai_status status = FRAI_OK;
    for (uint32_t g = 0; g < index->snapshot.segment_count && status == FRAI_OK && !d.stopped; g++)
        status = dump_segment(&d, &index->snapshot.segments[g], what, err);
    fr_buf_deinit(&d.word);
    fr_buf_deinit(&d.id);
    fr_buf_deinit(&d.positions.buf);
    return status;
}
