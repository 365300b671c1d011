/* lost_strings.h: what the lexicon of a segment loses by documents that are gone. */
#ifndef FR_WRITER_LOST_STRINGS_H
#define FR_WRITER_LOST_STRINGS_H

#include "index/manifest.h"
#include "segment/segment.h"
#include "text/analyzer.h"

/* Can it be told? By the stored text. */
static inline bool fr_lost_strings_are_known(const struct fr_segment *seg,
                                             const struct fr_settings *settings)
{
    return settings->store_text && settings->analyzer == FR_ANALYZER_KOREAN &&
           seg->stats.lexicon_words > 0;
}

/* The entries of a file of deletes (segment/deletes.h): what seg->deletes has, and what the `gone`
 * documents add to it, a bit each in whole words. */
frai_status fr_lost_strings(const struct fr_segment *seg, const struct fr_settings *settings,
                            const uint64_t *gone, struct fr_buf *entries, frai_error *err);

#endif
