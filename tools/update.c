/* Roots of now and of before are matched by path; their files are compared by size and time. */
#include "update.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what was before ---- */

bool update_read_index(const struct update *u, unsigned long long *documents,
                       unsigned long long *generation)
{
    frai_index *index;
    frai_index_stats stats = FRAI_INDEX_STATS_INIT;
    if (frai_index_open(u->o->index, NULL, &index, NULL) != FRAI_OK) return false;
    bool ok = frai_index_read_stats(index, &stats, NULL) == FRAI_OK;
    *documents = stats.documents;
    *generation = stats.generation;
    frai_index_close(index);
    return ok;
}

/* Documents of which no user data tells where they came from are of a root without a name. */
static frai_status add_unknown(struct update *u, unsigned long long documents)
{
    bool any = u->before.root_count == 0 && documents > 0;
    u->before.exact = true;
    if (!u->before.reading) u->before.reading = strdup(u->reading);
    if (!any) return FRAI_OK;
    int root = sources_add_root(&u->before, "", NULL, true);
    struct source *source = root < 0 ? NULL : sources_add(&u->before, "", (unsigned)root);
    if (!source) return FRAI_ERR_MEMORY;
    source->kind = SOURCE_MIXED;
    source->stream = true;
    source->documents = documents;
    return FRAI_OK;
}

frai_status update_before(struct update *u, frai_writer *b, frai_error *err)
{
    frai_slice data = {NULL, 0};
    unsigned long long documents = 0;
    frai_status status = FRAI_OK;
    if (b) status = frai_writer_user_data(b, &data, err);
    if (status != FRAI_OK && status != FRAI_ERR_CORRUPT) return status;
    status = FRAI_OK;
    if (data.len) {
        u->old_data = malloc(data.len);
        if (!u->old_data) return FRAI_ERR_MEMORY;
        memcpy(u->old_data, data.ptr, data.len);
        u->old_data_len = data.len;
        data.ptr = u->old_data;
    }
    bool noted = data.len && sources_read(&u->before, data, u->o->index);
    if (b) u->damaged = !update_read_index(u, &documents, &u->generation);
    if (!noted) status = add_unknown(u, documents);
    for (size_t i = 0; i < u->before.count; i++) u->documents += u->before.list[i].documents;
    return status;
}

bool update_is_unknown(const struct update *u)
{
    for (unsigned i = 0; i < u->before.root_count; i++)
        if (u->before.roots[i].name[0]) return false;
    return u->before.root_count > 0;
}

/* ---- files ---- */

int update_list(struct update *u)
{
    struct stat st;
    u->tree.to = &u->now;
    u->tree.follows = u->now.follows = u->o->follow || u->before.follows;
    u->tree.has_index = stat(u->o->index, &st) == 0;
    u->tree.index_device = st.st_dev;
    u->tree.index_inode = st.st_ino;
    for (size_t i = 0; i < u->scope_count; i++) {
        struct scope *s = &u->scopes[i];
        s->error = tree_list(&u->tree, s->root, s->part);
        bool lost = s->error && (s->fresh || s->part[0] || u->o->replace);
        if (lost) return complain_path(s->path ? s->path : u->now.roots[s->root].name, s->error);
    }
    tree_follow_links(&u->tree);
    return u->tree.failed ? update_no_memory() : EXIT_DONE;
}

struct scope *update_scope(const struct update *u, const char *path, unsigned root)
{
    const struct place *p = places_find(&u->places, path);
    if (!p) p = places_above(&u->places, path);
    while (p && u->scopes[p->number].root != root) p = places_above(&u->places, p->path);
    return p ? &u->scopes[p->number] : NULL;
}

/* Takes over what is known of a file that is not looked at. */
static bool carry(struct update *u, const struct source *old, unsigned root, enum source_fate fate)
{
    struct source *to = sources_add(&u->now, old->path, root);
    if (!to) return false;
    char *path = to->path;
    *to = *old;
    to->path = path;
    to->root = root;
    to->fate = fate;
    to->seen = false;
    return true;
}

/* Files that are listed: are they as they were? False: a path came twice. */
static bool compare_listed(struct update *u)
{
    bool once = true;
    for (size_t i = 0; i < u->now.count; i++) {
        struct source *s = &u->now.list[i], *old = sources_find(&u->before, s->path);
        if (!old) continue;
        once &= !old->seen;
        old->seen = true;
        s->fate = source_is_same(s, old) ? SOURCE_SAME : SOURCE_CHANGED;
        if (s->fate == SOURCE_SAME) {
            s->kind = old->kind;
            s->documents = old->documents;
        }
        old->fate = s->fate;
    }
    return once;
}

