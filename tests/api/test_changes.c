/* An index that was changed is held against one that was built at once from what it should hold:
 * the same documents, the same scores, the same counts. */
#include <stdio.h>
#include <string.h>

#include "api/handles.h"
#include "segment/documents.h"
#include "support/search.h"
#include "support/support.h"
#include "text/analyzer.h"
#include "writer/commit.h"
#include "writer/compact.h"

enum { IDS = 120, WORDS_MOST = 60, HITS = 400 };

static char *kept[IDS]; /* body of each id, NULL: there is no such document */

static char *random_body(void)
{
    static const char *const pool[] = {"프랑스", "미스트랄", "투자",   "인공지능",
                                       "AI",     "model",    "佛",     "2025년",
                                       "서울은", "비",       "투자를", "미스트랄의"};
    int words = (int)rnd_below(WORDS_MOST);
    char *body = calloc(1, WORDS_MOST * 24 + 32), *at = body;
    for (int i = 0; i < words; i++)
        at += sprintf(at, "%s%s", pool[rnd_below(sizeof pool / sizeof *pool)],
                      rnd_below(9) ? " " : ".\n");
    if (rnd_below(3)) sprintf(at, "낱말%d 되풀이되는 한 줄이 있다.\n", (int)rnd_below(20));
    return body;
}

/* Names of files have words of the text, too; of every fifth document they are shared. */
static frai_slice path_of(int id)
{
    static const char *const names[] = {"투자", "미스트랄-투자", "model.AI", "佛", "서울_2025"};
    static char path[64];
    snprintf(path, sizeof path, "글/%s-%d.txt", names[id / 5 % 5], id / 25);
    return frai_slice_of(path);
}

static void add(frai_writer *b, int id, const char *body)
{
    char name[16];
    snprintf(name, sizeof name, "%d", id);
    frai_document d = {.struct_size = sizeof d,
                       .id = frai_slice_of(name),
                       .body = frai_slice_of(body),
                       .path = path_of(id),
                       .path_is_shared = id % 5 == 0};
    assert_ok(frai_writer_add(b, &d, &error_));
}

/* A writer of the other kind of index (0: of text, 1: of pre-tokenized terms). */
static frai_writer_options options_of(int kind, int append)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    o.mode = append ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE;
    o.threads = 1 + (uint32_t)rnd_below(2);
    o.reorder = rnd_below(4) == 0;
    if (kind) o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
    return o;
}

/* Some changes, noted in `kept` too. */
static void change_some(frai_writer *b)
{
    for (int n = (int)rnd_below(40); n > 0; n--) {
        int id = (int)rnd_below(IDS);
        char name[16];
        snprintf(name, sizeof name, "%d", id);
        free(kept[id]);
        kept[id] = NULL;
        if (rnd_below(3) == 0) {
            assert_ok(frai_writer_delete(b, frai_slice_of(name), &error_));
            continue;
        }
        kept[id] = random_body();
        add(b, id, kept[id]);
    }
}

/* ... and a commit. */
static void change(const char *dir, int kind, int round)
{
    frai_writer_options o = options_of(kind, 1);
    frai_writer *b;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    change_some(b);
    if (round % 16 == 15) assert_ok(frai_writer_compact(b, &error_));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
}

static void build_fresh(const char *dir, int kind)
{
    frai_writer_options o = options_of(kind, 0);
    frai_writer *b;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    for (int id = 0; id < IDS; id++)
        if (kept[id]) add(b, id, kept[id]);
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
}

struct side {
    frai_index *index;
    frai_searcher *searcher;
    float score[IDS]; /* of each id; 0: it was no hit */
    uint64_t total;
};

static void open_side(struct side *s, const char *dir)
{
    assert_ok(frai_index_open(dir, NULL, &s->index, &error_));
    assert_ok(frai_searcher_create(s->index, &s->searcher, &error_));
}

static void close_side(struct side *s)
{
    frai_searcher_destroy(s->searcher);
    frai_index_close(s->index);
}

static void take(struct side *s, const struct hit *hits, uint32_t count)
{
    memset(s->score, 0, sizeof s->score);
    for (uint32_t i = 0; i < count; i++) {
        frai_slice id;
        char name[16] = "";
        assert_ok(
            frai_searcher_read_field(s->searcher, hits[i].doc, frai_slice_of("id"), &id, &error_));
        memcpy(name, id.ptr, id.len < 15 ? id.len : 15);
        assert_true(s->score[atoi(name)] == 0);
        s->score[atoi(name)] = hits[i].score;
    }
}

