/* First positions and numbers of positions cost little: neither needs the positions in between. */
#include "query/rank_bound.h"

#include "segment/field_ends.h"

/* No weight of the model is below 0. A score is a sum of numbers that are not negative, a bound one
 * of such numbers and of some that are taken away, `gross` without these. Both have fewer than
 * 4n + 20 roundings on their way, n units, so each is off by less than that many units of the last
 * place (2^-24) of a float: the score upwards, the bound downwards. */
static float rounded_up(const struct fr_rank *r, float bound, float gross)
{
    float roundings = 2 * (4 * (float)fr_rank_unit_count(r) + 20);
    return bound + gross * roundings * 0x1p-24f;
}

/* No feature is above the weight of all units, and Near has a bound of its own. */
float fr_rank_bound(const struct fr_rank *r, float bm25)
{
    const struct fr_rank_model *m = r->model;
    float features = r->lead_scale + m->joint + m->start + m->end + m->glued + m->title;
    float bound = bm25 + m->near * r->near_most + features * r->total;
    return rounded_up(r, bound, bound);
}

/* Positions of a document that are looked at: the first ones of each term. */
#define POSITIONS_MOST (1u << 18)

/* Where the term stands in the document: an empty list, where it doesn't. */
static bool put_list(struct fr_rank *r, const struct fr_evaluation *e, uint32_t doc, uint32_t term)
{
    struct fr_position_list *list = fr_vec_end(&r->lists);
    fr_vec_add(&r->lists, 1);
    *list = (struct fr_position_list){.count = 0};
    if (term == FR_NO_QUERY_TERM || !fr_cursor_has(&e->cursors[term], doc)) return true;
    fr_work(e->interrupt, FR_BLOCK);
    if (!fr_cursor_locate_positions(&e->cursors[term], list)) return false;
    uint32_t most = POSITIONS_MOST / r->across;
    if (most <= FR_ASCENDING_MOST) most = FR_ASCENDING_MOST + 1; /* of the same form */
    if (list->count > most) list->count = most;
    return true;
}

bool fr_rank_locate(struct fr_rank *r, const struct fr_evaluation *e, uint32_t doc,
                    struct fr_rank_place *place)
{
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    *place = (struct fr_rank_place){
        .seg = e->seg, .doc = doc, .k = e->k_of_norm[norms[doc]], .lists = fr_vec_count(&r->lists)};
    if (!fr_vec_room(&r->lists, 2ull * r->across)) return false;
    for (uint32_t u = 0; u < r->across; u++) {
        const struct fr_rank_unit *unit = fr_rank_unit_at(r, u);
        bool scores = unit->weight > 0;
        if (!put_list(r, e, doc, scores ? unit->term : FR_NO_QUERY_TERM) ||
            !put_list(r, e, doc, scores ? unit->other : FR_NO_QUERY_TERM))
            return false;
    }
    if (fr_field_ends_read(e->seg, doc, 1, &place->title_end, NULL) == FRAI_OK) return true;
    fr_damage_note(e->damage, FR_SECTION_FIELD_ENDS);
    return false;
}

/* How often each unit is there, and where first. */
static void read_firsts(const struct fr_rank *r, const struct fr_rank_place *place, uint32_t *first,
                        uint32_t *own)
{
    for (uint32_t u = 0; u < fr_rank_unit_count(r); u++) {
        own[u] = 0;
        first[u] = UINT32_MAX;
    }
    for (uint32_t i = 0; i < 2 * r->across; i++) {
        const struct fr_position_list *list = &fr_vec_at(&r->lists, place->lists + i);
        if (list->count == 0) continue;
        uint32_t position = fr_position_first(list);
        own[i / 2] += list->count;
        first[i / 2] = position < first[i / 2] ? position : first[i / 2];
    }
}

/* No unit is shown by its neighbours more often than `joints` says, nor before `first`. */
static void bound_joints(const struct fr_rank *r, uint32_t *first, const uint32_t *own,
                         uint32_t *joints)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t u = 0; u < r->across; u++) least = first[u] < least ? first[u] : least;
    memset(joints, 0, fr_rank_unit_count(r) * sizeof *joints);
    for (uint32_t left = 0; left < r->across; left++) {
        const struct fr_rank_unit *u = fr_rank_unit_at(r, left);
        for (uint32_t right = u->next; own[left] && right < r->across; right++) {
            if (fr_rank_unit_at(r, right)->position != u->position + u->span) break;
            uint32_t joint = fr_rank_joint_of(r, left, right);
            if (joint == FR_NO_QUERY_TERM || own[right] == 0) continue;
            joints[joint] += own[left] < own[right] ? own[left] : own[right];
            uint32_t after = first[left] + u->span, at = first[right];
            if (at < after) at = after;
            if (joint >= r->across && at - 1 < first[joint]) first[joint] = at - 1;
        }
    }
    for (uint32_t u = 0; u < r->across; u++)
        if (joints[u]) first[u] = least;
}

float fr_rank_place_bound(struct fr_rank *r, const struct fr_rank_place *place, float bm25)
{
    const struct fr_rank_model *m = r->model;
    uint32_t *first = fr_vec_data(&r->firsts), *own = fr_vec_data(&r->counts),
             *joints = fr_vec_data(&r->joints);
    float near = 0, sum = bm25, less = 0;
    read_firsts(r, place, first, own);
    bound_joints(r, first, own, joints);
    for (uint32_t u = 0; u < fr_rank_unit_count(r); u++) {
        float w = fr_rank_unit_at(r, u)->weight;
        uint32_t shapes = fr_rank_shapes_possible(r, u);
        if (own[u] + joints[u] == 0) continue;
        near += w;
        sum += r->lead_scale * (w / (1 + (float)first[u] / m->lead_half));
        if (joints[u]) sum += m->joint * fr_bm25(w, own[u] + joints[u], place->k);
        if (joints[u] && own[u]) less += m->joint * fr_bm25(w, own[u], place->k);
        if (shapes & FR_SHAPE_STARTS) sum += m->start * w;
        if (shapes & FR_SHAPE_ENDS) sum += m->end * w;
        if (shapes & FR_SHAPE_GLUED) sum += m->glued * w;
        if (first[u] < place->title_end) sum += m->title * w;
    }
    sum += m->near * (near < r->near_most ? near : r->near_most);
    return rounded_up(r, sum - less, sum);
}
