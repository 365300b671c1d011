/* boilerplate.h: lines that many documents share (ⓒ … 무단전재 및 재배포 금지). They are found, but
 * score a tenth.
 *
 * The lexicon lists the lines; postings of class FR_TERM_LINE say where they stand. A query that
 * shares no term with any line pays one lookup per term. */
#ifndef FR_QUERY_BOILERPLATE_H
#define FR_QUERY_BOILERPLATE_H

#include "base/interner.h"
#include "query/evaluate.h"
#include "query/query.h"

struct fr_boilerplate_term {
    uint64_t term; /* hashed */
    uint32_t line;
};

/* The lines of a snapshot, read when first needed. */
struct fr_boilerplate {
    bool loaded;
    struct fr_interner names;
    FR_VECTOR(uint32_t) spans;                   /* positions of each */
    FR_VECTOR(struct fr_boilerplate_term) terms; /* by term */
};

void fr_boilerplate_init(struct fr_boilerplate *lines, const frai_allocator *mem);
void fr_boilerplate_deinit(struct fr_boilerplate *lines);
frai_status fr_boilerplate_load(struct fr_boilerplate *lines, const struct fr_segment *segments,
                                uint32_t count, struct fr_analyzer *analyzer, frai_error *err);

/* Is the text one of the lines? */
bool fr_boilerplate_has(const struct fr_boilerplate *lines, frai_slice text);

/* Puts the lines that have a scored term of the query into q->repeated, and their terms into the
 * query. False: out of memory. */
bool fr_boilerplate_record(const struct fr_boilerplate *lines, struct fr_query *q);

/* Puts where those lines stand in a document into e->scratch->lines, and returns how many there
 * are. Documents ascend between rewinds of e->cursors. */
size_t fr_boilerplate_find(const struct fr_query *q, const struct fr_evaluation *e, uint32_t doc);

/* Is the position in one of the lines that fr_boilerplate_find found last? */
bool fr_boilerplate_holds(const struct fr_scratch *scratch, uint32_t position);

#endif
