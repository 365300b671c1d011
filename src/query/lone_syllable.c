/* Where a syllable is a word, two terms tell. Elsewhere the pairs that it begins are looked
 * through, from the one on that began an 어절 in the document before: mostly it does again. */
#include "query/lone_syllable.h"

#include "segment/documents.h"

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

static bool begins_eojeol(struct fr_cursor *c, const struct fr_eojeols *eojeols)
{
    struct fr_position_list list;
    if (!fr_cursor_position_list(c, &list)) return false;
    for (uint32_t k = 0; k < list.count; k++)
        if (fr_eojeol_starts_at(eojeols, fr_position_at(&list, k))) return true;
    return false;
}

static bool starts(struct fr_match *m, uint32_t word, uint32_t doc)
{
    struct fr_syllable *s = &m->syllables[word];
    struct fr_eojeols eojeols;
    uint32_t pairs = s->firsts - s->wholes;
    if (fr_eojeols_read(m->evaluation.seg, doc, &eojeols, NULL) != FRAI_OK) {
        fr_damage_note(m->evaluation.damage, FR_SECTION_EOJEOLS);
        return false;
    }
    for (uint32_t i = 0; i < pairs; i++) {
        uint32_t at = s->wholes + (s->latest + i) % pairs;
        fr_work(m->evaluation.interrupt, FR_WORK_SEEK);
        if (i % 64 == 63 && fr_interrupted(m->evaluation.interrupt)) return false;
        if (!fr_cursor_go(&s->cursors[at], doc)) continue;
        if (!begins_eojeol(&s->cursors[at], &eojeols)) continue;
        s->latest = at - s->wholes;
        return true;
    }
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
    uint32_t wholes = whole_tf(m, word, doc);
    float score = fr_syllable_score(m, word, wholes, k);
    if (!wholes || !fr_syllable_is_inside(m->query, fr_query_word_at(m->query, word))) return score;
    return score + m->model->syllable_whole * m->syllables[word].weight;
}
