/* Statistics of a query, summed over indexes: a corpus in parts, each searched with the sum, gives
 * the hits and scores of the index of all, to the bit. FRAI_SEED repeats a run. */
#include <stdio.h>
#include <string.h>

#include "api/handles.h"
#include "query/search.h"
#include "support/support.h"

enum { DOCS = 240, PARTS_MAX = 5, LIMIT = 30 };

static const char *const words[] = {
    "투자",     "투자소식", "소식",   "서울",     "서울의", "미스트랄",  "국회",      "國會",
    "Mistral",  "콘텐츠",   "컨텐츠", "비",       "비가",   "중",        "중국",      "2025년",
    "5월 21일", "C++",      "models", "model",    "발표",   "발표했다.", "e스포츠란", "회의록",
    "프랑스",   "佛",       "a_b.c",  "검색엔진", "검색",   "엔진이",
};
enum { WORDS = sizeof words / sizeof *words };

static const char *const rare = "정상회담";

/* ---- a corpus and its parts ---- */

struct part {
    frai_index *index;
    frai_searcher *searcher;
};
static struct part whole, parts[PARTS_MAX];
static int part_count;
static char bodies[DOCS][600];
static bool deleted[DOCS];

static void make_bodies(void)
{
    for (int i = 0; i < DOCS; i++) {
        size_t n = 0, count = 1 + rnd_below(20);
        for (size_t k = 0; k < count; k++)
            n += (size_t)sprintf(bodies[i] + n, "%s ", words[rnd_below(1 + rnd_below(WORDS))]);
        if (rnd_below(40) == 0) n += (size_t)sprintf(bodies[i] + n, "%s", rare);
        sprintf(bodies[i] + n, "%d", i);
        deleted[i] = rnd_below(12) == 0;
    }
}

static void add_document(frai_writer *b, int i)
{
    char id[16], path[64];
    frai_document d = {.struct_size = sizeof d, .body = frai_slice_of(bodies[i])};
    snprintf(id, sizeof id, "%d", i);
    snprintf(path, sizeof path, "글/%s-%d.txt", words[i % 7], i);
    d.id = frai_slice_of(id);
    d.path = frai_slice_of(path);
    assert_ok(frai_writer_add(b, &d, &error_));
}

