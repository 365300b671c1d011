/* A writer that is asked anything in any order, on a disk in memory, with memory and system calls
 * that fail now and then and power that is cut, against a plain list of documents.
 *
 * FRAI_STEPS sets the length of a run, FRAI_FULL=1 takes a million. FRAI_TRACE=1 tells each step;
 * with FRAI_THREADS=1 FRAI_SEED repeats a run exactly. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "support/disk.h"
#include "support/faults.h"
#include "writer_state.h"

static bool traced, alone; /* alone: no writer has threads */
static unsigned long long commits, faults, cuts, restores, junk;

#define TRACE(...)                                                                                 \
    do {                                                                                           \
        if (!traced) break;                                                                        \
        fprintf(stderr, "%llu: ", step);                                                           \
        fprintf(stderr, __VA_ARGS__);                                                              \
        fputc('\n', stderr);                                                                       \
    } while (0)

/* ---- faults ---- */

static struct failing_memory memory = {.left = -1}, memory_of_readers = {.left = -1};
static frai_allocator allocator, allocator_of_readers;

static long *armed; /* what counts down, or NULL */

/* One of eight calls has something fail in it, if it comes that far. */
static void arm(struct failing_memory *m)
{
    static const int errors[] = {EIO, ENOSPC, EMFILE, ENOMEM, 0};
    long n = (long)rnd_below(1ull << rnd_below(11));
    if (rnd_below(8)) return;
    armed = rnd_below(2) ? &m->left : &failing_calls_left;
    failing_calls_errno = errors[rnd_below(5)];
    TRACE("  %s %ld will fail (%d)", armed == &m->left ? "allocation" : "call", n,
          failing_calls_errno);
    __atomic_store_n(armed, n, __ATOMIC_RELAXED);
}

/* Nothing fails from here on; has something? */
static bool disarm(void)
{
    bool fired = armed && __atomic_exchange_n(armed, -1, __ATOMIC_RELAXED) < 0;
    armed = NULL;
    faults += fired;
    return fired;
}

/* ---- the session of a writer ---- */

static struct {
    frai_writer *b;
    struct settings settings;    /* of a new index */
    bool begins;                 /* REPLACE or CREATE_ONLY, and nothing is committed */
    bool merges_beside, faulted; /* what failed in a thread may be told by a later call */
    frai_status dead;            /* what it is spent by */
    uint64_t deleted, replaced;  /* by its commits */
    bool counts_roughly;         /* which of both: documents were compacted and gone at once */
    /* Of the commit to come: */
    struct state now;
    bool added, changed, compacts, keeps_note;
    unsigned dropped_paths;          /* bits */
    struct entry shadows[DOCS_MOST]; /* documents that were committed, and added again */
    int shadow_count;
    uint64_t deletes, replaces;
} w;

static void begin_commit(void)
{
    w.now = committed;
    w.now.note[0] = '\0';
    if (w.begins || !committed.exists) w.now.settings = w.settings;
    if (w.begins) w.now.count = 0;
    if (w.begins) w.now.highest = -1;
    w.added = w.changed = w.compacts = w.keeps_note = false;
    w.dropped_paths = 0;
    w.shadow_count = 0;
    w.deletes = w.replaces = 0;
}

static bool is_dropped(uint64_t document)
{
    return path_of(document) < PATHS && w.dropped_paths >> path_of(document) & 1;
}

/* What a commit makes of it. */
struct next {
    struct state state;
    uint64_t deleted, replaced;
};

static struct next next_commit(void)
{
    struct next next = {w.now, w.deletes, w.replaces};
    struct state *s = &next.state;
    for (int i = s->count; i-- > 0;)
        if (s->docs[i].committed && is_dropped(s->docs[i].document)) {
            remove_entry(s, i);
            next.deleted++;
        }
    for (int i = 0; i < w.shadow_count; i++)
        *(is_dropped(w.shadows[i].document) ? &next.deleted : &next.replaced) += 1;
    if (w.keeps_note) strcpy(s->note, committed.note);
    s->exists = true;
    return next;
}

static void came_through(const struct next *next)
{
    committed = next->state;
    assert_at(what_is_there() == &committed);
    w.deleted += next->deleted;
    w.replaced += next->replaced;
    w.counts_roughly |= w.compacts;
    w.begins = false;
    commits++;
    begin_commit();
}

