/* The public functions of inspect.h. */
#include <stdio.h>

#include "api/handles.h"
#include "api/structs.h"
#include "frai/writer.h"
#include "index/snapshot.h"
#include "index/sweep.h"
#include "index/verify.h"
#include "query/terms_search.h"
#include "segment/deletes.h"
#include "segment/dictionary.h"
#include "segment/documents.h"
#include "text/fold.h"
#include "text/stem.h"

/* Do documents come back, not only their count? */
static bool gives_hits(frai_terms_mode mode)
{
    return mode == FRAI_TERMS_OR || mode == FRAI_TERMS_AND || mode == FRAI_TERMS_PHRASE ||
           mode == FRAI_TERMS_OR_TOP_COUNT;
}

frai_status frai_search_terms(frai_searcher *s, frai_slice terms, frai_terms_mode mode, uint32_t k,
                              const frai_results **results, frai_error *err)
{
    if (results) *results = NULL;
    if (s) fr_searcher_forget(&s->searcher);
    if (!s || !results || (!terms.ptr && terms.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher, results and terms must not be NULL");
    if (k > FRAI_LIMIT_MAX || (unsigned)mode > FRAI_TERMS_OR_TOP_COUNT ||
        (k == 0 && gives_hits(mode)))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "k or mode is out of range");
    if (!terms.ptr) terms.ptr = "";
    struct fr_searcher *in = &s->searcher;
    fr_searcher_begin(in);
    frai_status status = fr_searcher_terms(in, terms, mode, k, err);
    return fr_give_results(in, status, results, err);
}

static void read_stats(const struct fr_snapshot *s, frai_index_stats *stats)
{
    uint64_t in_sections = 0;
    for (uint32_t g = 0; g < s->segment_count; g++) {
        const struct fr_segment *seg = &s->segments[g];
        stats->pairs += seg->stats.pair_terms;
        stats->words += seg->stats.word_terms;
        stats->lexicon_words += seg->stats.lexicon_words;
        stats->postings += seg->stats.postings - seg->deletes.postings;
        stats->positions += seg->stats.positions;
        stats->source_bytes += seg->stats.source_bytes;
        stats->bytes += seg->map.len;
        for (unsigned id = 1; id < FR_SECTION_LIMIT; id++) {
            stats->sections[id - 1].bytes += seg->sections[id].len;
            in_sections += seg->sections[id].len;
        }
    }
    for (unsigned id = 1; id < FR_SECTION_LIMIT; id++)
        stats->sections[id - 1].name = fr_section_name(id);
    stats->sections[FR_SECTION_LIMIT - 1] =
        (frai_section_size){"checksums_and_padding", stats->bytes - in_sections};
    stats->section_count = FR_SECTION_LIMIT;
    stats->terms = stats->pairs + stats->words;
    stats->documents = s->live_docs;
    stats->tokens = s->tokens;
    stats->segments = s->segment_count;
    stats->generation = s->manifest.generation;
    stats->k1 = s->manifest.settings.k1;
    stats->b = s->manifest.settings.b;
    stats->average_length = s->average_length;
}

frai_status frai_index_read_stats(const frai_index *index, frai_index_stats *stats, frai_error *err)
{
    if (!index || !stats)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "index and stats must not be NULL");
    frai_index_stats read = FRAI_INDEX_STATS_INIT;
    read_stats(&index->snapshot, &read);
    fr_give_struct(stats, &read, sizeof read);
    return FRAI_OK;
}

/* ---- check ---- */

struct check {
    void (*report)(void *ctx, const char *line);
    void *ctx;
    frai_status status;
    frai_error *err;
};

/* Notes a failure; the first is the one returned, but that of the disk or the memory only where
 * nothing is damaged. */
static void note(struct check *c, frai_status status, const frai_error *error)
{
    if (status == FRAI_OK) return;
    if (c->report) c->report(c->ctx, error->message);
    bool outside = c->status == FRAI_ERR_IO || c->status == FRAI_ERR_MEMORY;
    if (c->status != FRAI_OK && (!outside || status == FRAI_ERR_IO || status == FRAI_ERR_MEMORY))
        return;
    c->status = status;
    if (c->err) *c->err = *error;
}

