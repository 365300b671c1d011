#include "segment/dictionary.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/interner.h"
#include "base/lower_bound.h"
#include "base/sort.h"
#include "codec/bitstream.h"
#include "text/analyzer.h"

_Static_assert(FR_PAIR_LONE_MAX == FR_PAIR_READING, "what a pair's second code may say besides");

/* pair_first_df: u32 for each first code.
 * pair_first: u32 count, then (u32 first code, u32 ordinal) each, then (~0, number of pairs).
 * pair_second: u16 each.
 * pair_by_last: u32 count, u32 bits, then (u32 last code, u32 place) each, then (~0, pairs), then
 * the ordinals in that order, packed in `bits` bits. */

void fr_dictionary_writer_init(struct fr_dictionary_writer *w, struct fr_segment_writer *out)
{
    w->out = out;
    fr_buf_init(&w->firsts.buf, out->mem);
    fr_buf_init(&w->previous, out->mem);
    fr_buf_init(&w->first_df.buf, out->mem);
    fr_buf_init(&w->pairs.buf, out->mem);
}

void fr_dictionary_writer_deinit(struct fr_dictionary_writer *w)
{
    fr_buf_deinit(&w->firsts.buf);
    fr_buf_deinit(&w->previous);
    fr_buf_deinit(&w->first_df.buf);
    fr_buf_deinit(&w->pairs.buf);
}

void fr_dictionary_writer_pair(struct fr_dictionary_writer *w, uint32_t key, uint32_t df)
{
    bool any = fr_vec_count(&w->firsts) > 0;
    FR_ASSERT(df > 0 && (fr_vec_count(&w->pairs) == 0 || key > fr_vec_last(&w->pairs)));
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
    fr_vec_push(&w->pairs, key);
    w->out->stats.pair_terms++;
}

#define NUMBER_DIGITS 18u /* as a number's digits, fewer than pass 2^60 */
#define NUMBER_LIMIT  1000000000000000000

/* What a string ends in, if printing it gives the same digits again; *prefix: what is before. */
static bool ends_in_number(const uint8_t *bytes, size_t len, size_t *prefix, int64_t *number)
{
    size_t at = len;
    *number = 0;
    while (at > 0 && len - at < NUMBER_DIGITS && bytes[at - 1] >= '0' && bytes[at - 1] <= '9') at--;
    while (at + 1 < len && bytes[at] == '0') at++;
    *prefix = at;
    for (size_t i = at; i < len; i++) *number = *number * 10 + (bytes[i] - '0');
    return at < len;
}

static unsigned varint_bytes(uint64_t v)
{
    return (fr_bits(v | 1) + 6) / 7;
}

static uint64_t zigzag(int64_t v)
{
    return (uint64_t)v << 1 ^ (v < 0 ? ~0ull : 0);
}

/* The difference of the numbers that two strings with the same prefix end in, as it is stored. */
static bool number_step(const struct fr_buf *previous, const uint8_t *bytes, size_t len,
                        uint64_t *step)
{
    size_t before, now;
    int64_t from, to;
    bool numbers = ends_in_number(previous->data, previous->len, &before, &from) &&
                   ends_in_number(bytes, len, &now, &to) && before == now &&
                   memcmp(previous->data, bytes, now) == 0;
    *step = numbers ? zigzag(to - from) << 1 | 1 : 0;
    return numbers;
}

void fr_front_write(struct fr_spill_buffer *strings, struct fr_spill_buffer *index,
                    struct fr_buf *previous, uint32_t number, uint32_t group, const uint8_t *bytes,
                    size_t len)
{
    size_t shared = 0;
    uint64_t step = 0;
    bool steps = false;
    if (number % group == 0) {
        fr_buf_u64(&index->buf, fr_spill_buffer_len(strings));
        fr_spill_if_full(index);
    } else {
        while (shared < len && shared < previous->len && previous->data[shared] == bytes[shared])
            shared++;
        steps = number_step(previous, bytes, len, &step) &&
                varint_bytes(step) < varint_bytes(2 * shared) + 1 + len - shared;
    }
    fr_buf_varint(&strings->buf, steps ? step : 2 * shared);
    if (!steps) {
        fr_buf_varint(&strings->buf, len - shared);
        if (len > shared) fr_buf_put(&strings->buf, bytes + shared, len - shared);
    }
    fr_spill_if_full(strings);
    fr_buf_clear(previous);
    fr_buf_put(previous, bytes, len);
    if (previous->failed) strings->buf.failed = true;
}