/* It failed, but the failure may have come late. */
static void may_have_come_through(const struct next *next)
{
    candidate = next->state;
    in_doubt = true;
}

static void check_stats(void)
{
    frai_writer_stats stats = FRAI_WRITER_STATS_INIT;
    if (w.dead) return;
    frai_writer_read_stats(w.b, &stats);
    assert_at(stats.documents == (w.begins ? 0 : (uint64_t)committed.count));
    assert_at(stats.deleted + stats.replaced == w.deleted + w.replaced);
    assert_at(w.counts_roughly || stats.deleted == w.deleted);
}

/* Is it what the call should come to where nothing fails? A writer that is spent tells by what;
 * `spends`: this call's failures do that. */
static bool came_to(frai_status status, frai_status wanted, bool spends)
{
    bool fired = disarm(), failed = status == FRAI_ERR_MEMORY || status == FRAI_ERR_IO;
    w.faulted |= fired;
    if (w.dead) wanted = w.dead;
    if (!w.dead && failed && (fired || (w.merges_beside && w.faulted))) {
        TRACE("  %s", error_.message);
        if (spends) w.dead = status;
        return false;
    }
    if (status != wanted)
        fail_msg("step %llu: %s, not %s: %s", step, frai_status_name(status),
                 frai_status_name(wanted), error_.message);
    return status == FRAI_OK;
}

static frai_status wanted_of_mode(frai_open_mode mode, frai_status otherwise)
{
    if (mode == FRAI_OPEN_EXISTING && !committed.exists) return FRAI_ERR_NOT_FOUND;
    if (mode == FRAI_CREATE_ONLY && committed.exists) return FRAI_ERR_EXISTS;
    return otherwise;
}

static void open_builder(void)
{
    static const frai_field_spec fields[] = {
        {"갈래", FRAI_FIELD_KEYWORD}, {"price", FRAI_FIELD_NUMBER}, {"더", FRAI_FIELD_TEXT}};
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    memset(&w, 0, sizeof w);
    w.settings = (struct settings){rnd_below(4) != 0, rnd_below(4) == 0, rnd_below(2) == 0};
    o.allocator = &allocator;
    o.mode = (frai_open_mode)rnd_below(4);
    if (o.mode == FRAI_REPLACE && rnd_below(4)) o.mode = FRAI_OPEN_EXISTING;
    o.memory_bytes = rnd_below(4) ? 64u << 20 : 512u << 20;
    o.threads = (uint32_t)rnd_below(3);
    if (alone) o.threads = 1;
    o.reorder = rnd_below(8) == 0;
    o.store_text = w.settings.stores_text;
    if (w.settings.pretokenized) o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
    o.fields = fields;
    if (w.settings.has_fields) o.field_count = 3;
    frai_status wanted = wanted_of_mode(o.mode, FRAI_OK);
    unsigned wrong = (unsigned)rnd_below(48);
    if (wrong == 0) o.mode = (frai_open_mode)(4 + rnd_below(3));
    if (wrong == 1) o.k1 = -1;
    if (wrong == 2) o.b = 2;
    if (wrong == 3) o.analyzer = 9;
    if (wrong == 4) o.field_count = 33;
    if (wrong < 5) wanted = FRAI_ERR_ARGUMENT;
    TRACE("open, mode %d, %u threads, %llu MiB, text %d, cut %d, fields %d, reorder %d", o.mode,
          o.threads, (unsigned long long)o.memory_bytes >> 20, w.settings.stores_text,
          w.settings.pretokenized, w.settings.has_fields, o.reorder);
    arm(&memory);
    bool opened = came_to(frai_writer_open(DISK_DIR, &o, &w.b, &error_), wanted, false);
    assert_at(opened ? w.b != NULL : !w.b && memory.held == 0);
    w.merges_beside = o.threads > 1 && o.memory_bytes > 64u << 20;
    w.begins = o.mode == FRAI_REPLACE || o.mode == FRAI_CREATE_ONLY;
    begin_commit();
    if (opened) check_stats();
}

static void open_second(void)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *second;
    if (in_doubt) return;
    o.mode = (frai_open_mode)rnd_below(4);
    TRACE("open a second one, mode %d", o.mode);
    assert_at(frai_writer_open(DISK_DIR, &o, &second, &error_) ==
              wanted_of_mode(o.mode, FRAI_ERR_LOCKED));
    assert_null(second);
}

