/* To make the file all terms of the segment are walked once: of each, the documents that are newly
 * deleted are counted. If those are few, each is looked up in the term's postings; if they are
 * many, the postings are decoded. What the term had lost before is taken from the file before. When
 * the file is read it is verified as a whole; then counts are found in it by binary search. */
#include "segment/deletes.h"

#include "base/lower_bound.h"
#include "base/vector.h"
#include "segment/dictionary.h"
#include "segment/postings.h"
#include "text/analyzer.h"

#define MAGIC        "FRAIDEL\n"
#define HEADER_BYTES 56u
#define ENTRY_BYTES  8u
#define FEW_PART     64u /* one document of so many is few: some blocks have none */

/* As in the file. */
struct entry {
    uint32_t number, docs;
};
_Static_assert(sizeof(struct entry) == ENTRY_BYTES, "an entry of the file");

/* What statistics lose, and by which documents: those that were deleted before are counted already,
 * and what the new ones take is added. */
struct losses {
    FR_VECTOR(uint64_t) fresh;   /* the new ones, a bit each */
    FR_VECTOR(uint32_t) numbers; /* the same, ascending, if they are few (FEW_PART) */
    uint32_t before_at;          /* entries of seg->deletes.terms that are behind */
    struct fr_postings_walk walk;
    FR_VECTOR(uint32_t) tfs; /* scratch: of each */
    uint32_t docs, texts, term_count, string_count;
    uint64_t tokens, postings;
    uint64_t walked;    /* fr_segment_account_scan */
    struct fr_buf *out; /* the file being made: after the bitmap an entry of each term */
    FR_VECTOR(struct entry) firsts; /* of pairs with the same first code, summed */
};

static uint64_t bitmap_bytes(const struct fr_segment *seg)
{
    return (seg->stats.docs + 63ull) / 64 * 8;
}

static void lose_first(struct losses *l, uint32_t first, uint32_t docs)
{
    if (fr_vec_count(&l->firsts) == 0 || fr_vec_last(&l->firsts).number != first)
        fr_vec_push(&l->firsts, first, docs);
    else
        fr_vec_last(&l->firsts).docs += docs;
}

/* How many of the documents a term has, and how often: whichever are fewer, its documents or
 * those, are looked up among the others; all its documents, if those are many. */
static bool count_lost(const struct fr_postings *p, struct losses *l, uint32_t *found, uint64_t *tf)
{
    uint32_t docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8], n, *of = fr_vec_data(&l->tfs);
    *found = 0;
    *tf = 0;
    uint32_t fresh = (uint32_t)fr_vec_count(&l->numbers);
    if (fresh && p->df > fresh) {
        if (!fr_postings_tfs(p, fr_vec_data(&l->numbers), fresh, of)) return false;
        for (uint32_t i = 0; i < fresh; i++) {
            *found += of[i] > 0;
            *tf += of[i];
        }
        return true;
    }
    for (uint32_t b = 0; b < p->blocks; b++) {
        if (!fr_postings_decode(p, b, docs, tfs, &n)) return false;
        for (uint32_t i = 0; i < n; i++) {
            if (!(fr_vec_at(&l->fresh, docs[i] / 64) >> (docs[i] % 64) & 1)) continue;
            ++*found;
            *tf += tfs[i];
        }
    }
    return true;
}

/* What the term had lost already; terms are asked for in order. */
static uint32_t lost_before(const struct fr_segment *seg, uint32_t ordinal, struct losses *l)
{
    const struct fr_deletes *d = &seg->deletes;
    if (l->before_at == d->term_count) return 0;
    const uint8_t *entry = d->terms + (uint64_t)l->before_at * ENTRY_BYTES;
    if (fr_load32(entry) != ordinal) return 0;
    l->before_at++;
    return fr_load32(entry + 4);
}

