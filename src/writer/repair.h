/* repair.h: makes a damaged index sound. Sound segments are kept; documents of the others are
 * indexed again if their id and stored text can be read. */
#ifndef FR_WRITER_REPAIR_H
#define FR_WRITER_REPAIR_H

#include "segment/segment.h"
#include "writer/writer.h"

struct fr_repair_stats {
    uint32_t segments_kept, segments_damaged;
    uint64_t documents;     /* indexed again */
    uint64_t lost;          /* whose id or text could not be read */
    uint32_t segments_lost; /* so damaged that their number of documents is unknown */
};

/* Needs a writer without uncommitted changes. `report` (may be NULL) gets a line for each damage
 * found. The next commit publishes the repaired index. If nothing is damaged,
 * stats->segments_damaged is 0 and there is nothing to commit. */
frai_status fr_repair(struct fr_writer *b, void (*report)(void *ctx, const char *line), void *ctx,
                      struct fr_repair_stats *stats, frai_error *err);

/* Indexes all living documents of a sound segment again. */
frai_status fr_add_again(struct fr_writer *b, const struct fr_segment *seg, frai_error *err);

#endif