static void add(void)
{
    char id[ID_ROOM] = "", text[FIELDS][FIELD_ROOM];
    static uint64_t latest;
    struct entry e = {.document = ++latest};
    frai_document d = FRAI_DOCUMENT_INIT;
    frai_field_value values[FIELDS - KEYWORD];
    if (rnd_below(3)) id_of((unsigned)rnd_below(IDS), id);
    if (w.now.count == DOCS_MOST || w.shadow_count == DOCS_MOST || may_be_taken(&w.now, id)) return;
    for (int f = 0; f < FIELDS; f++) field_of(e.document, f, text[f]);
    d.id = slice_of_id(id);
    d.title = frai_slice_of(text[TITLE]);
    d.body = frai_slice_of(text[BODY]);
    d.url = frai_slice_of(text[URL]);
    d.path = frai_slice_of(text[PATH]);
    d.date = frai_slice_of(text[DATE]);
    d.source = frai_slice_of(text[SOURCE]);
    d.path_is_shared = e.document % 5 == 0;
    for (int f = KEYWORD; f < FIELDS; f++)
        values[f - KEYWORD] =
            (frai_field_value){frai_slice_of(field_names[f]), frai_slice_of(text[f])};
    d.fields = values;
    d.field_count = w.now.settings.has_fields ? FIELDS - KEYWORD : 0;
    TRACE("add '%s': %llu, path '%s'", id, (unsigned long long)e.document, text[PATH]);
    arm(&memory);
    if (!came_to(frai_writer_add(w.b, &d, &error_), FRAI_OK, true)) return;
    int old = find_entry(&w.now, id);
    if (old >= 0 && w.now.docs[old].committed)
        w.shadows[w.shadow_count++] = w.now.docs[old];
    else
        w.replaces += old >= 0;
    if (old >= 0) remove_entry(&w.now, old);
    strcpy(e.id, id);
    w.now.docs[w.now.count++] = e;
    w.added = w.changed = true;
}

static void add_wrongly(void)
{
    static char bytes[ID_BYTES_MOST + 1];
    frai_document d = FRAI_DOCUMENT_INIT;
    frai_field_value value = {frai_slice_of("없는것"), frai_slice_of("x")};
    unsigned wrong = (unsigned)rnd_below(5);
    d.id = frai_slice_of("문서1");
    if (wrong == 0) d.id = (frai_slice){bytes, sizeof bytes};
    if (wrong == 1) d.body = (frai_slice){bytes, FRAI_DOCUMENT_BYTES_MAX + 1ull};
    if (wrong == 2) d.title = (frai_slice){NULL, 1};
    if (wrong >= 3) d.field_count = 1;
    if (wrong == 4) d.fields = &value;
    TRACE("add wrongly: %u", wrong);
    frai_status status = frai_writer_add(w.b, &d, &error_);
    assert_at(status == FRAI_ERR_ARGUMENT || (w.dead && status == w.dead));
}

static void delete_missing(void)
{
    static char bytes[ID_BYTES_MOST + 1];
    const frai_slice ids[] = {{bytes, sizeof bytes}, {"", 0}, {"없는 것", 10}};
    TRACE("delete what can't be there");
    arm(&memory);
    came_to(frai_writer_delete(w.b, ids[rnd_below(3)], &error_),
            w.begins && !w.added ? FRAI_ERR_ARGUMENT : FRAI_OK, true);
}

static void delete_id(void)
{
    char id[ID_ROOM];
    id_of((unsigned)rnd_below(IDS), id);
    if (w.now.count && rnd_below(2)) {
        const struct entry *e = &w.now.docs[rnd_below((uint64_t)w.now.count)];
        if (e->id[0]) strcpy(id, e->id);
    }
    if (may_be_taken(&w.now, id)) return;
    TRACE("delete '%s'", id);
    arm(&memory);
    if (!came_to(frai_writer_delete(w.b, slice_of_id(id), &error_),
                 w.begins && !w.added ? FRAI_ERR_ARGUMENT : FRAI_OK, true))
        return;
    for (int i = w.shadow_count; i-- > 0;)
        if (strcmp(w.shadows[i].id, id) == 0) {
            w.shadows[i] = w.shadows[--w.shadow_count];
            w.deletes++;
            w.changed = true;
        }
    int at = find_entry(&w.now, id);
    if (at < 0) return;
    *(w.now.docs[at].committed ? &w.deletes : &w.replaces) += 1;
    remove_entry(&w.now, at);
    w.changed = true;
}

