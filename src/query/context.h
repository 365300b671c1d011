/* context.h: what it takes to read a query: a snapshot, the analyzer and stemmer with which its
 * documents were read, and the caller's synonyms. It belongs to one thread. What it answers does
 * not depend on earlier queries; it caches what it has read from the snapshot, and lends scratch
 * space: the analyzer's, and `ordinals`. */
#ifndef FR_QUERY_CONTEXT_H
#define FR_QUERY_CONTEXT_H

#include "index/snapshot.h"
#include "query/boilerplate.h"
#include "query/interrupt.h"
#include "query/model.h"
#include "query/synonyms.h"
#include "segment/dictionary.h"
#include "segment/lexicon.h"

/* Terms of file names whose lookup is cached; one query looks up each several times. */
#define FR_PATH_TERMS 512u

struct fr_context {
    const struct fr_snapshot *snapshot;
    frai_allocator mem;            /* the snapshot's, with the accounting below */
    bool refused;                  /* an allocation of this call: it went above held_most */
    uint64_t held, held_most;      /* bytes in use; how many may be, 0: any number */
    struct fr_interrupt interrupt; /* of the current call */
    struct fr_analyzer analyzer;
    struct fr_stemmer *stemmer;
    struct fr_rank_model model;
    struct fr_synonyms synonyms;
    struct fr_boilerplate lines;        /* loaded when first needed */
    uint64_t path_terms[FR_PATH_TERMS]; /* by hash, whose lowest bit says whether one is there */
    struct fr_ordinals ordinals;        /* scratch */
};

/* The context must not move afterwards: `mem` points into it. On failure nothing is left to free.
 */
frai_status fr_context_init(struct fr_context *ctx, const struct fr_snapshot *snapshot,
                            frai_error *err);
void fr_context_deinit(struct fr_context *ctx);

/* Does a living document have the pair? How many have the stem, according to the lexicons? */
frai_status fr_context_has_pair(struct fr_context *ctx, uint32_t first, uint32_t second,
                                bool *found, frai_error *err);
frai_status fr_context_lexicon_df(struct fr_context *ctx, frai_slice stem, uint64_t *docs,
                                  frai_error *err);

/* A lexicon counts documents as they were written, where text isn't stored. Of those of a segment
 * that had the stem, no more live than have each of its pairs: *docs becomes no more than that. */
frai_status fr_context_living_docs(const struct fr_segment *seg, frai_slice stem, uint64_t *docs,
                                   frai_error *err);

/* The same as far as lexicons tell, and how many of them show that it is a noun. */
frai_status fr_context_stem_docs(const struct fr_context *ctx, frai_slice stem,
                                 struct fr_stem_docs *docs, frai_error *err);

/* The document frequencies of all pairs that begin with the syllable, added up. */
frai_status fr_context_first_df(const struct fr_context *ctx, uint16_t first, uint64_t *df,
                                frai_error *err);

/* FRAI_ERR_MEMORY, with a message that names the limit if that was the reason. */
frai_status fr_context_memory(const struct fr_context *ctx, frai_error *err);

#endif
