/* Pairs are sorted by key, and a key is stored in two parts: a directory of first codes, which
 * tells where the pairs with each begin, and an array of second codes. A pair is found by one
 * binary search in either. Those that end with a code are found by a second directory, over the
 * ordinals sorted by last code.
 *
 *   pair_first_df   u32 for each first code
 *   pair_first      u32 count, then (u32 first code, u32 ordinal) each, then (~0, number of pairs)
 *   pair_second     u16 each
 *   pair_by_last    u32 count, u32 bits, then (u32 last code, u32 place) each, then (~0, pairs),
 *                   then the ordinals in that order, packed in `bits` bits
 *
 * Words are a list of front_coding.h. */
#include "segment/dictionary.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/interner.h"
#include "base/lower_bound.h"
#include "codec/bitstream.h"
#include "segment/front_coding.h"
#include "text/analyzer.h"

_Static_assert(FR_PAIR_LONE_MAX == FR_PAIR_MARK_MAX, "what a pair's second code may say besides");

#define SORTED_PARTS 8u /* times what a section holds in memory, of pairs that are sorted */

void fr_dictionary_writer_init(struct fr_dictionary_writer *w, struct fr_segment_writer *out)
{
    w->out = out;
    fr_buf_init(&w->firsts.buf, out->mem);
    fr_list_writer_init(&w->words, FR_LIST_WORDS, out);
    fr_buf_init(&w->first_df.buf, out->mem);
    const struct fr_spill_buffer *by_last = fr_segment_writer_section(out, FR_SECTION_PAIR_BY_LAST);
    fr_external_sort_init(&w->by_last, out->mem, by_last->path, SORTED_PARTS * by_last->limit);
}

void fr_dictionary_writer_deinit(struct fr_dictionary_writer *w)
{
    fr_buf_deinit(&w->firsts.buf);
    fr_list_writer_deinit(&w->words);
    fr_buf_deinit(&w->first_df.buf);
    fr_external_sort_deinit(&w->by_last);
}

void fr_dictionary_writer_pair(struct fr_dictionary_writer *w, uint32_t key, uint32_t df)
{
    bool any = fr_vec_count(&w->firsts) > 0;
    FR_ASSERT(df > 0 && (!any || key > w->latest));
    w->latest = key;
    if (!any || fr_vec_last(&w->firsts).code != key >> 16) {
        fr_vec_push(&w->firsts, key >> 16, w->out->stats.pair_terms);
        fr_vec_push(&w->first_df, 0);
    }
    if ((key & 0xFFFF) > FR_PAIR_LONE_MAX && !w->first_df.buf.failed) {
        uint32_t *sum = &fr_vec_last(&w->first_df);
        *sum = df > UINT32_MAX - *sum ? UINT32_MAX : *sum + df;
    }
    struct fr_spill_buffer *second = fr_segment_writer_section(w->out, FR_SECTION_PAIR_SECOND);
    fr_buf_u16(&second->buf, (uint16_t)key);
    fr_spill_if_full(second);
    if ((key & 0xFFFF) > FR_PAIR_LONE_MAX)
        fr_external_sort_add(&w->by_last,
                             (struct fr_tuple){key & 0xFFFF, 0, w->out->stats.pair_terms});
    w->out->stats.pair_terms++;
}

void fr_dictionary_writer_word(struct fr_dictionary_writer *w, uint8_t term_class,
                               const uint8_t *bytes, size_t len)
{
    uint8_t key[1 + UINT16_MAX];
    key[0] = term_class;
    memcpy(key + 1, bytes, len);
    FR_ASSERT(w->words.previous.len == 0 || /* ... or memory ran out */
              fr_slice_compare(fr_buf_slice(&w->words.previous),
                               (frai_slice){(const char *)key, len + 1}) < 0);
    fr_list_writer_add(&w->words, key, len + 1);
    w->out->stats.word_terms++;
    w->out->stats.path_terms += term_class == FR_TERM_PATH;
}

/* The first place of each second code. */
static frai_status find_groups(struct fr_dictionary_writer *w, struct fr_pair_groups *groups,
                               frai_error *err)
{
    for (uint32_t i = 0; i < w->by_last.count; i++) {
        struct fr_tuple pair;
        FR_TRY(fr_external_sort_at(&w->by_last, i, &pair, err));
        if (i == 0 || pair.major != fr_vec_last(groups).code)
            fr_vec_push(groups, (uint32_t)pair.major, i);
        if (groups->buf.failed) break;
    }
    return groups->buf.failed ? fr_fail_memory(err, "reading the index") : FRAI_OK;
}