static void delete_path(void)
{
    unsigned path = (unsigned)rnd_below(PATHS + 1);
    const char *name = path < PATHS ? paths[path] : "없는 길";
    frai_status wanted = w.begins ? FRAI_ERR_ARGUMENT : FRAI_OK;
    if (!w.now.settings.stores_text) wanted = FRAI_ERR_UNSUPPORTED;
    TRACE("delete path '%s'", name);
    assert_at(frai_writer_delete_path(w.b, (frai_slice){"", 0}, &error_) == FRAI_ERR_ARGUMENT);
    arm(&memory);
    if (!came_to(frai_writer_delete_path(w.b, frai_slice_of(name), &error_), wanted, true)) return;
    if (path < PATHS) w.dropped_paths |= 1u << path;
    w.changed = true;
}

static void note(void)
{
    char text[NOTE_ROOM] = "";
    if (rnd_below(8)) sprintf(text, "적바림 %d", (int)rnd_below(1000));
    TRACE("note '%s'", text);
    arm(&memory);
    if (!came_to(frai_writer_set_user_data(w.b, frai_slice_of(text), &error_), FRAI_OK, false))
        return;
    strcpy(w.now.note, text);
    w.keeps_note = false;
}

static void noted(void)
{
    frai_slice found;
    TRACE("noted");
    arm(&memory);
    if (!came_to(frai_writer_user_data(w.b, &found, &error_), FRAI_OK, false)) return;
    const char *wanted = w.begins ? "" : committed.note;
    assert_at(found.len == strlen(wanted) && memcmp(found.ptr, wanted, found.len) == 0);
}

static void commit(void)
{
    struct next next = next_commit();
    bool was_dead = w.dead;
    TRACE("commit %d documents", next.state.count);
    if (next.state.count || committed.count) arm(&memory); /* else they would look alike */
    if (came_to(frai_writer_commit(w.b, &error_), FRAI_OK, true))
        came_through(&next);
    else if (!was_dead)
        may_have_come_through(&next);
}

static bool is_pending(void)
{
    return w.changed || w.compacts || w.now.note[0];
}

static void compact(void)
{
    struct next next = next_commit();
    bool was_dead = w.dead, pending = is_pending();
    TRACE("compact");
    arm(&memory);
    if (!came_to(frai_writer_compact(w.b, &error_), w.begins ? FRAI_ERR_ARGUMENT : FRAI_OK, true)) {
        if (w.dead && !was_dead && pending) may_have_come_through(&next);
        return;
    }
    if (pending) came_through(&next);
    w.keeps_note = committed.exists;
    w.compacts = committed.exists && committed.settings.stores_text;
}

static void roll_back(void)
{
    TRACE("roll back");
    arm(&memory);
    if (came_to(frai_writer_rollback(w.b, &error_), FRAI_OK, true)) begin_commit();
}

static void wait_for_merges(void)
{
    TRACE("wait");
    arm(&memory);
    came_to(frai_writer_wait(w.b, &error_), FRAI_OK, true);
}

static void repair(void)
{
    frai_repair_stats stats = FRAI_REPAIR_STATS_INIT;
    TRACE("repair");
    arm(&memory);
    if (came_to(frai_writer_repair(w.b, NULL, NULL, &stats, &error_),
                w.begins || is_pending() ? FRAI_ERR_ARGUMENT : FRAI_OK, true))
        assert_at(stats.segments_damaged + stats.documents + stats.lost == 0);
}

static void close_builder(void)
{
    TRACE("close");
    arm(&memory);
    frai_writer_close(w.b);
    disarm();
    w.b = NULL;
    assert_at(memory.held == 0);
    settle_doubt();
    if (rnd_below(4) == 0) clear_junk();
    disk_settle();
}

/* ---- readers ---- */

enum { READERS = 3 };

static struct reader {
    frai_index *index;
    struct state state;
    bool is_of_another; /* the index is not the one any more that it read */
} readers[READERS];

static void open_reader(struct reader *r)
{
    frai_open_options o = FRAI_OPEN_OPTIONS_INIT;
    TRACE("open a reader");
    o.allocator = &allocator_of_readers;
    arm(&memory_of_readers);
    frai_status status = frai_index_open(DISK_DIR, &o, &r->index, &error_);
    bool fired = disarm();
    assert_at((status == FRAI_OK) == (r->index != NULL));
    if (fired && (status == FRAI_ERR_MEMORY || status == FRAI_ERR_IO)) return;
    const struct state *s = what_is_there();
    assert_at(status == (s->exists ? FRAI_OK : FRAI_ERR_NOT_FOUND));
    if (status != FRAI_OK) return;
    r->state = *s;
    r->is_of_another = false;
    assert_at(holds(r->index, &r->state, fired) && has_note(r->index, &r->state));
}

