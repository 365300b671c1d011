/* merge_policy.h: which segments a writer merges after a commit. */
#ifndef FR_WRITER_MERGE_POLICY_H
#define FR_WRITER_MERGE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

/* Segments of the smallest level have at most FR_LEVEL_DOCS documents, those of each further level
 * FR_LEVEL_FACTOR times as many; as many segments of one level make one of the next. After O'Neil
 * et al., The Log-Structured Merge-Tree (1996): a document is written again once per level. */
#define FR_LEVEL_DOCS   4096u
#define FR_LEVEL_FACTOR 8u

/* A segment that has lost one document in so many is rewritten on its own. */
#define FR_LEVEL_LOST_PART 3u

struct fr_merge_candidate {
    uint32_t docs, dead; /* dead: how many of docs are deleted */
};

/* Chooses neighbouring segments [*begin, *end) to merge, so that documents keep their order; the
 * result has at most `most` documents. False: nothing is to be merged. */
bool fr_merge_policy_choose(const struct fr_merge_candidate *segments, uint32_t count,
                            uint32_t most, uint32_t *begin, uint32_t *end);

#endif
