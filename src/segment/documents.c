/* Ids are a list of front_coding.h, in order of documents. To find one, the documents are also in
 * order of the hashes of their ids (id_lookup): hashes are spread evenly, so that interpolation
 * comes near the place at once. 어절 starts lie by groups of FR_EOJEOL_GROUP documents: varint
 * positions of each, then a bitmap of each, on whole bytes. */
#include "segment/documents.h"

#include "base/bytes.h"
#include "codec/bitstream.h"
#include "segment/deletes.h"
#include "segment/front_coding.h"

frai_status fr_document_id(const struct fr_segment *seg, uint32_t doc, struct fr_buf *out,
                           frai_error *err)
{
    return fr_list_read(seg, FR_LIST_IDS, doc, out, err);
}

void fr_id_lookup_writer_init(struct fr_id_lookup_writer *w, struct fr_segment_writer *out)
{
    uint32_t docs = out->stats.docs;
    *w = (struct fr_id_lookup_writer){.to = fr_segment_writer_section(out, FR_SECTION_ID_LOOKUP),
                                      .width = fr_bits(docs ? docs - 1 : 0)};
}

void fr_id_lookup_writer_put(struct fr_id_lookup_writer *w, uint32_t doc)
{
    w->carry |= (uint64_t)doc << w->bits;
    for (w->bits += w->width; w->bits >= 8; w->bits -= 8, w->carry >>= 8)
        fr_buf_u8(&w->to->buf, (uint8_t)w->carry);
    fr_spill_if_full(w->to);
}

void fr_id_lookup_writer_finish(struct fr_id_lookup_writer *w)
{
    if (w->bits) fr_buf_u8(&w->to->buf, (uint8_t)w->carry);
}

/* The search for a hash among places [low, high): those before have hashes of at most `below`,
 * those after of at least `above`. */
struct lookup {
    const struct fr_segment *seg;
    uint64_t hash, below, above;
    uint32_t low, high;
    struct fr_buf name; /* of the place that was read last */
};

#define GUESSES 8u /* that go by the hash; then halves do, if hashes were made to mislead */

/* Hashes are spread evenly: where ours may stand (interpolation search; Peterson, Addressing for
 * Random-Access Storage, 1957). */
static uint32_t guess(const struct lookup *l, unsigned step)
{
    uint32_t n = l->high - l->low, before = n / 2;
    if (step < GUESSES && l->above > l->below)
        before =
            (uint32_t)((double)n * ((double)(l->hash - l->below) / (double)(l->above - l->below)));
    return l->low + (before < n ? before : n - 1);
}

static frai_status read_place(struct lookup *l, uint32_t place, unsigned bits, uint32_t *doc,
                              uint64_t *hash, frai_error *err)
{
    const struct fr_section *s = &l->seg->sections[FR_SECTION_ID_LOOKUP];
    uint64_t bit = (uint64_t)place * bits;
    if (!fr_segment_verify_range(l->seg, s->data + bit / 8, (bit % 8 + bits + 7) / 8))
        return fr_segment_damaged(l->seg, "id_lookup", err);
    *doc = fr_bits_get(s->data, bit, bits);
    FR_TRY(fr_document_id(l->seg, *doc, &l->name, err));
    *hash = fr_hash64(l->name.data, l->name.len);
    return FRAI_OK;
}

static bool has_name(const struct lookup *l, const char *id, size_t len)
{
    return l->name.len == len && (len == 0 || memcmp(l->name.data, id, len) == 0);
}

frai_status fr_document_find(const struct fr_segment *seg, const char *id, size_t len,
                             uint32_t *doc, frai_error *err)
{
    const struct fr_section *s = &seg->sections[FR_SECTION_ID_LOOKUP];
    uint32_t count = seg->stats.live_docs;
    unsigned bits = fr_bits(seg->stats.docs ? seg->stats.docs - 1 : 0);
    if (((uint64_t)count * bits + 7) / 8 != s->len)
        return fr_segment_damaged(seg, "id_lookup", err);
    struct lookup l = {.seg = seg, .hash = fr_hash64(id, len), .high = count, .above = UINT64_MAX};
    fr_buf_init(&l.name, seg->mem);
    frai_status status = FRAI_OK;
    bool found = false;
    for (unsigned step = 0; status == FRAI_OK && !found && l.low < l.high; step++) {
        uint64_t there = 0;
        uint32_t place = guess(&l, step);
        status = read_place(&l, place, bits, doc, &there, err);
        found = status == FRAI_OK && there == l.hash && has_name(&l, id, len);
        if (there < l.hash) {
            l.low = place + 1;
            l.below = there;
        } else {
            l.high = place;
            l.above = there;
        }
    }
    /* Others of the same hash: `above` is that of the place where the search ended. */
    for (; status == FRAI_OK && !found && l.above == l.hash && l.low < count; l.low++) {
        uint64_t there = 0;
        status = read_place(&l, l.low, bits, doc, &there, err);
        if (there != l.hash) break;
        found = status == FRAI_OK && has_name(&l, id, len);
    }
    fr_buf_deinit(&l.name);
    if (found && fr_deletes_has(seg, *doc)) found = false;
    return status != FRAI_OK ? status : found ? FRAI_OK : FRAI_ERR_NOT_FOUND;
}

/* ---- 어절 starts ---- */

