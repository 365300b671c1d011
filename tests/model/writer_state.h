/* writer_state.h: documents that follow from a number each, and what an index should hold of them.
 */
#ifndef FRAI_TESTS_WRITER_STATE_H
#define FRAI_TESTS_WRITER_STATE_H

#include "support/support.h"

extern unsigned long long step; /* of the run */

#define assert_at(condition)                                                                       \
    do {                                                                                           \
        if (!(condition)) fail_msg("step %llu: %s: %s", step, #condition, error_.message);         \
    } while (0)

enum { TITLE, BODY, URL, PATH, DATE, SOURCE, KEYWORD, NUMBER, MORE, FIELDS };
enum { FIELD_ROOM = 128, PATHS = 6 };
extern const char *const field_names[FIELDS];
extern const char *const paths[PATHS];

/* What a field of the document has, or "". */
void field_of(uint64_t document, int field, char out[FIELD_ROOM]);
unsigned path_of(uint64_t document); /* PATHS: it has none */

enum { DOCS_MOST = 160, ID_ROOM = 48, NOTE_ROOM = 32, IDS = 40, ID_BYTES_MOST = 4096 };

/* Ids of the caller's: plain ones, such as look like the library's, and the longest. */
void id_of(unsigned number, char out[ID_ROOM]);
frai_slice slice_of_id(const char *id);

struct entry {
    char id[ID_ROOM]; /* "": the library makes it, and it is not known yet */
    uint64_t document;
    bool committed; /* before the session's latest commit */
};

struct settings {
    bool stores_text, pretokenized, has_fields;
};

struct state {
    bool exists;
    struct settings settings;
    struct entry docs[DOCS_MOST];
    int count;
    char note[NOTE_ROOM];
    long long highest; /* number in the library's manner that an id of this index has had, or -1 */
};

int find_entry(const struct state *s, const char *id); /* -1: there is none */
void remove_entry(struct state *s, int i);

/* Can the library have given this id to a document of which it is not known yet? */
bool may_be_taken(const struct state *s, const char *id);

/* Does the index hold these documents, each as it is, and no other? Learns the ids that the library
 * made. Unless it has to be thorough it looks at some things of some documents only. */
bool holds(frai_index *index, struct state *state, bool thorough);
bool has_note(const frai_index *index, const struct state *state);

/* Of the index on the disk. */
extern struct state committed;
extern struct state candidate; /* what may be there instead, after a commit that failed */
extern bool in_doubt;          /* is there such a candidate? */

/* The one of both that the disk has. */
struct state *what_is_there(void);
void settle_doubt(void);

/* Puts a backup of a snapshot in the place of what is there. */
void restore_files(const frai_index *index);

/* Something of another's, where one of the next four manifests would be; false: nothing fits. */
bool plant_junk(void);
void clear_junk(void); /* that no writer sweeps */

#endif
