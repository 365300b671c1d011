/* Buffers are listed once, and a static assertion counts them. */
#include "query/scratch.h"

/* Buffer i, NULL after the last. */
static struct fr_buf *buffer(struct fr_scratch *s, unsigned i)
{
    struct fr_buf *all[] = {
        &s->sums.buf,         &s->groups.buf,        &s->present.buf,     &s->alternatives.buf,
        &s->levels,           &s->lasts.buf,         &s->parts.buf,       &s->part_order.buf,
        &s->masks.buf,        &s->range_tfs.buf,     &s->docs.buf,        &s->tfs.buf,
        &s->picked.buf,       &s->most.buf,          &s->bounds.buf,      &s->scores.buf,
        &s->order.buf,        &s->times.buf,         &s->rows.buf,        &s->window_scores.buf,
        &s->window_terms.buf, &s->syllable_tfs.buf,  &s->syllable_lone,   &s->flags,
        &s->log.buf,          &s->log_sorted.buf,    &s->candidates.buf,  &s->candidates_known,
        &s->positions.buf,    &s->phrase_starts.buf, &s->occurrences.buf, &s->lines.buf};
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
