/* A k-way merge by a heap of readers, in three passes: pairs, words, then the lexicon. A reader
 * goes through one run, in pieces of a temporary file, or through the terms of one segment. Readers
 * of the same term hand on its postings in order of documents: runs and segments ascend. The heap
 * compares eight bytes of each term before it compares the terms. */
#include "writer/term_merge.h"

#include <stdio.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/heap.h"
#include "base/interner.h"
#include "segment/dictionary.h"
#include "segment/lexicon.h"
#include "segment/postings.h"
#include "text/analyzer.h"
#include "writer/term_writer.h"

/* Reads one part (pairs, words or lexicon) of one run, in pieces, or of one segment. */
struct run_reader {
    const struct fr_doc_map *source; /* NULL: a run */
    uint32_t next, stop;             /* source: its terms, or words of the lexicon, to come */
    struct fr_postings_walk walk;    /* source: of the same terms */
    struct fr_spill_buffer *runs;
    uint64_t at, end;    /* in the sink, of what is not in `data` yet */
    const uint8_t *data; /* of the sink's memory, or `piece` */
    size_t len, data_at;
    struct fr_buf piece; /* what was read from the file; source: the term */
    size_t piece_bytes;
    uint32_t run; /* which, ascending with documents */
    uint32_t key; /* of the current entry */
    uint8_t term_class;
    const uint8_t *word; /* valid until the payload is read, or the reader moves on */
    uint32_t word_bytes;
    uint32_t payload_bytes; /* or, in the lexicon, the count */
    uint32_t unread;        /* bytes of the payload */
};

#define JOINED_BYTES (1u << 20)
#define PORTION      16384u /* positions of a long posting at a time */

enum part { PART_PAIRS, PART_WORDS, PART_LEXICON };

struct merger {
    const struct fr_merge_input *in;
    struct run_reader *readers;
    uint32_t reader_count;
    struct fr_buf payload;         /* of one run: together they would be more than memory has */
    struct fr_positions positions; /* of a block of a source's postings */
    /* The positions of a document that comes in parts, as far as they have come. */
    struct fr_spill_buffer joined;
    uint64_t joined_at; /* where they begin */
    uint32_t joined_doc;
    uint32_t next_doc; /* of the term, at the least: in a hostile file documents need not ascend */
    size_t copied;     /* bytes of postings since the sources' maps were forgotten */
    uint64_t *order;   /* of each reader's current entry, as far as eight bytes tell */
    uint32_t *heap, heap_len; /* readers, by their current entries */
    enum part part;
    struct fr_term_writer *encoder;
    frai_error *err;
    frai_status status;
};

/* At least n unread bytes in memory; false at the end of the part or on failure. */
static bool need(struct merger *m, struct run_reader *r, size_t n)
{
    size_t have = r->len - r->data_at;
    if (have >= n) return true;
    if (r->end - r->at + have < n) return false;
    if (have) memmove(r->piece.data, r->piece.data + r->data_at, have);
    r->piece.len = have;
    r->data_at = 0;
    size_t more = r->piece_bytes > n - have ? r->piece_bytes : n - have;
    if (more > r->end - r->at) more = (size_t)(r->end - r->at);
    if (!fr_buf_room(&r->piece, more)) {
        m->status = fr_fail_memory(m->err, "merging");
        return false;
    }
    m->status = fr_spill_buffer_read(r->runs, r->at, r->piece.data + have, more, m->err);
    if (m->status != FRAI_OK) return false;
    r->piece.len += more;
    r->data = r->piece.data;
    r->len = r->piece.len;
    r->at += more;
    return true;
}

/* Our own temporary files: short ones are an I/O failure. */
static bool torn(struct merger *m)
{
    if (m->status == FRAI_OK)
        m->status = fr_fail(m->err, FRAI_ERR_IO, "temporary file of the build is damaged");
    return false;
}