static frai_status put_by_last(struct fr_dictionary_writer *w, const struct fr_pair_groups *groups,
                               frai_error *err)
{
    struct fr_spill_buffer *out = fr_segment_writer_section(w->out, FR_SECTION_PAIR_BY_LAST);
    uint32_t pairs = w->out->stats.pair_terms, count = w->by_last.count;
    struct fr_bit_writer bits = {.at = NULL};
    unsigned width = fr_bits(pairs ? pairs - 1 : 0);
    fr_buf_u32(&out->buf, (uint32_t)fr_vec_count(groups));
    fr_buf_u32(&out->buf, width);
    fr_buf_put(&out->buf, groups->buf.data, groups->buf.len);
    fr_buf_u32(&out->buf, UINT32_MAX);
    fr_buf_u32(&out->buf, count);
    for (uint32_t i = 0; i < count; i++) {
        struct fr_tuple pair;
        FR_TRY(fr_external_sort_at(&w->by_last, i, &pair, err));
        if (!fr_buf_room(&out->buf, 8)) return fr_fail_memory(err, "reading the index");
        bits.at = out->buf.data + out->buf.len;
        fr_bits_append(&bits, width, pair.number);
        out->buf.len = (size_t)(bits.at - out->buf.data);
        fr_spill_if_full(out);
    }
    if (bits.held) fr_buf_u8(&out->buf, (uint8_t)bits.word);
    return FRAI_OK;
}

frai_status fr_dictionary_writer_finish(struct fr_dictionary_writer *w, frai_error *err)
{
    if (w->firsts.buf.failed || w->first_df.buf.failed)
        return fr_fail_memory(err, "reading the index");
    struct fr_buf *first = &fr_segment_writer_section(w->out, FR_SECTION_PAIR_FIRST)->buf;
    fr_buf_u32(first, (uint32_t)fr_vec_count(&w->firsts));
    fr_buf_put(first, w->firsts.buf.data, w->firsts.buf.len);
    fr_buf_u32(first, UINT32_MAX);
    fr_buf_u32(first, w->out->stats.pair_terms);
    fr_buf_put(&fr_segment_writer_section(w->out, FR_SECTION_PAIR_FIRST_DF)->buf,
               w->first_df.buf.data, w->first_df.buf.len);
    FR_TRY(fr_external_sort_run(&w->by_last, err));
    struct fr_pair_groups groups;
    fr_buf_init(&groups.buf, w->out->mem);
    frai_status status = find_groups(w, &groups, err);
    if (status == FRAI_OK) status = put_by_last(w, &groups, err);
    fr_buf_deinit(&groups.buf);
    return status;
}

/* ---- reading ---- */

/* The first of `count` numbers, ascending, that is not below `wanted`; each is the beginning of
 * `bytes` bytes, 2 or 8. Without branches: which way to go is a coin's toss. */
static inline uint32_t lower_bound(const uint8_t *numbers, size_t bytes, uint32_t count,
                                   uint32_t wanted)
{
    uint32_t low = 0;
    for (uint32_t left = count; left > 0;) {
        uint32_t half = left - left / 2;
        const uint8_t *at = numbers + bytes * (low + half - 1);
        bool below = (bytes == 2 ? fr_load16(at) : fr_load32(at)) < wanted;
        low += below ? half : 0;
        left = left / 2;
    }
    return low;
}

/* An entry of pair_first or pair_by_last: its number, and the places that it stands for. */
struct group {
    uint32_t number;
    struct fr_span places;
};

/* Finds the group of `code` behind the section's head of so many bytes; of one that there is not,
 * the places are empty. False: damaged. */
static bool find_group(const struct fr_segment *seg, enum fr_section_id id, uint32_t code,
                       struct group *out)
{
    const uint64_t head_bytes = id == FR_SECTION_PAIR_FIRST ? 4 : 8;
    *out = (struct group){.number = 0};
    const uint8_t *head = fr_segment_part(seg, id, 0, head_bytes);
    if (!head) return false;
    uint32_t count = fr_load32(head);
    if (count > 0x10000) return false;
    const uint8_t *entries = fr_segment_part(seg, id, head_bytes, 8ull * (count + 1ull));
    if (!entries) return false;
    uint32_t low = lower_bound(entries, 8, count, code);
    if (low == count || fr_load32(entries + 8ull * low) != code) return true;
    out->number = low;
    out->places.begin = fr_load32(entries + 8ull * low + 4);
    out->places.end = fr_load32(entries + 8ull * low + 12);
    return out->places.begin <= out->places.end && out->places.end <= seg->stats.pair_terms;
}

