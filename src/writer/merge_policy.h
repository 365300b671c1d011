/* merge_policy.h: which segments a writer merges after a commit. */
#ifndef FR_WRITER_MERGE_POLICY_H
#define FR_WRITER_MERGE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

/* Documents that the smallest tier has at most, how many times as many the next one has, and how
 * many segments of a tier make one of the next. After O'Neil et al., The Log-Structured Merge-Tree
 * (1996): a document is written again once a tier. */
#define FR_TIER_DOCS   4096u
#define FR_TIER_FACTOR 8u

/* A segment that has lost a part of its documents of so many is written anew by itself. */
#define FR_TIER_LOST_PART 3u

struct fr_merge_candidate {
    uint32_t docs, dead; /* dead: of docs */
};

/* Segments [*begin, *end) are to be merged, if any. What they have together stays within `most`
 * documents. Neighbours only: documents keep their order. */
bool fr_merge_policy_choose(const struct fr_merge_candidate *segments, uint32_t count,
                            uint32_t most, uint32_t *begin, uint32_t *end);

#endif