void fr_dictionary_writer_word(struct fr_dictionary_writer *w, uint8_t term_class,
                               const uint8_t *bytes, size_t len)
{
    uint8_t key[1 + UINT16_MAX];
    key[0] = term_class;
    memcpy(key + 1, bytes, len);
    FR_ASSERT(w->previous.len == 0 || /* ... or memory ran out */
              fr_slice_compare((frai_slice){(const char *)w->previous.data, w->previous.len},
                               (frai_slice){(const char *)key, len + 1}) < 0);
    fr_front_write(fr_segment_writer_section(w->out, FR_SECTION_WORDS),
                   fr_segment_writer_section(w->out, FR_SECTION_WORD_INDEX), &w->previous,
                   w->out->stats.word_terms++, FR_WORD_GROUP, key, len + 1);
    w->out->stats.path_terms += term_class == FR_TERM_PATH;
}

static int by_last_syllable(const void *a, const void *b, void *ctx)
{
    const uint32_t *keys = ctx;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint32_t last_x = keys[x] & 0xFFFF, last_y = keys[y] & 0xFFFF;
    if (last_x != last_y) return last_x < last_y ? -1 : 1;
    return x < y ? -1 : x > y;
}

frai_status fr_dictionary_writer_finish(struct fr_dictionary_writer *w, frai_error *err)
{
    uint32_t pairs = w->out->stats.pair_terms;
    if (w->pairs.buf.failed || w->firsts.buf.failed || w->first_df.buf.failed)
        return fr_fail_memory(err, "reading the index");
    struct fr_buf *first = &fr_segment_writer_section(w->out, FR_SECTION_PAIR_FIRST)->buf;
    fr_buf_u32(first, (uint32_t)fr_vec_count(&w->firsts));
    fr_buf_put(first, w->firsts.buf.data, w->firsts.buf.len);
    fr_buf_u32(first, UINT32_MAX);
    fr_buf_u32(first, pairs);
    fr_buf_put(&fr_segment_writer_section(w->out, FR_SECTION_PAIR_FIRST_DF)->buf,
               w->first_df.buf.data, w->first_df.buf.len);

    FR_VECTOR(uint32_t) order;
    FR_VECTOR(struct fr_pair_group) directory;
    fr_buf_init(&order.buf, w->out->mem);
    fr_buf_init(&directory.buf, w->out->mem);
    for (uint32_t i = 0; i < pairs; i++)
        if ((fr_vec_at(&w->pairs, i) & 0xFFFF) > FR_PAIR_LONE_MAX) fr_vec_push(&order, i);
    size_t count = fr_vec_count(&order);
    fr_sort(fr_vec_data(&order), count, sizeof(uint32_t), by_last_syllable, fr_vec_data(&w->pairs));
    uint32_t previous = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        uint32_t last = fr_vec_at(&w->pairs, fr_vec_at(&order, i)) & 0xFFFF;
        if (last == previous) continue;
        fr_vec_push(&directory, last, (uint32_t)i);
        previous = last;
    }
    struct fr_buf *out = &fr_segment_writer_section(w->out, FR_SECTION_PAIR_BY_LAST)->buf;
    unsigned bits = fr_bits(pairs ? pairs - 1 : 0);
    fr_buf_u32(out, (uint32_t)fr_vec_count(&directory));
    fr_buf_u32(out, bits);
    fr_buf_put(out, directory.buf.data, directory.buf.len);
    fr_buf_u32(out, UINT32_MAX);
    fr_buf_u32(out, (uint32_t)count);
    size_t bytes = (count * bits + 7) / 8;
    if (fr_buf_room(out, bytes + 8)) {
        memset(out->data + out->len, 0, bytes + 8);
        for (size_t i = 0; i < count; i++)
            fr_bits_put(out->data + out->len, (uint64_t)i * bits, bits, fr_vec_at(&order, i));
        out->len += bytes;
    }
    bool failed =
        order.buf.failed || directory.buf.failed || w->pairs.buf.failed || w->firsts.buf.failed;
    fr_buf_deinit(&order.buf);
    fr_buf_deinit(&directory.buf);
    return failed ? fr_fail_memory(err, "reading the index") : FRAI_OK;
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