void fr_eojeol_writer_init(struct fr_eojeol_writer *w, struct fr_segment_writer *out)
{
    *w = (struct fr_eojeol_writer){.out = out};
    fr_buf_init(&w->lengths, out->mem);
    fr_buf_init(&w->bitmaps, out->mem);
}

void fr_eojeol_writer_deinit(struct fr_eojeol_writer *w)
{
    fr_buf_deinit(&w->lengths);
    fr_buf_deinit(&w->bitmaps);
}

void fr_eojeol_writer_finish(struct fr_eojeol_writer *w)
{
    struct fr_spill_buffer *eojeols = fr_segment_writer_section(w->out, FR_SECTION_EOJEOLS);
    if (w->lengths.failed || w->bitmaps.failed) eojeols->buf.failed = true;
    if (w->lengths.len == 0) return;
    struct fr_spill_buffer *index = fr_segment_writer_section(w->out, FR_SECTION_EOJEOL_INDEX);
    fr_buf_u64(&index->buf, fr_spill_buffer_len(eojeols));
    fr_buf_put(&eojeols->buf, w->lengths.data, w->lengths.len);
    fr_buf_put(&eojeols->buf, w->bitmaps.data, w->bitmaps.len);
    fr_spill_if_full(eojeols);
    fr_spill_if_full(index);
    w->lengths.len = w->bitmaps.len = 0;
}

void fr_eojeol_writer_copy(struct fr_eojeol_writer *w, const struct fr_eojeols *document)
{
    fr_buf_varint(&w->lengths, document->positions);
    fr_buf_put(&w->bitmaps, document->starts, ((size_t)document->positions + 7) / 8);
    if (++w->docs % FR_EOJEOL_GROUP == 0) fr_eojeol_writer_finish(w);
}

void fr_eojeol_writer_add(struct fr_eojeol_writer *w, uint32_t positions, const uint32_t *starts,
                          uint32_t start_count)
{
    fr_buf_varint(&w->lengths, positions);
    size_t bytes = ((size_t)positions + 7) / 8;
    if (fr_buf_room(&w->bitmaps, bytes)) {
        uint8_t *bits = w->bitmaps.data + w->bitmaps.len;
        memset(bits, 0, bytes);
        for (uint32_t i = 0; i < start_count; i++)
            if (starts[i] < positions) bits[starts[i] / 8] |= (uint8_t)(1u << starts[i] % 8);
        w->bitmaps.len += bytes;
    }
    if (++w->docs % FR_EOJEOL_GROUP == 0) fr_eojeol_writer_finish(w);
}

frai_status fr_eojeols_read_group(const struct fr_segment *seg, uint32_t group,
                                  struct fr_eojeols out[FR_EOJEOL_GROUP], frai_error *err)
{
    const struct fr_section *s = &seg->sections[FR_SECTION_EOJEOLS];
    uint64_t groups = ((uint64_t)seg->stats.docs + FR_EOJEOL_GROUP - 1) / FR_EOJEOL_GROUP;
    const uint8_t *entry =
        fr_segment_part(seg, FR_SECTION_EOJEOL_INDEX, group * 8ull, group + 1ull < groups ? 16 : 8);
    if (!entry || group >= groups) return fr_segment_damaged(seg, "eojeol_index", err);
    uint64_t begin = fr_load64(entry), end = group + 1ull < groups ? fr_load64(entry + 8) : s->len;
    if (begin > end || end > s->len || !fr_segment_verify_range(seg, s->data + begin, end - begin))
        return fr_segment_damaged(seg, "eojeols", err);
    struct fr_reader r = fr_reader_of(s->data + begin, end - begin);
    uint32_t count = seg->stats.docs - group * FR_EOJEOL_GROUP;
    if (count > FR_EOJEOL_GROUP) count = FR_EOJEOL_GROUP;
    for (uint32_t i = 0; i < count; i++) out[i].positions = fr_read_varint32(&r);
    for (uint32_t i = 0; i < count; i++)
        out[i].starts = fr_read_bytes(&r, ((uint64_t)out[i].positions + 7) / 8);
    return r.bad ? fr_segment_damaged(seg, "eojeols", err) : FRAI_OK;
}

frai_status fr_eojeols_read(const struct fr_segment *seg, uint32_t doc, struct fr_eojeols *out,
                            frai_error *err)
{
    struct fr_eojeols group[FR_EOJEOL_GROUP];
    FR_TRY(fr_eojeols_read_group(seg, doc / FR_EOJEOL_GROUP, group, err));
    *out = group[doc % FR_EOJEOL_GROUP];
    return FRAI_OK;
}

frai_status fr_live_check(const struct fr_segment *seg, frai_error *err)
{
    const struct fr_section *live = &seg->sections[FR_SECTION_LIVE];
    bool sound = live->len == 0 || live->len == (seg->stats.docs + 7ull) / 8;
    if (sound && fr_segment_verify_range(seg, live->data, live->len)) return FRAI_OK;
    return fr_segment_damaged(seg, "live", err);
}

bool fr_document_is_live(const struct fr_segment *seg, uint32_t doc)
{
    const struct fr_section *live = &seg->sections[FR_SECTION_LIVE];
    if (fr_deletes_has(seg, doc)) return false;
    return live->len == 0 || (doc / 8 < live->len && (live->data[doc / 8] >> (doc % 8) & 1));
}