frai_status fr_dictionary_first_df(const struct fr_segment *seg, uint16_t first, uint32_t *df,
                                   frai_error *err)
{
    struct group group;
    *df = 0;
    if (!find_group(seg, FR_SECTION_PAIR_FIRST, first, &group))
        return fr_segment_damaged(seg, "pair_first", err);
    if (group.places.begin == group.places.end) return FRAI_OK;
    const uint8_t *at = fr_segment_part(seg, FR_SECTION_PAIR_FIRST_DF, 4ull * group.number, 4);
    if (!at) return fr_segment_damaged(seg, "pair_first_df", err);
    *df = fr_load32(at);
    return FRAI_OK;
}

frai_status fr_dictionary_first(const struct fr_segment *seg, uint16_t first,
                                struct fr_span *ordinals, frai_error *err)
{
    struct group group;
    bool sound = find_group(seg, FR_SECTION_PAIR_FIRST, first, &group);
    *ordinals = group.places;
    return sound ? FRAI_OK : fr_segment_damaged(seg, "pair_first", err);
}

/* The second characters of pairs; NULL: damaged. */
static const uint8_t *second_characters(const struct fr_segment *seg, struct fr_span ordinals)
{
    return fr_segment_part(seg, FR_SECTION_PAIR_SECOND, 2ull * ordinals.begin,
                           2ull * (ordinals.end - ordinals.begin));
}

frai_status fr_dictionary_first_range(const struct fr_segment *seg, uint16_t first, uint16_t low,
                                      uint16_t high, struct fr_span *ordinals, frai_error *err)
{
    FR_TRY(fr_dictionary_first(seg, first, ordinals, err));
    uint32_t begin = ordinals->begin, count = ordinals->end - begin;
    if (count == 0) return FRAI_OK;
    const uint8_t *second = second_characters(seg, *ordinals);
    if (!second) return fr_segment_damaged(seg, "pair_second", err);
    ordinals->begin = begin + lower_bound(second, 2, count, low);
    ordinals->end = begin + lower_bound(second, 2, count, (uint32_t)high + 1);
    return FRAI_OK;
}

frai_status fr_dictionary_beginning(const struct fr_segment *seg, uint16_t first, uint16_t mark,
                                    struct fr_ordinals *ordinals, frai_error *err)
{
    const uint16_t ranges[][2] = {{mark, FR_PAIR_READING}, {FR_PAIR_MARK_MAX + 1, UINT16_MAX}};
    for (int i = 0; i < 2; i++) {
        struct fr_span found;
        FR_TRY(fr_dictionary_first_range(seg, first, ranges[i][0], ranges[i][1], &found, err));
        for (; found.begin < found.end; found.begin++) fr_vec_push(ordinals, found.begin);
    }
    return ordinals->buf.failed ? fr_fail_memory(err, "reading the index") : FRAI_OK;
}

frai_status fr_dictionary_pair(const struct fr_segment *seg, uint32_t key, uint32_t *ordinal,
                               frai_error *err)
{
    struct fr_span found;
    FR_TRY(fr_dictionary_first(seg, (uint16_t)(key >> 16), &found, err));
    *ordinal = FR_NO_TERM;
    uint32_t count = found.end - found.begin;
    if (count == 0) return FRAI_OK;
    const uint8_t *second = second_characters(seg, found);
    if (!second) return fr_segment_damaged(seg, "pair_second", err);
    uint32_t i = lower_bound(second, 2, count, key & 0xFFFF);
    if (i < count && fr_load16(second + 2ull * i) == (key & 0xFFFF)) *ordinal = found.begin + i;
    return FRAI_OK;
}