static void assert_alike(const struct side *a, const struct side *b, const char *what)
{
    if (a->total != b->total)
        fail_msg("%s: %llu documents, not %llu", what, (unsigned long long)a->total,
                 (unsigned long long)b->total);
    for (int id = 0; id < IDS; id++)
        if (a->score[id] != b->score[id])
            fail_msg("%s: document %d scores %.9g, not %.9g", what, id, (double)a->score[id],
                     (double)b->score[id]);
}

static void search_words(struct side *s, const char *query, frai_rank rank)
{
    static struct hit hits[HITS];
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    uint32_t count;
    o.limit = HITS;
    o.rank = rank;
    o.flags = FRAI_SEARCH_COUNT_EXACT | FRAI_SEARCH_NO_FIX;
    assert_ok(find_info(s->searcher, frai_slice_of(query), &o, hits, &count, &info));
    s->total = info.total;
    take(s, hits, count);
}

static void search_terms(struct side *s, const char *query, frai_terms_mode mode)
{
    static struct hit hits[HITS];
    uint32_t count;
    assert_ok(find_terms(s->searcher, frai_slice_of(query), mode, HITS, hits, &count, &s->total,
                         &error_));
    take(s, hits, count);
}

static uint32_t segments_of(const frai_index *index)
{
    frai_index_stats s = FRAI_INDEX_STATS_INIT;
    assert_ok(frai_index_read_stats(index, &s, &error_));
    return s.segments;
}

static void compare(const char *changed, const char *fresh, int kind)
{
    static const char *const words[] = {"투자",         "미스트랄 투자", "\"AI model\"",
                                        "프랑스 -투자", "서울 2025년",   "비",
                                        "佛",           "인공지능 투자", "없는것"};
    static const char *const terms[] = {"투자", "미스트랄 투자", "AI", "model AI 비", "프랑스 佛"};
    struct side a, b;
    int living = 0;
    open_side(&a, changed);
    open_side(&b, fresh);
    for (int id = 0; id < IDS; id++) {
        char name[16];
        uint64_t doc;
        snprintf(name, sizeof name, "%d", id);
        frai_status status = frai_index_find(a.index, frai_slice_of(name), &doc, &error_);
        assert_int_equal(status, kept[id] ? FRAI_OK : FRAI_ERR_NOT_FOUND);
        living += kept[id] != NULL;
    }
    assert_int_equal(frai_index_document_count(a.index), living);
    for (size_t i = 0; !kind && i < sizeof words / sizeof *words; i++)
        for (int rank = 0; rank < 2; rank++) {
            search_words(&a, words[i], (frai_rank)rank);
            search_words(&b, words[i], (frai_rank)rank);
            assert_alike(&a, &b, words[i]);
        }
    for (size_t i = 0; kind && i < sizeof terms / sizeof *terms; i++)
        for (int mode = 0; mode <= FRAI_TERMS_OR_TOP_COUNT; mode++) {
            search_terms(&a, terms[i], (frai_terms_mode)mode);
            search_terms(&b, terms[i], (frai_terms_mode)mode);
            assert_alike(&a, &b, terms[i]);
        }
    close_side(&a);
    close_side(&b);
}

static void forget_kept(void)
{
    for (int id = 0; id < IDS; id++) {
        free(kept[id]);
        kept[id] = NULL;
    }
}

static uint32_t segments_in(const char *dir)
{
    frai_index *index;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    uint32_t count = segments_of(index);
    frai_index_close(index);
    return count;
}

/* A writer that stays open while threads merge what it committed: documents that are replaced and
 * deleted meanwhile are not in what the next commit, or waiting, publishes. */
static void merging_beside_the_writer_changes_nothing(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < 2; kind++) {
        const char *dir = temp_dir();
        frai_writer_options o = options_of(kind, 1);
        frai_writer *b;
        uint32_t most = 0;
        o.threads = 2;
        assert_ok(frai_writer_open(dir, &o, &b, &error_));
        for (int round = 0; round < (full_run() ? 400 : 80); round++) {
            change_some(b);
            unsigned way = (unsigned)rnd_below(8);
            if (way == 0) assert_ok(frai_writer_wait(b, &error_)); /* to be published later */
            assert_ok(frai_writer_commit(b, &error_));
            if (way == 1) assert_ok(frai_writer_wait(b, &error_));
            if (way == 2) {
                frai_document d = {.struct_size = sizeof d, .id = frai_slice_of("0")};
                assert_ok(frai_writer_add(b, &d, &error_));
                assert_ok(frai_writer_delete(b, frai_slice_of("1"), &error_));
                assert_ok(frai_writer_rollback(b, &error_));
            }
            if (round % 40 == 39) {
                assert_ok(frai_writer_compact(b, &error_));
                assert_ok(frai_writer_commit(b, &error_));
            }
            uint32_t segments = segments_in(dir);
            most = segments > most ? segments : most;
            if (round % 8) continue;
            const char *fresh = temp_dir();
            build_fresh(fresh, kind);
            assert_ok(frai_index_check(dir, NULL, NULL, &error_));
            compare(dir, fresh, kind);
            remove_tree(fresh);
        }
        assert_in_range(most, 2, 40);
        frai_writer_close(b);
        assert_in_range(segments_in(dir), 1, 7);
        const char *fresh = temp_dir();
        build_fresh(fresh, kind);
        compare(dir, fresh, kind);
        forget_kept();
    }
}

