/* A string is a head, how many bytes it shares and how many the rest has, then the rest; the first
 * of a group shares none. The head is a byte, 2 * shared + 32 * length; a shared length of 15 and a
 * length of 7 say that varints with what is above these follow. Where two strings end in numbers
 * and are the same before, as many ids are, a step from one number to the other is stored instead
 * if that is shorter: varint 2 * step + 1, the step in zigzag form. A search goes by halves over
 * the first strings of groups, then through one group.
 */
#include "segment/front_coding.h"

#include "base/bytes.h"
#include "base/interner.h"
#include "base/lower_bound.h"

static const struct sections {
    enum fr_section_id strings, index;
    uint32_t group;
} sections_of[] = {
    [FR_LIST_WORDS] = {FR_SECTION_WORDS, FR_SECTION_WORD_INDEX, FR_WORD_GROUP},
    [FR_LIST_IDS] = {FR_SECTION_IDS, FR_SECTION_ID_INDEX, FR_ID_GROUP},
    [FR_LIST_LEXICON] = {FR_SECTION_LEXICON, FR_SECTION_LEXICON_INDEX, FR_WORD_GROUP},
};

static uint32_t count_of(const struct fr_segment *seg, enum fr_string_list list)
{
    return list == FR_LIST_WORDS ? seg->stats.word_terms
           : list == FR_LIST_IDS ? seg->stats.docs
                                 : seg->stats.lexicon_words;
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

#define SHARED_MOST 15u /* from which on a varint follows */
#define REST_MOST   7u

static unsigned head_bytes(size_t shared, size_t rest)
{
    return 1 + (shared >= SHARED_MOST ? varint_bytes(shared - SHARED_MOST) : 0) +
           (rest >= REST_MOST ? varint_bytes(rest - REST_MOST) : 0);
}

static void put_head(struct fr_buf *out, size_t shared, size_t rest)
{
    size_t few = shared < SHARED_MOST ? shared : SHARED_MOST;
    size_t little = rest < REST_MOST ? rest : REST_MOST;
    fr_buf_u8(out, (uint8_t)(few << 1 | little << 5));
    if (few == SHARED_MOST) fr_buf_varint(out, shared - SHARED_MOST);
    if (little == REST_MOST) fr_buf_varint(out, rest - REST_MOST);
}

void fr_list_writer_init(struct fr_list_writer *w, enum fr_string_list list,
                         struct fr_segment_writer *out)
{
    const struct sections *s = &sections_of[list];
    *w = (struct fr_list_writer){.strings = fr_segment_writer_section(out, s->strings),
                                 .index = fr_segment_writer_section(out, s->index),
                                 .group = s->group};
    fr_buf_init(&w->previous, out->mem);
}

void fr_list_writer_deinit(struct fr_list_writer *w)
{
    fr_buf_deinit(&w->previous);
}

void fr_list_writer_add(struct fr_list_writer *w, const uint8_t *bytes, size_t len)
{
    const struct fr_buf *previous = &w->previous;
    struct fr_spill_buffer *strings = w->strings;
    size_t shared = 0;
    uint64_t step = 0;
    bool steps = false;
    if (w->count++ % w->group == 0) {
        fr_buf_u64(&w->index->buf, fr_spill_buffer_len(strings));
        fr_spill_if_full(w->index);
    } else {
        while (shared < len && shared < previous->len && previous->data[shared] == bytes[shared])
            shared++;
        steps = number_step(previous, bytes, len, &step) &&
                varint_bytes(step) < head_bytes(shared, len - shared) + len - shared;
    }
    if (steps)
        fr_buf_varint(&strings->buf, step);
    else
        put_head(&strings->buf, shared, len - shared);
    if (!steps && len > shared) fr_buf_put(&strings->buf, bytes + shared, len - shared);
    fr_spill_if_full(strings);
    fr_buf_clear(&w->previous);
    fr_buf_put(&w->previous, bytes, len);
    if (w->previous.failed) strings->buf.failed = true;
}

/* ---- reading ---- */

/* A longer string is damage. */
#define STRING_MAX (1u << 20)

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

/* Decodes n strings, the last of them into out, which holds the one before the first, if any. */
static bool decode(struct fr_reader *r, struct fr_buf *out, uint32_t n)
{
    struct moving m = {.held = false};
    for (; n > 0; n--) {
        if (fr_reader_left(r) == 0) return false;
        if (*r->at % 2) {
            uint64_t step = fr_read_varint(r) / 2;
            if (r->bad || !step_number(&m, out, step)) return false;
            continue;
        }
        print_number(&m, out);
        uint8_t head = fr_read_u8(r);
        uint64_t shared = head >> 1 & 15, len = head >> 5;
        if (shared == SHARED_MOST) shared += fr_read_varint(r);
        if (len == REST_MOST) len += fr_read_varint(r);
        const uint8_t *bytes = fr_read_bytes(r, len);
        if (r->bad || shared > out->len || shared + len > STRING_MAX) return false;
        out->len = shared;
        fr_buf_put(out, bytes, len);
        if (out->failed) return false;
    }
    print_number(&m, out);
    return !out->failed;
}

frai_status fr_list_writer_read(struct fr_list_writer *w, uint32_t number, struct fr_buf *out,
                                frai_error *err)
{
    uint64_t begin, end = fr_spill_buffer_len(w->strings), group = number / w->group;
    FR_TRY(fr_spill_buffer_read(w->index, group * 8, &begin, 8, err));
    if ((group + 1) * w->group < w->count)
        FR_TRY(fr_spill_buffer_read(w->index, group * 8 + 8, &end, 8, err));
    struct fr_buf bytes;
    fr_buf_init(&bytes, out->mem);
    frai_status status = FRAI_OK;
    if (!fr_buf_room(&bytes, (size_t)(end - begin))) status = fr_fail_memory(err, "building");
    if (status == FRAI_OK)
        status = fr_spill_buffer_read(w->strings, begin, bytes.data, (size_t)(end - begin), err);
    struct fr_reader r = fr_reader_of(bytes.data, (size_t)(end - begin));
    fr_buf_clear(out);
    if (status == FRAI_OK && !decode(&r, out, number % w->group + 1))
        status = fr_fail_memory(err, "building"); /* our own bytes: nothing else makes it fail */
    fr_buf_deinit(&bytes);
    return status;
}

/* The bytes of a group. */
static bool open_group(const struct fr_segment *seg, enum fr_string_list list, uint32_t number,
                       struct fr_reader *r)
{
    const struct sections *of = &sections_of[list];
    const struct fr_section *s = &seg->sections[of->strings];
    uint32_t count = count_of(seg, list);
    uint64_t groups = ((uint64_t)count + of->group - 1) / of->group, g = number / of->group;
    const uint8_t *at = fr_segment_part(seg, of->index, g * 8, g + 1 < groups ? 16 : 8);
    if (!at || number >= count) return false;
    uint64_t begin = fr_load64(at), end = g + 1 < groups ? fr_load64(at + 8) : s->len;
    if (begin > end || end > s->len || !fr_segment_verify_range(seg, s->data + begin, end - begin))
        return false;
    *r = fr_reader_of(s->data + begin, end - begin);
    return true;
}

static bool read_string(const struct fr_segment *seg, enum fr_string_list list, uint32_t number,
                        struct fr_buf *out)
{
    struct fr_reader r;
    fr_buf_clear(out);
    return open_group(seg, list, number, &r) &&
           decode(&r, out, number % sections_of[list].group + 1);
}

static frai_status failure(const struct fr_segment *seg, enum fr_string_list list,
                           const struct fr_buf *string, frai_error *err)
{
    return string->failed
               ? fr_fail_memory(err, "reading the index")
               : fr_segment_damaged(seg, fr_section_name(sections_of[list].strings), err);
}

frai_status fr_list_read(const struct fr_segment *seg, enum fr_string_list list, uint32_t number,
                         struct fr_buf *out, frai_error *err)
{
    return read_string(seg, list, number, out) ? FRAI_OK : failure(seg, list, out, err);
}

static int compare(const struct fr_buf *string, frai_slice key)
{
    return fr_slice_compare(fr_buf_slice(string), key);
}

/* The first string of the group that is not below the key; the next group's if none is. */
static bool seek_in_group(const struct fr_segment *seg, enum fr_string_list list, frai_slice key,
                          uint32_t *number, struct fr_buf *string)
{
    uint32_t count = count_of(seg, list), end = *number + sections_of[list].group;
    struct fr_reader r;
    fr_buf_clear(string);
    if (!open_group(seg, list, *number, &r)) return false;
    for (; *number < end && *number < count; ++*number) {
        if (!decode(&r, string, 1)) return false;
        if (compare(string, key) >= 0) break;
    }
    return true;
}

frai_status fr_list_seek(const struct fr_segment *seg, enum fr_string_list list, frai_slice key,
                         uint32_t *number, struct fr_buf *string, frai_error *err)
{
    uint32_t count = count_of(seg, list), group = sections_of[list].group, above = 0;
    uint32_t groups = (count + group - 1) / group;
    bool sound = true;
    fr_buf_clear(string);
    FR_LOWER_BOUND(uint32_t, above, groups, i, /* the first group that begins above the key */
                   (sound = sound && read_string(seg, list, i * group, string)) &&
                       compare(string, key) <= 0);
    *number = above ? (above - 1) * group : 0;
    if (sound && above) sound = seek_in_group(seg, list, key, number, string);
    return sound ? FRAI_OK : failure(seg, list, string, err);
}
