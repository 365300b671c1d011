/* The repeated lines of all segments, each once, are analyzed when they are first needed, and kept
 * as (hash of a term, line), sorted: a query finds the lines that share a term with it by
 * bisection. Their places in a document are the positions of their own term. */
#include "query/boilerplate.h"

#include "base/checksum.h"
#include "base/lower_bound.h"
#include "base/sort.h"
#include "segment/lexicon.h"

/* More lines than that are no boilerplate of a corpus, they are the corpus. */
#define LINES_MAX 1024u

void fr_boilerplate_init(struct fr_boilerplate *l, const frai_allocator *mem)
{
    l->loaded = false;
    fr_interner_init(&l->names, mem);
    fr_buf_init(&l->spans.buf, mem);
    fr_buf_init(&l->terms.buf, mem);
}

void fr_boilerplate_deinit(struct fr_boilerplate *l)
{
    fr_interner_deinit(&l->names);
    fr_buf_deinit(&l->spans.buf);
    fr_buf_deinit(&l->terms.buf);
}

static uint64_t hash_term(uint32_t key, const void *word, size_t word_bytes)
{
    return word_bytes ? fr_hash64(word, word_bytes) | 1ull << 63 : key;
}

static bool add_line(struct fr_boilerplate *l, frai_slice text, struct fr_analyzer *a)
{
    char name[FR_LINE_NAME_BYTES];
    uint32_t number = (uint32_t)fr_vec_count(&l->spans);
    fr_line_name(text.ptr, text.len, name);
    uint32_t same = fr_intern(&l->names, name, sizeof name);
    if (same != number) return same != FR_INTERN_FAILED;
    fr_analyzer_reset(a);
    if (!fr_analyze(a, text.ptr, text.len)) return false;
    fr_vec_push(&l->spans, a->next_position);
    for (size_t i = 0; i < fr_vec_count(&a->tokens); i++) {
        const struct fr_token *t = &fr_vec_at(&a->tokens, i);
        uint64_t term = hash_term(t->key, fr_token_word(a, t), t->word_bytes);
        fr_vec_push(&l->terms, term, number);
    }
    return !l->spans.buf.failed && !l->terms.buf.failed;
}

