#include "writer_state.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "support/disk.h"
#include "support/search.h"

unsigned long long step;

/* ---- documents ---- */

static uint64_t mixed(uint64_t document)
{
    document *= 0x9E3779B97F4A7C15ull;
    return document ^ document >> 29;
}

static const char *const words[] = {"투자", "서울", "부산", "model", "날씨", "국회"};
enum { WORDS = sizeof words / sizeof *words };

static bool has_word(uint64_t document, unsigned word)
{
    return mixed(document) >> (word + 8) & 1;
}

/* A word that no other document has. */
static void own_word(uint64_t document, char out[16])
{
    static const char letters[] = "bcdfghjklmnpqrtvwxz";
    char *at = out;
    *at++ = 'q';
    for (; document; document /= 19) *at++ = letters[document % 19];
    *at++ = 'q';
    *at = '\0';
}

const char *const paths[PATHS] = {"글/가.txt", "글/나.txt", "다#7", "l.jsonl", "/b/x.md", "메모"};
const char *const field_names[FIELDS] = {"title",  "body", "url",   "path", "date",
                                         "source", "갈래", "price", "더"};

unsigned path_of(uint64_t document)
{
    return (unsigned)(mixed(document) >> 20) % (PATHS + 1);
}

void field_of(uint64_t document, int field, char out[FIELD_ROOM])
{
    static const int chance[FIELDS] = {[TITLE] = 1,    [URL] = 2,     [DATE] = 4, [SOURCE] = 8,
                                       [KEYWORD] = 16, [NUMBER] = 32, [MORE] = 64};
    char word[16];
    int n = 0;
    out[0] = '\0';
    if (chance[field] && !(mixed(document) & (uint64_t)chance[field])) return;
    own_word(document, word);
    switch (field) {
    case TITLE: sprintf(out, "제목 %d", (int)(document % 10)); break;
    case BODY:
        n = sprintf(out, "%s", word);
        for (unsigned i = 0; i < WORDS; i++)
            if (has_word(document, i)) n += sprintf(out + n, " %s", words[i]);
        break;
    case URL: sprintf(out, "https://x.y/%s", word); break;
    case PATH: strcpy(out, path_of(document) < PATHS ? paths[path_of(document)] : ""); break;
    case DATE: sprintf(out, "2025-02-%02d", 1 + (int)(document % 28)); break;
    case SOURCE: strcpy(out, "신문"); break;
    case KEYWORD: sprintf(out, "갈래%d", (int)(document % 3)); break;
    case NUMBER: sprintf(out, "%d", (int)(document % 100)); break;
    default: strcpy(out, "더 있는 글");
    }
}

/* ---- ids ---- */

#define LONGEST "the longest"

void id_of(unsigned number, char out[ID_ROOM])
{
    if (number < 30)
        sprintf(out, "문서%u", number);
    else if (number < 36)
        sprintf(out, "글/가.txt#%u", number * 3);
    else if (number == 36)
        strcpy(out, "#9007199254740993");
    else if (number == 37)
        strcpy(out, LONGEST);
    else
        sprintf(out, "%u", number);
}

frai_slice slice_of_id(const char *id)
{
    static char longest[ID_BYTES_MOST];
    if (strcmp(id, LONGEST) != 0) return frai_slice_of(id);
    memset(longest, 'x', sizeof longest);
    return (frai_slice){longest, sizeof longest};
}

/* Of "…#n"; -1: there is none, or one so high that no one counts on from there. */
static long long number_of(const char *id)
{
    const char *mark = strrchr(id, '#');
    if (!mark || mark[1] < '0' || mark[1] > '9') return -1;
    char *end;
    long long n = strtoll(mark + 1, &end, 10);
    return *end || n > 1ll << 53 ? -1 : n;
}

int find_entry(const struct state *s, const char *id)
{
    for (int i = 0; i < s->count; i++)
        if (id[0] && strcmp(s->docs[i].id, id) == 0) return i;
    return -1;
}

void remove_entry(struct state *s, int i)
{
    s->docs[i] = s->docs[--s->count];
}

bool may_be_taken(const struct state *s, const char *id)
{
    for (int i = 0; i < s->count && number_of(id) >= 0; i++) {
        char path[FIELD_ROOM];
        field_of(s->docs[i].document, PATH, path);
        size_t n = strlen(path);
        if (!s->docs[i].id[0] && strncmp(id, path, n) == 0 && id[n] == '#') return true;
    }
    return false;
}

/* ---- comparing ---- */

