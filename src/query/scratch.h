/* scratch.h: buffers that a searcher keeps from query to query. Who runs while another runs must
 * not use its buffers: an evaluator looks at single documents while it bounds ranges. */
#ifndef FR_QUERY_SCRATCH_H
#define FR_QUERY_SCRATCH_H

#include "base/memory.h"

struct fr_scratch {
    /* of the evaluator that runs */
    struct fr_buf sums, groups, picked, decoded, decoded_tfs, decoded_bounds, present, levels,
        parts, order, masks;
    /* of windows of documents */
    struct fr_buf accumulators, bits, counts;
    /* ranges where candidates are */
    struct fr_buf candidates;
    /* of the look at one document */
    struct fr_buf positions, starts, lines, line_positions;
};

void fr_scratch_init(struct fr_scratch *s, const frai_allocator *mem);
void fr_scratch_deinit(struct fr_scratch *s);

#endif
