/* The cut of a round is found by bisection: counting the groups that reach it costs little. */
#include "query/range_rounds.h"

void fr_range_rounds_begin(struct fr_range_rounds *r)
{
    r->top = r->kernels->group_maxima(r->bounds, r->group_count, r->groups) + 1u;
}

/* The largest cut >= floor that at least `want` groups reach, all below top; floor if fewer do. */
static uint16_t choose_cut(const struct fr_range_rounds *r, uint32_t floor, uint32_t want)
{
    uint32_t low = floor, high = r->top;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (r->kernels->count_between(r->groups, r->group_count, (uint16_t)middle,
                                      (uint16_t)(r->top - 1)) >= want)
            low = middle;
        else
            high = middle;
    }
    return (uint16_t)low;
}

/* Ranges with bounds from cut on, below top. */
static void pick_ranges(const struct fr_range_rounds *r, uint16_t cut, struct fr_scratch *s)
{
    fr_buf_clear(&s->picked.buf);
    for (uint32_t i = 0; i < r->group_count; i += FR_PICK) {
        uint32_t groups = r->kernels->pick_between(r->groups + i, cut, UINT16_MAX);
        for (; groups; groups &= groups - 1) {
            uint32_t first = (i + (uint32_t)__builtin_ctz(groups)) * FR_PICK;
            uint32_t ranges =
                r->kernels->pick_between(r->bounds + first, cut, (uint16_t)(r->top - 1));
            for (; ranges; ranges &= ranges - 1)
                fr_vec_push(&s->picked, first + (uint32_t)__builtin_ctz(ranges));
        }
    }
}

bool fr_range_rounds_next(struct fr_range_rounds *r, uint16_t least, uint32_t want,
                          struct fr_scratch *s)
{
    if (least >= r->top) return false;
    uint16_t cut = choose_cut(r, least, want);
    pick_ranges(r, cut, s);
    r->top = cut;
    return true;
}