static bool advance_source(struct merger *m, struct run_reader *r)
{
    const struct fr_segment *seg = r->source->seg;
    uint64_t docs = 0;
    bool is_pair;
    if (r->next >= r->stop) return false;
    m->status = m->part == PART_LEXICON
                    ? fr_lexicon_read(seg, r->next, &r->piece, &docs, m->err)
                    : fr_dictionary_term(seg, r->next, &is_pair, &r->key, &r->piece, m->err);
    if (m->status != FRAI_OK) return false;
    uint32_t head = m->part == PART_WORDS;
    r->next++;
    r->payload_bytes = (uint32_t)(docs < UINT32_MAX ? docs : UINT32_MAX);
    if (m->part == PART_PAIRS) return true;
    r->term_class = head ? r->piece.data[0] : 0;
    r->word = r->piece.data + head;
    r->word_bytes = (uint32_t)r->piece.len - head;
    return true;
}

/* Of the bytes that come next those that are in memory; the others are taken from the file. */
static size_t take_from_memory(struct run_reader *r, size_t n)
{
    size_t have = r->len - r->data_at, from = have < n ? have : n;
    r->data_at += from;
    r->at += n - from;
    return from;
}

/* The payload of the current entry; NULL on failure. Valid until the next call. */
static const uint8_t *read_payload(struct merger *m, struct run_reader *r)
{
    const uint8_t *at = r->data + r->data_at;
    uint64_t file_at = r->at;
    size_t n = r->unread, from = take_from_memory(r, n);
    r->unread = 0;
    if (from == n) return at;
    if (!fr_buf_reserve(&m->payload, n)) {
        m->status = fr_fail_memory(m->err, "merging");
        return NULL;
    }
    if (from) memcpy(m->payload.data, at, from);
    m->status = fr_spill_buffer_read(r->runs, file_at, m->payload.data + from, n - from, m->err);
    return m->status == FRAI_OK ? m->payload.data : NULL;
}

/* Moves to the next entry; false at the end. */
static bool advance(struct merger *m, struct run_reader *r)
{
    if (r->source) return advance_source(m, r);
    take_from_memory(r, r->unread);
    r->unread = 0;
    if (m->part == PART_PAIRS) {
        if (!need(m, r, 8)) return false;
        r->key = fr_load32(r->data + r->data_at);
        r->payload_bytes = r->unread = fr_load32(r->data + r->data_at + 4);
        r->data_at += 8;
        return r->unread <= r->end - r->at + (r->len - r->data_at) || torn(m);
    }
    bool lexicon = m->part == PART_LEXICON;
    size_t head = lexicon ? 2 : 3;
    if (!need(m, r, head)) return false;
    r->term_class = lexicon ? 0 : r->data[r->data_at];
    r->word_bytes = fr_load16(r->data + r->data_at + head - 2);
    size_t fixed = head + r->word_bytes + 4;
    if (!need(m, r, fixed)) return torn(m);
    r->payload_bytes = fr_load32(r->data + r->data_at + fixed - 4);
    r->unread = lexicon ? 0 : r->payload_bytes;
    r->word = r->data + r->data_at + head;
    r->data_at += fixed;
    return r->unread <= r->end - r->at + (r->len - r->data_at) || torn(m);
}

static int compare_words(const struct run_reader *a, const struct run_reader *b)
{
    if (a->term_class != b->term_class) return a->term_class < b->term_class ? -1 : 1;
    return fr_slice_compare((frai_slice){(const char *)a->word, a->word_bytes},
                            (frai_slice){(const char *)b->word, b->word_bytes});
}

/* A pair's key; the class and the first bytes of a word. */
static uint64_t order_of(const struct merger *m, const struct run_reader *r)
{
    if (m->part == PART_PAIRS) return r->key;
    return (uint64_t)r->term_class << 56 | fr_prefix64(r->word, r->word_bytes) >> 8;
}

static bool before(const void *ctx, uint32_t a, uint32_t b)
{
    const struct merger *m = ctx;
    if (m->order[a] != m->order[b]) return m->order[a] < m->order[b];
    int order = m->part == PART_PAIRS ? 0 : compare_words(&m->readers[a], &m->readers[b]);
    return order ? order < 0 : a < b;
}

