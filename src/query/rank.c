/* The units of the query, found in a document, become events ordered by position. One walk over the
 * events with a sliding window gives Near; walks that count gives Joint; the first event of each
 * unit gives Lead; the bitmap of 어절 starts gives Shape. */
#include "query/rank.h"

#include <math.h>

#include "query/boilerplate.h"
#include "segment/documents.h"

/* Each of r's buffers; NULL after the last. */
static struct fr_buf *buffer(struct fr_rank *r, unsigned i)
{
    struct fr_buf *const all[] = {&r->units.buf,  &r->lists.buf,      &r->events.buf,
                                  &r->sorted.buf, &r->firsts.buf,     &r->counts.buf,
                                  &r->joints.buf, &r->candidates.buf, &r->best.buf};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

void fr_rank_init(struct fr_rank *r, const frai_allocator *mem, struct fr_interrupt *interrupt,
                  struct fr_damage *damage)
{
    *r = (struct fr_rank){.interrupt = interrupt, .damage = damage};
    for (unsigned i = 0; buffer(r, i); i++) fr_buf_init(buffer(r, i), mem);
}

void fr_rank_deinit(struct fr_rank *r)
{
    for (unsigned i = 0; buffer(r, i); i++) fr_buf_deinit(buffer(r, i));
}

float fr_rank_conditional(uint64_t pair_df, uint64_t first_df, uint64_t all_df)
{
    double df = (double)pair_df + 0.5, first = (double)first_df + 1, all = (double)all_df + 1;
    if (first <= df) return 0;
    if (first >= all) return 1;
    double w = log(first / df) / log(all / df);
    return w > 1 ? 1 : (float)w;
}

/* No word counts more than a term that one document has. */
static void cap_words(struct fr_rank *r, float most)
{
    struct fr_rank_unit *units = fr_vec_data(&r->units);
    for (uint32_t i = 0, end; i < r->across; i = end) {
        float sum = 0;
        for (end = i; end < r->across && units[end].word == units[i].word; end++)
            sum += units[end].weight;
        for (uint32_t k = i; k < end && sum > most; k++) units[k].weight *= most / sum;
    }
}

bool fr_rank_prepare(struct fr_rank *r, const struct fr_rank_model *model,
                     const struct fr_query *query, const float *weights,
                     const struct fr_rank_collection *collection)
{
    FR_ASSERT(fr_rank_model_is_sound(model));
    r->model = model;
    uint32_t count = (uint32_t)fr_vec_count(&query->units);
    fr_buf_clear(&r->units.buf);
    fr_buf_clear(&r->lists.buf);
    for (uint32_t i = 0; i < count; i++) {
        const struct fr_scored_position *u = &fr_vec_at(&query->units, i);
        float weight = weights[u->term];
        if (u->other != FR_NO_QUERY_TERM && weights[u->other] > weight) weight = weights[u->other];
        fr_vec_push(&r->units, .term = u->term, .other = u->other, .position = u->position,
                    .span = u->span, .word = u->word, .weight = weight, .next = count,
                    .across = FR_NO_QUERY_TERM);
    }
    r->across = count;
    if (r->units.buf.failed) return false;
    cap_words(r, logf(2 * collection->documents + 2));
    r->total = 0;
    for (uint32_t i = 0; i < count; i++) r->total += fr_rank_unit_at(r, i)->weight;
    for (uint32_t i = 0, next = 0; i < count; i++) {
        struct fr_rank_unit *u = &fr_vec_at(&r->units, i);
        if (next <= i) next = i + 1;
        while (next < count && fr_rank_unit_at(r, next)->position < u->position + u->span) next++;
        u->next = next;
    }
    for (uint32_t i = 0; i + 1 < count; i++) {
        const struct fr_scored_position *u = &fr_vec_at(&query->units, i), *v = u + 1;
        if (v->word == u->word || v->position != u->position + u->span) continue;
        float mean = (fr_rank_unit_at(r, i)->weight + fr_rank_unit_at(r, i + 1)->weight) / 2;
        fr_vec_at(&r->units, i).across = fr_rank_unit_count(r);
        fr_vec_push(&r->units, .term = FR_NO_QUERY_TERM, .other = FR_NO_QUERY_TERM, .position = i,
                    .weight = model->across * mean, .next = count, .across = FR_NO_QUERY_TERM);
        r->total += model->across * mean;
    }
    float length = collection->average_length > 1 ? collection->average_length : 1;
    r->near_most = (length > model->near_length ? model->near_length / length : 1) * r->total;
    r->lead_scale = length < model->lead_most * model->lead_length ? length / model->lead_length
                                                                   : model->lead_most;
    return !r->units.buf.failed && fr_vec_reserve(&r->firsts, fr_rank_unit_count(r)) &&
           fr_vec_reserve(&r->counts, fr_rank_unit_count(r)) &&
           fr_vec_reserve(&r->joints, fr_rank_unit_count(r));
}

static size_t ascending_to(const struct fr_rank_event *e, size_t i, size_t n)
{
    while (++i < n && e[i - 1].position <= e[i].position) continue;
    return i;
}

/* Merges each two neighbours of the ascending lists that `e` is into `out`; how many that makes. */
static size_t merge_lists(const struct fr_rank_event *e, size_t n, struct fr_rank_event *out)
{
    size_t lists = 0, middle, end;
    for (size_t i = 0; i < n; i = end, lists++) {
        middle = ascending_to(e, i, n);
        end = middle < n ? ascending_to(e, middle, n) : n;
        for (size_t k = middle; i < middle || k < end;) {
            bool left = k == end || (i < middle && e[i].position <= e[k].position);
            *out++ = left ? e[i++] : e[k++];
        }
    }
    return lists;
}

static void insert_each(struct fr_rank_event *e, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct fr_rank_event moving = e[i];
        size_t k = i;
        for (; k > 0 && e[k - 1].position > moving.position; k--) e[k] = e[k - 1];
        e[k] = moving;
    }
}