/* Finds `code` in a directory of (code, place) entries that ends with a sentinel; gives the places
 * [*begin, *end) and the entry's number. False: damaged. Not found: an empty range. */
static bool find_code(const struct fr_segment *seg, enum fr_section_id id, uint64_t header,
                      uint32_t code, uint32_t limit, uint32_t *begin, uint32_t *end,
                      uint32_t *number)
{
    *begin = *end = *number = 0;
    const uint8_t *head = fr_segment_part(seg, id, 0, header);
    if (!head) return false;
    uint32_t count = fr_load32(head);
    if (count > 0x10000) return false;
    const uint8_t *entries = fr_segment_part(seg, id, header, 8ull * (count + 1ull));
    if (!entries) return false;
    uint32_t low = lower_bound(entries, 8, count, code);
    if (low == count || fr_load32(entries + 8ull * low) != code) return true;
    *number = low;
    *begin = fr_load32(entries + 8ull * low + 4);
    *end = fr_load32(entries + 8ull * low + 12);
    return *begin <= *end && *end <= limit;
}

frai_status fr_dictionary_first_df(const struct fr_segment *seg, uint16_t first, uint32_t *df,
                                   frai_error *err)
{
    uint32_t begin, end, number;
    *df = 0;
    if (!find_code(seg, FR_SECTION_PAIR_FIRST, 4, first, seg->stats.pair_terms, &begin, &end,
                   &number))
        return fr_segment_damaged(seg, "pair_first", err);
    if (begin == end) return FRAI_OK;
    const uint8_t *at = fr_segment_part(seg, FR_SECTION_PAIR_FIRST_DF, 4ull * number, 4);
    if (!at) return fr_segment_damaged(seg, "pair_first_df", err);
    *df = fr_load32(at);
    return FRAI_OK;
}

frai_status fr_dictionary_first(const struct fr_segment *seg, uint16_t first, uint32_t *begin,
                                uint32_t *end, frai_error *err)
{
    uint32_t number;
    if (!find_code(seg, FR_SECTION_PAIR_FIRST, 4, first, seg->stats.pair_terms, begin, end,
                   &number))
        return fr_segment_damaged(seg, "pair_first", err);
    return FRAI_OK;
}

frai_status fr_dictionary_first_range(const struct fr_segment *seg, uint16_t first, uint16_t low,
                                      uint16_t high, uint32_t *begin, uint32_t *end,
                                      frai_error *err)
{
    FR_TRY(fr_dictionary_first(seg, first, begin, end, err));
    if (*begin == *end) return FRAI_OK;
    uint32_t count = *end - *begin;
    const uint8_t *second =
        fr_segment_part(seg, FR_SECTION_PAIR_SECOND, 2ull * *begin, 2ull * count);
    if (!second) return fr_segment_damaged(seg, "pair_second", err);
    *end = *begin + lower_bound(second, 2, count, (uint32_t)high + 1);
    *begin += lower_bound(second, 2, count, low);
    return FRAI_OK;
}

frai_status fr_dictionary_pair(const struct fr_segment *seg, uint32_t key, uint32_t *ordinal,
                               frai_error *err)
{
    uint32_t begin, end;
    FR_TRY(fr_dictionary_first(seg, (uint16_t)(key >> 16), &begin, &end, err));
    *ordinal = FR_NO_TERM;
    if (begin == end) return FRAI_OK;
    uint32_t count = end - begin;
    const uint8_t *second =
        fr_segment_part(seg, FR_SECTION_PAIR_SECOND, 2ull * begin, 2ull * count);
    if (!second) return fr_segment_damaged(seg, "pair_second", err);
    uint32_t i = lower_bound(second, 2, count, key & 0xFFFF);
    if (i < count && fr_load16(second + 2ull * i) == (key & 0xFFFF)) *ordinal = begin + i;
    return FRAI_OK;
}

