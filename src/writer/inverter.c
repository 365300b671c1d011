/* Each document is analyzed, and every occurrence of a term becomes an item (term, document,
 * position); terms that are words are interned to get a number. Texts are analyzed piece by piece,
 * so that what the analyzer holds is not as long as they are. */
#include "writer/inverter.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "segment/lexicon.h"
#include "text/path.h"
#include "text/title.h"
#include "writer/run_writer.h"

/* Buffer i, NULL after the last. */
static struct fr_buf *chunk_buffer(struct fr_chunk *c, unsigned i)
{
    struct fr_buf *all[] = {&c->records.bytes,
                            &c->records.lengths.buf,
                            &c->ids.bytes,
                            &c->ids.lengths.buf,
                            &c->run,
                            &c->lengths.buf,
                            &c->positions.buf,
                            &c->widths,
                            &c->path,
                            &c->pieces.buf,
                            &c->field_ends.buf,
                            &c->starts.buf,
                            &c->start_counts.buf,
                            &c->store.bytes,
                            &c->store.entries.buf};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

void fr_chunk_init(struct fr_chunk *c, const frai_allocator *mem)
{
    *c = (struct fr_chunk){0};
    for (unsigned i = 0; chunk_buffer(c, i); i++) fr_buf_init(chunk_buffer(c, i), mem);
}

void fr_chunk_deinit(struct fr_chunk *c)
{
    for (unsigned i = 0; chunk_buffer(c, i); i++) fr_buf_deinit(chunk_buffer(c, i));
}

static struct fr_buf *inverter_buffer(struct fr_inverter *in, unsigned i)
{
    struct fr_buf *all[] = {&in->pair_items.buf,   &in->word_items.buf, &in->stem_of.buf,
                            &in->lexicon_docs.buf, &in->line_seen.buf,  &in->line_items.buf,
                            &in->item_scratch.buf, &in->sorted.buf,     &in->order.buf,
                            &in->rank.buf,         &in->title,          &in->scratch};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

_Static_assert(FR_CHUNK_DOCS <= 1u << 14, "two bits of a posting's u16 are its form");

bool fr_inverter_init(struct fr_inverter *in, const struct fr_settings *settings,
                      const frai_allocator *mem)
{
    *in = (struct fr_inverter){.settings = settings};
    fr_analyzer_init(&in->analyzer, (enum fr_analyzer_kind)settings->analyzer, mem);
    fr_interner_init(&in->words, mem);
    fr_interner_init(&in->lexicon, mem);
    fr_interner_init(&in->lines, mem);
    for (unsigned i = 0; inverter_buffer(in, i); i++) fr_buf_init(inverter_buffer(in, i), mem);
    in->stemmer = fr_stemmer_create();
    return in->stemmer != NULL;
}

void fr_inverter_deinit(struct fr_inverter *in)
{
    fr_analyzer_deinit(&in->analyzer);
    fr_stemmer_destroy(in->stemmer);
    fr_interner_deinit(&in->words);
    fr_interner_deinit(&in->lexicon);
    fr_interner_deinit(&in->lines);
    for (unsigned i = 0; inverter_buffer(in, i); i++) fr_buf_deinit(inverter_buffer(in, i));
}

static uint32_t intern_word(struct fr_inverter *in, uint8_t term_class, const char *bytes,
                            size_t len)
{
    in->scratch.len = 0;
    fr_buf_u8(&in->scratch, term_class);
    fr_buf_put(&in->scratch, bytes, len);
    if (in->scratch.failed) return FR_INTERN_FAILED;
    return fr_intern(&in->words, in->scratch.data, in->scratch.len);
}

/* The number of a word of another class, which has no stem. */
static uint32_t other_word(struct fr_inverter *in, uint8_t term_class, const char *bytes,
                           size_t len)
{
    uint32_t known = fr_interner_count(&in->words), none = UINT32_MAX;
    uint32_t number = intern_word(in, term_class, bytes, len);
    if (number == known) fr_buf_put(&in->stem_of.buf, &none, 4);
    return in->stem_of.buf.failed ? FR_INTERN_FAILED : number;
}

/* The number of a surface word; with it, once for every distinct word, that of its stem. */
static uint32_t surface_word(struct fr_inverter *in, const char *bytes, size_t len)
{
    uint32_t known = fr_interner_count(&in->words);
    uint32_t number = intern_word(in, FR_TERM_SURFACE, bytes, len);
    if (number != known || number == FR_INTERN_FAILED) return number;
    uint32_t none = UINT32_MAX;
    fr_buf_put(&in->stem_of.buf, &none, 4);
    const char *stem;
    size_t stem_len;
    if (in->analyzer.kind == FR_ANALYZER_KOREAN &&
        fr_stem(in->stemmer, bytes, len, &stem, &stem_len)) {
        uint32_t stem_number = other_word(in, FR_TERM_STEM, stem, stem_len);
        if (!in->stem_of.buf.failed) fr_vec_at(&in->stem_of, number) = stem_number;
    }
    return number;
}

static void put_item(struct fr_items *items, uint32_t key, uint32_t doc, uint32_t position)
{
    fr_vec_push(items, key, doc, position);
}

/* Is the term there already, at this position? Items from `first` on are of one document, those of
 * extras by position. */
static bool has_item(const struct fr_inverter *in, size_t first, uint32_t key, uint32_t position)
{
    for (size_t i = fr_vec_count(&in->word_items); i > first; i--) {
        const struct fr_item *item = &fr_vec_at(&in->word_items, i - 1);
        if (item->position < position) return false;
        if (item->key == key && item->position == position) return true;
    }
    return false;
}

/* Readings, values and glued forms: terms that no length counts. Two forms of a word may be the
 * same term: 1-a is 1a as a whole and as a part. */
static bool take_extras(struct fr_inverter *in, uint32_t doc)
{
    const struct fr_analyzer *a = &in->analyzer;
    size_t first = fr_vec_count(&in->word_items);
    for (size_t i = 0; i < fr_vec_count(&a->extras); i++) {
        const struct fr_token *t = &fr_vec_at(&a->extras, i);
        if (t->word_bytes == 0) {
            put_item(&in->pair_items, t->key, doc, t->position);
            continue;
        }
        uint32_t word =
            other_word(in, t->term_class, (const char *)a->words.data + t->key, t->word_bytes);
        if (word == FR_INTERN_FAILED) return false;
        if (!has_item(in, first, word, t->position))
            put_item(&in->word_items, word, doc, t->position);
    }
    return !in->pair_items.buf.failed;
}

/* Of a piece. */
static bool take_tokens(struct fr_inverter *in, struct fr_chunk *chunk, uint32_t doc)
{
    const struct fr_analyzer *a = &in->analyzer;
    const struct fr_token *tokens = fr_vec_data(&a->tokens);
    size_t count = fr_vec_count(&a->tokens);
    if (!fr_vec_room(&in->pair_items, count)) return false;
    for (size_t i = 0; i < count; i++) {
        const struct fr_token *t = &tokens[i];
        if (t->word_bytes == 0) {
            *fr_vec_end(&in->pair_items) = (struct fr_item){t->key, doc, t->position};
            fr_vec_add(&in->pair_items, 1);
            continue;
        }
        uint32_t word = surface_word(in, (const char *)a->words.data + t->key, t->word_bytes);
        if (word == FR_INTERN_FAILED || in->stem_of.buf.failed) return false;
        put_item(&in->word_items, word, doc, t->position);
        uint32_t stem = fr_vec_at(&in->stem_of, word);
        if (stem != UINT32_MAX) put_item(&in->word_items, stem, doc, t->position);
    }
    if (!take_extras(in, doc)) return false;
    if (count && chunk->first_position == UINT32_MAX) chunk->first_position = tokens[0].position;
    size_t starts = fr_vec_count(&a->eojeols);
    in->doc_terms += (uint32_t)count;
    in->doc_starts += (uint32_t)starts;
    fr_vec_append(&chunk->starts, fr_vec_data(&a->eojeols), starts);
    const struct fr_stem_range *stems = fr_vec_data(&a->stems);
    for (size_t i = 0; i < fr_vec_count(&a->stems); i++) {
        uint32_t known = fr_interner_count(&in->lexicon);
        uint32_t n = fr_intern(&in->lexicon, a->stem_bytes.data + stems[i].begin, stems[i].bytes);
        if (n == FR_INTERN_FAILED) return false;
        if (n == known) {
            fr_vec_push(&in->lexicon_docs, 0, UINT32_MAX);
            if (in->lexicon_docs.buf.failed) return false;
        }
        struct fr_string_seen *seen = &fr_vec_at(&in->lexicon_docs, n);
        seen->docs += seen->latest_doc != doc;
        seen->latest_doc = doc;
    }
    return !in->word_items.buf.failed;
}

/* Shorter lines are headings and items; longer ones are nobody's boilerplate. */
#define LINE_MIN_BYTES 12u
#define LINE_MAX_BYTES 1024u

static bool take_line(struct fr_inverter *in, const struct fr_chunk *chunk, const uint8_t *line,
                      size_t len, uint32_t doc, uint32_t position)
{
    uint64_t hash = fr_hash64(line, len);
    uint32_t known = fr_interner_count(&in->lines), n = fr_intern(&in->lines, &hash, 8);
    if (n == FR_INTERN_FAILED) return false;
    if (n == known)
        fr_vec_push(&in->line_seen, .latest_doc = UINT32_MAX, .bytes = (uint32_t)len,
                    .at = (uint64_t)(line - chunk->records.bytes.data));
    if (in->line_seen.buf.failed) return false;
    struct fr_line_seen *seen = &fr_vec_at(&in->line_seen, n);
    seen->docs += seen->latest_doc != doc;
    seen->latest_doc = doc;
    put_item(&in->line_items, n, doc, position);
    return !in->line_items.buf.failed;
}

static bool begins_line(frai_slice text, size_t at)
{
    while (at > 0 && (unsigned char)text.ptr[at - 1] <= ' ')
        if (text.ptr[--at] == '\n') return true;
    return at == 0;
}

/* Counts the lines of a piece of a text, each once a document, and notes where they stand. */
static bool take_lines(struct fr_inverter *in, const struct fr_chunk *chunk, frai_slice text,
                       const struct fr_piece *piece, uint32_t doc)
{
    const struct fr_tokens *tokens = &in->analyzer.tokens;
    size_t count = fr_vec_count(tokens), token = 0;
    const uint8_t *begin_of_text = (const uint8_t *)text.ptr, *at = begin_of_text + piece->begin,
                  *end = begin_of_text + piece->end;
    if (!begins_line(text, piece->begin)) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at) return true;
    }
    while (at < end) {
        const uint8_t *stop = memchr(at, '\n', (size_t)(end - at)), *line = at;
        if (!stop && piece->end < text.len) break;
        if (!stop) stop = end;
        at = stop + 1;
        while (line < stop && *line <= ' ') line++;
        while (stop > line && stop[-1] <= ' ') stop--;
        size_t len = (size_t)(stop - line);
        if (len < LINE_MIN_BYTES || len > LINE_MAX_BYTES) continue;
        uint32_t begin = (uint32_t)(line - (const uint8_t *)text.ptr);
        while (token < count && fr_vec_at(tokens, token).begin < begin) token++;
        if (token == count) break;
        uint32_t position = fr_vec_at(tokens, token).position;
        if (!take_line(in, chunk, line, len, doc, position)) return false;
    }
    return true;
}

