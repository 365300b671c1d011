/* term_merge.h: merges runs, or the terms of segments, into the term sections of a segment. */
#ifndef FR_WRITER_TERM_MERGE_H
#define FR_WRITER_TERM_MERGE_H

#include "segment/segment_writer.h"
#include "segment/spill_buffer.h"
#include "writer/doc_map.h"

/* A run of writer/inverter.h inside a spill buffer of runs. */
struct fr_run {
    uint64_t at, words_at, lexicon_at, end;
    uint32_t first_doc;
    uint32_t base; /* what its positions are counted from */
    bool is_part;  /* of one document, with the part runs around it of the same */
};

/* Exactly one of (run, run_count) and (source, source_count) is set. */
struct fr_merge_input {
    struct fr_spill_buffer *runs;
    const struct fr_run *run;
    uint32_t run_count;
    const uint8_t *dead; /* bitmap of the runs' documents to leave out, or NULL */
    const struct fr_doc_map *source;
    uint32_t source_count;
    const uint8_t *norms, *widths; /* by document */
    uint32_t threads;
    size_t buffer_bytes; /* memory for reading runs, all together */
};

/* Needs out->stats docs, live_docs, tokens, k1, b, average_length. */
frai_status fr_merge(const struct fr_merge_input *in, struct fr_segment_writer *out,
                     frai_error *err);

#endif