static frai_status lose_term(const struct fr_segment *seg, uint32_t ordinal, struct fr_buf *word,
                             struct losses *l, frai_error *err)
{
    struct fr_postings p;
    uint32_t found, key, before = lost_before(seg, ordinal, l);
    uint64_t tf;
    bool is_pair;
    FR_TRY(fr_postings_next(&l->walk, &p, err));
    if (!count_lost(&p, l, &found, &tf)) return fr_segment_damaged(seg, "postings", err);
    fr_segment_account_scan(seg, &l->walked, p.postings_bytes + 64);
    if (found + before == 0) return FRAI_OK;
    FR_TRY(fr_dictionary_term(seg, ordinal, &is_pair, &key, word, err));
    unsigned term_class = is_pair ? fr_pair_class(key) : word->data[0];
    fr_buf_u32(l->out, ordinal);
    fr_buf_u32(l->out, found + before);
    l->term_count++;
    if (is_pair && (key & 0xFFFF) > FR_PAIR_LONE_MAX) lose_first(l, key >> 16, found + before);
    if (term_class == FR_TERM_SURFACE) l->tokens += tf;
    if (is_pair ? fr_pair_is_text(key) : fr_term_is_text(term_class)) l->postings += found;
    return l->out->failed || l->firsts.buf.failed ? fr_fail_memory(err, "deleting") : FRAI_OK;
}

static void put_head(const struct fr_segment *seg, const struct losses *l, struct fr_buf *out)
{
    fr_buf_put(out, MAGIC, 8);
    fr_buf_u32(out, FRAI_FORMAT_VERSION);
    fr_buf_u32(out, seg->stats.docs);
    fr_buf_u32(out, l->docs);
    fr_buf_u32(out, l->texts);
    fr_buf_u64(out, l->tokens);
    fr_buf_u64(out, l->postings);
    fr_buf_u32(out, l->term_count);
    fr_buf_u32(out, (uint32_t)fr_vec_count(&l->firsts));
    fr_buf_u32(out, l->string_count);
    fr_buf_u32(out, 0);
}

static frai_status find_fresh(const struct fr_segment *seg, const uint64_t *dead, struct losses *l,
                              frai_error *err)
{
    const struct fr_deletes *d = &seg->deletes;
    uint32_t fresh = 0;
    for (uint32_t w = 0; w < bitmap_bytes(seg) / 8; w++) {
        uint64_t bits = dead[w] & (d->dead ? ~fr_load64(d->dead + 8ull * w) : ~0ull);
        fr_vec_push(&l->fresh, bits);
        fresh += fr_popcount(bits);
        for (uint64_t left = bits; left; left &= left - 1) {
            uint32_t doc = w * 64 + (uint32_t)__builtin_ctzll(left);
            const uint8_t *norm = fr_segment_part(seg, FR_SECTION_NORMS, doc, 1);
            if (!norm) return fr_segment_damaged(seg, "norms", err);
            l->texts += *norm > 0;
        }
    }
    bool few = fresh <= seg->stats.docs / FEW_PART;
    for (uint32_t w = 0; few && !l->fresh.buf.failed && w < bitmap_bytes(seg) / 8; w++)
        for (uint64_t left = fr_vec_at(&l->fresh, w); left; left &= left - 1)
            fr_vec_push(&l->numbers, w * 64 + (uint32_t)__builtin_ctzll(left));
    l->docs += fresh;
    bool room = !l->fresh.buf.failed && !l->numbers.buf.failed &&
                fr_vec_reserve(&l->tfs, fr_vec_count(&l->numbers));
    return room ? FRAI_OK : fr_fail_memory(err, "deleting");
}