/* A term of the name at its position, once. Items from `first` on are of this name. */
static bool put_path_term(struct fr_inverter *in, size_t first, bool dotted, frai_slice text,
                          uint32_t doc, uint32_t position)
{
    char term[FR_WORD_MAX_BYTES + sizeof FR_PATH_DOT] = FR_PATH_DOT;
    size_t dot = dotted ? strlen(FR_PATH_DOT) : 0;
    memcpy(term + dot, text.ptr, text.len);
    uint32_t word = other_word(in, FR_TERM_PATH, term, dot + text.len);
    if (word == FR_INTERN_FAILED) return false;
    for (size_t i = first; i < fr_vec_count(&in->word_items); i++) {
        const struct fr_item *item = &fr_vec_at(&in->word_items, i);
        if (item->key == word && item->position == position) return true;
    }
    put_item(&in->word_items, word, doc, position);
    return !in->word_items.buf.failed;
}

static bool put_path_token(struct fr_inverter *in, size_t first, const struct fr_token *t,
                           size_t extension, uint32_t doc)
{
    char pair[8];
    frai_slice text;
    bool dotted = t->begin >= extension;
    if (t->word_bytes)
        text = (frai_slice){(const char *)in->analyzer.words.data + t->key, t->word_bytes};
    else
        text = (frai_slice){pair, fr_path_pair(t->key, pair)};
    if (!put_path_term(in, first, dotted, text, doc, t->position)) return false;
    if (!t->word_bytes || t->term_class != FR_TERM_SURFACE || dotted) return true;
    return !fr_stem(in->stemmer, text.ptr, text.len, &text.ptr, &text.len) ||
           put_path_term(in, first, false, text, doc, t->position);
}

