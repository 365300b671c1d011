/* The postings that a plan has opened become cursors, whose bounds are adapted to the query: a
 * segment stores them for the average length that it was built with. Lone syllables get a cursor
 * for each pair that they are part of. */
#include "query/part.h"

#include "codec/norm.h"
#include "segment/documents.h"

/* From so many times on a bound is the weight itself; more would overflow. */
#define RATIO_MOST 1e30f

/* No document's K that the segment's bounds are made of is more times the query's. Both are affine
 * in the length, so their ratio is largest at one end. */
static float bound_k_ratio(const float *k, const struct fr_segment *seg)
{
    const uint8_t ends[] = {0, 255};
    float most = 0;
    for (int i = 0; i < 2; i++) {
        float made = fr_norm_k(ends[i], seg->stats.k1, seg->stats.b, seg->stats.average_length);
        float ratio = k[ends[i]] > 0 ? made / k[ends[i]] : RATIO_MOST;
        if (ratio > most) most = ratio;
    }
    return most < RATIO_MOST ? most : RATIO_MOST;
}

static frai_status open_cursors(struct fr_searcher *s, const struct fr_plan *p, uint32_t g,
                                frai_error *err)
{
    uint32_t terms = fr_plan_term_count(p);
    FR_ASSERT(terms <= FR_QUERY_TERMS_MAX);
    float ratio = bound_k_ratio(p->norms.k, &s->context.snapshot->segments[g]);
    if (!fr_vec_reserve(&s->cursors, terms)) return fr_fail_memory(err, "searching");
    for (uint32_t t = 0; t < terms; t++)
        fr_cursor_open(&fr_vec_at(&p->term_postings, (size_t)g * terms + t), ratio,
                       fr_vec_at(&p->weights, t), &s->damage, &fr_vec_at(&s->cursors, t));
    return FRAI_OK;
}

static frai_status open_syllables(struct fr_searcher *s, const struct fr_plan *p,
                                  const struct fr_segment *seg, frai_error *err)
{
    uint32_t words = fr_plan_words(p), terms = fr_plan_term_count(p);
    struct fr_syllable *list = fr_vec_reserve(&s->syllables, words);
    if (!list) return fr_fail_memory(err, "searching");
    memset(list, 0, words * sizeof *list);
    fr_buf_clear(&s->syllable_cursors.buf);
    for (uint32_t w = 0; w < words; w++) {
        struct fr_syllable_terms found;
        if (!fr_plan_word(p, w)->syllable) continue;
        FR_TRY(fr_plan_syllable(&s->context, p, seg, w, &found, err));
        list[w].firsts = found.firsts;
        list[w].wholes = (uint32_t)found.lone + found.with_particle;
        list[w].count = (uint32_t)fr_vec_count(&s->context.ordinals);
        list[w].weight = fr_vec_at(&p->weights, terms + w);
        if (!fr_vec_room(&s->syllable_cursors, list[w].count))
            return fr_fail_memory(err, "searching");
        struct fr_cursor *c = fr_vec_end(&s->syllable_cursors);
        for (uint32_t i = 0; i < list[w].count; i++) {
            struct fr_postings postings;
            if (i % 64 == 63) FR_TRY(fr_interrupt_check(&s->context.interrupt, err));
            FR_TRY(fr_postings_open(seg, fr_vec_at(&s->context.ordinals, i), &postings, err));
            fr_cursor_open(&postings, 1, 0, &s->damage, &c[i]); /* scores nothing by itself */
        }
        fr_vec_add(&s->syllable_cursors, list[w].count);
    }
    uint32_t before = 0; /* only now the buffer stays where it is */
    for (uint32_t w = 0; w < words; w++) {
        if (!list[w].count) continue;
        list[w].cursors = &fr_vec_at(&s->syllable_cursors, before);
        before += list[w].count;
    }
    return FRAI_OK;
}

frai_status fr_part_terms(struct fr_searcher *s, const struct fr_plan *p, uint32_t g,
                          struct fr_collector *collector, struct fr_match *m, frai_error *err)
{
    const struct fr_segment *seg = &s->context.snapshot->segments[g];
    const struct fr_section *live = &seg->sections[FR_SECTION_LIVE];
    FR_TRY(fr_live_check(seg, err));
    FR_TRY(open_cursors(s, p, g, err));
    *m = (struct fr_match){.gaps = &s->gaps, .query = &p->query, .count_limit = UINT64_MAX};
    m->model = &s->context.model;
    m->collector = collector ? collector : &s->count_only;
    m->tree = fr_tree_of(&p->query, p->query.root);
    m->fade_lines = p->ranking == FRAI_RANK_DEFAULT;
    m->evaluation = (struct fr_evaluation){
        .seg = seg,
        .cursors = fr_vec_data(&s->cursors),
        .order = fr_vec_count(&p->query.summands) ? fr_vec_data(&p->query.summands) : NULL,
        .count = fr_plan_term_count(p),
        .k_of_norm = p->norms.k,
        .base = s->context.snapshot->bases[g],
        .accept = {.dead = seg->deletes.dead, .live = live->len ? live->data : NULL},
        .scratch = &s->scratch,
        .interrupt = &s->context.interrupt,
        .damage = &s->damage,
    };
    return FRAI_OK;
}

/* The part's cursors as they were opened, for a second walk at the same time. */
static frai_status copy_cursors(struct fr_searcher *s, const struct fr_match *m,
                                struct fr_cursor **copy, frai_error *err)
{
    *copy = fr_vec_reserve(&s->bit_cursors, m->evaluation.count);
    if (!*copy) return fr_fail_memory(err, "searching");
    fr_vec_append(&s->bit_cursors, m->evaluation.cursors, m->evaluation.count);
    return FRAI_OK;
}

frai_status fr_part_words(struct fr_searcher *s, const struct fr_plan *p, uint32_t g,
                          struct fr_collector *collector, struct fr_match *m, frai_error *err)
{
    FR_TRY(fr_part_terms(s, p, g, collector, m, err));
    FR_TRY(copy_cursors(s, m, &m->bit_cursors, err));
    FR_TRY(open_syllables(s, p, &s->context.snapshot->segments[g], err));
    m->syllables = fr_vec_data(&s->syllables);
    return FRAI_OK;
}

void fr_part_note(struct fr_searcher *s, const struct fr_match *m, bool counted)
{
    fr_vec_push(&s->steps, m->stats, m->evaluation.base, counted);
}

frai_status fr_part_check(const struct fr_searcher *s, const struct fr_match *m, frai_error *err)
{
    const struct fr_damage *damage = m->evaluation.damage;
    if (damage->met)
        return fr_segment_damaged(m->evaluation.seg, fr_section_name(damage->section), err);
    return fr_interrupt_status(&s->context.interrupt, err);
}
