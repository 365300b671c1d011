#include "query/scratch.h"

/* Buffer i, NULL behind the last. */
static struct fr_buf *buffer(struct fr_scratch *s, unsigned i)
{
    struct fr_buf *all[] = {
        &s->sums,           &s->groups,       &s->picked, &s->decoded,       &s->decoded_tfs,
        &s->decoded_bounds, &s->present,      &s->levels, &s->parts,         &s->order,
        &s->masks,          &s->accumulators, &s->bits,   &s->counts,        &s->candidates,
        &s->positions,      &s->starts,       &s->lines,  &s->line_positions};
    _Static_assert(sizeof all / sizeof *all * sizeof **all == sizeof *s, "each buffer is listed");
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

void fr_scratch_init(struct fr_scratch *s, const frai_allocator *mem)
{
    for (unsigned i = 0; buffer(s, i); i++) fr_buf_init(buffer(s, i), mem);
}

void fr_scratch_deinit(struct fr_scratch *s)
{
    for (unsigned i = 0; buffer(s, i); i++) fr_buf_deinit(buffer(s, i));
}