/* The analyzed name's tokens and extras by position: a term may be of both. */
static bool put_path_tokens(struct fr_inverter *in, size_t first, size_t extension, uint32_t doc)
{
    const struct fr_analyzer *a = &in->analyzer;
    size_t tokens = fr_vec_count(&a->tokens), extras = fr_vec_count(&a->extras);
    for (size_t i = 0, k = 0; i < tokens || k < extras;) {
        const struct fr_token *t = i < tokens ? &fr_vec_at(&a->tokens, i) : NULL,
                              *e = k < extras ? &fr_vec_at(&a->extras, k) : NULL;
        bool token = t && (!e || t->position <= e->position);
        if (!put_path_token(in, first, token ? t : e, extension, doc)) return false;
        i += token;
        k += !token;
    }
    return true;
}

/* The name of the document's file: terms of a class of their own, at positions behind the text's,
 * so that no word is covered by both. Returns where the positions end. */
static bool take_path(struct fr_inverter *in, struct fr_chunk *chunk, frai_slice path, uint32_t doc,
                      uint32_t *end)
{
    struct fr_analyzer *a = &in->analyzer;
    frai_slice name = {NULL, 0};
    if (a->kind == FR_ANALYZER_KOREAN) name = fr_path_name(path);
    *end = a->next_position;
    if (!name.len) return true;
    size_t extension = fr_path_extension(name), first = fr_vec_count(&in->word_items);
    fr_analyzer_forget(a);
    fr_analyzer_gap(a);
    if (!fr_analyze(a, name.ptr, name.len) || !put_path_tokens(in, first, extension, doc))
        return false;
    if (a->tokens.buf.len) {
        *end = a->next_position;
        if (chunk->first_position == UINT32_MAX)
            chunk->first_position = fr_vec_at(&a->tokens, 0).position;
    }
    return true;
}