static int by_term(const void *a, const void *b, void *ctx)
{
    const struct fr_boilerplate_term *x = a, *y = b;
    (void)ctx;
    if (x->term != y->term) return x->term < y->term ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static frai_status load_segment(struct fr_boilerplate *l, const struct fr_segment *seg,
                                struct fr_analyzer *a, struct fr_buf *line, frai_error *err)
{
    static const char first = FR_LEXICON_LINE;
    uint32_t number;
    uint64_t docs;
    FR_TRY(fr_lexicon_seek(seg, (frai_slice){&first, 1}, &number, err));
    for (; number < seg->stats.lexicon_words && fr_vec_count(&l->spans) < LINES_MAX; number++) {
        FR_TRY(fr_lexicon_read(seg, number, line, &docs, err));
        if (line->len == 0 || line->data[0] != FR_LEXICON_LINE) break;
        if (!add_line(l, (frai_slice){(const char *)line->data + 1, line->len - 1}, a))
            return fr_fail_memory(err, "searching");
    }
    return FRAI_OK;
}

frai_status fr_boilerplate_load(struct fr_boilerplate *l, const struct fr_segment *segments,
                                uint32_t count, struct fr_analyzer *a, frai_error *err)
{
    struct fr_buf line;
    frai_status status = FRAI_OK;
    if (l->loaded) return FRAI_OK;
    fr_interner_clear(&l->names);
    fr_buf_clear(&l->spans.buf);
    fr_buf_clear(&l->terms.buf);
    fr_buf_init(&line, l->spans.buf.mem);
    for (uint32_t g = 0; g < count && status == FRAI_OK; g++)
        if (segments[g].stats.lexicon_words) status = load_segment(l, &segments[g], a, &line, err);
    fr_buf_deinit(&line);
    if (status != FRAI_OK) return status;
    size_t terms = fr_vec_count(&l->terms);
    if (terms)
        fr_sort(fr_vec_data(&l->terms), terms, sizeof(struct fr_boilerplate_term), by_term, NULL);
    l->loaded = true;
    return FRAI_OK;
}

bool fr_boilerplate_has(const struct fr_boilerplate *l, frai_slice text)
{
    char name[FR_LINE_NAME_BYTES];
    fr_line_name(text.ptr, text.len, name);
    return fr_interner_find(&l->names, name, sizeof name) != FR_INTERN_FAILED;
}

static bool put_line(const struct fr_boilerplate *l, uint32_t line, struct fr_query *q)
{
    frai_slice name = fr_interned(&l->names, line);
    uint32_t term = fr_query_put_term(q, FR_TERM_LINE, 0, name.ptr, name.len, 0);
    for (size_t i = 0; i < fr_vec_count(&q->repeated); i++)
        if (fr_vec_at(&q->repeated, i).term == term) return true;
    if (term != FR_NO_QUERY_TERM) fr_vec_push(&q->repeated, term, fr_vec_at(&l->spans, line));
    return !fr_query_failed(q);
}

bool fr_boilerplate_record(const struct fr_boilerplate *l, struct fr_query *q)
{
    const struct fr_boilerplate_term *terms = fr_vec_data(&l->terms);
    size_t count = fr_vec_count(&q->terms), known = fr_vec_count(&l->terms);
    for (size_t i = 0; i < count && known; i++) {
        struct fr_query_term t = fr_vec_at(&q->terms, i);
        size_t at = 0;
        if (t.boost == 0 || t.term_class != FR_TERM_SURFACE) continue;
        const uint8_t *word = t.word_bytes ? q->bytes.data + t.key : NULL;
        uint64_t wanted = hash_term(t.key, word, t.word_bytes);
        FR_LOWER_BOUND(size_t, at, known, k, terms[k].term < wanted)
        for (; at < known && terms[at].term == wanted; at++)
            if (!put_line(l, terms[at].line, q)) return false;
    }
    return true;
}

static int by_begin(const void *a, const void *b, void *ctx)
{
    const struct fr_line_extent *x = a, *y = b;
    (void)ctx;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* Places of a repeated line in a document that are looked at. */
#define PLACES_MOST (1u << 16)

size_t fr_boilerplate_find(const struct fr_query *q, const struct fr_evaluation *e, uint32_t doc)
{
    struct fr_scratch *s = e->scratch;
    size_t lines = 0;
    fr_buf_clear(&s->lines.buf);
    for (size_t i = 0; i < fr_vec_count(&q->repeated); i++) {
        const struct fr_query_line *line = &fr_vec_at(&q->repeated, i);
        struct fr_cursor *c = &e->cursors[line->term];
        struct fr_position_list list;
        if (!fr_cursor_has(c, doc) || !fr_cursor_position_list(c, &list)) continue;
        lines++;
        fr_work(e->interrupt, list.count);
        for (uint32_t k = 0; k < list.count && k < PLACES_MOST; k++) {
            uint32_t begin = fr_position_at(&list, k);
            fr_vec_push(&s->lines, begin, begin + line->span);
        }
    }
    struct fr_line_extent *found = fr_vec_data(&s->lines);
    size_t count = fr_vec_count(&s->lines);
    if (lines > 1) fr_sort(found, count, sizeof *found, by_begin, NULL);
    return count;
}

bool fr_boilerplate_holds(const struct fr_scratch *scratch, uint32_t position)
{
    const struct fr_line_extent *lines = fr_vec_data(&scratch->lines);
    size_t after = 0; /* the first that begins after the position */
    FR_LOWER_BOUND(size_t, after, fr_vec_count(&scratch->lines), i, lines[i].begin <= position)
    return after > 0 && position < lines[after - 1].end;
}