frai_status fr_deletes_make(const struct fr_segment *seg, const uint64_t *dead, frai_slice strings,
                            struct fr_buf *out, frai_error *err)
{
    const struct fr_deletes *d = &seg->deletes;
    struct losses l = {.walk = {.seg = seg},
                       .out = out,
                       .docs = d->docs,
                       .texts = d->texts,
                       .tokens = d->tokens,
                       .postings = d->postings,
                       .string_count = (uint32_t)(strings.len / ENTRY_BYTES)};
    struct fr_buf word, head;
    struct fr_buf *made[] = {&l.fresh.buf, &l.numbers.buf, &l.tfs.buf, &l.firsts.buf, &word, &head};
    for (unsigned i = 0; i < 6; i++) fr_buf_init(made[i], out->mem);
    frai_status status = find_fresh(seg, dead, &l, err);
    out->len = 0;
    put_head(seg, &l, out); /* as long as it will be */
    fr_buf_put(out, dead, (size_t)bitmap_bytes(seg));
    uint32_t terms = seg->stats.pair_terms + seg->stats.word_terms;
    for (uint32_t t = 0; status == FRAI_OK && l.docs && t < terms; t++)
        status = lose_term(seg, t, &word, &l, err);
    put_head(seg, &l, &head);
    fr_buf_put(out, l.firsts.buf.data, l.firsts.buf.len);
    fr_buf_put(out, strings.ptr, strings.len);
    if (!out->failed && !head.failed) {
        memcpy(out->data, head.data, head.len);
        fr_buf_u64(out, fr_hash64(out->data, out->len));
    }
    if (status == FRAI_OK && (out->failed || head.failed)) status = fr_fail_memory(err, "deleting");
    for (unsigned i = 0; i < 6; i++) fr_buf_deinit(made[i]);
    return status;
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
    d->term_count = fr_read_u32(&r);
    d->first_count = fr_read_u32(&r);
    d->string_count = fr_read_u32(&r);
    if (fr_read_u32(&r) != 0) return false;
    d->dead = fr_read_bytes(&r, bitmap_bytes(seg));
    d->terms = fr_read_bytes(&r, (uint64_t)d->term_count * ENTRY_BYTES);
    d->firsts = fr_read_bytes(&r, (uint64_t)d->first_count * ENTRY_BYTES);
    d->strings = fr_read_bytes(&r, (uint64_t)d->string_count * ENTRY_BYTES);
    if (r.bad || fr_reader_left(&r)) return false;
    uint64_t count = 0;
    for (uint64_t i = 0; i < bitmap_bytes(seg); i += 8)
        count += fr_popcount(fr_load64(d->dead + i));
    bool beyond = s->docs % 64 && fr_load64(d->dead + bitmap_bytes(seg) - 8) >> (s->docs % 64);
    return !beyond && count == d->docs && d->docs <= s->live_docs && d->texts <= s->texts &&
           d->tokens <= s->tokens && d->postings <= s->postings &&
           entries_ascend(d->terms, d->term_count, s->pair_terms + s->word_terms) &&
           entries_ascend(d->firsts, d->first_count, 0x10000) &&
           entries_ascend(d->strings, d->string_count, s->lexicon_words);
}

frai_status fr_deletes_read(struct fr_segment *seg, const char *path, frai_error *err)
{
    struct fr_deletes *d = &seg->deletes;
    const struct fr_segment_stats *s = &seg->stats;
    uint64_t most =
        HEADER_BYTES + bitmap_bytes(seg) + 8 +
        ((uint64_t)s->pair_terms + s->word_terms + 0x10000 + s->lexicon_words) * ENTRY_BYTES;
    FR_TRY(fr_map_open(&d->map, path, err));
    size_t len = d->map.len;
    if (len < HEADER_BYTES + 8 || len > most ||
        fr_load64(d->map.data + len - 8) != fr_hash64(d->map.data, len - 8) || !parse(seg)) {
        d->dead = NULL;
        d->string_count = 0;
        return fr_fail(err, FRAI_ERR_CORRUPT, "%s: damaged (deletes)", path);
    }
    if (d->docs == 0) d->dead = NULL; /* the strings are of those it was written without */
    d->hash = fr_hash128(d->map.data, len);
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

uint32_t fr_deletes_of_term(const struct fr_segment *seg, uint32_t ordinal)
{
    const struct fr_deletes *d = &seg->deletes;
    return d->dead ? find(d->terms, d->term_count, ordinal) : 0;
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