/* A root that has no file any more, and had documents: its drive may be elsewhere. */
static bool find_empty(struct update *u)
{
    bool *has = calloc(2u * u->now.root_count + 2, sizeof *has), *had = has + u->now.root_count + 1;
    if (!has) return false;
    for (size_t i = 0; i < u->now.count; i++) has[u->now.list[i].root] = true;
    for (size_t i = 0; i < u->before.count; i++) {
        int root = u->becomes[u->before.list[i].root];
        if (root >= 0 && u->before.list[i].documents) had[root] = true;
    }
    for (size_t i = 0; i < u->scope_count; i++) {
        struct scope *s = &u->scopes[i];
        s->empty = !s->part[0] && !has[s->root] && had[s->root] && !u->o->replace;
    }
    free(has);
    return true;
}

/* Files that are not listed: why not? */
static bool compare_unlisted(struct update *u)
{
    for (size_t i = 0; i < u->before.count; i++) {
        struct source *old = &u->before.list[i];
        if (old->seen) continue;
        int root = u->becomes[old->root];
        old->fate = SOURCE_VANISHED;
        if (root < 0) continue;
        const struct scope *s = update_scope(u, old->path, (unsigned)root);
        if (!s)
            old->fate = SOURCE_SAME;
        else if (s->error || s->empty || tree_unseen(&u->tree, old->path))
            old->fate = SOURCE_KEPT;
        if (old->fate != SOURCE_VANISHED && !carry(u, old, (unsigned)root, old->fate)) return false;
    }
    return true;
}

