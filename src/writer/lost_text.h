/* lost_text.h: what the statistics of text, and the lexicon, lose by documents that are gone. */
#ifndef FR_WRITER_LOST_TEXT_H
#define FR_WRITER_LOST_TEXT_H

#include "index/manifest.h"
#include "segment/deletes.h"
#include "text/analyzer.h"

/* Can it be told by the stored text? */
static inline bool fr_lost_text_is_known(const struct fr_segment *seg,
                                         const struct fr_settings *settings)
{
    return settings->store_text && settings->analyzer == FR_ANALYZER_KOREAN &&
           seg->stats.lexicon_words > 0;
}

/* Adds what the documents lose, which are a bit each in whole words: strings of the lexicon and, if
 * they have postings, these. */
frai_status fr_lost_text(const struct fr_segment *seg, const struct fr_settings *settings,
                         const uint64_t *gone, bool have_postings, struct fr_lost *lost,
                         frai_error *err);

#endif