/* Deleting all of what is being merged leaves nothing of it. */
static void what_is_deleted_while_it_merges_is_gone(void **unused)
{
    (void)unused;
    for (int left = 0; left < 2; left++) {
        const char *dir = temp_dir();
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        frai_writer *b;
        o.threads = 2;
        assert_ok(frai_writer_open(dir, &o, &b, &error_));
        for (int part = 0; part < 8; part++) {
            for (int i = 0; i < 3; i++) add(b, part * 3 + i, "미스트랄 투자");
            assert_ok(frai_writer_commit(b, &error_));
        }
        for (int id = 0; id < 24 - left; id++) {
            char name[16];
            snprintf(name, sizeof name, "%d", id);
            assert_ok(frai_writer_delete(b, frai_slice_of(name), &error_));
        }
        assert_ok(frai_writer_wait(b, &error_));
        assert_int_equal(segments_in(dir), 8); /* what is not committed holds it back */
        assert_ok(frai_writer_commit(b, &error_));
        assert_int_equal(segments_in(dir), left);
        frai_writer_close(b);
        assert_int_equal(segments_in(dir), left);
        assert_ok(frai_index_check(dir, NULL, NULL, &error_));
        frai_index *index;
        assert_ok(frai_index_open(dir, NULL, &index, &error_));
        assert_int_equal(frai_index_document_count(index), left);
        frai_index_close(index);
    }
}

static void a_changed_index_is_as_a_fresh_one(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < 2; kind++) {
        const char *dir = temp_dir();
        for (int round = 0; round < (full_run() ? 200 : 30); round++) {
            const char *fresh = temp_dir();
            change(dir, kind, round);
            assert_in_range(segments_in(dir), 0, 8); /* others were merged */
            build_fresh(fresh, kind);
            assert_ok(frai_index_check(dir, NULL, NULL, &error_));
            compare(dir, fresh, kind);
            remove_tree(fresh);
        }
        forget_kept();
    }
}

static void add_record(struct fr_writer *b, int id, const char *body)
{
    struct fr_buf record;
    char name[16];
    snprintf(name, sizeof name, "%d", id);
    fr_buf_init(&record, fr_allocator_or_libc(NULL));
    fr_record_put(&record, FR_FIELD_BODY, frai_slice_of(body));
    fr_record_put(&record, id % 5 ? FR_FIELD_PATH : FR_FIELD_SHARED_PATH, path_of(id));
    assert_ok(fr_writer_add(b, frai_slice_of(name), record.data, record.len, &error_));
    fr_buf_deinit(&record);
}

/* A commit may make several segments, where one may not have so many documents: ids that come again
 * or are deleted within it are found in all of them. */
static void a_commit_of_many_segments_is_as_one_of_one(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    for (int round = 0; round < (full_run() ? 100 : 20); round++) {
        struct fr_writer_options o = {.mem = fr_allocator_or_libc(NULL),
                                      .memory_bytes = 64u << 20,
                                      .threads = 1,
                                      .mode = round > 0 ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE,
                                      .reorder = rnd_below(3) == 0, /* so many at once, too */
                                      .segment_docs = 1 + (uint32_t)rnd_below(round % 4 ? 40 : 3)};
        o.settings = (struct fr_settings){FR_ANALYZER_KOREAN, true, .k1 = 0.9f, .b = 0.4f};
        struct fr_writer *b;
        assert_ok(fr_writer_open(dir, &o, &b, &error_));
        for (int n = (int)rnd_below(150); n > 0; n--) {
            int id = (int)rnd_below(round % 4 ? IDS : 4); /* few: all of a segment go */
            char name[16];
            snprintf(name, sizeof name, "%d", id);
            free(kept[id]);
            kept[id] = rnd_below(4) ? random_body() : NULL;
            if (kept[id])
                add_record(b, id, kept[id]);
            else
                assert_ok(fr_writer_delete(b, frai_slice_of(name), &error_));
        }
        if (round % 8 == 7) assert_ok(fr_writer_compact(b, &error_));
        assert_ok(fr_writer_commit(b, &error_));
        fr_writer_close(b);
        const char *fresh = temp_dir();
        build_fresh(fresh, 0);
        assert_ok(frai_index_check(dir, NULL, NULL, &error_));
        compare(dir, fresh, 0);
        remove_tree(fresh);
    }
    forget_kept();
}

