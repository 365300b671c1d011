/* Strings come in order and leave front-coded; initials and names, which are needed in an order of
 * their own or all at once, are kept aside in files until the end.
 *
 *   lexicon               a list of front_coding.h; a string is the word, a zero byte, varint
 *                         documents
 *   lexicon_by_initials   u32 stems, u32 bits, then their numbers by initials, packed
 *   name_filter           a Bloom filter of a power of two bits, FILTER_BITS or more for each name;
 *                         a name sets the bits that the low and the high half of its hash choose */
#include "segment/lexicon.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/interner.h"
#include "base/lower_bound.h"
#include "codec/bitstream.h"
#include "segment/deletes.h"
#include "text/analyzer.h"
#include "text/hangul.h"

_Static_assert(FR_LEXICON_PAIR == FR_NAME_SEPARATOR, "the inverter puts names as they come");

#define FILTER_BITS 16u

void fr_line_name(const void *line, size_t len, char name[FR_LINE_NAME_BYTES])
{
    uint64_t hash = fr_hash64(line, len);
    for (unsigned i = 0; i < FR_LINE_NAME_BYTES; i++)
        name[i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
}

void fr_lexicon_writer_init(struct fr_lexicon_writer *w, struct fr_segment_writer *out)
{
    const struct fr_spill_buffer *initials =
        fr_segment_writer_section(out, FR_SECTION_LEXICON_BY_INITIALS);
    const struct fr_spill_buffer *filter = fr_segment_writer_section(out, FR_SECTION_NAME_FILTER);
    char path[FR_PATH_MAX];
    w->out = out;
    fr_list_writer_init(&w->strings, FR_LIST_LEXICON, out);
    fr_external_sort_init(&w->initials, out->mem, initials->path, initials->limit);
    snprintf(path, sizeof path, "%.4000s-names", filter->path);
    fr_spill_buffer_init(&w->names, out->mem, path, filter->limit);
}

void fr_lexicon_writer_deinit(struct fr_lexicon_writer *w)
{
    fr_list_writer_deinit(&w->strings);
    fr_external_sort_deinit(&w->initials);
    fr_spill_buffer_deinit(&w->names);
}

/* Initials of a word of Hangul syllables in UTF-8; 0 for any other. */
static uint64_t initials_of(const uint8_t *word, size_t len)
{
    uint64_t key = 0;
    if (len % 3) return 0;
    for (size_t i = 0; i < len; i += 3) {
        if ((word[i] & 0xF0) != 0xE0) return 0;
        uint32_t cp = (word[i] & 0xFu) << 12 | (word[i + 1] & 0x3Fu) << 6 | (word[i + 2] & 0x3Fu);
        if (!fr_is_syllable(cp)) return 0;
        if (i / 3 < FR_INITIALS_MAX)
            key |= (uint64_t)(fr_syllable_split(cp).initial + 1) << FR_INITIALS_SHIFT(i / 3);
    }
    return key;
}

void fr_lexicon_writer_add(struct fr_lexicon_writer *w, const uint8_t *word, size_t len,
                           uint64_t docs)
{
    uint64_t initials = initials_of(word, len);
    uint32_t minor = docs < UINT32_MAX ? UINT32_MAX - (uint32_t)docs : 0; /* many come first */
    if (initials)
        fr_external_sort_add(&w->initials,
                             (struct fr_tuple){initials, minor, w->out->stats.lexicon_words});
    const uint8_t *pair = len ? memchr(word, FR_LEXICON_PAIR, len) : NULL;
    if (pair) fr_buf_u64(&w->names.buf, fr_hash64(word, (size_t)(pair - word)));
    fr_spill_if_full(&w->names);
    struct fr_buf string;
    fr_buf_init(&string, w->out->mem);
    fr_buf_put(&string, word, len);
    fr_buf_u8(&string, 0);
    fr_buf_varint(&string, docs);
    fr_list_writer_add(&w->strings, string.data, string.len);
    w->strings.strings->buf.failed |= string.failed;
    w->out->stats.lexicon_words++;
    fr_buf_deinit(&string);
}

#define PIECE 1024u /* numbers or hashes that are handled at once; numbers of whole bytes */

static frai_status write_filter(struct fr_lexicon_writer *w, frai_error *err)
{
    struct fr_buf *out = &fr_segment_writer_section(w->out, FR_SECTION_NAME_FILTER)->buf;
    uint64_t names = fr_spill_buffer_len(&w->names) / 8, bits = 64, hashes[PIECE];
    FR_TRY(fr_spill_buffer_status(&w->names, err));
    if (names == 0) return FRAI_OK;
    while (bits < FILTER_BITS * names) bits *= 2;
    if (!fr_buf_room(out, (size_t)(bits / 8))) return fr_fail_memory(err, "reading the index");
    memset(out->data, 0, (size_t)(bits / 8));
    out->len = (size_t)(bits / 8);
    for (uint64_t at = 0; at < names; at += PIECE) {
        size_t n = names - at < PIECE ? (size_t)(names - at) : PIECE;
        FR_TRY(fr_spill_buffer_read(&w->names, at * 8, hashes, n * 8, err));
        for (size_t i = 0; i < 2 * n; i++) {
            uint64_t bit = (uint32_t)(hashes[i / 2] >> (i % 2 * 32)) & (bits - 1);
            out->data[bit / 8] |= (uint8_t)(1u << bit % 8);
        }
    }
    return FRAI_OK;
}

static frai_status write_initials(struct fr_lexicon_writer *w, frai_error *err)
{
    struct fr_spill_buffer *out = fr_segment_writer_section(w->out, FR_SECTION_LEXICON_BY_INITIALS);
    uint32_t words = w->out->stats.lexicon_words, count = w->initials.count;
    unsigned bits = fr_bits(words ? words - 1 : 0);
    uint8_t packed[PIECE * 4 + 8];
    FR_TRY(fr_external_sort_run(&w->initials, err));
    fr_buf_u32(&out->buf, count);
    fr_buf_u32(&out->buf, bits);
    for (uint32_t at = 0; at < count; at += PIECE) {
        uint32_t n = count - at < PIECE ? count - at : PIECE;
        memset(packed, 0, sizeof packed);
        for (uint32_t i = 0; i < n; i++) {
            struct fr_tuple stem;
            FR_TRY(fr_external_sort_at(&w->initials, at + i, &stem, err));
            fr_bits_put(packed, (uint64_t)i * bits, bits, stem.number);
        }
        fr_buf_put(&out->buf, packed, ((size_t)n * bits + 7) / 8);
        fr_spill_if_full(out);
    }
    return fr_spill_buffer_status(out, err);
}

frai_status fr_lexicon_writer_finish(struct fr_lexicon_writer *w, frai_error *err)
{
    FR_TRY(write_initials(w, err));
    return write_filter(w, err);
}

/* ---- reading ---- */

bool fr_lexicon_may_name(const struct fr_segment *seg, frai_slice key)
{
    const struct fr_section *s = &seg->sections[FR_SECTION_NAME_FILTER];
    if (s->len == 0 || (s->len & (s->len - 1))) return false;
    uint64_t hash = fr_hash64(key.ptr, key.len), mask = s->len * 8 - 1;
    for (int half = 0; half < 2; half++, hash >>= 32) {
        uint64_t bit = (uint32_t)hash & mask;
        if (!fr_segment_verify_range(seg, s->data + bit / 8, 1)) return false;
        if (!(s->data[bit / 8] >> (bit % 8) & 1)) return false;
    }
    return true;
}

frai_status fr_lexicon_read(const struct fr_segment *seg, uint32_t number, struct fr_buf *word,
                            uint64_t *docs, frai_error *err)
{
    FR_TRY(fr_list_read(seg, FR_LIST_LEXICON, number, word, err));
    const uint8_t *end = word->len ? memchr(word->data, 0, word->len) : NULL;
    if (!end) return fr_segment_damaged(seg, "lexicon", err);
    size_t len = (size_t)(end - word->data);
    struct fr_reader r = fr_reader_of(end + 1, word->len - len - 1);
    *docs = fr_read_varint(&r);
    uint32_t lost = fr_deletes_of_string(seg, number);
    *docs = lost < *docs ? *docs - lost : 0;
    word->len = len;
    return r.bad ? fr_segment_damaged(seg, "lexicon", err) : FRAI_OK;
}

frai_status fr_lexicon_seek(const struct fr_segment *seg, frai_slice key, uint32_t *number,
                            frai_error *err)
{
    struct fr_buf string;
    fr_buf_init(&string, seg->mem);
    frai_status status = fr_list_seek(seg, FR_LIST_LEXICON, key, number, &string, err);
    fr_buf_deinit(&string);
    return status;
}

frai_status fr_lexicon_docs(const struct fr_segment *seg, frai_slice key, struct fr_buf *scratch,
                            uint64_t *docs, frai_error *err)
{
    uint32_t number;
    *docs = 0;
    FR_TRY(fr_lexicon_seek(seg, key, &number, err));
    if (number == seg->stats.lexicon_words) return FRAI_OK;
    FR_TRY(fr_lexicon_read(seg, number, scratch, docs, err));
    if (scratch->len != key.len || memcmp(scratch->data, key.ptr, key.len) != 0) *docs = 0;
    return FRAI_OK;
}

/* Is the string the stem with the mark behind it (1), one of its names (0), or something else (-1)?
 */
static int mark_of(const struct fr_buf *string, frai_slice stem)
{
    if (string->len <= stem.len || memcmp(string->data, stem.ptr, stem.len) != 0) return -1;
    if (string->data[stem.len] == FR_LEXICON_PAIR) return 0;
    return string->data[stem.len] == FR_NOUN_MARK && string->len == stem.len + 1 ? 1 : -1;
}

/* Between a stem and its mark stand its names: mostly none, never many. */
#define NAMES_BETWEEN 8u

frai_status fr_lexicon_stem(const struct fr_segment *seg, frai_slice stem, struct fr_buf *scratch,
                            struct fr_stem_docs *docs, frai_error *err)
{
    uint32_t number, count = seg->stats.lexicon_words;
    uint64_t part;
    FR_TRY(fr_lexicon_seek(seg, stem, &number, err));
    if (number == count) return FRAI_OK;
    FR_TRY(fr_lexicon_read(seg, number, scratch, &part, err));
    if (scratch->len != stem.len || memcmp(scratch->data, stem.ptr, stem.len) != 0) return FRAI_OK;
    docs->all += part;
    for (uint32_t i = 0; i < NAMES_BETWEEN && ++number < count; i++) {
        FR_TRY(fr_lexicon_read(seg, number, scratch, &part, err));
        int mark = mark_of(scratch, stem);
        if (mark > 0) docs->noun += part;
        if (mark != 0) break;
    }
    return FRAI_OK;
}

frai_status fr_lexicon_at_place(const struct fr_segment *seg, uint32_t place, uint32_t *number,
                                frai_error *err)
{
    const uint8_t *head = fr_segment_part(seg, FR_SECTION_LEXICON_BY_INITIALS, 0, 8);
    uint32_t count = head ? fr_load32(head) : 0, bits = head ? fr_load32(head + 4) : 0;
    uint64_t bit = (uint64_t)place * bits;
    if (place >= count || bits > 32 ||
        !fr_segment_part(seg, FR_SECTION_LEXICON_BY_INITIALS, 8 + bit / 8,
                         (bit % 8 + bits + 7) / 8))
        return fr_segment_damaged(seg, "lexicon_by_initials", err);
    *number = fr_bits_get(head + 8, bit, bits);
    if (*number >= seg->stats.lexicon_words)
        return fr_segment_damaged(seg, "lexicon_by_initials", err);
    return FRAI_OK;
}

/* The first of `count` places whose initials are at least `key`. */
static frai_status initials_place(const struct fr_segment *seg, uint64_t key, uint32_t count,
                                  struct fr_buf *scratch, uint32_t *place, frai_error *err)
{
    uint32_t low = 0, number = 0;
    uint64_t docs;
    frai_status status = FRAI_OK;
    FR_LOWER_BOUND(uint32_t, low, count, i,
                   status == FRAI_OK &&
                       (status = fr_lexicon_at_place(seg, i, &number, err)) == FRAI_OK &&
                       (status = fr_lexicon_read(seg, number, scratch, &docs, err)) == FRAI_OK &&
                       initials_of(scratch->data, scratch->len) < key);
    *place = low;
    return status;
}

frai_status fr_lexicon_initials(const struct fr_segment *seg, uint64_t low, uint64_t high,
                                struct fr_buf *scratch, struct fr_span *places, frai_error *err)
{
    *places = (struct fr_span){0, 0};
    if (seg->stats.lexicon_words == 0) return FRAI_OK;
    const uint8_t *head = fr_segment_part(seg, FR_SECTION_LEXICON_BY_INITIALS, 0, 8);
    if (!head) return fr_segment_damaged(seg, "lexicon_by_initials", err);
    uint32_t count = fr_load32(head);
    FR_TRY(initials_place(seg, low, count, scratch, &places->begin, err));
    return initials_place(seg, high + 1, count, scratch, &places->end, err);
}