static uint64_t count_of(frai_searcher *s, const struct state *state, const char *word,
                         struct hit *hit)
{
    struct hit hits[2];
    uint32_t n = 0;
    uint64_t total = 0;
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    frai_slice query = frai_slice_of(word);
    o.limit = 2;
    o.flags = FRAI_SEARCH_COUNT_EXACT | FRAI_SEARCH_NO_FIX | FRAI_SEARCH_EXACT;
    if (state->settings.pretokenized)
        assert_ok(find_terms(s, query, FRAI_TERMS_OR_TOP_COUNT, 2, hits, &n, &total, &error_));
    else
        assert_ok(find_info(s, query, &o, hits, &n, &info));
    if (n) *hit = hits[0];
    return state->settings.pretokenized ? total : info.total;
}

/* The id that the library made. */
static void learn_id(struct entry *e, const struct state *state, frai_slice id)
{
    char path[FIELD_ROOM];
    field_of(e->document, PATH, path);
    size_t n = strlen(path);
    assert_at(id.len > n + 1 && id.len < ID_ROOM && memcmp(id.ptr, path, n) == 0);
    memcpy(e->id, id.ptr, id.len);
    e->id[id.len] = '\0';
    assert_at(e->id[n] == '#' && number_of(e->id + n) > state->highest);
    for (int i = 0; i < state->count; i++)
        assert_at(&state->docs[i] == e || strcmp(state->docs[i].id, e->id) != 0);
}

/* Finds a document by its id, or by its word, or by both. */
static bool find_doc(const frai_index *index, frai_searcher *s, const struct state *state,
                     struct entry *e, bool by_word, uint64_t *doc)
{
    char word[16];
    struct hit hit;
    frai_slice id, given = slice_of_id(e->id);
    bool known = e->id[0] != '\0';
    if (known) {
        frai_status status = frai_index_find(index, given, doc, &error_);
        assert_at(status == FRAI_OK || status == FRAI_ERR_NOT_FOUND);
        if (status != FRAI_OK) return false;
    }
    own_word(e->document, word);
    if (by_word || !known) {
        if (count_of(s, state, word, &hit) != 1) return false;
        if (known && hit.doc != *doc) return false;
        *doc = hit.doc;
    }
    assert_ok(frai_searcher_read_field(s, *doc, frai_slice_of("id"), &id, &error_));
    if (!known) learn_id(e, state, id);
    given = slice_of_id(e->id);
    return id.len == given.len && memcmp(id.ptr, given.ptr, id.len) == 0;
}

static bool has_fields(frai_searcher *s, const struct state *state, uint64_t doc, uint64_t document)
{
    for (int f = 0; f < FIELDS; f++) {
        char wanted[FIELD_ROOM];
        frai_slice value;
        frai_status status =
            frai_searcher_read_field(s, doc, frai_slice_of(field_names[f]), &value, &error_);
        bool is_there = f < KEYWORD || state->settings.has_fields;
        assert_at(status == (is_there ? FRAI_OK : FRAI_ERR_ARGUMENT));
        if (!is_there) continue;
        field_of(document, f, wanted);
        if (value.len != strlen(wanted) || memcmp(value.ptr, wanted, value.len) != 0) return false;
    }
    return true;
}

static char amiss[128]; /* what was found last not to be as it should */

static bool holds_documents(frai_index *index, frai_searcher *s, struct state *state, bool thorough)
{
    bool stores = state->settings.stores_text;
    for (int i = 0; i < state->count; i++) {
        struct entry *e = &state->docs[i];
        uint64_t doc;
        bool by_word = !stores || thorough || rnd_below(4) == 0;
        if (find_doc(index, s, state, e, by_word, &doc) &&
            (!stores || (!thorough && rnd_below(4)) || has_fields(s, state, doc, e->document)))
            continue;
        snprintf(amiss, sizeof amiss, "document %llu, '%s'", (unsigned long long)e->document,
                 e->id);
        return false;
    }
    return true;
}

/* Ids that are not there are not found, and words are where they should be. */
static bool holds_no_others(const frai_index *index, frai_searcher *s, const struct state *state)
{
    unsigned word = (unsigned)rnd_below(WORDS);
    uint64_t have = 0, doc;
    struct hit hit;
    for (int i = 0; i < 4; i++) {
        char id[ID_ROOM];
        id_of((unsigned)rnd_below(IDS), id);
        if (find_entry(state, id) < 0 &&
            frai_index_find(index, slice_of_id(id), &doc, &error_) != FRAI_ERR_NOT_FOUND) {
            snprintf(amiss, sizeof amiss, "'%s' is there", id);
            return false;
        }
    }
    for (int i = 0; i < state->count; i++) have += has_word(state->docs[i].document, word);
    snprintf(amiss, sizeof amiss, "the documents with %s", words[word]);
    return count_of(s, state, words[word], &hit) == have;
}