static frai_status check_note(const char *dir, const struct fr_manifest *m,
                              const frai_allocator *mem, frai_error *err)
{
    struct fr_buf bytes;
    fr_buf_init(&bytes, mem);
    frai_status status = fr_manifest_read_note(dir, m, &bytes, NULL, err);
    fr_buf_deinit(&bytes);
    return status;
}

static bool has_ref(const struct fr_manifest *m, const struct fr_segment_ref *ref)
{
    for (size_t i = 0; i < FR_COUNT(&m->segments, struct fr_segment_ref); i++)
        if (memcmp(&FR_AT(&m->segments, struct fr_segment_ref, i), ref, sizeof *ref) == 0)
            return true;
    return false;
}

/* What the one before it, in `newer`, has too is not read again. *newer is then this one. */
static void check_generation(struct check *c, const char *dir, uint64_t generation,
                             struct fr_manifest *newer, const frai_allocator *mem)
{
    struct fr_manifest m;
    frai_error error = {0};
    bool foreign;
    fr_manifest_init(&m, mem);
    frai_status status = fr_manifest_read(dir, generation, &m, &foreign, &error);
    if (status != FRAI_OK) {
        note(c, status, &error);
        fr_manifest_deinit(&m);
        return;
    }
    bool noted = m.note == newer->note && m.note_bytes == newer->note_bytes &&
                 memcmp(&m.note_hash, &newer->note_hash, sizeof m.note_hash) == 0;
    if (!noted) note(c, check_note(dir, &m, mem, &error), &error);
    size_t count = FR_COUNT(&m.segments, struct fr_segment_ref);
    for (size_t i = 0; i < count; i++) {
        const struct fr_segment_ref *ref = &FR_AT(&m.segments, struct fr_segment_ref, i);
        struct fr_segment seg;
        if (has_ref(newer, ref)) continue;
        status = fr_snapshot_open_segment(dir, ref, mem, &seg, &error);
        if (status == FRAI_ERR_NOT_FOUND) status = error.code = FRAI_ERR_CORRUPT;
        note(c, status, &error);
        if (status != FRAI_OK) continue;
        status = fr_verify_segment(&seg, &error);
        note(c, status, &error);
        fr_segment_close(&seg);
    }
    fr_manifest_deinit(newer);
    *newer = m;
}

static void tell_stranger(void *ctx, const char *name)
{
    const struct check *c = ctx;
    char line[FR_PATH_MAX];
    snprintf(line, sizeof line, "%.255s: not a file of the index; it is not read", name);
    if (c->report) c->report(c->ctx, line);
}

frai_status frai_index_check(const char *dir, void (*report)(void *ctx, const char *line),
                             void *ctx, frai_error *err)
{
    if (!dir) return fr_fail(err, FRAI_ERR_ARGUMENT, "dir must not be NULL");
    const frai_allocator *mem = fr_allocator_or_libc(NULL);
    struct check c = {report, ctx, FRAI_OK, err};
    struct fr_buf generations;
    struct fr_manifest newer;
    fr_buf_init(&generations, mem);
    fr_manifest_init(&newer, mem);
    frai_status status = fr_manifest_list(dir, &generations, err);
    uint64_t most = UINT64_MAX;
    if (status == FRAI_OK) fr_manifest_strangers(dir, mem, tell_stranger, &c, &most);
    /* Of older ones a killed writer may have removed a part. */
    size_t count = status == FRAI_OK ? FR_COUNT(&generations, uint64_t) : 0, checked = 0;
    for (size_t i = 0; i < count && checked < FR_GENERATIONS_KEPT; i++) {
        uint64_t generation = FR_AT(&generations, uint64_t, i);
        if (fr_manifest_is_foreign(dir, generation, most, mem)) continue;
        check_generation(&c, dir, generation, &newer, mem);
        checked++;
    }
    fr_manifest_deinit(&newer);
    fr_buf_deinit(&generations);
    return status != FRAI_OK ? status : c.status;
}