/* What was analyzed is a piece of the title. */
static void put_title(struct fr_inverter *in)
{
    const struct fr_folded_text *title = &in->analyzer.folded;
    if (in->analyzer.kind == FR_ANALYZER_KOREAN)
        fr_title_put(&in->title, fr_vec_data(title), fr_vec_count(title));
}

/* The title as a whole, if it has letters: a term at the document's beginning. */
static bool take_title(struct fr_inverter *in, uint32_t doc)
{
    char name[FR_LINE_NAME_BYTES];
    if (in->title.failed) return false;
    if (in->title.len == 0) return true;
    fr_line_name(in->title.data, in->title.len, name);
    uint32_t word = other_word(in, FR_TERM_TITLE, name, FR_TITLE_NAME_BYTES);
    if (word == FR_INTERN_FAILED) return false;
    put_item(&in->word_items, word, doc, 0);
    return !in->word_items.buf.failed;
}

static bool analyze_piece(struct fr_inverter *in, const char *text, const struct fr_piece *piece,
                          uint32_t doc, struct fr_chunk *chunk)
{
    fr_analyzer_forget(&in->analyzer);
    chunk->text_bytes += piece->end - piece->begin;
    return fr_analyze_piece(&in->analyzer, text, piece) && take_tokens(in, chunk, doc);
}

static bool analyze_field(struct fr_inverter *in, const uint8_t *record, size_t len, uint32_t field,
                          uint32_t doc, struct fr_chunk *chunk)
{
    struct fr_analyzer *a = &in->analyzer;
    frai_slice text = fr_record_field(record, len, field);
    struct fr_piece piece = {0};
    bool lines = a->kind == FR_ANALYZER_KOREAN && field != FR_FIELD_TITLE;
    if (text.len) fr_analyzer_gap(a);
    while (fr_piece_next(text.ptr, text.len, a->piece_bytes, &piece)) {
        if (!analyze_piece(in, text.ptr, &piece, doc, chunk)) return false;
        if (field == FR_FIELD_TITLE) put_title(in);
        if (lines && !take_lines(in, chunk, text, &piece, doc)) return false;
    }
    return true;
}

