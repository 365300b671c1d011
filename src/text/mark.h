/* mark.h: which syllables of a run of Hangul are found without the rest of it (enum fr_pair_mark).
 */
#ifndef FR_TEXT_MARK_H
#define FR_TEXT_MARK_H

#include "text/analyzer.h"
#include "text/fold.h"

/* The run is cps[from, to) of `count`. */
struct fr_run {
    size_t from, to, count;
};

/* Marks the first syllable, at the position: behind another script, and before a particle where the
 * run `starts` an 어절. */
void fr_mark_first(struct fr_analyzer *a, const struct fr_folded *cps, struct fr_run run,
                   bool starts, uint32_t position);

/* Marks the last syllable if another script follows; position: of the run. */
void fr_mark_last(struct fr_analyzer *a, const struct fr_folded *cps, struct fr_run run,
                  uint32_t position);

#endif