/* Moves a reader to its next entry, and notes that one's order; false at the end. */
static bool step(struct merger *m, uint32_t run)
{
    struct run_reader *r = &m->readers[run];
    bool more = advance(m, r);
    if (more) m->order[run] = order_of(m, r);
    return more;
}

static void open_part(struct merger *m, enum part part)
{
    m->part = part;
    m->heap_len = 0;
    for (uint32_t i = 0; i < m->reader_count && m->status == FRAI_OK; i++) {
        struct run_reader *r = &m->readers[i];
        r->piece.len = r->len = r->data_at = r->unread = 0;
        if (r->source) {
            const struct fr_segment_stats *s = &r->source->seg->stats;
            uint32_t terms = s->pair_terms + s->word_terms;
            r->next = part == PART_WORDS ? s->pair_terms : 0;
            r->stop = part == PART_PAIRS   ? s->pair_terms
                      : part == PART_WORDS ? terms
                                           : s->lexicon_words;
        } else {
            const struct fr_run *run = &m->in->run[i];
            uint64_t starts[] = {run->at, run->words_at, run->lexicon_at, run->end};
            r->at = starts[part];
            r->end = starts[part + 1];
            if (r->runs->spilled == 0 && r->at < r->end) {
                r->data = r->runs->buf.data + r->at;
                r->len = (size_t)(r->end - r->at);
                r->at = r->end;
            }
        }
        if (step(m, i)) m->heap[m->heap_len++] = i;
    }
    fr_heap_make(m->heap, m->heap_len, before, m);
}

/* The reader on top moves on. */
static void pop(struct merger *m)
{
    if (!step(m, m->heap[0])) m->heap[0] = m->heap[--m->heap_len];
    fr_heap_sink(m->heap, m->heap_len, 0, before, m);
}

static void forget_sources(struct merger *m, size_t copied)
{
    m->copied += copied;
    if (m->copied < FR_WALKED_MOST) return;
    for (uint32_t i = 0; i < m->in->source_count; i++)
        fr_map_drop_pages(&m->in->source[i].seg->map);
    m->copied = 0;
}

/* Positions that can be read one by one. */
static void copy_long(struct merger *m, uint32_t doc, const struct fr_position_list *list)
{
    fr_term_writer_begin_long(m->encoder, doc, list->count);
    for (uint32_t at = 0, n; at < list->count; at += n) {
        n = list->count - at < PORTION ? list->count - at : PORTION;
        uint32_t *to = fr_term_writer_more(m->encoder, n);
        for (uint32_t i = 0; to && i < n; i++) to[i] = fr_position_at(list, at + i);
        forget_sources(m, n * sizeof *to);
    }
}

/* Of a block, decoded; its positions are in m->positions, unless one of its postings is `long`. */
struct copied_block {
    const struct fr_postings *p;
    uint32_t block, n, docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8];
    bool is_long;
};

static bool decode_block(struct merger *m, struct copied_block *c)
{
    fr_vec_set_count(&m->positions, 0);
    c->is_long = false;
    if (!fr_postings_decode(c->p, c->block, c->docs, c->tfs, &c->n)) return false;
    for (uint32_t i = 0; i < c->n; i++) c->is_long |= c->tfs[i] > FR_POSTING_LONG;
    return c->is_long ||
           fr_postings_block_positions(c->p, c->block, c->docs, c->tfs, c->n, &m->positions);
}

/* Posting i of the block; at: its positions in m->positions. */
static bool copy_posting(struct merger *m, struct copied_block *c, uint32_t i, uint32_t doc,
                         uint32_t at)
{
    struct fr_position_list list;
    uint32_t tf = c->tfs[i];
    if (tf > FR_POSTING_LONG) {
        if (!fr_postings_position_list(c->p, c->block, c->docs, c->tfs, i, &list)) return false;
        list.decoded = NULL;
        copy_long(m, doc, &list);
        return true;
    }
    if (c->is_long) {
        fr_vec_set_count(&m->positions, 0);
        at = 0;
        if (!fr_postings_positions(c->p, c->block, c->docs, c->tfs, i, &m->positions)) return false;
    }
    uint32_t *to = fr_term_writer_add(m->encoder, doc, tf);
    if (to) memcpy(to, &fr_vec_at(&m->positions, at), tf * sizeof *to);
    return true;
}