frai_status fr_dictionary_last(const struct fr_segment *seg, uint16_t last,
                               struct fr_ordinals *ordinals, frai_error *err)
{
    struct group group;
    if (!find_group(seg, FR_SECTION_PAIR_BY_LAST, last, &group))
        return fr_segment_damaged(seg, "pair_by_last", err);
    uint32_t begin = group.places.begin, end = group.places.end, pairs = seg->stats.pair_terms;
    if (begin == end) return FRAI_OK;
    const struct fr_section *s = &seg->sections[FR_SECTION_PAIR_BY_LAST];
    uint32_t count = fr_load32(s->data), bits = fr_load32(s->data + 4);
    uint64_t at = 8 + 8ull * (count + 1ull);
    if (bits > 32) return fr_segment_damaged(seg, "pair_by_last", err);
    uint64_t from = (uint64_t)begin * bits / 8, to = ((uint64_t)end * bits + 7) / 8;
    if (!fr_segment_part(seg, FR_SECTION_PAIR_BY_LAST, at + from, to - from))
        return fr_segment_damaged(seg, "pair_by_last", err);
    for (uint32_t i = begin; i < end; i++) {
        uint32_t ordinal = fr_bits_get(s->data + at, (uint64_t)i * bits, bits);
        if (ordinal >= pairs) return fr_segment_damaged(seg, "pair_by_last", err);
        fr_vec_push(ordinals, ordinal);
    }
    return ordinals->buf.failed ? fr_fail_memory(err, "reading the index") : FRAI_OK;
}

/* The number of the first word that is not below the class and bytes; *equal: it is these. */
static frai_status find_word(const struct fr_segment *seg, uint8_t term_class, frai_slice bytes,
                             uint32_t *number, bool *equal, frai_error *err)
{
    *number = 0;
    *equal = false;
    if (seg->stats.word_terms == 0 || bytes.len > UINT16_MAX) return FRAI_OK;
    struct fr_buf key, word;
    fr_buf_init(&key, seg->mem);
    fr_buf_init(&word, seg->mem);
    fr_buf_u8(&key, term_class);
    fr_buf_put(&key, bytes.ptr, bytes.len);
    frai_status status =
        key.failed ? fr_fail_memory(err, "reading the index")
                   : fr_list_seek(seg, FR_LIST_WORDS, fr_buf_slice(&key), number, &word, err);
    if (status == FRAI_OK) *equal = fr_slice_compare(fr_buf_slice(&word), fr_buf_slice(&key)) == 0;
    fr_buf_deinit(&key);
    fr_buf_deinit(&word);
    return status;
}

frai_status fr_dictionary_word(const struct fr_segment *seg, uint8_t term_class, const char *bytes,
                               size_t len, uint32_t *ordinal, frai_error *err)
{
    bool equal;
    uint32_t number;
    *ordinal = FR_NO_TERM;
    FR_TRY(find_word(seg, term_class, (frai_slice){bytes, len}, &number, &equal, err));
    if (equal) *ordinal = seg->stats.pair_terms + number;
    return FRAI_OK;
}

frai_status fr_dictionary_word_seek(const struct fr_segment *seg, uint8_t term_class,
                                    const char *bytes, size_t len, uint32_t *number,
                                    frai_error *err)
{
    bool equal;
    return find_word(seg, term_class, (frai_slice){bytes, len}, number, &equal, err);
}

frai_status fr_dictionary_term(const struct fr_segment *seg, uint32_t ordinal, bool *is_pair,
                               uint32_t *key, struct fr_buf *word, frai_error *err)
{
    uint32_t pairs = seg->stats.pair_terms;
    *is_pair = ordinal < pairs;
    if (!*is_pair) {
        FR_TRY(fr_list_read(seg, FR_LIST_WORDS, ordinal - pairs, word, err));
        return word->len > 0 ? FRAI_OK : fr_segment_damaged(seg, "words", err);
    }
    const uint8_t *second = fr_segment_part(seg, FR_SECTION_PAIR_SECOND, 2ull * ordinal, 2);
    const uint8_t *head = fr_segment_part(seg, FR_SECTION_PAIR_FIRST, 0, 4);
    uint32_t count = head ? fr_load32(head) : 0, next = 1;
    if (count > 0x10000) count = 0;
    const uint8_t *entries =
        count ? fr_segment_part(seg, FR_SECTION_PAIR_FIRST, 4, 8ull * (count + 1ull)) : NULL;
    if (!second || !entries) return fr_segment_damaged(seg, "pair_first", err);
    FR_LOWER_BOUND(uint32_t, next, count, i, fr_load32(entries + 8ull * i + 4) <= ordinal);
    *key = fr_load32(entries + 8ull * (next - 1)) << 16 | fr_load16(second);
    return FRAI_OK;
}
