/* graph_bisection.h: orders documents so that those with the same terms get neighbouring numbers:
 * gaps become small, and ranges of documents have similar bounds.
 *
 * Recursive graph bisection: Dhulipala, Kabiljo, Karrer, Ottaviano, Pupyrev & Shalita, Compressing
 * Graphs and Indexes with Recursive Graph Bisection (KDD 2016), with one selection by gain instead
 * of sorted swaps, after Mackenzie, Petri & Moffat, Faster Index Reordering with Bipartite Graph
 * Partitioning (SIGIR 2021). */
#ifndef FR_WRITER_GRAPH_BISECTION_H
#define FR_WRITER_GRAPH_BISECTION_H

#include "base/memory.h"

/* The terms of document d are forward[d ? ends[d - 1] : 0 .. ends[d]), all below `terms`. */
struct fr_forward {
    uint32_t docs, terms;
    const uint64_t *ends;
    const uint32_t *forward;
};

/* Fills order with the documents' numbers, each once; the result does not depend on the number of
 * threads. False: out of memory. */
bool fr_graph_bisection(const struct fr_forward *in, uint32_t threads, uint32_t *order,
                        const frai_allocator *mem);

#endif
