/* When the file is read it is verified as a whole. What a term loses is counted by its postings and
 * the bitmap: of a dense term in the ranges that have deleted documents, of others document by
 * document. The counts of terms that were asked for lately are remembered. */
#include "segment/deletes.h"

#include "base/lower_bound.h"
#include "base/sort.h"
#include "codec/norm.h"
#include "segment/dense_layout.h"
#include "segment/dictionary.h"
#include "segment/lengths.h"
#include "text/analyzer.h"

#define MAGIC        "FRAIDEL\n"
#define HEADER_BYTES 48u
#define ENTRY_BYTES  8u

_Static_assert(sizeof(struct fr_loss) == ENTRY_BYTES, "an entry of the file");

static uint64_t bitmap_bytes(const struct fr_segment *seg)
{
    return (seg->stats.docs + 63ull) / 64 * 8;
}

/* ---- what a term loses ---- */

/* A row of a dense term is decoded as a whole if more of its ranges are asked for. */
#define FEW_RANGES 8u

/* Of the documents of the term in a row those that are among `bits`, which are the row's. */
static uint32_t count_row(const struct fr_dense *d, uint32_t row, const uint8_t *bits)
{
    uint64_t masks[FR_ROW_RANGES] = {0};
    uint32_t left = d->ranges - row * FR_ROW_RANGES,
             n = left < FR_ROW_RANGES ? left : FR_ROW_RANGES;
    if (!fr_dense_row_or(d, row, masks)) return 0;
    for (uint32_t i = 0; i < n; i++) masks[i] &= fr_load64(bits + 8ull * i);
    return (uint32_t)d->seg->kernels.scan.count_bits(masks, n);
}

/* ranges: of each row, those that have bits. What doesn't decode has none: whoever reads on will
 * tell. */
static uint32_t count_dense(const struct fr_dense *d, const uint8_t *bits, const uint64_t *ranges)
{
    uint32_t found = 0;
    for (uint32_t row = 0; row < d->row_count; row++, bits += FR_ROW_RANGES * 8) {
        uint64_t wanted = ranges[row] ? ranges[row] & fr_dense_row(d, row) : 0;
        if (fr_popcount(wanted) > FEW_RANGES) {
            found += count_row(d, row, bits);
            continue;
        }
        for (; wanted; wanted &= wanted - 1) {
            unsigned i = (unsigned)__builtin_ctzll(wanted);
            struct fr_dense_range range;
            if (fr_dense_find(d, row * FR_ROW_RANGES + i, &range))
                found += fr_popcount(range.mask & fr_load64(bits + 8ull * i));
        }
    }
    return found;
}

static uint32_t count_blocks(const struct fr_postings *p, const uint8_t *bits)
{
    uint32_t docs[FR_BLOCK + 8], n, found = 0;
    uint64_t tf_at;
    for (uint32_t b = 0; b < p->blocks; b++) {
        if (!fr_postings_decode_docs(p, b, docs, &n, &tf_at)) continue;
        for (uint32_t i = 0; i < n; i++) found += bits[docs[i] / 8] >> (docs[i] % 8) & 1;
    }
    return found;
}

/* Which ranges of each row have bits. */
static void summarize(const struct fr_segment *seg, const uint8_t *bits, uint64_t *ranges)
{
    for (uint32_t i = 0; i < fr_range_count(seg->stats.docs); i++)
        ranges[i / FR_ROW_RANGES] |= (uint64_t)(fr_load64(bits + 8ull * i) != 0)
                                     << i % FR_ROW_RANGES;
}

static size_t row_count(const struct fr_segment *seg)
{
    return fr_range_count(seg->stats.docs) / FR_ROW_RANGES + 1;
}

/* A count that is remembered: the number of the term and one in the high half, so that 0 is none.
 * It stands in one of the two places of its number, the latest in the first; atomic. */
static uint64_t recall(const struct fr_deletes *d, uint64_t key)
{
    const uint64_t *place = &d->counts[key % FR_COUNTS_KEPT & ~1ull];
    for (int i = 0; i < 2; i++) {
        uint64_t known = __atomic_load_n(place + i, __ATOMIC_RELAXED);
        if (known >> 32 == key) return known;
    }
    return 0;
}