/* By position; those of one position stay as they are. They come as ascending lists, one after the
 * other: a unit's, then another's. */
static bool sort_events(struct fr_rank *r)
{
    size_t n = fr_vec_count(&r->events), lists = 2;
    if (n <= 64) {
        insert_each(fr_vec_data(&r->events), n);
        return true;
    }
    if (!fr_vec_reserve(&r->sorted, n)) return false;
    fr_vec_set_count(&r->sorted, n);
    while (lists > 1) {
        lists = merge_lists(fr_vec_data(&r->events), n, fr_vec_data(&r->sorted));
        struct fr_rank_events sorted = r->sorted;
        r->sorted = r->events;
        r->events = sorted;
    }
    return true;
}

/* The places of a unit in the list; those in repeated lines are left out. */
static bool read_list(struct fr_rank *r, uint32_t unit, const struct fr_position_list *list,
                      const struct fr_scratch *repeated)
{
    if (!fr_vec_room(&r->events, list->count)) return false;
    struct fr_rank_event *to = fr_vec_end(&r->events);
    uint32_t kept = 0;
    for (uint32_t k = 0; k < list->count; k++) {
        uint32_t position = fr_position_at(list, k);
        to[kept] = (struct fr_rank_event){position, unit, false};
        kept += !repeated || !fr_boilerplate_holds(repeated, position);
    }
    fr_vec_add(&r->events, kept);
    return true;
}

static bool read_events(struct fr_rank *r, const struct fr_rank_place *place,
                        const struct fr_scratch *repeated)
{
    fr_buf_clear(&r->events.buf);
    for (uint32_t i = 0; i < 2 * r->across; i++) {
        struct fr_position_list list = fr_vec_at(&r->lists, place->lists + i);
        uint32_t room[FR_ASCENDING_ROOM];
        if (!fr_position_list_decode(&list, place->seg, room)) continue; /* the file lies */
        fr_work(r->interrupt, FR_WORK_SEEK * (2ull + list.count));
        if (fr_interrupted(r->interrupt) || !read_list(r, i / 2, &list, repeated)) return false;
    }
    return sort_events(r);
}

static bool is_before(const struct fr_rank_event *a, const struct fr_rank_event *b)
{
    return a->position != b->position ? a->position < b->position : a->unit < b->unit;
}

/* Is there such an event from `from` on? It is not far. */
static bool has_event(const struct fr_rank *r, size_t from, const struct fr_rank_event *wanted)
{
    const struct fr_rank_event *e = fr_vec_data(&r->events);
    size_t low = from, high = fr_vec_count(&r->events), step = 1;
    for (; high - low >= step && is_before(&e[low + step - 1], wanted); step *= 2) low += step;
    if (high - low >= step) high = low + step - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (is_before(&e[middle], wanted))
            low = middle + 1;
        else
            high = middle;
    }
    return low < fr_vec_count(&r->events) && !is_before(wanted, &e[low]);
}