/* Hands a source's postings of a term on, those of living documents. */
static void copy_postings(struct merger *m, struct run_reader *r)
{
    struct fr_postings p;
    struct copied_block c = {.p = &p};
    m->status = fr_postings_next(&r->walk, &p, m->err);
    for (; m->status == FRAI_OK && c.block < p.blocks; c.block++) {
        bool sound = decode_block(m, &c);
        for (uint32_t i = 0, at = 0; sound && i < c.n; at += c.tfs[i++]) {
            if (!fr_doc_map_has(r->source, c.docs[i])) continue;
            uint32_t doc = fr_doc_map_number(r->source, c.docs[i]);
            sound = doc >= m->next_doc && c.tfs[i] > 0 && copy_posting(m, &c, i, doc, at);
            m->next_doc = doc + 1;
        }
        if (!sound)
            m->status = m->positions.buf.failed
                            ? fr_fail_memory(m->err, "merging")
                            : fr_segment_damaged(r->source->seg, "postings", m->err);
        forget_sources(m, m->positions.buf.len + c.n * sizeof *c.docs);
    }
}

static bool is_dead(const struct merger *m, uint32_t doc)
{
    return m->in->dead && (m->in->dead[doc / 8] >> (doc % 8) & 1);
}

/* A posting whose parts have all come. */
static void end_joined(struct merger *m)
{
    uint64_t bytes = fr_spill_buffer_len(&m->joined) - m->joined_at;
    uint32_t tf = (uint32_t)(bytes / 4), portion = tf <= FR_POSTING_LONG ? tf : PORTION;
    bool dead = is_dead(m, m->joined_doc);
    if (tf > FR_POSTING_LONG && !dead) fr_term_writer_begin_long(m->encoder, m->joined_doc, tf);
    for (uint32_t at = 0, n; at < tf && !dead && m->status == FRAI_OK; at += n) {
        n = tf - at < portion ? tf - at : portion;
        uint32_t *to = tf <= FR_POSTING_LONG ? fr_term_writer_add(m->encoder, m->joined_doc, n)
                                             : fr_term_writer_more(m->encoder, n);
        if (!to) break;
        m->status =
            fr_spill_buffer_read(&m->joined, m->joined_at + 4ull * at, to, 4ull * n, m->err);
    }
    if (m->joined.spilled == 0) m->joined.buf.len = 0;
    m->joined_at = fr_spill_buffer_len(&m->joined);
}

/* Room for a part of the document's positions. */
static uint32_t *join(struct merger *m, uint32_t doc, uint32_t tf)
{
    struct fr_buf *to = &m->joined.buf;
    if (doc != m->joined_doc) end_joined(m);
    m->joined_doc = doc;
    if (!fr_buf_room(to, tf * sizeof(uint32_t))) return NULL;
    to->len += tf * sizeof(uint32_t);
    return (uint32_t *)(void *)(to->data + to->len) - tf;
}

/* Hands one run's postings of a term on. */
static void copy_payload(struct merger *m, struct run_reader *r)
{
    if (r->source) {
        copy_postings(m, r);
        return;
    }
    const struct fr_run *run = &m->in->run[r->run];
    const uint8_t *at = read_payload(m, r), *end;
    if (!at) return;
    end = at + r->payload_bytes;
    uint32_t docs = r->payload_bytes < 4 ? 0 : fr_load32(at);
    at += 4;
    if (!run->is_part) end_joined(m);
    for (; docs > 0 && end - at >= 4; docs--) {
        uint32_t head = fr_load16(at), form = head & 3, tf = form + 1;
        size_t bytes = form < 3 ? 2 : 4;
        at += 2;
        if (form >= 2) {
            tf = form == 2 ? fr_load16(at) : end - at < 4 ? 0 : fr_load32(at);
            at += bytes;
        }
        if (tf == 0 || tf * (uint64_t)bytes > (uint64_t)(end - at)) break;
        uint32_t doc = run->first_doc + (head >> 2);
        uint32_t *to = run->is_part      ? join(m, doc, tf)
                       : is_dead(m, doc) ? NULL
                                         : fr_term_writer_add(m->encoder, doc, tf);
        for (uint32_t k = 0; to && k < tf; k++) {
            to[k] = run->base + (bytes == 2 ? fr_load16(at + 2ull * k) : fr_load32(at + 4ull * k));
            FR_ASSERT(k == 0 || to[k] > to[k - 1]);
        }
        at += tf * bytes;
    }
    if (run->is_part) fr_spill_if_full(&m->joined);
    if (docs > 0 || at != end) torn(m);
}