static void use_reader(struct reader *r)
{
    TRACE("look at what a reader has");
    assert_at(holds(r->index, &r->state, false));
    if (rnd_below(4)) return;
    frai_index_close(r->index);
    r->index = NULL;
}

/* ---- what happens to the disk ---- */

static void forget_readers(void)
{
    for (struct reader *r = readers; r < readers + READERS; r++) r->is_of_another = true;
}

/* A backup of a snapshot takes the index's place. */
static void restore(const struct reader *r)
{
    TRACE("restore what a reader has");
    restore_files(r->index);
    disk_settle();
    committed = candidate = r->state;
    candidate.note[0] = '\0'; /* a later commit may have swept it */
    in_doubt = true;
    settle_doubt();
    forget_readers();
    restores++;
}

/* What was acknowledged is there then; what failed may be. */
static void cut_power(void)
{
    size_t done = disk_log_length();
    TRACE("the power is cut");
    frai_writer_close(w.b);
    w.b = NULL;
    assert_at(memory.held == 0);
    disk_crash(done);
    disk_settle();
    settle_doubt();
    forget_readers();
    cuts++;
}

/* Somebody else puts something where the next commits' manifests would be. */
static void plant(void)
{
    TRACE("junk");
    junk += plant_junk();
}

static void check_disk(void)
{
    TRACE("check");
    frai_status wanted = what_is_there()->exists ? FRAI_OK : FRAI_ERR_NOT_FOUND;
    assert_at(frai_index_check(DISK_DIR, NULL, NULL, &error_) == wanted);
}

/* ---- the run ---- */

static const struct {
    void (*call)(void);
    unsigned weight;
} calls[] = {{add, 44},        {add_wrongly, 2}, {delete_id, 14},      {delete_missing, 2},
             {delete_path, 3}, {note, 4},        {noted, 3},           {commit, 14},
             {compact, 2},     {roll_back, 3},   {wait_for_merges, 3}, {repair, 3},
             {open_second, 2}, {check_disk, 2},  {close_builder, 3},   {cut_power, 1},
             {plant, 2}};

static void call_builder(void)
{
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) sum += calls[i].weight;
    unsigned at = (unsigned)rnd_below(sum);
    for (size_t i = 0;; at -= calls[i++].weight)
        if (at < calls[i].weight) {
            calls[i].call();
            break;
        }
    if (w.b) check_stats();
}

static void take_step(void)
{
    struct reader *r = &readers[rnd_below(READERS)];
    uint64_t chance = rnd_below(100);
    if (chance < 4 && !r->index) {
        open_reader(r);
    } else if (chance < 8 && r->index) {
        use_reader(r);
    } else if (!w.b && chance < 12 && r->index && !r->is_of_another) {
        restore(r);
    } else if (!w.b) {
        open_builder();
    } else if (w.dead && rnd_below(3) == 0) {
        close_builder();
    } else {
        call_builder();
    }
}

static void any_calls_in_any_order_keep_what_is_committed(void **unused)
{
    (void)unused;
    const char *asked = getenv("FRAI_STEPS");
    unsigned long long steps = asked ? strtoull(asked, NULL, 10) : full_run() ? 1000000 : 10000;
    traced = getenv("FRAI_TRACE") != NULL;
    alone = getenv("FRAI_THREADS") != NULL;
    allocator = failing_allocator(&memory);
    allocator_of_readers = failing_allocator(&memory_of_readers);
    disk_install();
    failing_calls_install(fr_io_current());
    disk_settle();
    for (step = 0; step < steps; step++) take_step();
    if (w.b) close_builder();
    for (int i = 0; i < READERS; i++) frai_index_close(readers[i].index);
    assert_int_equal(memory_of_readers.held, 0);
    disk_remove();
    printf("%llu steps of a writer tried: %llu commits, %llu faults, %llu power cuts, %llu "
           "restores, %llu times junk\n",
           steps, commits, faults, cuts, restores, junk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_calls_in_any_order_keep_what_is_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