frai_status fr_dictionary_last(const struct fr_segment *seg, uint16_t last,
                               struct fr_ordinals *ordinals, frai_error *err)
{
    uint32_t begin, end, number, pairs = seg->stats.pair_terms;
    if (!find_code(seg, FR_SECTION_PAIR_BY_LAST, 8, last, pairs, &begin, &end, &number))
        return fr_segment_damaged(seg, "pair_by_last", err);
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

/* Longest string of a front-coded group; ids are refused above it. */
#define STRING_MAX (1u << 20)

static bool front_group(const struct fr_segment *seg, enum fr_section_id strings,
                        enum fr_section_id index, uint32_t group, uint32_t count, uint32_t number,
                        struct fr_reader *r)
{
    uint64_t groups = ((uint64_t)count + group - 1) / group, g = number / group;
    const uint8_t *at = fr_segment_part(seg, index, g * 8, g + 1 < groups ? 16 : 8);
    if (!at || number >= count) return false;
    const struct fr_section *s = &seg->sections[strings];
    uint64_t begin = fr_load64(at), end = g + 1 < groups ? fr_load64(at + 8) : s->len;
    if (begin > end || end > s->len || !fr_segment_verify_range(seg, s->data + begin, end - begin))
        return false;
    *r = fr_reader_of(s->data + begin, end - begin);
    return true;
}

/* A number that steps have moved on, but that is not printed yet: the writer takes a step only
 * where printing it and reading it again gives the same. */
struct moving {
    bool held;
    size_t prefix;
    int64_t number;
};

static void print_number(struct moving *m, struct fr_buf *out)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t left = (uint64_t)m->number;
    if (!m->held) return;
    do digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    out->len = m->prefix;
    fr_buf_put(out, digits + at, sizeof digits - at);
    m->held = false;
}

static bool step_number(struct moving *m, struct fr_buf *out, uint64_t step)
{
    if (!m->held && !ends_in_number(out->data, out->len, &m->prefix, &m->number)) return false;
    int64_t next = m->number + (int64_t)(step >> 1 ^ (0 - (step & 1)));
    if (step >> 62 || next < 0 || next >= NUMBER_LIMIT) return false;
    m->number = next;
    m->held = true;
    return true;
}

/* The n-th string from here on: out is the one before the first, if there is one. */
static bool front_nth(struct fr_reader *r, struct fr_buf *out, uint32_t n)
{
    struct moving m = {.held = false};
    for (; n > 0; n--) {
        uint64_t first = fr_read_varint(r), shared = first / 2;
        if (r->bad) return false;
        if (first % 2) {
            if (!step_number(&m, out, shared)) return false;
            continue;
        }
        print_number(&m, out);
        uint64_t len = fr_read_varint(r);
        const uint8_t *bytes = fr_read_bytes(r, len);
        if (r->bad || shared > out->len || shared + len > STRING_MAX) return false;
        out->len = shared;
        fr_buf_put(out, bytes, len);
        if (out->failed) return false;
    }
    print_number(&m, out);
    return !out->failed;
}

bool fr_front_next(struct fr_reader *r, struct fr_buf *out)
{
    return front_nth(r, out, 1);
}

bool fr_front_read(const struct fr_segment *seg, enum fr_section_id strings,
                   enum fr_section_id index, uint32_t group, uint32_t count, uint32_t number,
                   struct fr_buf *out)
{
    struct fr_reader r;
    fr_buf_clear(out);
    return front_group(seg, strings, index, group, count, number, &r) &&
           front_nth(&r, out, number % group + 1);
}

static frai_slice slice_of(const struct fr_buf *buf)
{
    return (frai_slice){(const char *)buf->data, buf->len};
}