static void remember(const struct fr_deletes *d, uint64_t key, uint32_t lost)
{
    uint64_t *place = &d->counts[key % FR_COUNTS_KEPT & ~1ull];
    __atomic_store_n(place + 1, __atomic_load_n(place, __ATOMIC_RELAXED), __ATOMIC_RELAXED);
    __atomic_store_n(place, key << 32 | lost, __ATOMIC_RELAXED);
}

uint32_t fr_deletes_of_term(const struct fr_postings *p, uint32_t ordinal)
{
    const struct fr_deletes *d = &p->seg->deletes;
    if (!d->dead) return 0;
    if (p->blocks <= 1) return count_blocks(p, d->dead);
    uint64_t key = ordinal + 1ull, known = recall(d, key);
    if (known) return (uint32_t)known;
    uint32_t lost =
        p->is_dense ? count_dense(&p->dense, d->dead, d->ranges) : count_blocks(p, d->dead);
    if (lost > p->df) lost = p->df;
    remember(d, key, lost);
    return lost;
}

/* ---- what sums lose ---- */

void fr_lost_init(struct fr_lost *lost, const frai_allocator *mem)
{
    lost->postings = 0;
    fr_buf_init(&lost->firsts.buf, mem);
    fr_buf_init(&lost->strings.buf, mem);
}

void fr_lost_deinit(struct fr_lost *lost)
{
    fr_buf_deinit(&lost->firsts.buf);
    fr_buf_deinit(&lost->strings.buf);
}

void fr_lost_pair(struct fr_lost *lost, uint32_t key, uint32_t docs)
{
    if (fr_pair_is_text(key)) lost->postings += docs;
    if (!fr_pair_is_two(key)) return;
    if (fr_vec_count(&lost->firsts) && fr_vec_last(&lost->firsts).number == key >> 16)
        fr_vec_last(&lost->firsts).docs += docs;
    else
        fr_vec_push(&lost->firsts, key >> 16, docs);
}

void fr_lost_word(struct fr_lost *lost, unsigned term_class, uint32_t docs)
{
    if (fr_term_is_text(term_class)) lost->postings += docs;
}

frai_status fr_lost_postings(const struct fr_segment *seg, const uint64_t *gone,
                             struct fr_lost *lost, frai_error *err)
{
    const uint8_t *bits = (const uint8_t *)gone;
    uint32_t terms = seg->stats.pair_terms + seg->stats.word_terms;
    struct fr_postings_walk walk = {.seg = seg};
    FR_VECTOR(uint64_t) ranges;
    struct fr_buf word;
    uint64_t walked = 0;
    frai_status status = FRAI_OK;
    fr_buf_init(&ranges.buf, lost->firsts.buf.mem);
    fr_buf_init(&word, lost->firsts.buf.mem);
    if (!fr_vec_reserve(&ranges, row_count(seg))) return fr_fail_memory(err, "deleting");
    memset(ranges.buf.data, 0, row_count(seg) * 8);
    summarize(seg, bits, fr_vec_data(&ranges));
    for (uint32_t t = 0; status == FRAI_OK && t < terms; t++) {
        struct fr_postings p;
        bool is_pair;
        uint32_t key;
        status = fr_postings_next(&walk, &p, err);
        if (status != FRAI_OK) break;
        uint32_t docs =
            p.is_dense ? count_dense(&p.dense, bits, fr_vec_data(&ranges)) : count_blocks(&p, bits);
        fr_segment_account_scan(seg, &walked, p.postings_bytes + 64);
        if (docs) status = fr_dictionary_term(seg, t, &is_pair, &key, &word, err);
        if (docs == 0 || status != FRAI_OK) continue;
        if (is_pair)
            fr_lost_pair(lost, key, docs);
        else
            fr_lost_word(lost, word.data[0], docs);
    }
    fr_buf_deinit(&word);
    fr_buf_deinit(&ranges.buf);
    return status;
}

/* ---- the file ---- */

