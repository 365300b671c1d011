/* The positions of all terms that may cover a word are merged by a heap; a word stands where those
 * of one start cover its syllables, and a window goes over these places. */
#include "query/place.h"

#include "base/heap.h"
#include "base/lower_bound.h"
#include "segment/documents.h"

/* A covering's positions in the document. */
struct stream {
    struct fr_position_list list;
    uint32_t at, position; /* the next one, and its number */
    uint32_t word, offset;
    uint64_t mask, full; /* syllables that it covers, and all that are to be */
    bool starts_eojeol;
};

#define STEPS_APART 4096u /* between two questions whether to go on */

/* Syllables of a word that are covered, if it starts there. */
struct covered {
    uint32_t start;
    uint64_t mask;
};
#define STARTS 64u /* of a word that are known at a time */

struct occurrence {
    uint32_t position, word;
};

struct search {
    struct fr_searcher *s;
    const struct fr_place_question *question;
    struct fr_eojeols eojeols;
    bool has_eojeols;
    FR_VECTOR(struct stream) streams;
    FR_VECTOR(uint32_t) heap;
    FR_VECTOR(struct covered) covered;   /* STARTS of each word */
    FR_VECTOR(struct occurrence) window; /* from `first` on */
    FR_VECTOR(uint32_t) marks;           /* of each word in the window */
    size_t first, steps;
    uint32_t words; /* in the window */
    uint32_t best_words;
    size_t best_marks;
    struct fr_stretch best;
};

static bool before(const void *ctx, uint32_t a, uint32_t b)
{
    const struct stream *streams = ctx;
    return streams[a].position < streams[b].position;
}

/* The stream's next position; false: there is none within. */
static bool advance(const struct search *f, struct stream *s)
{
    if (s->at >= s->list.count) return false;
    s->position = fr_position_at(&s->list, s->at++);
    return s->position < f->question->within.end;
}

static void put_stream(struct search *f, struct fr_cursor *c, struct stream s)
{
    if (!c->exists || !fr_cursor_go(c, f->question->doc) || !fr_cursor_position_list(c, &s.list))
        return;
    FR_LOWER_BOUND(uint32_t, s.at, s.list.count, i,
                   fr_position_at(&s.list, i) < f->question->within.begin);
    if (advance(f, &s)) fr_vec_append(&f->streams, &s, 1);
}

static uint64_t full_mask(const struct fr_query *q, const struct fr_query_word *word)
{
    uint64_t full = 0;
    for (uint32_t i = 0; i < fr_query_text_coverings(q, word); i++)
        full |= fr_query_covering_at(q, word->first + i)->mask;
    return full;
}

static void put_streams(struct search *f, struct fr_match *m)
{
    const struct fr_query *q = &f->question->plan->query;
    for (uint32_t w = 0; w < fr_vec_count(&q->words); w++) {
        const struct fr_query_word *word = fr_query_word_at(q, w);
        if (word->negative) continue;
        uint64_t full = full_mask(q, word);
        for (uint32_t i = 0; i < m->syllables[w].count; i++)
            put_stream(f, &m->syllables[w].cursors[i],
                       (struct stream){.word = w, .mask = 1, .full = 1});
        for (uint32_t i = 0; !word->syllable && i < fr_query_text_coverings(q, word); i++) {
            const struct fr_covering *a = fr_query_covering_at(q, word->first + i);
            put_stream(f, &m->evaluation.cursors[a->term],
                       (struct stream){.word = w,
                                       .offset = a->offset,
                                       .mask = a->mask,
                                       .full = full,
                                       .starts_eojeol = a->starts_eojeol});
        }
    }
}