/* Terms of a segment ascend, unless somebody made it so that they don't. */
static bool ascends(struct merger *m, const struct run_reader *top, uint64_t latest,
                    const struct fr_buf *word)
{
    bool more = m->part == PART_PAIRS ? top->key > latest : top->term_class > latest;
    if (m->part == PART_WORDS && top->term_class == latest)
        more = fr_slice_compare((frai_slice){(const char *)top->word, top->word_bytes},
                                (frai_slice){(const char *)word->data, word->len}) > 0;
    if (!more && top->source) m->status = fr_segment_damaged(top->source->seg, "terms", m->err);
    return more || torn(m);
}

static bool is_word(const struct run_reader *r, const struct fr_buf *word)
{
    return r->word_bytes == word->len &&
           (word->len == 0 || memcmp(r->word, word->data, word->len) == 0);
}

static void merge_terms(struct merger *m, struct fr_buf *word)
{
    bool first = true;
    uint32_t key = 0;
    uint8_t term_class = 0;
    while (m->heap_len && m->status == FRAI_OK) {
        const struct run_reader *top = &m->readers[m->heap[0]];
        bool pairs = m->part == PART_PAIRS;
        if (!first && !ascends(m, top, pairs ? key : term_class, word)) break;
        first = false;
        key = top->key;
        term_class = top->term_class;
        word->len = 0;
        if (m->part == PART_WORDS) fr_buf_put(word, top->word, top->word_bytes);
        m->next_doc = 0;
        do {
            copy_payload(m, &m->readers[m->heap[0]]);
            pop(m);
            if (!m->heap_len || m->status != FRAI_OK) break;
            top = &m->readers[m->heap[0]];
        } while (pairs ? top->key == key : top->term_class == term_class && is_word(top, word));
        end_joined(m);
        if (word->failed) break;
        if (m->part == PART_PAIRS)
            fr_term_writer_begin_pair(m->encoder, key);
        else
            fr_term_writer_begin_word(m->encoder, term_class, word->data, word->len);
    }
}

/* In an index of many documents, words of a single one are mostly slips and names met once. */
#define LEXICON_SMALL_DOCS 65536u
/* A line is repeated when one document of a hundred has it, in an index of so many. */
#define LINES_MIN_DOCS 200u

static uint64_t lexicon_min_docs(const struct fr_buf *word, const struct fr_segment_stats *stats)
{
    if (word->len > 0 && word->data[0] == FR_LEXICON_LINE)
        return stats->live_docs < LINES_MIN_DOCS ? UINT64_MAX : (stats->live_docs + 99) / 100;
    return stats->live_docs < LEXICON_SMALL_DOCS ? 1 : 2;
}

static void merge_lexicon(struct merger *m, struct fr_segment_writer *out)
{
    struct fr_buf word;
    struct fr_lexicon_writer lexicon;
    fr_buf_init(&word, out->mem);
    fr_lexicon_writer_init(&lexicon, out);
    while (m->heap_len && m->status == FRAI_OK) {
        const struct run_reader *top = &m->readers[m->heap[0]];
        uint64_t docs = 0;
        uint32_t latest = UINT32_MAX; /* document that comes in parts: each may have the string */
        word.len = 0;
        fr_buf_put(&word, top->word, top->word_bytes);
        do {
            const struct fr_run *run = top->source ? NULL : &m->in->run[top->run];
            if (!run || !run->is_part || run->first_doc != latest) docs += top->payload_bytes;
            if (run && run->is_part) latest = run->first_doc;
            pop(m);
            if (!m->heap_len) break;
            top = &m->readers[m->heap[0]];
        } while (is_word(top, &word));
        if (word.failed) break;
        if (docs >= lexicon_min_docs(&word, &out->stats))
            fr_lexicon_writer_add(&lexicon, word.data, word.len, docs);
    }
    if (word.failed) m->status = fr_fail_memory(m->err, "merging");
    if (m->status == FRAI_OK) m->status = fr_lexicon_writer_finish(&lexicon, m->err);
    fr_buf_deinit(&word);
    fr_lexicon_writer_deinit(&lexicon);
}