static int by_number(const void *a, const void *b, void *unused)
{
    const struct fr_loss *x = a, *y = b;
    (void)unused;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* Appends the entries of the file before and the new ones, in order; returns how many. */
static uint32_t put_losses(const uint8_t *before, uint32_t count, struct fr_loss *fresh, size_t n,
                           struct fr_buf *out)
{
    size_t begin = out->len, k = 0;
    if (n) fr_sort(fresh, n, sizeof *fresh, by_number, NULL);
    for (uint32_t i = 0; i < count || k < n;) {
        struct fr_loss loss = {UINT32_MAX, 0};
        if (i < count) memcpy(&loss, before + (size_t)i * ENTRY_BYTES, ENTRY_BYTES);
        if (i == count || (k < n && fresh[k].number < loss.number))
            loss = (struct fr_loss){fresh[k].number, 0};
        else
            i++;
        while (k < n && fresh[k].number == loss.number) loss.docs += fresh[k++].docs;
        fr_buf_put(out, &loss, ENTRY_BYTES);
    }
    return (uint32_t)((out->len - begin) / ENTRY_BYTES);
}

struct sums {
    uint32_t docs, texts, first_count, string_count;
    uint64_t tokens, postings;
};

static void put_head(const struct fr_segment *seg, const struct sums *s, struct fr_buf *out)
{
    fr_buf_put(out, MAGIC, 8);
    fr_buf_u32(out, FRAI_FORMAT_VERSION);
    fr_buf_u32(out, seg->stats.docs);
    fr_buf_u32(out, s->docs);
    fr_buf_u32(out, s->texts);
    fr_buf_u64(out, s->tokens);
    fr_buf_u64(out, s->postings);
    fr_buf_u32(out, s->first_count);
    fr_buf_u32(out, s->string_count);
}

/* Adds documents, and their lengths, that seg->deletes has not. */
static frai_status add_documents(const struct fr_segment *seg, const uint64_t *dead, struct sums *s,
                                 frai_error *err)
{
    const uint8_t *before = seg->deletes.dead;
    struct fr_lengths_reader lengths = {.seg = seg};
    for (size_t w = 0; w < bitmap_bytes(seg) / 8; w++) {
        uint64_t bits = dead[w] & (before ? ~fr_load64(before + 8 * w) : ~0ull);
        for (; bits; bits &= bits - 1) {
            uint32_t doc = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits), length;
            FR_TRY(fr_lengths_read(&lengths, doc, &length, err));
            s->docs++;
            s->texts += length > 0;
            s->tokens += length;
        }
    }
    return FRAI_OK;
}

frai_status fr_deletes_make(const struct fr_segment *seg, const uint64_t *dead,
                            struct fr_lost *lost, struct fr_buf *out, frai_error *err)
{
    const struct fr_deletes *d = &seg->deletes;
    struct sums s = {.docs = d->docs,
                     .texts = d->texts,
                     .tokens = d->tokens,
                     .postings = d->postings + lost->postings};
    struct fr_buf head;
    FR_TRY(add_documents(seg, dead, &s, err));
    fr_buf_init(&head, out->mem);
    out->len = 0;
    put_head(seg, &s, out); /* as long as it will be */
    fr_buf_put(out, dead, (size_t)bitmap_bytes(seg));
    s.first_count = put_losses(d->firsts, d->first_count, fr_vec_data(&lost->firsts),
                               fr_vec_count(&lost->firsts), out);
    s.string_count = put_losses(d->strings, d->string_count, fr_vec_data(&lost->strings),
                                fr_vec_count(&lost->strings), out);
    put_head(seg, &s, &head);
    bool failed = out->failed || head.failed || lost->firsts.buf.failed || lost->strings.buf.failed;
    if (!failed) {
        memcpy(out->data, head.data, head.len);
        fr_buf_u64(out, fr_hash64(out->data, out->len));
    }
    fr_buf_deinit(&head);
    return failed || out->failed ? fr_fail_memory(err, "deleting") : FRAI_OK;
}

/* Entries whose first number ascends and is below `limit`. */
static bool entries_ascend(const uint8_t *entries, uint32_t count, uint32_t limit)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < count; i++, entries += ENTRY_BYTES) {
        uint32_t number = fr_load32(entries);
        if (number < next || number >= limit) return false;
        next = number + 1;
    }
    return true;
}