/* ---- export ---- */

struct export
{
    int (*file)(void *ctx, const char *name, frai_slice bytes);
    void *ctx;
};

static frai_status export_bytes(const struct export *e, const char *name, const void *bytes,
                                size_t len, frai_error *err)
{
    if (e->file(e->ctx, name, (frai_slice){bytes, len}) == 0) return FRAI_OK;
    return fr_fail(err, FRAI_ERR_CANCELED, "%s: stopped", name);
}

static frai_status export_segments(const struct export *e, const struct fr_snapshot *s,
                                   frai_error *err)
{
    char name[64];
    for (uint32_t i = 0; i < s->segment_count; i++) {
        const struct fr_segment_ref *ref = &FR_AT(&s->manifest.segments, struct fr_segment_ref, i);
        const struct fr_segment *seg = &s->segments[i];
        FR_TRY(fr_segment_check(seg, err));
        fr_segment_file_name(ref->number, name);
        FR_TRY(export_bytes(e, name, seg->map.data, seg->map.len, err));
        if (!ref->deletes) continue;
        fr_deletes_file_name(ref->number, ref->deletes, name);
        FR_TRY(export_bytes(e, name, seg->deletes.map.data, seg->deletes.map.len, err));
    }
    return FRAI_OK;
}

frai_status frai_index_export(const frai_index *index,
                              int (*file)(void *ctx, const char *name, frai_slice bytes), void *ctx,
                              frai_error *err)
{
    if (!index || !file) return fr_fail(err, FRAI_ERR_ARGUMENT, "index and file must not be NULL");
    const struct fr_snapshot *s = &index->snapshot;
    const struct export e = {file, ctx};
    struct fr_manifest m = s->manifest;
    struct fr_buf bytes;
    char name[64];
    FR_TRY(export_segments(&e, s, err));
    fr_buf_init(&bytes, s->mem);
    bool gone;
    frai_status status = fr_manifest_read_note(s->dir, &m, &bytes, &gone, err);
    if (gone) { /* later commits have swept it; no search needs it */
        m.note = m.note_bytes = 0;
        m.note_hash = (struct fr_hash128){0, 0};
        status = FRAI_OK;
    }
    fr_note_file_name(m.note, name);
    if (status == FRAI_OK && m.note) status = export_bytes(&e, name, bytes.data, bytes.len, err);
    bytes.len = 0;
    fr_manifest_encode(&m, &bytes);
    fr_manifest_file_name(m.generation, name);
    if (status == FRAI_OK && bytes.failed) status = fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
    if (status == FRAI_OK) status = export_bytes(&e, name, bytes.data, bytes.len, err);
    fr_buf_deinit(&bytes);
    return status;
}

frai_status frai_index_user_data(const frai_index *index, char *out, size_t room, size_t *len,
                                 frai_error *err)
{
    if (!index || !len || (!out && room))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "index, out and len must not be NULL");
    frai_status status =
        fr_manifest_peek_note(index->snapshot.dir, &index->snapshot.manifest, out, room, len, err);
    if (status != FRAI_ERR_NOT_FOUND) return status;
    *len = 0;
    if (err) *err = (frai_error){0};
    return FRAI_OK;
}

/* ---- dump ---- */

struct dump {
    int (*line)(void *ctx, frai_slice text);
    void *ctx;
    struct fr_buf text, word, id, positions;
    bool stopped;
};

static frai_status emit(struct dump *d, frai_error *err)
{
    if (d->text.failed || d->word.failed || d->id.failed || d->positions.failed)
        return fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
    if (d->line(d->ctx, (frai_slice){(const char *)d->text.data, d->text.len})) d->stopped = true;
    d->text.len = 0;
    return FRAI_OK;
}

static void put_pair(struct fr_buf *out, uint32_t key)
{
    char utf8[8];
    fr_buf_put(out, utf8, fr_pair_text(key, utf8));
}