/* Pairs that no term shows, since a space is in the text or in the query: both neighbours stand
 * side by side. */
static bool add_joints(struct fr_rank *r)
{
    size_t count = fr_vec_count(&r->events);
    struct fr_rank_events *joints = &r->sorted;
    fr_buf_clear(&joints->buf);
    for (size_t i = 0; i < count; i++) {
        struct fr_rank_event left = fr_vec_at(&r->events, i);
        const struct fr_rank_unit *u = fr_rank_unit_at(r, left.unit);
        struct fr_rank_event right = {left.position + u->span, u->next, false};
        for (; right.unit < r->across; right.unit++) {
            if (fr_rank_unit_at(r, right.unit)->position != u->position + u->span) break;
            uint32_t joint = fr_rank_joint_of(r, left.unit, right.unit);
            if (joint == FR_NO_QUERY_TERM || !has_event(r, i + 1, &right)) continue;
            fr_vec_push(joints, right.position - 1, joint, true);
        }
    }
    fr_vec_append(&r->events, fr_vec_data(joints), fr_vec_count(joints));
    if (r->events.buf.failed || joints->buf.failed) return false;
    return fr_vec_count(joints) == 0 || sort_events(r);
}

/* The most weight of different units within any stretch. What rounding adds as units come and go
 * would add up in a float to more than bounds allow for. */
static float nearest(const struct fr_rank *r)
{
    const struct fr_rank_event *e = fr_vec_data(&r->events);
    size_t count = fr_vec_count(&r->events), from = 0;
    uint32_t *seen = fr_vec_data(&r->counts);
    double sum = 0, best = 0;
    memset(seen, 0, fr_rank_unit_count(r) * 4ull);
    for (size_t i = 0; i < count; i++) {
        while (e[i].position - e[from].position >= r->model->stretch) {
            if (--seen[e[from].unit] == 0) sum -= (double)fr_rank_unit_at(r, e[from].unit)->weight;
            from++;
        }
        if (seen[e[i].unit]++ == 0) sum += (double)fr_rank_unit_at(r, e[i].unit)->weight;
        if (sum > best) best = sum;
    }
    return best < (double)r->near_most ? (float)best : r->near_most;
}

/* What BM25 would have given for pairs that a space hides, as if they were terms. */
static float joined(struct fr_rank *r, float k)
{
    const struct fr_rank_event *e = fr_vec_data(&r->events);
    uint32_t *own = fr_vec_data(&r->counts), *joint = fr_vec_data(&r->firsts);
    uint32_t units = fr_rank_unit_count(r);
    float sum = 0;
    memset(own, 0, units * 4ull);
    memset(joint, 0, units * 4ull);
    for (size_t i = 0; i < fr_vec_count(&r->events); i++)
        ++*(e[i].joint ? &joint[e[i].unit] : &own[e[i].unit]);
    for (uint32_t u = 0; u < units; u++)
        if (joint[u])
            sum += fr_bm25(fr_rank_unit_at(r, u)->weight, own[u] + joint[u], k) -
                   (own[u] ? fr_bm25(fr_rank_unit_at(r, u)->weight, own[u], k) : 0);
    return sum;
}

static float leading(const struct fr_rank *r)
{
    const struct fr_rank_event *e = fr_vec_data(&r->events);
    size_t count = fr_vec_count(&r->events);
    uint32_t *first = fr_vec_data(&r->firsts), units = fr_rank_unit_count(r);
    float sum = 0;
    memset(first, 0xFF, units * 4ull);
    for (size_t i = count; i-- > 0;) first[e[i].unit] = e[i].position;
    for (uint32_t i = 0; i < units; i++)
        if (first[i] != UINT32_MAX)
            sum += fr_rank_unit_at(r, i)->weight / (1 + (float)first[i] / r->model->lead_half);
    return sum;
}

/* The most syllables that a particle after a word has, here. */
#define PARTICLE_MOST 2u

static bool ends_there(const struct fr_eojeols *e, uint32_t position)
{
    for (uint32_t i = 0; i <= PARTICLE_MOST; i++)
        if (position + i >= e->positions || fr_eojeol_starts_at(e, position + i)) return true;
    return false;
}

static bool begins_word(const struct fr_rank *r, uint32_t u)
{
    return u == 0 || fr_rank_unit_at(r, u - 1)->word != fr_rank_unit_at(r, u)->word;
}