static bool parse(struct fr_segment *seg)
{
    struct fr_deletes *d = &seg->deletes;
    const struct fr_segment_stats *s = &seg->stats;
    struct fr_reader r = fr_reader_of(d->map.data, d->map.len - 8);
    const uint8_t *magic = fr_read_bytes(&r, 8);
    if (!magic || memcmp(magic, MAGIC, 8) != 0 || fr_read_u32(&r) != FRAI_FORMAT_VERSION ||
        fr_read_u32(&r) != s->docs)
        return false;
    d->docs = fr_read_u32(&r);
    d->texts = fr_read_u32(&r);
    d->tokens = fr_read_u64(&r);
    d->postings = fr_read_u64(&r);
    d->first_count = fr_read_u32(&r);
    d->string_count = fr_read_u32(&r);
    d->dead = fr_read_bytes(&r, bitmap_bytes(seg));
    d->firsts = fr_read_bytes(&r, (uint64_t)d->first_count * ENTRY_BYTES);
    d->strings = fr_read_bytes(&r, (uint64_t)d->string_count * ENTRY_BYTES);
    if (r.bad || fr_reader_left(&r)) return false;
    uint64_t count = 0;
    for (uint64_t i = 0; i < bitmap_bytes(seg); i += 8)
        count += fr_popcount(fr_load64(d->dead + i));
    bool beyond = s->docs % 64 && fr_load64(d->dead + bitmap_bytes(seg) - 8) >> (s->docs % 64);
    return !beyond && count == d->docs && d->docs <= s->live_docs && d->texts <= s->texts &&
           d->tokens <= s->tokens && d->postings <= s->postings &&
           entries_ascend(d->firsts, d->first_count, 0x10000) &&
           entries_ascend(d->strings, d->string_count, s->lexicon_words);
}

static frai_status make_room(struct fr_segment *seg, frai_error *err)
{
    struct fr_deletes *d = &seg->deletes;
    d->room = (row_count(seg) + FR_COUNTS_KEPT) * 8;
    d->ranges = fr_new(seg->mem, d->room);
    if (!d->ranges) return fr_fail_memory(err, "reading the index");
    d->counts = d->ranges + row_count(seg);
    summarize(seg, d->dead, d->ranges);
    return FRAI_OK;
}

frai_status fr_deletes_read(struct fr_segment *seg, const char *path, frai_error *err)
{
    struct fr_deletes *d = &seg->deletes;
    uint64_t most = HEADER_BYTES + bitmap_bytes(seg) + 8 +
                    (0x10000ull + seg->stats.lexicon_words) * ENTRY_BYTES;
    FR_TRY(fr_map_open(&d->map, path, err));
    size_t len = d->map.len;
    if (len < HEADER_BYTES + 8 || len > most ||
        fr_load64(d->map.data + len - 8) != fr_hash64(d->map.data, len - 8) || !parse(seg)) {
        d->dead = NULL;
        d->string_count = 0;
        return fr_fail(err, FRAI_ERR_CORRUPT, "%s: damaged (deletes)", path);
    }
    d->hash = fr_hash128(d->map.data, len);
    if (d->docs == 0)
        d->dead = NULL; /* the strings are of those it was written without */
    else
        FR_TRY(make_room(seg, err));
    fr_map_drop_pages(&d->map);
    return FRAI_OK;
}

static uint32_t find(const uint8_t *entries, uint32_t count, uint32_t number)
{
    uint32_t low = 0;
    FR_LOWER_BOUND(uint32_t, low, count, i, fr_load32(entries + (size_t)ENTRY_BYTES * i) < number);
    if (low == count || fr_load32(entries + (size_t)ENTRY_BYTES * low) != number) return 0;
    return fr_load32(entries + (size_t)ENTRY_BYTES * low + 4);
}

uint32_t fr_deletes_of_first(const struct fr_segment *seg, uint16_t first)
{
    const struct fr_deletes *d = &seg->deletes;
    return d->dead ? find(d->firsts, d->first_count, first) : 0;
}

uint32_t fr_deletes_of_string(const struct fr_segment *seg, uint32_t number)
{
    return find(seg->deletes.strings, seg->deletes.string_count, number);
}