/* Documents [from, to) in one or more segments, those that are deleted among them. */
static struct part make_part(int from, int to, uint32_t analyzer)
{
    struct part p;
    const char *dir = temp_dir();
    frai_writer_options wo = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    char id[16];
    wo.analyzer = analyzer;
    assert_ok(frai_writer_open(dir, &wo, &b, &error_));
    for (int i = from; i < to; i++) {
        add_document(b, i);
        if (rnd_below(60) == 0) assert_ok(frai_writer_commit(b, &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    for (int i = from; i < to; i++) {
        if (!deleted[i]) continue;
        snprintf(id, sizeof id, "%d", i);
        assert_ok(frai_writer_delete(b, frai_slice_of(id), &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_ok(frai_index_open(dir, NULL, &p.index, &error_));
    assert_ok(frai_searcher_create(p.index, &p.searcher, &error_));
    return p;
}

static void close_part(struct part *p)
{
    frai_searcher_destroy(p->searcher);
    frai_index_close(p->index);
}

static void make_parts(uint32_t analyzer)
{
    make_bodies();
    whole = make_part(0, DOCS, analyzer);
    part_count = 2 + (int)rnd_below(PARTS_MAX - 1);
    for (int k = 0, from = 0; k < part_count; k++) {
        int to = k + 1 == part_count ? DOCS : from + (int)rnd_below(2 * DOCS / part_count);
        if (to > DOCS) to = DOCS;
        parts[k] = make_part(from, to, analyzer);
        from = to;
    }
}

static void close_parts(void)
{
    close_part(&whole);
    for (int k = 0; k < part_count; k++) close_part(&parts[k]);
}

/* ---- a coordinator ---- */

struct hit {
    char id[16];
    float score;
    int tier, part;
    uint64_t doc;
};

static uint32_t search(const struct part *p, frai_slice query, const frai_search_options *o,
                       const struct fr_collection_stats *stats, int number, struct hit *out)
{
    struct fr_searcher *s = &p->searcher->searcher;
    fr_searcher_forget(s);
    fr_searcher_begin(s);
    assert_ok(fr_searcher_search_by(s, query, o, stats, &error_));
    assert_ok(fr_searcher_end(s, FRAI_OK, &error_));
    uint32_t count = frai_results_count(&s->results);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t doc = frai_results_doc(&s->results, i);
        const struct fr_hit *hit = fr_searcher_hit(s, doc);
        frai_slice id;
        out[i] = (struct hit){"", frai_results_score(&s->results, i), 0, number, doc};
        if (hit) out[i].tier = hit->tier;
        assert_ok(frai_searcher_read_field(p->searcher, doc, frai_slice_of("id"), &id, &error_));
        snprintf(out[i].id, sizeof out[i].id, "%.*s", (int)id.len, id.ptr);
    }
    return count;
}

/* Through bytes, as it would go between machines. */
static void add_part(const struct part *p, frai_slice query, const frai_search_options *o,
                     struct fr_collection_stats *sum)
{
    struct fr_searcher *s = &p->searcher->searcher;
    struct fr_collection_stats own, read;
    struct fr_buf bytes;
    fr_stats_init(&own, s->context.snapshot->mem);
    fr_stats_init(&read, s->context.snapshot->mem);
    fr_buf_init(&bytes, s->context.snapshot->mem);
    assert_ok(fr_searcher_collect(s, query, o, &own, &error_));
    fr_stats_write(&own, &bytes);
    assert_ok(fr_stats_read(&read, bytes.data, bytes.len, &error_));
    assert_true(fr_stats_add(sum, &read));
    fr_stats_deinit(&own);
    fr_stats_deinit(&read);
    fr_buf_deinit(&bytes);
}

static int by_rank(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    if (x->tier != y->tier) return x->tier - y->tier;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    if (x->part != y->part) return x->part - y->part;
    return x->doc < y->doc ? -1 : 1;
}

static uint32_t search_parts(frai_slice query, const frai_search_options *o, struct hit *out)
{
    const frai_allocator *mem = fr_allocator_or_libc(NULL);
    struct fr_collection_stats sum;
    uint32_t count = 0;
    fr_stats_init(&sum, mem);
    for (int k = 0; k < part_count; k++) add_part(&parts[k], query, o, &sum);
    for (int k = 0; k < part_count; k++) count += search(&parts[k], query, o, &sum, k, out + count);
    fr_stats_deinit(&sum);
    qsort(out, count, sizeof *out, by_rank);
    return count < LIMIT ? count : LIMIT;
}

static size_t random_query(char *out, size_t room)
{
    size_t n = 0, count = 1 + rnd_below(4);
    for (size_t i = 0; i < count; i++) {
        const char *word = rnd_below(12) ? words[rnd_below(WORDS)] : rare, *before = "";
        if (rnd_below(8) == 0) before = i ? "-" : "\"";
        n += (size_t)snprintf(out + n, room - n, "%s%s%s ", before, word,
                              before[0] == '"' ? "\"" : "");
    }
    return n;
}

static void assert_parts_are_the_whole(frai_slice query, const frai_search_options *o)
{
    static struct hit expected[LIMIT], found[LIMIT * PARTS_MAX];
    uint32_t n = search(&whole, query, o, NULL, 0, expected), m = search_parts(query, o, found);
    if (n != m) fail_msg("%.*s: %u hits, not %u", (int)query.len, query.ptr, m, n);
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(found[i].id, expected[i].id) == 0 &&
            memcmp(&found[i].score, &expected[i].score, 4) == 0 &&
            found[i].tier == expected[i].tier)
            continue;
        fail_msg(
            "%.*s (flags %u, match %d, rank %d), hit %u of %u: document %s with %.9g (%d), not "
            "%s with %.9g (%d)",
            (int)query.len, query.ptr, o->flags, o->match, o->rank, i, n, found[i].id,
            (double)found[i].score, found[i].tier, expected[i].id, (double)expected[i].score,
            expected[i].tier);
    }
}

/* How many documents a query finds: more are not ranked by positions in one index, but may be in
 * several. */
static bool is_ranked_whole(frai_slice query, const frai_search_options *o)
{
    frai_search_options all = *o;
    all.flags |= FRAI_SEARCH_COUNT_EXACT;
    all.match = FRAI_MATCH_ANY;
    struct fr_searcher *s = &whole.searcher->searcher;
    fr_searcher_forget(s);
    assert_ok(fr_searcher_search(s, query, &all, &error_));
    return s->results.info.total <= fr_rank_model_default.depth;
}

static void parts_give_the_hits_of_the_whole(void **unused)
{
    (void)unused;
    int compared = 0, corpora = full_run() ? 200 : 6;
    for (int i = 0; i < corpora; i++) {
        make_parts(i % 6 == 5 ? FRAI_ANALYZER_PRETOKENIZED : FRAI_ANALYZER_KOREAN);
        for (int k = 0; k < 80; k++) {
            char text[200];
            frai_slice query = {text, random_query(text, sizeof text)};
            frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
            o.limit = LIMIT;
            o.flags = FRAI_SEARCH_NO_FIX | (rnd_below(4) ? 0 : FRAI_SEARCH_EXACT) |
                      (rnd_below(4) ? 0 : FRAI_SEARCH_PREFIX);
            o.match = (frai_match)rnd_below(3);
            o.rank = rnd_below(2) ? FRAI_RANK_DEFAULT : FRAI_RANK_BM25;
            if (o.rank == FRAI_RANK_DEFAULT && !is_ranked_whole(query, &o)) continue;
            assert_parts_are_the_whole(query, &o);
            compared++;
        }
        close_parts();
    }
    assert_true(compared > 100);
}

static void a_sum_is_what_scores_are_made_of(void **unused)
{
    (void)unused;
    struct hit own[LIMIT], by_sum[LIMIT];
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_slice query = frai_slice_of("투자 소식");
    struct fr_collection_stats sum;
    o.flags = FRAI_SEARCH_NO_FIX;
    make_parts(FRAI_ANALYZER_KOREAN);
    fr_stats_init(&sum, fr_allocator_or_libc(NULL));
    add_part(&whole, query, &o, &sum);
    uint32_t n = search(&whole, query, &o, NULL, 0, own);
    assert_true(n > 0);
    assert_int_equal(search(&whole, query, &o, &sum, 0, by_sum), n);
    for (uint32_t i = 0; i < n; i++) assert_true(own[i].score == by_sum[i].score);
    sum.all.documents *= 1000; /* the words are rarer, each document is shorter than the average */
    sum.all.tokens *= 2000;
    assert_int_equal(search(&whole, query, &o, &sum, 0, by_sum), n);
    for (uint32_t i = 0; i < n; i++) assert_true(own[i].score < by_sum[i].score);
    n = search(&whole, query, &o, NULL, 0, by_sum); /* and its own again */
    for (uint32_t i = 0; i < n; i++) assert_true(own[i].score == by_sum[i].score);
    fr_stats_deinit(&sum);
    close_parts();
}

static void hostile_bytes_are_refused_or_harmless(void **unused)
{
    (void)unused;
    struct hit hits[LIMIT];
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_slice query = frai_slice_of("투자 소식 비 -서울");
    struct fr_collection_stats sum, read;
    struct fr_buf bytes;
    int refused = 0, taken = 0;
    make_parts(FRAI_ANALYZER_KOREAN);
    fr_stats_init(&sum, fr_allocator_or_libc(NULL));
    fr_stats_init(&read, fr_allocator_or_libc(NULL));
    fr_buf_init(&bytes, fr_allocator_or_libc(NULL));
    add_part(&whole, query, &o, &sum);
    fr_stats_write(&sum, &bytes);
    assert_ok(fr_stats_read(&read, bytes.data, bytes.len, &error_));
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_equal(fr_stats_read(&read, bytes.data, len, &error_), FRAI_ERR_CORRUPT);
    assert_int_equal(fr_vec_count(&read.terms), 0);
    for (int i = 0; i < (full_run() ? 100000 : 3000); i++) {
        size_t len = bytes.len;
        uint8_t *copy = malloc(len);
        memcpy(copy, bytes.data, len);
        for (uint64_t k = 1 + rnd_below(3); k > 0; k--) copy[rnd_below(len)] = (uint8_t)rnd();
        frai_status status = fr_stats_read(&read, copy, len, &error_);
        free(copy);
        refused += status == FRAI_ERR_CORRUPT;
        taken += status == FRAI_OK;
        if (status != FRAI_OK) continue;
        assert_true(fr_stats_add(&read, &sum));
        search(&whole, query, &o, &read, 0, hits);
    }
    assert_true(refused > 0 && taken > 0);
    fr_buf_u8(&bytes, 0);
    assert_int_equal(fr_stats_read(&read, bytes.data, bytes.len, &error_), FRAI_ERR_CORRUPT);
    assert_int_equal(fr_stats_read(&read, NULL, 0, &error_), FRAI_ERR_CORRUPT);
    fr_buf_deinit(&bytes);
    fr_stats_deinit(&read);
    fr_stats_deinit(&sum);
    close_parts();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_give_the_hits_of_the_whole),
        cmocka_unit_test(a_sum_is_what_scores_are_made_of),
        cmocka_unit_test(hostile_bytes_are_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