static bool ends_word(const struct fr_rank *r, uint32_t u)
{
    return u + 1 == r->across || fr_rank_unit_at(r, u + 1)->word != fr_rank_unit_at(r, u)->word;
}

uint32_t fr_rank_shapes_possible(const struct fr_rank *r, uint32_t unit)
{
    if (unit >= r->across) return 0;
    return (begins_word(r, unit) ? FR_SHAPE_STARTS : FR_SHAPE_GLUED) |
           (ends_word(r, unit) ? FR_SHAPE_ENDS : 0u);
}

/* How a unit's occurrence agrees with the query's own spaces, and whether it is in the title. */
static uint32_t shape_of(const struct fr_rank *r, const struct fr_rank_event *event,
                         const struct fr_eojeols *e, uint32_t title_end)
{
    uint32_t u = event->unit, shape = event->position < title_end ? FR_SHAPE_TITLED : 0;
    if (u >= r->across || event->joint) return shape;
    const struct fr_rank_unit *unit = fr_rank_unit_at(r, u);
    bool begins = begins_word(r, u), starts = fr_eojeol_starts_at(e, event->position);
    bool seam = !begins && unit[-1].position + unit[-1].span == unit->position;
    if (begins && starts) shape |= FR_SHAPE_STARTS;
    if (ends_word(r, u) && ends_there(e, event->position + unit->span)) shape |= FR_SHAPE_ENDS;
    if (!begins && !(seam && starts)) shape |= FR_SHAPE_GLUED;
    return shape;
}

/* Shapes of all units; NULL on damage. */
static const uint32_t *read_shapes(struct fr_rank *r, const struct fr_rank_place *place)
{
    const struct fr_rank_event *list = fr_vec_data(&r->events);
    struct fr_eojeols eojeols;
    uint32_t *shapes = fr_vec_data(&r->counts), *possible = fr_vec_data(&r->firsts);
    if (fr_eojeols_read(place->seg, place->doc, &eojeols, NULL) != FRAI_OK) {
        fr_damage_note(r->damage, FR_SECTION_EOJEOLS);
        return NULL;
    }
    memset(shapes, 0, fr_rank_unit_count(r) * 4ull);
    for (uint32_t u = 0; u < fr_rank_unit_count(r); u++)
        possible[u] = fr_rank_shapes_possible(r, u);
    for (size_t i = 0; i < fr_vec_count(&r->events); i++) {
        uint32_t u = list[i].unit;
        if (list[i].position < place->title_end || (possible[u] & ~shapes[u]))
            shapes[u] |= shape_of(r, &list[i], &eojeols, place->title_end);
    }
    return shapes;
}

void fr_rank_read(struct fr_rank *r, const struct fr_rank_place *place,
                  const struct fr_scratch *repeated, struct fr_rank_features *f)
{
    *f = (struct fr_rank_features){.shapes = NULL};
    if (!read_events(r, place, repeated) || fr_vec_count(&r->events) == 0 || !add_joints(r)) return;
    f->joint = joined(r, place->k);
    f->near = nearest(r);
    f->lead = leading(r);
    f->shapes = read_shapes(r, place);
}

void fr_rank_weigh(const struct fr_rank *r, const struct fr_rank_features *f,
                   struct fr_rank_parts *parts)
{
    const struct fr_rank_model *m = r->model;
    *parts = (struct fr_rank_parts){
        .joint = m->joint * f->joint, .near = m->near * f->near, .lead = f->lead * r->lead_scale};
    for (uint32_t u = 0; f->shapes && u < fr_rank_unit_count(r); u++) {
        float weight = fr_rank_unit_at(r, u)->weight;
        if (f->shapes[u] & FR_SHAPE_STARTS) parts->start += m->start * weight;
        if (f->shapes[u] & FR_SHAPE_ENDS) parts->end += m->end * weight;
        if (f->shapes[u] & FR_SHAPE_GLUED) parts->glued += m->glued * weight;
        if (f->shapes[u] & FR_SHAPE_TITLED) parts->title += m->title * weight;
    }
}

float fr_rank_score(const struct fr_rank *r, float bm25, const struct fr_rank_features *features)
{
    struct fr_rank_parts parts;
    fr_rank_weigh(r, features, &parts);
    float score = bm25 + parts.joint; /* in the order in which --explain lists them */
    score += parts.near;
    score += parts.lead;
    score += fr_rank_shape(&parts);
    return score + parts.title;
}