static frai_status put_term(struct dump *d, const struct fr_segment *seg, uint32_t t,
                            frai_error *err)
{
    bool is_pair;
    uint32_t key;
    FR_TRY(fr_dictionary_term(seg, t, &is_pair, &key, &d->word, err));
    unsigned term_class = is_pair ? fr_pair_class(key) : d->word.data[0];
    if (term_class >= FR_TERM_CLASSES) return fr_segment_damaged(seg, "words", err);
    fr_buf_print(&d->text, "%s\t", fr_term_class_name(term_class));
    if (is_pair)
        put_pair(&d->text, key);
    else
        fr_buf_put(&d->text, d->word.data + 1, d->word.len - 1);
    return FRAI_OK;
}

static frai_status dump_postings(struct dump *d, const struct fr_segment *seg, uint32_t t,
                                 const struct fr_postings *p, frai_error *err)
{
    uint32_t docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8], n;
    for (uint32_t b = 0; b < p->blocks && !d->stopped; b++) {
        if (!fr_postings_decode(p, b, docs, tfs, &n))
            return fr_segment_damaged(seg, "postings", err);
        for (uint32_t i = 0; i < n && !d->stopped; i++) {
            if (fr_deletes_has(seg, docs[i])) continue;
            d->positions.len = 0;
            if (!fr_postings_positions(p, b, docs, tfs, i, &d->positions))
                return d->positions.failed ? fr_fail(err, FRAI_ERR_MEMORY, "out of memory")
                                           : fr_segment_damaged(seg, "positions", err);
            FR_TRY(put_term(d, seg, t, err));
            FR_TRY(fr_document_id(seg, docs[i], &d->id, err));
            fr_buf_u8(&d->text, '\t');
            fr_buf_put(&d->text, d->id.data, d->id.len);
            fr_buf_print(&d->text, "\t%u\t", tfs[i]);
            for (size_t k = 0; k < FR_COUNT(&d->positions, uint32_t); k++)
                fr_buf_print(&d->text, k ? ",%u" : "%u", FR_AT(&d->positions, uint32_t, k));
            FR_TRY(emit(d, err));
        }
    }
    return FRAI_OK;
}

static frai_status dump_segment(struct dump *d, const struct fr_segment *seg, frai_dump what,
                                frai_error *err)
{
    if (what == FRAI_DUMP_DOCS) {
        for (uint32_t doc = 0; doc < seg->stats.docs && !d->stopped; doc++) {
            if (!fr_document_is_live(seg, doc)) continue;
            FR_TRY(fr_document_id(seg, doc, &d->id, err));
            fr_buf_put(&d->text, d->id.data, d->id.len);
            FR_TRY(emit(d, err));
        }
        return FRAI_OK;
    }
    uint32_t terms = seg->stats.pair_terms + seg->stats.word_terms;
    struct fr_postings_walk walk = {.seg = seg};
    for (uint32_t t = 0; t < terms && !d->stopped; t++) {
        struct fr_postings p;
        FR_TRY(fr_postings_next(&walk, &p, err));
        if (what == FRAI_DUMP_POSTINGS) {
            FR_TRY(dump_postings(d, seg, t, &p, err));
            continue;
        }
        uint32_t df = p.df - fr_deletes_of_term(seg, t);
        if (df == 0) continue;
        FR_TRY(put_term(d, seg, t, err));
        fr_buf_print(&d->text, "\t%u", df);
        FR_TRY(emit(d, err));
    }
    return FRAI_OK;
}

frai_status frai_index_dump(frai_index *index, frai_dump what,
                            int (*line)(void *ctx, frai_slice text), void *ctx, frai_error *err)
{
    if (!index || !line || (unsigned)what > FRAI_DUMP_POSTINGS)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "index and line must not be NULL, what be known");
    struct dump d = {.line = line, .ctx = ctx};
    const frai_allocator *mem = index->snapshot.mem;
    fr_buf_init(&d.text, mem);
    fr_buf_init(&d.word, mem);
    fr_buf_init(&d.id, mem);
    fr_buf_init(&d.positions, mem);
    frai_status status = FRAI_OK;
    for (uint32_t g = 0; g < index->snapshot.segment_count && status == FRAI_OK && !d.stopped; g++)
        status = dump_segment(&d, &index->snapshot.segments[g], what, err);
    fr_buf_deinit(&d.text);
    fr_buf_deinit(&d.word);
    fr_buf_deinit(&d.id);
    fr_buf_deinit(&d.positions);
    return status;
}

