/* Living documents keep their order: the new number of one is how many live before it, by a sum for
 * each word of bits and a count within the word. */
#include "writer/doc_map.h"

#include "segment/documents.h"

frai_status fr_doc_map_init(struct fr_doc_map *s, const struct fr_segment *seg, uint32_t first,
                            const frai_allocator *mem, frai_error *err)
{
    size_t words = (seg->stats.docs + 63ull) / 64;
    *s = (struct fr_doc_map){.seg = seg, .first = first};
    fr_buf_init(&s->live.buf, mem);
    fr_buf_init(&s->before.buf, mem);
    FR_TRY(fr_live_check(seg, err));
    if (!fr_vec_reserve(&s->live, words) || !fr_vec_reserve(&s->before, words))
        return fr_fail_memory(err, "merging");
    for (size_t w = 0; w < words; w++) {
        uint64_t bits = 0;
        for (uint32_t i = 0; i < 64 && w * 64 + i < seg->stats.docs; i++)
            bits |= (uint64_t)fr_document_is_live(seg, (uint32_t)w * 64 + i) << i;
        fr_vec_push(&s->live, bits);
        fr_vec_push(&s->before, s->docs);
        s->docs += fr_popcount(bits);
    }
    return FRAI_OK;
}

void fr_doc_map_deinit(struct fr_doc_map *s)
{
    fr_buf_deinit(&s->live.buf);
    fr_buf_deinit(&s->before.buf);
}

bool fr_doc_map_has_all(const struct fr_doc_map *s, uint32_t begin, uint32_t end)
{
    for (uint32_t doc = begin; doc < end; doc++)
        if (!fr_doc_map_has(s, doc)) return false;
    return true;
}