static void merge_all(struct merger *m, struct fr_segment_writer *out)
{
    struct fr_buf word;
    fr_buf_init(&word, out->mem);
    m->encoder = fr_term_writer_create(out, m->in->norms, m->in->widths, m->in->threads);
    if (m->encoder) {
        open_part(m, PART_PAIRS);
        merge_terms(m, &word);
        open_part(m, PART_WORDS);
        merge_terms(m, &word);
    }
    if (m->status == FRAI_OK) m->status = fr_spill_buffer_status(&m->joined, m->err);
    if (m->status == FRAI_OK && (!m->encoder || word.failed))
        m->status = fr_fail_memory(m->err, "merging");
    if (m->status == FRAI_OK) m->status = fr_term_writer_finish(m->encoder, m->err);
    fr_term_writer_destroy(m->encoder); /* the lexicon needs its memory */
    fr_buf_deinit(&word);
    if (m->status == FRAI_OK) open_part(m, PART_LEXICON);
    if (m->status == FRAI_OK) merge_lexicon(m, out);
}

frai_status fr_merge(const struct fr_merge_input *in, struct fr_segment_writer *out,
                     frai_error *err)
{
    struct merger m = {.in = in, .err = err, .status = FRAI_OK};
    FR_ASSERT((in->run_count > 0) != (in->source_count > 0));
    m.reader_count = in->run_count + in->source_count;
    size_t readers_bytes = (m.reader_count + 1) * sizeof *m.readers;
    m.readers = fr_new(out->mem, readers_bytes);
    m.order = fr_new(out->mem, (m.reader_count + 1) * sizeof *m.order);
    m.heap = fr_new(out->mem, (m.reader_count + 1) * sizeof *m.heap);
    fr_buf_init(&m.payload, out->mem);
    fr_buf_init(&m.positions.buf, out->mem);
    char path[FR_PATH_MAX];
    snprintf(path, sizeof path, "%.4000s-joined", in->run_count ? in->runs->path : "");
    fr_spill_buffer_init(&m.joined, out->mem, path, JOINED_BYTES);
    size_t piece = in->run_count ? in->buffer_bytes / in->run_count : 0;
    if (piece < 4096) piece = 4096;
    if (piece > (1u << 20)) piece = 1u << 20;
    if (!m.readers || !m.order || !m.heap) {
        m.status = fr_fail_memory(err, "merging");
    } else {
        for (uint32_t i = 0; i < m.reader_count; i++) {
            m.readers[i] = (struct run_reader){.runs = in->runs, .run = i, .piece_bytes = piece};
            if (i >= in->run_count) {
                m.readers[i].source = &in->source[i - in->run_count];
                m.readers[i].walk.seg = m.readers[i].source->seg;
            }
            fr_buf_init(&m.readers[i].piece, out->mem);
        }
        merge_all(&m, out);
        for (uint32_t i = 0; i < m.reader_count; i++) fr_buf_deinit(&m.readers[i].piece);
    }
    fr_free(out->mem, m.readers, readers_bytes);
    fr_free(out->mem, m.order, (m.reader_count + 1) * sizeof *m.order);
    fr_free(out->mem, m.heap, (m.reader_count + 1) * sizeof *m.heap);
    fr_buf_deinit(&m.payload);
    fr_buf_deinit(&m.positions.buf);
    fr_spill_buffer_deinit(&m.joined);
    return m.status;
}
