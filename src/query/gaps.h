/* gaps.h: phrases that cross the end of a sentence. */
#ifndef FR_QUERY_GAPS_H
#define FR_QUERY_GAPS_H

#include "index/manifest.h"
#include "query/evaluate.h"
#include "query/query.h"
#include "text/analyzer.h"

/* The stored record of a document; of a long one the text around some positions. */
struct fr_gap_text {
    const uint8_t *bytes;
    size_t len;
    bool is_record;
    uint32_t stop; /* it has all that is before this position and behind the others */
};

/* Reads documents where positions alone are not enough. A text that was read is valid until the
 * next is. */
struct fr_gap_reader {
    const struct fr_settings *settings;
    struct fr_analyzer analyzer;
    frai_status (*read)(void *ctx, uint64_t doc, uint32_t position, uint32_t end,
                        struct fr_gap_text *text);
    void *ctx;
};

enum fr_gaps { FR_GAPS_NONE, FR_GAPS_NOT_HERE, FR_GAPS_HOLD };

/* Does the text of a document, whose positions agree with the phrase from *start on, have the
 * phrase's gaps? NOT_HERE: other places have to be looked at, from *start on. HOLD if the index
 * doesn't store texts. */
enum fr_gaps fr_gaps_hold(struct fr_gap_reader *r, const struct fr_evaluation *e,
                          const struct fr_query *q, const struct fr_query_word *phrase,
                          uint32_t doc, uint32_t *start);

#endif