/* The first word that is not below the key; the number of words if there is none. */
static bool seek_word(const struct fr_segment *seg, frai_slice key, uint32_t *found,
                      struct fr_buf *scratch)
{
    uint32_t count = seg->stats.word_terms;
    uint32_t low = 0, groups = (count + FR_WORD_GROUP - 1) / FR_WORD_GROUP;
    bool sound = true;
    FR_LOWER_BOUND(
        uint32_t, low, groups, i, /* the first group that begins above the key */
        (sound = sound && fr_front_read(seg, FR_SECTION_WORDS, FR_SECTION_WORD_INDEX, FR_WORD_GROUP,
                                        count, i * FR_WORD_GROUP, scratch)) &&
            fr_slice_compare(slice_of(scratch), key) <= 0);
    if (!sound) return false;
    *found = 0;
    if (low == 0) return true;
    uint32_t number = (low - 1) * FR_WORD_GROUP;
    struct fr_reader r;
    fr_buf_clear(scratch);
    if (!front_group(seg, FR_SECTION_WORDS, FR_SECTION_WORD_INDEX, FR_WORD_GROUP, count, number,
                     &r))
        return false;
    uint32_t i = 0;
    for (; i < FR_WORD_GROUP && number + i < count; i++) {
        if (!fr_front_next(&r, scratch)) return false;
        if (fr_slice_compare(slice_of(scratch), key) >= 0) break;
    }
    *found = number + i;
    return true;
}

static frai_status find_word(const struct fr_segment *seg, uint8_t term_class, const char *bytes,
                             size_t len, uint32_t *number, bool *equal, frai_error *err)
{
    *number = 0;
    *equal = false;
    if (seg->stats.word_terms == 0 || len > UINT16_MAX) return FRAI_OK;
    struct fr_buf key, scratch;
    fr_buf_init(&key, seg->mem);
    fr_buf_init(&scratch, seg->mem);
    fr_buf_u8(&key, term_class);
    fr_buf_put(&key, bytes, len);
    bool ok = !key.failed && seek_word(seg, slice_of(&key), number, &scratch);
    /* scratch is the word at *number, unless that is the first of the next group */
    if (ok) *equal = fr_slice_compare(slice_of(&scratch), slice_of(&key)) == 0;
    bool memory = key.failed || scratch.failed;
    fr_buf_deinit(&key);
    fr_buf_deinit(&scratch);
    if (memory) return fr_fail_memory(err, "reading the index");
    return ok ? FRAI_OK : fr_segment_damaged(seg, "words", err);
}

frai_status fr_dictionary_word(const struct fr_segment *seg, uint8_t term_class, const char *bytes,
                               size_t len, uint32_t *ordinal, frai_error *err)
{
    *ordinal = FR_NO_TERM;
    bool equal;
    uint32_t number;
    FR_TRY(find_word(seg, term_class, bytes, len, &number, &equal, err));
    if (equal) *ordinal = seg->stats.pair_terms + number;
    return FRAI_OK;
}

frai_status fr_dictionary_word_seek(const struct fr_segment *seg, uint8_t term_class,
                                    const char *bytes, size_t len, uint32_t *number,
                                    frai_error *err)
{
    bool equal;
    return find_word(seg, term_class, bytes, len, number, &equal, err);
}

frai_status fr_dictionary_term(const struct fr_segment *seg, uint32_t ordinal, bool *is_pair,
                               uint32_t *key, struct fr_buf *word, frai_error *err)
{
    uint32_t pairs = seg->stats.pair_terms;
    *is_pair = ordinal < pairs;
    if (!*is_pair) {
        if (fr_front_read(seg, FR_SECTION_WORDS, FR_SECTION_WORD_INDEX, FR_WORD_GROUP,
                          seg->stats.word_terms, ordinal - pairs, word) &&
            word->len > 0)
            return FRAI_OK;
        if (word->failed) return fr_fail_memory(err, "reading the index");
        return fr_segment_damaged(seg, "words", err);
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
