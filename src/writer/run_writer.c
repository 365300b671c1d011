/* A stable radix sort by term leaves each term's items in order of documents and positions, and
 * they are written one term after another: pairs by key, words and the lexicon by bytes. */
#include "writer/run_writer.h"

#include "base/bytes.h"

static uint8_t *put_u16(uint8_t *at, uint32_t v)
{
    uint16_t low = (uint16_t)v;
    memcpy(at, &low, 2);
    return at + 2;
}

static uint8_t *put_u32(uint8_t *at, uint32_t v)
{
    memcpy(at, &v, 4);
    return at + 4;
}

/* Writes a document's part of a payload: its tf items. */
static uint8_t *put_posting(uint8_t *at, const struct fr_item *items, uint32_t tf, uint32_t number)
{
    bool wide = items[tf - 1].position > UINT16_MAX || tf > UINT16_MAX;
    uint32_t form = wide ? 3 : tf < 3 ? tf - 1 : 2;
    at = put_u16(at, number << 2 | form);
    if (form == 3) {
        at = put_u32(at, tf);
        for (uint32_t k = 0; k < tf; k++) at = put_u32(at, items[k].position);
        return at;
    }
    if (form == 2) at = put_u16(at, tf);
    for (uint32_t k = 0; k < tf; k++) at = put_u16(at, items[k].position);
    return at;
}

#define PAYLOAD_BYTES_PER_ITEM 10u /* at the most: u16, u32 tf, u32 position */

/* Writes the payload of the items [begin, end), all of one term, and its length before it. */
static void put_payload(struct fr_chunk *chunk, const struct fr_item *items, size_t begin,
                        size_t end)
{
    struct fr_buf *run = &chunk->run;
    if (!fr_buf_room(run, 8 + (end - begin) * PAYLOAD_BYTES_PER_ITEM)) return;
    uint8_t *start = run->data + run->len, *at = start + 8;
    uint32_t docs = 0;
    for (size_t i = begin; i < end; docs++) {
        size_t stop = i + 1;
        while (stop < end && items[stop].doc == items[i].doc) stop++;
        at = put_posting(at, items + i, (uint32_t)(stop - i), items[i].doc - chunk->first_doc);
        i = stop;
    }
    put_u32(put_u32(start, (uint32_t)(at - start) - 4), docs);
    run->len += (size_t)(at - start);
}

static size_t end_of_key(const struct fr_item *items, size_t begin, size_t count)
{
    size_t end = begin + 1;
    while (end < count && items[end].key == items[begin].key) end++;
    return end;
}

bool fr_write_pairs(struct fr_inverter *in, struct fr_chunk *chunk)
{
    struct fr_item *items = fr_vec_data(&in->pair_items);
    size_t count = fr_vec_count(&in->pair_items);
    if (!fr_vec_reserve(&in->item_scratch, count)) return false;
    fr_sort_items(items, fr_vec_data(&in->item_scratch), count);
    for (size_t i = 0; i < count;) {
        size_t end = end_of_key(items, i, count);
        fr_buf_u32(&chunk->run, items[i].key);
        put_payload(chunk, items, i, end);
        i = end;
    }
    return true;
}

static int by_string(const void *a, const void *b, void *ctx)
{
    const struct fr_prefixed *x = a, *y = b;
    if (x->prefix != y->prefix) return x->prefix < y->prefix ? -1 : 1;
    return fr_slice_compare(fr_interned(ctx, x->number), fr_interned(ctx, y->number));
}

/* The numbers of all interned strings, in byte order, into in->order. */
static bool sort_interned(struct fr_inverter *in, struct fr_interner *strings)
{
    uint32_t count = fr_interner_count(strings);
    struct fr_prefixed *sorted = fr_vec_reserve(&in->sorted, count);
    if (!sorted || !fr_vec_reserve(&in->order, count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        frai_slice s = fr_interned(strings, i);
        sorted[i] = (struct fr_prefixed){fr_prefix64(s.ptr, s.len), i};
    }
    fr_sort(sorted, count, sizeof *sorted, by_string, strings);
    for (uint32_t i = 0; i < count; i++) fr_vec_push(&in->order, sorted[i].number);
    return true;
}

bool fr_write_words(struct fr_inverter *in, struct fr_chunk *chunk)
{
    struct fr_item *items = fr_vec_data(&in->word_items);
    size_t count = fr_vec_count(&in->word_items);
    uint32_t words = fr_interner_count(&in->words), *rank = fr_vec_reserve(&in->rank, words);
    if (!rank || !sort_interned(in, &in->words) || !fr_vec_reserve(&in->item_scratch, count))
        return false;
    for (uint32_t i = 0; i < words; i++) rank[fr_vec_at(&in->order, i)] = i;
    for (size_t i = 0; i < count; i++) items[i].key = rank[items[i].key];
    fr_sort_items(items, fr_vec_data(&in->item_scratch), count);
    for (size_t i = 0; i < count;) {
        size_t end = end_of_key(items, i, count);
        frai_slice word = fr_interned(&in->words, fr_vec_at(&in->order, items[i].key));
        fr_buf_u8(&chunk->run, (uint8_t)word.ptr[0]);
        fr_buf_u16(&chunk->run, (uint16_t)(word.len - 1));
        fr_buf_put(&chunk->run, word.ptr + 1, word.len - 1);
        put_payload(chunk, items, i, end);
        i = end;
    }
    return true;
}

bool fr_write_lexicon(struct fr_inverter *in, struct fr_chunk *chunk)
{
    if (!sort_interned(in, &in->lexicon)) return false;
    for (uint32_t i = 0; i < fr_interner_count(&in->lexicon); i++) {
        uint32_t number = fr_vec_at(&in->order, i);
        frai_slice word = fr_interned(&in->lexicon, number);
        fr_buf_u16(&chunk->run, (uint16_t)word.len);
        fr_buf_put(&chunk->run, word.ptr, word.len);
        fr_buf_u32(&chunk->run, fr_vec_at(&in->lexicon_docs, number).docs);
    }
    return true;
}
