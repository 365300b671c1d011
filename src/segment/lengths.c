/* How many bits a norm loses follows from the norm, so that the bits stand one after another, those
 * of each 1,024 documents from a whole byte on; where these begin stands behind the last. */
#include "segment/lengths.h"

#include "base/bytes.h"
#include "codec/bitstream.h"
#include "codec/norm.h"
#include "segment/segment.h"

#define GROUP FR_LENGTH_GROUP

static uint32_t group_count(uint32_t docs)
{
    return docs / GROUP + (docs % GROUP != 0);
}

frai_status fr_lengths_put(struct fr_segment_writer *out, const uint8_t *norms, uint32_t docs,
                           struct fr_spill_buffer *lengths, frai_error *err)
{
    struct fr_spill_buffer *section = fr_segment_writer_section(out, FR_SECTION_LENGTHS);
    struct fr_buf starts;
    frai_status status = FRAI_OK;
    fr_buf_init(&starts, out->mem);
    for (uint32_t first = 0; first < docs && status == FRAI_OK; first += GROUP) {
        uint32_t of[GROUP], n = docs - first < GROUP ? docs - first : GROUP;
        status = fr_spill_buffer_read(lengths, first * 4ull, of, n * 4ull, err);
        fr_buf_u64(&starts, fr_spill_buffer_len(section));
        if (status != FRAI_OK || !fr_buf_room(&section->buf, n * 4ull + 8)) break;
        struct fr_bit_writer w = {.at = section->buf.data + section->buf.len};
        for (uint32_t i = 0; i < n; i++) {
            unsigned bits = fr_norm_lost_bits(norms[first + i]);
            uint32_t lost = bits ? of[i] - fr_norm_decode(norms[first + i]) : 0;
            fr_bits_append(&w, bits, lost & ((1u << bits) - 1));
        }
        section->buf.len = (size_t)(w.at - section->buf.data) + (w.held > 0);
        fr_spill_if_full(section);
    }
    fr_buf_put(&section->buf, starts.data, starts.len);
    if (starts.failed) section->buf.failed = true;
    fr_spill_if_full(section);
    fr_buf_deinit(&starts);
    return status;
}

/* Where the group's bits begin. */
static bool seek(struct fr_lengths_reader *r, uint32_t group)
{
    uint32_t groups = group_count(r->seg->stats.docs);
    uint64_t len = r->seg->sections[FR_SECTION_LENGTHS].len;
    if (len < groups * 8ull) return false;
    const uint8_t *start =
        fr_segment_part(r->seg, FR_SECTION_LENGTHS, len - (groups - group) * 8ull, 8);
    if (!start || fr_load64(start) > len) return false;
    r->at = fr_load64(start) * 8;
    r->next = group * GROUP;
    return true;
}

frai_status fr_lengths_read(struct fr_lengths_reader *r, uint32_t doc, uint32_t *length,
                            frai_error *err)
{
    if ((doc < r->next || doc / GROUP != r->next / GROUP) && !seek(r, doc / GROUP))
        return fr_segment_damaged(r->seg, "lengths", err);
    const uint8_t *norms = fr_segment_part(r->seg, FR_SECTION_NORMS, r->next, doc + 1ull - r->next);
    if (!norms) return fr_segment_damaged(r->seg, "norms", err);
    for (; r->next < doc; r->next++) r->at += fr_norm_lost_bits(*norms++);
    unsigned bits = fr_norm_lost_bits(*norms);
    *length = fr_norm_decode(*norms);
    if (bits == 0) return FRAI_OK;
    uint64_t byte = r->at / 8;
    const uint8_t *lost =
        fr_segment_part(r->seg, FR_SECTION_LENGTHS, byte, (r->at % 8 + bits + 7) / 8);
    if (!lost) return fr_segment_damaged(r->seg, "lengths", err);
    *length += fr_bits_get(lost, r->at % 8, bits);
    return FRAI_OK;
}
