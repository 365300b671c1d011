/* document.h: what a hit shows: fields of a document, the part of one that matches, and documents
 * by their ids. All of it is read from stored text, of which an index may have none. */
#ifndef FRAI_DOCUMENT_H
#define FRAI_DOCUMENT_H

#include "search.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A field of a document as it was given: "id", "title", "body", "url", "path", "date", "source" or
 * a declared one; empty if the document has none. Decompresses the block of stored text that the
 * document is in; "id" needs no stored text.
 *
 * FRAI_ERR_ARGUMENT   there is no such document, it is deleted, or the index has no such field
 * FRAI_ERR_CORRUPT, FRAI_ERR_MEMORY */
FRAI_API frai_status frai_searcher_read_field(frai_searcher *searcher, uint64_t doc,
                                              frai_slice field, frai_slice *value, frai_error *err);

/* Bytes of a text. Stands in arrays: it never grows. */
typedef struct frai_span {
    uint64_t begin, end;
} frai_span;

/* A part of a field. */
typedef struct frai_passage {
    size_t struct_size;
    frai_slice text;           /* cut at whole characters */
    uint64_t offset;           /* of text in the field */
    int cut_before, cut_after; /* more than white space was left out before it, after it */
    const frai_span *spans;    /* matches in it, as bytes of the field; ascending, disjoint */
    uint64_t span_count;
} frai_passage;
#define FRAI_PASSAGE_INIT                                                                          \
    {                                                                                              \
        sizeof(frai_passage), {"", 0}, 0, 0, 0, 0, 0                                               \
    }

/* As `characters`, and any number above it: the whole text, however long. */
#define FRAI_PASSAGE_WHOLE (1u << 20)

/* The part of a field, of about `characters` characters at most, that shows most of what the
 * searcher's latest query matches; without a match, the beginning of the field. Lines that many
 * documents repeat come last, and matches in them are not marked, except in the whole text. Takes
 * time in proportion to the length of the field.
 *
 * Errors: those of frai_searcher_read_field.
 * FRAI_ERR_CANCELED  by what frai_searcher_set_interrupt was given */
FRAI_API frai_status frai_searcher_make_passage(frai_searcher *searcher, uint64_t doc,
                                                frai_slice field, uint32_t characters,
                                                frai_passage *passage, frai_error *err);

/* The document with this id: a few probes of a hash table in each segment.
 *
 * FRAI_ERR_NOT_FOUND  there is none
 * FRAI_ERR_CORRUPT */
FRAI_API frai_status frai_index_find(const frai_index *index, frai_slice id, uint64_t *doc,
                                     frai_error *err);

#ifdef __cplusplus
}
#endif
#endif
