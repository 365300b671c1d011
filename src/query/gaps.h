/* gaps.h: phrases that cross the end of a sentence. */
#ifndef FR_QUERY_GAPS_H
#define FR_QUERY_GAPS_H

#include "index/manifest.h"
#include "query/evaluate.h"
#include "query/query.h"
#include "text/analyzer.h"

/* Reads documents where positions alone are not enough. */
struct fr_gap_reader {
    const struct fr_settings *settings;
    struct fr_analyzer analyzer;
    /* The stored record of a document; valid until it is called again. */
    frai_status (*read)(void *ctx, uint64_t doc, const uint8_t **record, size_t *len);
    void *ctx;
};

/* Does the text of a document, whose positions agree with the phrase, have the phrase's gaps? True
 * if the index doesn't store texts. */
bool fr_gaps_hold(struct fr_gap_reader *r, const struct fr_evaluation *e, const struct fr_query *q,
                  const struct fr_query_word *phrase, uint32_t doc);

#endif
