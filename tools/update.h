/* update.h: what a build has to do: the roots that were named, their files, and those of the commit
 * before, held against each other. */
#ifndef FRAI_TOOLS_UPDATE_H
#define FRAI_TOOLS_UPDATE_H

#include "commands.h"
#include "ingest/file_tree.h"
#include "places.h"

/* A root, or a part of one, that is looked at. */
struct scope {
    unsigned root;
    char *part;       /* below the root; "": all */
    char *place;      /* the path of documents that it is */
    int error;        /* errno: it could not be looked at */
    bool empty;       /* it has no file, and had some with documents */
    bool fresh;       /* the root was not known */
    const char *path; /* as it was given; NULL: it was not, but is known */
};

enum update_way {
    UPDATE_PART, /* what is new or changed is read */
    UPDATE_ANEW  /* all is read, and replaces the index */
};

struct update {
    const struct options *o;
    bool adds;       /* what is not named stays */
    bool there;      /* there is an index */
    bool damaged;    /* which can't be read whole */
    bool unreadable; /* something is there, and can't be opened */
    unsigned long long generation;
    struct sources now, before;
    int *becomes; /* a root of before → its number now; -1: it goes */
    struct scope *scopes;
    size_t scope_count;
    struct places places; /* of scopes */
    struct tree tree;
    char *old_data;
    size_t old_data_len;
    char reading[MAPPINGS_MAX * 256];
    enum update_way way;
    bool rereads;                 /* what is as it was, too */
    bool exact;                   /* of what is to be committed */
    bool writes;                  /* documents come or go */
    unsigned long long documents; /* of the commit before */
    unsigned long long same, changed, added, vanished, kept, skipped_before;
    unsigned long long kept_documents, lost_documents;
};

/* Reads what the index was made from. `b` is open on it, or NULL: there is none. */
frai_status update_before(struct update *u, frai_writer *b, frai_error *err);

/* What the index that is there has. False: it can't be read. */
bool update_read_index(const struct update *u, unsigned long long *documents,
                       unsigned long long *generation);

/* Has it documents, and no user data that tells where they came from? */
bool update_is_unknown(const struct update *u);

/* Which roots the index will have, and which are looked at. 0, or the exit code, the user told. */
int update_roots(struct update *u, char **paths, int count);

/* Lists their files. 0, or the exit code. */
int update_list(struct update *u);

/* What became of each file, and whether all has to be read. 0, or the exit code: documents would be
 * lost that nobody asked to drop. */
int update_compare(struct update *u);

/* What was looked at to find this file; NULL: it was not looked for. */
struct scope *update_scope(const struct update *u, const char *path, unsigned root);

/* The same once all is read: files may have become shorter. */
int update_judge(struct update *u);

/* Figures of what was done. */
void update_count(struct update *u);

/* Says what could not be looked at and so stays, and what was left out. */
void update_tell(const struct update *u);

/* The commit's user data; *same: it says what that of the commit before said. malloc'ed; NULL: out
 * of memory. */
char *update_user_data(struct update *u, size_t *len, bool *same);

void update_free(struct update *u);

/* ---- what is said (update_say.c); each returns exit code 2, or 0: it was not needed ---- */

/* Roots would go with all their documents. */
int update_refuse_roots(const struct update *u);

/* So many documents would go. */
int update_refuse_documents(const struct update *u, unsigned long long lost);

/* All has to be read, and `kept` can't be. */
int update_refuse_all(const struct update *u, const struct source *kept);

/* "PATH: why; check the path" */
int complain_path(const char *path, int error);
int update_no_memory(void);

#endif
