/* manifest.h: which segments make the index, at one generation. MANIFEST-<generation> is written
 * beside the others and renamed into place: an index is seen at once or not at all. */
#ifndef FR_INDEX_MANIFEST_H
#define FR_INDEX_MANIFEST_H

#include "base/checksum.h"
#include "base/io.h"
#include "base/vector.h"

#define FR_MANIFEST_MAGIC     "FRAIMAN\n"
#define FR_GENERATIONS_KEPT   2
#define FR_MANIFEST_TEMPORARY "tmp-manifest"
/* Counting from 1 nobody comes that far: names above FR_NUMBER_MOST are no writer's, whatever is in
 * them. */
#define FR_NUMBER_MOST   (1ull << 62)
#define FR_NUMBER_LIKELY (1ull << 61) /* so that there are numbers above every file of a name */

enum fr_field_kind {
    FR_FIELD_TEXT = 1,
    FR_FIELD_KEYWORD = 2,
    FR_FIELD_NUMBER = 3,
    FR_FIELD_DATE_KIND = 4
};

#define FR_FIELDS_MAX     32
#define FR_FIELD_NAME_MAX 63

struct fr_field_spec { /* a declared field; its number is FR_FIELD_BUILTIN + place */
    char name[FR_FIELD_NAME_MAX + 1];
    enum fr_field_kind kind;
};

/* Chosen when the index is made; a search cannot disagree with them. */
struct fr_settings {
    uint32_t analyzer; /* enum fr_analyzer_kind */
    uint32_t store_text;
    uint32_t reorder; /* compacting puts documents with like terms together */
    float k1, b;
    uint32_t field_count;
    struct fr_field_spec fields[FR_FIELDS_MAX];
};

/* Is a field, by its number in records, text? */
bool fr_settings_is_text(const struct fr_settings *settings, uint64_t field);

/* Title, body and those declared. */
static inline uint32_t fr_settings_text_fields(const struct fr_settings *settings)
{
    uint32_t count = 2;
    for (uint32_t i = 0; i < settings->field_count; i++)
        count += settings->fields[i].kind == FR_FIELD_TEXT;
    return count;
}

struct fr_segment_ref {
    uint64_t number; /* file seg-<number>.frai; never reused */
    uint64_t bytes;
    struct fr_hash128 hash;
    /* Its deletes, file seg-<number>.del-<deletes>, written by that generation; 0: there are none.
     */
    uint64_t deletes, deletes_bytes;
    struct fr_hash128 deletes_hash;
};

FR_VECTOR_TYPE(fr_segment_refs, struct fr_segment_ref);
FR_VECTOR_TYPE(fr_generations, uint64_t); /* newest first */

struct fr_manifest {
    uint64_t generation;
    uint64_t next_segment;
    uint64_t next_id; /* number of the next document that comes without an id */
    struct fr_settings settings;
    struct fr_segment_refs segments;
    /* The caller's note, file note-<note>, written by that generation; 0: there is none. */
    uint64_t note, note_bytes;
    struct fr_hash128 note_hash;
};

static inline uint32_t fr_manifest_segment_count(const struct fr_manifest *m)
{
    return (uint32_t)fr_vec_count(&m->segments);
}
static inline struct fr_segment_ref *fr_manifest_segment(const struct fr_manifest *m, size_t i)
{
    return &fr_vec_at(&m->segments, i);
}

void fr_manifest_init(struct fr_manifest *m, const frai_allocator *mem);
void fr_manifest_deinit(struct fr_manifest *m);

/* The generations in the directory. NOT_FOUND: no such directory,
 * or no index in it. */
frai_status fr_manifest_list(const char *dir, struct fr_generations *out, frai_error *err);

/* The bytes of its file, appended, and the file's name. */
void fr_manifest_encode(const struct fr_manifest *m, struct fr_buf *out);
void fr_manifest_file_name(uint64_t generation, char out[64]);
void fr_note_file_name(uint64_t generation, char out[64]);

/* Reads one generation. *foreign: what has its name is no manifest, not even a damaged one. */
frai_status fr_manifest_read(const char *dir, uint64_t generation, struct fr_manifest *m,
                             bool *foreign, frai_error *err);

/* The highest name of the list that a writer can have left above the generation that is whole. */
uint64_t fr_manifest_reach(const struct fr_generations *generations, uint64_t whole);

/* The newest that is whole. *fell_back: a newer one was damaged. Foreign ones count for nothing:
 * those that are no manifests, and those that can't be read and are numbered above all that a
 * writer can have left. */
frai_status fr_manifest_newest(const char *dir, struct fr_manifest *m, bool *fell_back,
                               frai_error *err);

/* The note into out (cleared first), verified; empty if there is none. CORRUPT if its file is gone,
 * unless *gone (may be NULL) can say so: a snapshot's note may have been swept. */
frai_status fr_manifest_read_note(const char *dir, const struct fr_manifest *m, struct fr_buf *out,
                                  bool *gone, frai_error *err);

/* The note's first `room` bytes, unverified; *len: of all of it. NOT_FOUND: it was swept. */
frai_status fr_manifest_peek_note(const char *dir, const struct fr_manifest *m, void *out,
                                  size_t room, size_t *len, frai_error *err);

/* Writes the note that generation m->generation + 1 will name, or, with no bytes, drops it. */
frai_status fr_manifest_write_note(const char *dir, struct fr_manifest *m,
                                   const struct fr_buf *bytes, frai_error *err);

/* Raises m->generation, where names just above it are taken, so that the generations of the next
 * commit are free, and nothing that can't be read lies just above them. all: above all names. */
frai_status fr_manifest_step_over(const char *dir, struct fr_manifest *m, bool all,
                                  frai_error *err);

/* Durable and visible when it returns OK. */
frai_status fr_manifest_publish(const char *dir, const struct fr_manifest *m, frai_error *err);

/* The number in "<prefix><digits><suffix>", as files of an index have it; or false. */
bool fr_manifest_name_number(const char *name, const char *prefix, const char *suffix,
                             uint64_t *number);
void fr_segment_file_name(uint64_t number, char out[64]);
void fr_deletes_file_name(uint64_t number, uint64_t deletes, char out[64]);

#endif