/* Analyzes the text fields in their order, and notes where all but the last end. */
static bool analyze_fields(struct fr_inverter *in, const uint8_t *record, size_t len, uint32_t doc,
                           struct fr_chunk *chunk)
{
    fr_buf_clear(&in->title);
    if (!analyze_field(in, record, len, FR_FIELD_TITLE, doc, chunk)) return false;
    if (!take_title(in, doc)) return false;
    fr_vec_push(&chunk->field_ends, in->analyzer.next_position);
    if (!analyze_field(in, record, len, FR_FIELD_BODY, doc, chunk)) return false;
    for (uint32_t i = 0; i < in->settings->field_count; i++) {
        if (in->settings->fields[i].kind != FR_FIELD_TEXT) continue;
        fr_vec_push(&chunk->field_ends, in->analyzer.next_position);
        if (!analyze_field(in, record, len, FR_FIELD_BUILTIN + i, doc, chunk)) return false;
    }
    return true;
}

static void begin_document(struct fr_inverter *in, uint32_t position)
{
    fr_analyzer_reset(&in->analyzer);
    in->analyzer.next_position = position;
    in->doc_terms = in->doc_starts = 0;
}

static void put_counts(struct fr_inverter *in, struct fr_chunk *chunk)
{
    fr_vec_push(&chunk->lengths, in->doc_terms);
    fr_vec_push(&chunk->positions, in->analyzer.next_position);
    fr_vec_push(&chunk->start_counts, in->doc_starts);
}

static bool analyze_document(struct fr_inverter *in, const uint8_t *record, size_t len,
                             uint32_t doc, struct fr_chunk *chunk)
{
    uint32_t end;
    begin_document(in, 0);
    if (!analyze_fields(in, record, len, doc, chunk)) return false;
    put_counts(in, chunk);
    frai_slice path = fr_record_field(record, len, FR_FIELD_PATH);
    if (!take_path(in, chunk, path, doc, &end)) return false;
    fr_buf_u8(&chunk->widths, (uint8_t)fr_bits(end ? end - 1 : 0));
    return true;
}

/* A title that goes over parts is no term. */
static bool analyze_part(struct fr_inverter *in, struct fr_chunk *chunk)
{
    struct fr_analyzer *a = &in->analyzer;
    uint32_t bounds = chunk->field_bounds, doc = chunk->first_doc;
    begin_document(in, chunk->is_first ? 0 : FR_PART_ORIGIN);
    for (uint32_t i = 0; i < bounds; i++) fr_vec_push(&chunk->field_ends, UINT32_MAX);
    if (chunk->field_ends.buf.failed) return false;
    fr_buf_clear(&in->title);
    for (size_t i = 0; i < fr_vec_count(&chunk->pieces); i++) {
        struct fr_part_piece *p = &fr_vec_at(&chunk->pieces, i);
        const char *text = (const char *)chunk->records.bytes.data + p->at;
        const struct fr_piece piece = {.end = p->bytes, .ahead = p->ahead, .before = p->before};
        p->position = a->next_position;
        if (p->before == FR_CUT_NONE) fr_analyzer_gap(a);
        if (!analyze_piece(in, text, &piece, doc, chunk)) return false;
        if (p->field == 0) put_title(in);
        if (p->field == 0 && p->ends_field && chunk->is_first && !take_title(in, doc)) return false;
        if (p->ends_field && p->field < bounds)
            fr_vec_at(&chunk->field_ends, p->field) = a->next_position;
    }
    put_counts(in, chunk);
    chunk->end_position = a->next_position;
    return !chunk->is_last ||
           take_path(in, chunk, fr_buf_slice(&chunk->path), doc, &chunk->end_position);
}

/* Lines that may be in one document of a hundred: strings of the lexicon, and terms where they
 * stand. A line that is, is so in some chunk; here half of the share is enough to stay. */