bool holds(frai_index *index, struct state *state, bool thorough)
{
    frai_searcher *s;
    snprintf(amiss, sizeof amiss, "%llu documents, not %d",
             (unsigned long long)frai_index_document_count(index), state->count);
    if (frai_index_document_count(index) != (uint64_t)state->count) return false;
    assert_ok(frai_searcher_create(index, &s, &error_));
    bool same = holds_documents(index, s, state, thorough) && holds_no_others(index, s, state);
    frai_searcher_destroy(s);
    return same;
}

bool has_note(const frai_index *index, const struct state *state)
{
    char note[NOTE_ROOM];
    size_t len;
    assert_ok(frai_index_user_data(index, note, sizeof note, &len, &error_));
    snprintf(amiss, sizeof amiss, "the note '%.*s'", (int)len, note);
    return len == strlen(state->note) && memcmp(note, state->note, len) == 0;
}

static void learn_committed(struct state *s)
{
    for (int i = 0; i < s->count; i++) {
        long long n = number_of(s->docs[i].id);
        if (n > s->highest) s->highest = n;
        s->docs[i].committed = true;
    }
}

/* ---- the files of the disk ---- */

/* Files of a snapshot. */
struct files {
    struct {
        char name[64];
        char *bytes;
        size_t len;
    } of[64];
    int count;
};

static int take_file(void *ctx, const char *name, frai_slice bytes)
{
    struct files *f = ctx;
    assert_at(f->count < 64 && strlen(name) < 64);
    strcpy(f->of[f->count].name, name);
    f->of[f->count].bytes = malloc(bytes.len + 1);
    memcpy(f->of[f->count].bytes, bytes.ptr, bytes.len);
    f->of[f->count++].len = bytes.len;
    return 0;
}

static void remove_directory(void *ctx, const char *name)
{
    (void)ctx;
    fr_io_current()->rmdir(path_in(DISK_DIR, name));
}

static void remove_file(void *ctx, const char *name)
{
    (void)ctx;
    fr_io_current()->unlink(path_in(DISK_DIR, name));
}

void clear_junk(void)
{
    fr_io_current()->list(DISK_DIR, remove_directory, NULL);
}

static void put_file(const char *path, const char *bytes, size_t len)
{
    int fd;
    assert_ok(fr_io_create(path, O_WRONLY, &fd, &error_));
    assert_ok(fr_io_write_all(fd, bytes, len, path, &error_));
    assert_ok(fr_io_sync(fd, path, &error_));
    fr_io_current()->close(fd);
}

void restore_files(const frai_index *index)
{
    struct files files = {.count = 0};
    assert_ok(frai_index_export(index, take_file, &files, &error_));
    clear_junk();
    fr_io_current()->list(DISK_DIR, remove_file, NULL);
    for (int i = 0; i < files.count; i++) {
        put_file(path_in(DISK_DIR, files.of[i].name), files.of[i].bytes, files.of[i].len);
        free(files.of[i].bytes);
    }
}

static void find_name(void *ctx, const char *name)
{
    char **wanted = ctx;
    if (*wanted && strcmp(name, *wanted) == 0) *wanted = NULL;
}

bool plant_junk(void)
{
    char name[64], *path, *taken = name;
    frai_index *index;
    frai_index_stats stats = FRAI_INDEX_STATS_INIT;
    if (frai_index_open(DISK_DIR, NULL, &index, &error_) != FRAI_OK) return false;
    assert_ok(frai_index_read_stats(index, &stats, &error_));
    frai_index_close(index);
    snprintf(name, sizeof name, "MANIFEST-%010llu",
             (unsigned long long)(stats.generation + 1 + rnd_below(4)));
    fr_io_current()->list(DISK_DIR, find_name, &taken);
    if (!taken) return false;
    path = path_in(DISK_DIR, name);
    if (rnd_below(2))
        put_file(path, "a list of goods", 15);
    else
        assert_int_equal(fr_io_current()->mkdir(path, 0777), 0);
    return true;
}

/* ---- the index on the disk ---- */

struct state committed = {.highest = -1};
struct state candidate;
bool in_doubt;

struct state *what_is_there(void)
{
    struct state *s = NULL;
    frai_index *index;
    frai_status status = frai_index_open(DISK_DIR, NULL, &index, &error_);
    if (status == FRAI_ERR_NOT_FOUND && !committed.exists) return &committed;
    assert_at(status == FRAI_OK);
    assert_at(!frai_index_used_previous_commit(index));
    if (in_doubt && holds(index, &candidate, true) && has_note(index, &candidate)) s = &candidate;
    if (!s && committed.exists && holds(index, &committed, in_doubt) && has_note(index, &committed))
        s = &committed;
    if (!s) fail_msg("step %llu: not what should be there: %s", step, amiss);
    learn_committed(s);
    frai_index_close(index);
    return s;
}

void settle_doubt(void)
{
    struct state *s = what_is_there();
    if (s != &committed) committed = *s;
    in_doubt = false;
}