/* A word stands at the position: the window goes on to there. */
static void put_occurrence(struct search *f, uint32_t word, uint32_t position)
{
    struct occurrence o = {position, word};
    uint32_t *marks = fr_vec_data(&f->marks);
    fr_vec_append(&f->window, &o, 1);
    if (f->window.buf.failed) return;
    f->words += marks[word]++ == 0;
    while (fr_vec_at(&f->window, f->first).position + (uint64_t)f->question->span < position)
        f->words -= --marks[fr_vec_at(&f->window, f->first++).word] == 0;
    size_t count = fr_vec_count(&f->window) - f->first;
    if (f->words > f->best_words || (f->words == f->best_words && count > f->best_marks)) {
        f->best_words = f->words;
        f->best_marks = count;
        f->best = (struct fr_stretch){fr_vec_at(&f->window, f->first).position, position + 1};
    }
    if (f->first < 4096 || f->first < count) return;
    memmove(fr_vec_data(&f->window), &fr_vec_at(&f->window, f->first),
            count * sizeof(struct occurrence));
    fr_vec_set_count(&f->window, count);
    f->first = 0;
}

/* A term stands where the stream is. */
static void take_position(struct search *f, const struct stream *s)
{
    const struct fr_query *q = &f->question->plan->query;
    const struct fr_query_word *word = fr_query_word_at(q, s->word);
    uint32_t start = s->position - s->offset;
    if (s->starts_eojeol && f->has_eojeols && !fr_eojeol_starts_at(&f->eojeols, start)) return;
    struct covered *c = &fr_vec_at(&f->covered, s->word * STARTS + start % STARTS);
    if (c->start != start) *c = (struct covered){start, 0};
    uint64_t had = c->mask;
    c->mask |= s->mask;
    if (c->mask == s->full && (had != s->full || word->syllable))
        put_occurrence(f, s->word, s->position);
}

static frai_status walk(struct search *f, frai_error *err)
{
    struct stream *streams = fr_vec_data(&f->streams);
    uint32_t count = (uint32_t)fr_vec_count(&f->streams), *heap = fr_vec_data(&f->heap);
    fr_heap_make(heap, count, before, streams);
    while (count) {
        struct stream *top = &streams[heap[0]];
        take_position(f, top);
        if (++f->steps % STEPS_APART == 0)
            FR_TRY(fr_interrupt_check(&f->s->context.interrupt, err));
        if (!advance(f, top)) heap[0] = heap[--count];
        fr_heap_sink(heap, count, 0, before, streams);
    }
    return f->window.buf.failed ? fr_fail_memory(err, "searching") : FRAI_OK;
}

static frai_status find(struct search *f, frai_error *err)
{
    const struct fr_place_question *q = f->question;
    struct fr_match m;
    FR_TRY(fr_interrupt_check(&f->s->context.interrupt, err));
    size_t words = fr_vec_count(&f->question->plan->query.words);
    FR_TRY(fr_part_words(f->s, q->plan, q->g, NULL, &m, err));
    put_streams(f, &m);
    FR_TRY(fr_part_check(f->s, &m, err));
    for (uint32_t i = 0; i < fr_vec_count(&f->streams); i++) {
        f->has_eojeols |= fr_vec_at(&f->streams, i).starts_eojeol;
        fr_vec_push(&f->heap, i);
    }
    if (f->has_eojeols) FR_TRY(fr_eojeols_read(m.evaluation.seg, q->doc, &f->eojeols, err));
    if (!fr_vec_reserve(&f->covered, words * STARTS) || !fr_vec_reserve(&f->marks, words) ||
        f->streams.buf.failed || f->heap.buf.failed)
        return fr_fail_memory(err, "searching");
    memset(fr_vec_data(&f->covered), 0, words * STARTS * sizeof(struct covered));
    memset(fr_vec_data(&f->marks), 0, words * sizeof(uint32_t));
    return fr_vec_count(&f->streams) ? walk(f, err) : FRAI_OK;
}

frai_status fr_place_find(struct fr_searcher *s, const struct fr_place_question *question,
                          bool *found, struct fr_stretch *out, frai_error *err)
{
    struct search f = {.s = s, .question = question};
    struct fr_buf *all[] = {&f.streams.buf, &f.heap.buf, &f.covered.buf, &f.window.buf,
                            &f.marks.buf};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) fr_buf_init(all[i], &s->context.mem);
    frai_status status = FRAI_OK;
    if (fr_vec_count(&question->plan->query.words)) status = find(&f, err);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) fr_buf_deinit(all[i]);
    *found = f.best_words > 0;
    if (*found) *out = f.best;
    return status;
}
