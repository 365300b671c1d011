/* repair.h: makes a damaged index sound: sound segments stay, of the others the documents whose id
 * and stored text can still be read are indexed again. */
#ifndef FR_WRITER_REPAIR_H
#define FR_WRITER_REPAIR_H

#include "segment/segment.h"
#include "writer/writer.h"

struct fr_repair_stats {
    uint32_t segments_kept, segments_damaged;
    uint64_t documents;     /* indexed again */
    uint64_t lost;          /* known to be lost: their id or text could not be read */
    uint32_t segments_lost; /* which don't even tell how many documents they had */
};

/* Needs a writer that is settled. `report` (may be NULL) gets a line for each thing that is
 * found. The next commit publishes the repaired index; where nothing was damaged, nothing is to be
 * committed, and stats->segments_damaged is 0. */
frai_status fr_repair(struct fr_writer *b, void (*report)(void *ctx, const char *line), void *ctx,
                      struct fr_repair_stats *stats, frai_error *err);

/* Indexes all living documents of a sound segment again. */
frai_status fr_add_again(struct fr_writer *b, const struct fr_segment *seg, frai_error *err);

#endif
