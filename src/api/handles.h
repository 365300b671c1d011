/* handles.h: what the opaque handles of the public headers hold. */
#ifndef FR_API_HANDLES_H
#define FR_API_HANDLES_H

#include "query/searcher.h"
#include "writer/document_record.h"

struct fr_writer;

struct frai_index {
    struct fr_snapshot snapshot;
    uint64_t searcher_memory; /* that each searcher may hold; 0: any */
};

struct frai_searcher {
    struct fr_searcher searcher;
};

struct frai_writer {
    const frai_allocator *mem;
    struct fr_writer *writer;
    struct fr_document_record document; /* scratch */
    struct fr_buf user_data;
};

#endif