/* ---- tokens ---- */

/* Shows one token, and its stem if it has one; false when the caller wants no more. */
static bool show_token(const struct fr_analyzer *a, const struct fr_token *t,
                       struct fr_stemmer *stemmer, int (*token)(void *ctx, const frai_token_info *),
                       void *ctx)
{
    char pair[8];
    frai_token_info info = {.term_class = fr_term_class_name(t->term_class),
                            .position = t->position,
                            .span = t->span,
                            .begin = t->begin,
                            .end = t->end,
                            .starts_word = t->starts_eojeol};
    info.term = t->word_bytes ? (frai_slice){fr_token_word(a, t), t->word_bytes}
                              : (frai_slice){pair, fr_pair_text(t->key, pair)};
    if (token(ctx, &info) != 0) return false;
    const char *stem;
    size_t stem_len;
    if (!t->word_bytes || t->term_class != FR_TERM_SURFACE ||
        !fr_stem(stemmer, info.term.ptr, info.term.len, &stem, &stem_len))
        return true;
    info.term = (frai_slice){stem, stem_len};
    info.term_class = fr_term_class_name(FR_TERM_STEM);
    return token(ctx, &info) == 0;
}

frai_status frai_text_tokenize(frai_slice text, int (*token)(void *ctx, const frai_token_info *),
                               void *ctx, frai_error *err)
{
    if (!token || (!text.ptr && text.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "text and token must not be NULL");
    if (text.len > FRAI_DOCUMENT_BYTES_MAX)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "a text is above the limit of %u bytes",
                       FRAI_DOCUMENT_BYTES_MAX);
    const frai_allocator *mem = fr_allocator_or_libc(NULL);
    struct fr_analyzer a;
    struct fr_stemmer *stemmer = fr_stemmer_create();
    fr_analyzer_init(&a, FR_ANALYZER_KOREAN, mem);
    bool ok = stemmer && fr_analyze(&a, text.ptr ? text.ptr : "", text.len);
    size_t extra = 0, extras = FR_COUNT(&a.extras, struct fr_token);
    bool more = ok;
    for (size_t i = 0; more && i < FR_COUNT(&a.tokens, struct fr_token); i++) {
        const struct fr_token *t = &FR_AT(&a.tokens, struct fr_token, i);
        for (; more && extra < extras; extra++) {
            const struct fr_token *e = &FR_AT(&a.extras, struct fr_token, extra);
            if (e->position >= t->position) break;
            more = show_token(&a, e, stemmer, token, ctx);
        }
        more = more && show_token(&a, t, stemmer, token, ctx);
    }
    for (; more && extra < extras; extra++)
        more = show_token(&a, &FR_AT(&a.extras, struct fr_token, extra), stemmer, token, ctx);
    fr_analyzer_deinit(&a);
    fr_stemmer_destroy(stemmer);
    return ok ? FRAI_OK : fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
}

size_t frai_text_normalize(frai_slice text, char *out, size_t room)
{
    struct fr_buf buf;
    if (!text.ptr || !out || text.len > FRAI_DOCUMENT_BYTES_MAX) return 0;
    fr_buf_init(&buf, fr_allocator_or_libc(NULL));
    size_t n = 0;
    if (fr_nfc(text.ptr, text.len, &buf)) {
        n = buf.len < room ? buf.len : room;
        while (n < buf.len && n > 0 && (buf.data[n] & 0xC0) == 0x80) n--;
        if (n) memcpy(out, buf.data, n);
    }
    fr_buf_deinit(&buf);
    return n;
}