static bool intern_lines(struct fr_inverter *in, const struct fr_chunk *chunk)
{
    fr_vec_set_count(&in->order, 0);
    for (uint32_t i = 0; i < fr_interner_count(&in->lines); i++) {
        fr_vec_push(&in->order, UINT32_MAX); /* the line's word; none */
        if (in->order.buf.failed) return false;
        const struct fr_line_seen *s = &fr_vec_at(&in->line_seen, i);
        if (s->docs < 2 || (uint64_t)s->docs * 200 < chunk->docs) continue;
        char name[FR_LINE_NAME_BYTES];
        fr_line_name(chunk->records.bytes.data + s->at, s->bytes, name);
        uint32_t word = other_word(in, FR_TERM_LINE, name, sizeof name);
        if (word == FR_INTERN_FAILED) return false;
        fr_vec_at(&in->order, i) = word;
        in->scratch.len = 0;
        fr_buf_u8(&in->scratch, FR_LEXICON_LINE);
        fr_buf_put(&in->scratch, chunk->records.bytes.data + s->at, s->bytes);
        if (in->scratch.failed) return false;
        if (memchr(in->scratch.data, 0, in->scratch.len)) continue;
        uint32_t known = fr_interner_count(&in->lexicon),
                 n = fr_intern(&in->lexicon, in->scratch.data, in->scratch.len);
        if (n == FR_INTERN_FAILED) return false;
        if (n == known) fr_vec_push(&in->lexicon_docs, s->docs, UINT32_MAX);
    }
    for (size_t i = 0; i < fr_vec_count(&in->line_items); i++) {
        const struct fr_item *item = &fr_vec_at(&in->line_items, i);
        uint32_t word = fr_vec_at(&in->order, item->key);
        if (word != UINT32_MAX) put_item(&in->word_items, word, item->doc, item->position);
    }
    return !in->lexicon_docs.buf.failed && !in->word_items.buf.failed;
}

/* Each piece begins a block of stored text. */
static bool pack_part(struct fr_chunk *chunk, struct fr_compressor *c)
{
    const uint8_t *bytes = chunk->records.bytes.data;
    size_t count = fr_vec_count(&chunk->pieces), begin = 0;
    uint32_t position = 0;
    for (size_t i = 0; i <= count; i++) {
        const struct fr_part_piece *next = i < count ? &fr_vec_at(&chunk->pieces, i) : NULL;
        size_t end = next ? next->at : chunk->part_bytes;
        struct fr_store_entry entry = {.first_doc = chunk->first_doc, .position = position};
        if (end > begin &&
            !fr_store_pack_block(c, bytes + begin, end - begin, entry, &chunk->store))
            return false;
        begin = end;
        if (next) position = next->position;
    }
    return true;
}

void fr_invert(struct fr_inverter *in, struct fr_chunk *chunk, struct fr_compressor *compressor)
{
    for (unsigned i = 0; inverter_buffer(in, i); i++) fr_buf_clear(inverter_buffer(in, i));
    fr_interner_clear(&in->words);
    fr_interner_clear(&in->lexicon);
    fr_interner_clear(&in->lines);
    const uint8_t *record = chunk->records.bytes.data;
    bool ok = fr_vec_room(&chunk->starts, 1); /* never NULL, though no text has a word */
    chunk->first_position = UINT32_MAX;
    if (chunk->is_part) ok = ok && analyze_part(in, chunk);
    for (uint32_t i = 0; ok && !chunk->is_part && i < chunk->docs; i++) {
        uint32_t len = fr_vec_at(&chunk->records.lengths, i);
        ok = analyze_document(in, record, len, chunk->first_doc + i, chunk);
        record += len;
    }
    ok = ok && fr_write_pairs(in, chunk);
    chunk->words_at = chunk->run.len;
    ok = ok && intern_lines(in, chunk);
    ok = ok && fr_write_words(in, chunk);
    chunk->lexicon_at = chunk->run.len;
    ok = ok && fr_write_lexicon(in, chunk);
    if (ok && compressor)
        ok = chunk->is_part ? pack_part(chunk, compressor)
                            : fr_store_pack(compressor, chunk->first_doc, &chunk->records,
                                            &chunk->store, &in->scratch);
    chunk->failed = !ok;
    for (unsigned i = 0; chunk_buffer(chunk, i); i++)
        chunk->failed |= chunk_buffer(chunk, i)->failed;
}