/* Commits the bodies in parts, as documents [first, end). */
static void commit_bodies(const char *dir, const frai_writer_options *options, char *const *bodies,
                          size_t first, size_t end)
{
    frai_writer_options o = *options;
    frai_writer *b;
    o.mode = first > 0 ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    for (size_t i = first; i < end; i++) add_body(b, i, frai_slice_of(bodies[i]));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
}

enum { MERGED = 400, PARTS = 8 };

/* Without text, whose dictionary is another, a merged file has the bytes of one built at once:
 * every bound, width and statistic. */
static void merging_gives_the_bytes_of_building(void **unused)
{
    (void)unused;
    char *bodies[MERGED];
    for (int i = 0; i < MERGED; i++) {
        bodies[i] = random_body(); /* no two alike: which lines repeat is told by chunks */
        for (char *at = bodies[i]; *at; at++)
            if (*at == '\n') *at = ' ';
        sprintf(bodies[i] + strlen(bodies[i]), " 번호%d", i);
    }
    for (int kind = 0; kind < 2; kind++) {
        const char *parts = temp_dir(), *whole = temp_dir();
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        size_t len, whole_len, cuts[PARTS + 1] = {0};
        o.store_text = 0;
        if (kind) o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
        for (int i = 1; i <= PARTS; i++)
            cuts[i] = i == PARTS ? MERGED : cuts[i - 1] + 1 + rnd_below(MERGED / PARTS);
        for (int i = 0; i < PARTS; i++) commit_bodies(parts, &o, bodies, cuts[i], cuts[i + 1]);
        commit_bodies(whole, &o, bodies, 0, MERGED);
        unsigned char *merged = read_file(segment_path(parts), &len);
        unsigned char *built = read_file(segment_path(whole), &whole_len);
        assert_int_equal(len, whole_len);
        assert_memory_equal(merged, built, len);
        free(merged);
        free(built);
        const char *few = temp_dir();
        frai_writer *b;
        for (int i = 0; i < 3; i++)
            commit_bodies(few, &o, bodies, (size_t)i * MERGED / 3, (size_t)(i + 1) * MERGED / 3);
        o.mode = FRAI_OPEN_OR_CREATE;
        assert_ok(frai_writer_open(few, &o, &b, &error_));
        assert_int_equal(frai_writer_delete_path(b, frai_slice_of("p"), &error_),
                         FRAI_ERR_UNSUPPORTED);
        assert_ok(frai_writer_compact(b, &error_));
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
        merged = read_file(segment_path(few), &len);
        built = read_file(segment_path(whole), &whole_len);
        assert_int_equal(len, whole_len);
        assert_memory_equal(merged, built, len);
        free(merged);
        free(built);
    }
    for (int i = 0; i < MERGED; i++) free(bodies[i]);
}

static void deleting_half_gives_the_room_back(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    char *bodies[2000];
    for (int i = 0; i < 2000; i++) bodies[i] = random_body();
    commit_bodies(dir, &o, bodies, 0, 2000);
    size_t before = index_bytes(dir);
    o.mode = FRAI_OPEN_OR_CREATE;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    for (int i = 0; i < 2000; i += 2) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        assert_ok(frai_writer_delete(b, frai_slice_of(name), &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_in_range(index_bytes(dir), before / 4, before * 6 / 10);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    frai_index *index;
    frai_searcher *s;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_int_equal(frai_index_document_count(index), 1000);
    for (uint64_t doc = 0; doc < 1000; doc++) { /* text and ids went along */
        frai_slice body;
        assert_ok(frai_searcher_read_field(s, doc, frai_slice_of("body"), &body, &error_));
        assert_int_equal(body.len, strlen(bodies[2 * doc + 1]));
        assert_memory_equal(body.ptr, bodies[2 * doc + 1], body.len);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
    for (int i = 0; i < 2000; i++) free(bodies[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_changed_index_is_as_a_fresh_one),
                                       cmocka_unit_test(merging_beside_the_writer_changes_nothing),
                                       cmocka_unit_test(what_is_deleted_while_it_merges_is_gone),
                                       cmocka_unit_test(a_commit_of_many_segments_is_as_one_of_one),
                                       cmocka_unit_test(merging_gives_the_bytes_of_building),
                                       cmocka_unit_test(deleting_half_gives_the_room_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