static bool opens(const struct update *u, const struct source *s)
{
    struct source probe = *s;
    int fd = tree_open(&u->now, &probe);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

/* A file that is there but can't be opened stays as it is, before anything is dropped. */
static void keep_unreadable(struct update *u)
{
    for (size_t i = 0; i < u->now.count; i++) {
        struct source *s = &u->now.list[i], *old = sources_find(&u->before, s->path);
        if (!old || !old->documents || s->fate != SOURCE_CHANGED || s->stream) continue;
        if (opens(u, s)) continue;
        s->fate = old->fate = SOURCE_KEPT;
        s->kind = old->kind;
        s->documents = old->documents;
        s->size = -1;
    }
}

/* ---- what goes ---- */

static int by_inode(const void *a, const void *b)
{
    const struct source *x = *(struct source *const *)a, *y = *(struct source *const *)b;
    if (x->inode != y->inode) return x->inode < y->inode ? -1 : 1;
    if (x->size != y->size) return x->size < y->size ? -1 : 1;
    return x->modified < y->modified ? -1 : x->modified > y->modified;
}

/* Marks files that are there under another name: seen. */
static bool find_moved(struct update *u)
{
    struct source **fresh = malloc((u->now.count + 1) * sizeof *fresh);
    size_t count = 0;
    for (size_t i = 0; fresh && i < u->now.count; i++)
        if (u->now.list[i].fate == SOURCE_NEW && !u->now.list[i].stream)
            fresh[count++] = &u->now.list[i];
    if (count) qsort(fresh, count, sizeof *fresh, by_inode);
    for (size_t i = 0; count && i < u->before.count; i++) {
        struct source *old = &u->before.list[i];
        if (old->fate == SOURCE_VANISHED && bsearch(&old, fresh, count, sizeof *fresh, by_inode))
            old->seen = true;
    }
    free(fresh);
    return fresh != NULL;
}

/* The file's place without links; *straight: no link leads to it. malloc'ed. */
static char *place_of(const struct update *u, const struct source *s, bool *straight)
{
    const struct root *r = &u->now.roots[s->root];
    const char *below = below_root(r, s->path);
    char *place = below[0] ? joined_path(r->canon, below) : strdup(r->canon);
    char *canon = place ? canonical_path(place) : NULL;
    *straight = canon && strcmp(canon, place) == 0;
    free(place);
    return canon;
}

static void leave_out(struct update *u, struct source *s)
{
    struct source *old = sources_find(&u->before, s->path);
    s->fate = SOURCE_VANISHED;
    s->documents = 0;
    if (!old) return;
    old->fate = SOURCE_VANISHED;
    old->seen = true;
}

/* One of two ways to the same file is left out: that by a link, or the new one. Where nothing can
 * be read any more, that is the one without documents; a named one is refused later. */
static void leave_out_twin(struct update *u, struct source *stays, struct source *listed)
{
    bool straight, listed_straight;
    char *a = place_of(u, stays, &straight), *b = place_of(u, listed, &listed_straight);
    if (a && b && strcmp(a, b) == 0) {
        const struct source *old = sources_find(&u->before, listed->path);
        bool empty = !(old && old->documents) && !opens(u, listed);
        if (!(empty && listed->named))
            leave_out(u, listed_straight && !straight && !empty ? stays : listed);
    }
    free(a);
    free(b);
}

static int by_inode_alone(const void *a, const void *b)
{
    const struct source *x = *(struct source *const *)a, *y = *(struct source *const *)b;
    return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* Files that are added may be there already, by links of roots that are not looked at; as they were
 * then, or not. */
static bool find_twins(struct update *u)
{
    struct source **listed = u->adds ? malloc((u->now.count + 1) * sizeof *listed) : NULL;
    size_t count = 0;
    for (size_t i = 0; listed && i < u->now.count; i++)
        if (!u->now.list[i].stream && u->now.list[i].fate <= SOURCE_CHANGED)
            listed[count++] = &u->now.list[i];
    if (count) qsort(listed, count, sizeof *listed, by_inode_alone);
    for (size_t i = 0; count && i < u->now.count; i++) {
        struct source *s = &u->now.list[i];
        bool unread = s->size < 0 && s->documents == 0;
        if (s->fate != SOURCE_SAME || unread || update_scope(u, s->path, s->root)) continue;
        struct source **twin = bsearch(&s, listed, count, sizeof *listed, by_inode_alone);
        while (twin && twin > listed && by_inode_alone(twin - 1, &s) == 0) twin--;
        for (; twin && twin < listed + count && by_inode_alone(twin, &s) == 0; twin++)
            if (s->fate == SOURCE_SAME && (*twin)->fate <= SOURCE_CHANGED)
                leave_out_twin(u, s, *twin);
    }
    free(listed);
    return !u->adds || listed;
}

static unsigned long long vanished_documents(const struct update *u)
{
    unsigned long long documents = 0;
    for (size_t i = 0; i < u->before.count; i++)
        if (u->before.list[i].fate == SOURCE_VANISHED && !u->before.list[i].seen)
            documents += u->before.list[i].documents;
    return documents;
}

/* ---- how it is done ---- */

/* What has to be as it is now, if all else were read. */
static const struct source *find_kept(const struct update *u)
{
    for (size_t i = 0; i < u->now.count; i++) {
        const struct source *s = &u->now.list[i];
        if (s->documents && (s->fate == SOURCE_KEPT || !update_scope(u, s->path, s->root)))
            return s;
    }
    return NULL;
}

static bool has_other_reading(const struct update *u)
{
    return strcmp(u->before.reading, u->reading) != 0;
}

/* Do the documents that are there not follow from files that are as they were? */
static bool is_doubtful(const struct update *u, bool once)
{
    bool doubtful = !once || !u->before.exact || u->damaged || has_other_reading(u);
    for (size_t i = 0; i < u->now.count; i++)
        doubtful |=
            u->now.list[i].stream && update_scope(u, u->now.list[i].path, u->now.list[i].root);
    for (size_t i = 0; i < u->before.count; i++) {
        const struct source *old = &u->before.list[i];
        doubtful |= old->kind == SOURCE_MIXED &&
                    (old->fate == SOURCE_VANISHED || old->fate == SOURCE_CHANGED);
    }
    return doubtful;
}

/* With --replace, what stands in the way of reading all anew goes. */
static void let_go(struct update *u)
{
    for (size_t i = 0; i < u->now.count; i++) {
        struct source *s = &u->now.list[i], *old = sources_find(&u->before, s->path);
        if (s->fate != SOURCE_KEPT) continue;
        s->documents = 0;
        s->kind = SOURCE_NONE;
        s->size = -1;
        if (old) old->fate = SOURCE_VANISHED;
    }
}

/* Documents that only reading all anew drops. */
static bool has_mixed_gone(const struct update *u)
{
    for (size_t i = 0; i < u->before.count; i++) {
        const struct source *old = &u->before.list[i];
        if (old->kind == SOURCE_MIXED && old->fate == SOURCE_VANISHED) return true;
    }
    return false;
}

static int choose_way(struct update *u, bool once)
{
    bool doubtful = is_doubtful(u, once), must = has_other_reading(u) || u->damaged;
    bool added_stream = false;
    for (size_t i = 0; u->adds && i < u->now.count; i++)
        added_stream |= u->now.list[i].fate == SOURCE_NEW && u->now.list[i].stream;
    u->way = UPDATE_PART;
    u->exact = !doubtful || (added_stream && u->before.exact && once && !has_other_reading(u));
    if (u->there && (u->adds || !(doubtful || u->o->fresh))) return EXIT_DONE;
    const struct source *kept = u->there ? find_kept(u) : NULL;
    u->rereads = true;
    if (kept && must && !u->o->replace) return update_refuse_all(u, kept);
    if (kept && !must && !(u->o->replace && has_mixed_gone(u))) return EXIT_DONE;
    if (kept) let_go(u);
    u->way = UPDATE_ANEW;
    u->exact = once;
    return EXIT_DONE;
}

int update_compare(struct update *u)
{
    bool once = compare_listed(u);
    if (!find_empty(u) || !compare_unlisted(u) || !find_twins(u) || !find_moved(u))
        return update_no_memory();
    keep_unreadable(u);
    u->lost_documents = vanished_documents(u);
    int rc = u->o->replace ? EXIT_DONE : update_refuse_roots(u);
    if (rc == EXIT_DONE && !u->o->replace) rc = update_refuse_documents(u, u->lost_documents);
    if (rc == EXIT_DONE) rc = choose_way(u, once);
    for (size_t i = 0; rc == EXIT_DONE && u->rereads && i < u->now.count; i++) {
        struct source *s = &u->now.list[i];
        if (s->fate != SOURCE_SAME || !update_scope(u, s->path, s->root)) continue;
        s->fate = SOURCE_CHANGED;
        s->kind = SOURCE_NONE;
        s->documents = 0;
    }
    return rc;
}

int update_judge(struct update *u)
{
    unsigned long long lost = u->lost_documents;
    if (u->o->replace) return EXIT_DONE;
    for (size_t i = 0; i < u->now.count; i++) {
        const struct source *s = &u->now.list[i], *old = sources_find(&u->before, s->path);
        if (s->fate == SOURCE_CHANGED && old && old->documents > s->documents)
            lost += old->documents - s->documents;
    }
    return update_refuse_documents(u, lost);
}

/* ---- what was done ---- */

void update_count(struct update *u)
{
    for (size_t i = 0; i < u->now.count; i++) {
        const struct source *s = &u->now.list[i], *old = sources_find(&u->before, s->path);
        bool had = old && old->documents;
        if (!update_scope(u, s->path, s->root)) continue;
        u->same += s->fate == SOURCE_SAME && s->documents;
        u->skipped_before += s->fate == SOURCE_SAME && !s->documents;
        u->changed += s->fate == SOURCE_CHANGED && had;
        u->added += s->fate != SOURCE_SAME && s->fate != SOURCE_KEPT && !had && s->documents;
        u->kept += s->fate == SOURCE_KEPT && s->documents;
        u->kept_documents += s->fate == SOURCE_KEPT ? s->documents : 0;
    }
    for (size_t i = 0; i < u->before.count; i++)
        u->vanished += u->before.list[i].fate == SOURCE_VANISHED && u->before.list[i].documents;
}

char *update_user_data(struct update *u, size_t *len, bool *same)
{
    if (!u->now.reading)
        u->now.reading = strdup(u->adds && u->there ? u->before.reading : u->reading);
    u->now.exact = u->exact;
    sources_sort(&u->now);
    char *data = sources_write(&u->now, u->o->index, len);
    *same = data && *len == u->old_data_len && memcmp(data, u->old_data, *len) == 0;
    return data;
}

void update_free(struct update *u)
{
    for (size_t i = 0; i < u->scope_count; i++) {
        free(u->scopes[i].part);
        free(u->scopes[i].place);
    }
    places_free(&u->places);
    free(u->scopes);
    free(u->becomes);
    free(u->old_data);
    tree_free(&u->tree);
    sources_free(&u->now);
    sources_free(&u->before);
}
