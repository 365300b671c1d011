/* Where a syllable is a word, two terms tell. Elsewhere the pairs that it begins are looked
 * through, from the one on that began an 어절 in the document before: mostly it does again. */
#include "query/lone_syllable.h"

#define STARTS_APART 4096u /* positions between two questions whether to go on */

void fr_match_rewind_syllables(struct fr_match *m)
{
    for (uint32_t i = 0; i < fr_vec_count(&m->query->words); i++)
        for (uint32_t k = 0; k < m->syllables[i].count; k++)
            fr_cursor_rewind(&m->syllables[i].cursors[k]);
}

/* How often the syllable is a word. */
static uint32_t whole_tf(const struct fr_match *m, uint32_t word, uint32_t doc)
{
    const struct fr_syllable *s = &m->syllables[word];
    uint32_t tf = 0;
    for (uint32_t i = 0; i < s->wholes; i++)
        if (fr_cursor_go(&s->cursors[i], doc)) tf += fr_cursor_tf(&s->cursors[i]);
    return tf;
}

bool fr_starts_eojeol(const struct fr_position_list *list, const struct fr_eojeols *eojeols,
                      struct fr_interrupt *interrupt)
{
    fr_work(interrupt, list->count);
    for (uint32_t k = 0; k < list->count; k++) {
        if (k % STARTS_APART == STARTS_APART - 1 && fr_interrupted(interrupt)) return false;
        if (fr_eojeol_starts_at(eojeols, fr_position_at(list, k))) return true;
    }
    return false;
}

/* Has the document a pair that the syllable begins: at the start of one of these 어절, or, without
 * them, anywhere? */
static bool begins(struct fr_match *m, uint32_t word, uint32_t doc,
                   const struct fr_eojeols *eojeols)
{
    struct fr_syllable *s = &m->syllables[word];
    struct fr_interrupt *interrupt = m->evaluation.interrupt;
    uint32_t pairs = s->firsts - s->wholes;
    for (uint32_t i = 0; i < pairs; i++) {
        uint32_t at = s->wholes + (s->latest + i) % pairs;
        struct fr_position_list list;
        fr_work(interrupt, FR_WORK_SEEK);
        if (i % 64 == 63 && fr_interrupted(interrupt)) return false;
        if (!fr_cursor_go(&s->cursors[at], doc)) continue;
        if (!eojeols) return true;
        if (!fr_cursor_position_list(&s->cursors[at], &list)) return false;
        if (!fr_starts_eojeol(&list, eojeols, interrupt)) continue;
        s->latest = at - s->wholes;
        return true;
    }
    return false;
}

static bool starts(struct fr_match *m, uint32_t word, uint32_t doc)
{
    struct fr_eojeols eojeols;
    if (fr_eojeols_read(m->evaluation.seg, doc, &eojeols, NULL) == FRAI_OK)
        return begins(m, word, doc, &eojeols);
    fr_damage_note(m->evaluation.damage, FR_SECTION_EOJEOLS);
    return false;
}

bool fr_match_has_syllable(struct fr_match *m, const struct fr_query_node *leaf, uint32_t doc)
{
    FR_ASSERT(leaf->place == FR_PLACE_WHOLE_WORD || leaf->place == FR_PLACE_EOJEOL_START);
    fr_work(m->evaluation.interrupt, 2 * FR_WORK_SEEK);
    return whole_tf(m, leaf->word, doc) > 0 ||
           (leaf->place == FR_PLACE_EOJEOL_START && starts(m, leaf->word, doc));
}

float fr_match_score_syllable(struct fr_match *m, uint32_t word, uint32_t doc, float k)
{
    const struct fr_query_word *w = fr_query_word_at(m->query, word);
    uint32_t wholes = whole_tf(m, word, doc);
    if (!wholes && w->count > 1 && !begins(m, word, doc, NULL)) return 0; /* something else is */
    float score = fr_syllable_score(m, word, wholes, k);
    if (!wholes || !fr_syllable_is_inside(m->query, w)) return score;
    return score + m->model->syllable_whole * m->syllables[word].weight;
}
