/* Every evaluator against an oracle over plain arrays, on random and adversarial indexes of one and
 * of several segments. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "simd/dispatch.h"
#include "support/search.h"
#include "support/support.h"

#define DOCS_MAX   40000
#define VOCABULARY 40
#define LENGTH_MAX 60

/* A collection: each document a list of term numbers. */
static uint8_t terms[DOCS_MAX][LENGTH_MAX];
static int lengths[DOCS_MAX], docs;

static const char *term_name(int t)
{
    static char names[8][8];
    static int next;
    char *out = names[next = (next + 1) % 8];
    unsigned cp = 0xAC00 + (unsigned)t * 28;
    if (t % 2)
        snprintf(out, 8, "w%d", t);
    else /* a pair */
        snprintf(out, 8, "가%c%c%c", 0xE0 | cp >> 12, 0x80 | ((cp >> 6) & 63), 0x80 | (cp & 63));
    return out;
}

enum shape { ZIPF, ALL_DENSE, ALL_RARE, ONE_TERM, TIES, STEPS, LONG };

/* Each term in four of five documents of the one before: every form of postings is there. */
static int steps(uint8_t *out)
{
    int n = 0;
    for (int t = 0; t < VOCABULARY && n < LENGTH_MAX; t++) {
        if (exp(t * log(0.8)) * 0x1p32 <= (double)(rnd() >> 32)) continue;
        int tf = rnd_below(8) ? 1 + (int)rnd_below(2) : 1 + (int)rnd_below(25);
        while (tf-- && n < LENGTH_MAX) out[n++] = (uint8_t)t;
    }
    for (int i = 0; i + 1 < n; i++) { /* phrases of neighbours */
        int k = i + (int)rnd_below(2);
        uint8_t swap = out[i];
        out[i] = out[k];
        out[k] = swap;
    }
    return n;
}

static void make(enum shape shape, int count)
{
    docs = count;
    for (int d = 0; d < docs; d++) {
        if (shape == STEPS) {
            lengths[d] = steps(terms[d]);
            continue;
        }
        if (shape == LONG) { /* rare terms stand in long documents only, among short ones */
            bool is_long = rnd_below(8) == 0;
            lengths[d] = is_long ? 30 + (int)rnd_below(30) : 1 + d / 64 % 12;
            for (int i = 0; i < lengths[d]; i++)
                terms[d][i] = (uint8_t)(is_long && i < 2 ? 1 + rnd_below(VOCABULARY - 1) : 0);
            continue;
        }
        lengths[d] = shape == TIES ? 4 : (int)rnd_below(LENGTH_MAX);
        for (int i = 0; i < lengths[d]; i++) {
            double u = (double)(rnd() >> 11) * 0x1p-53;
            int t = (int)(exp(u * log(VOCABULARY + 1.0)) - 1);
            if (shape == ALL_DENSE) t = (int)rnd_below(4);
            if (shape == ALL_RARE) t = d % 50 ? VOCABULARY - 1 : (int)rnd_below(VOCABULARY - 1);
            if (shape == ONE_TERM) t = 0;
            if (shape == TIES) t = i % 3;
            terms[d][i] = (uint8_t)(t < VOCABULARY ? t : VOCABULARY - 1);
        }
    }
}

static void add_docs(frai_writer *writer, int from, int to)
{
    static char body[LENGTH_MAX * 8];
    for (int d = from; d < to; d++) {
        size_t n = 0;
        for (int i = 0; i < lengths[d]; i++)
            n += (size_t)sprintf(body + n, "%s ", term_name(terms[d][i]));
        add_body(writer, (size_t)d, (frai_slice){body, n});
    }
}

static void build(const char *dir, int segments)
{
    for (int s = 0; s < segments; s++) {
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        frai_writer *writer;
        o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
        o.mode = s > 0 ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE;
        assert_ok(frai_writer_open(dir, &o, &writer, &error_));
        add_docs(writer, docs * s / segments, docs * (s + 1) / segments);
        assert_ok(frai_writer_commit(writer, &error_));
        frai_writer_close(writer);
    }
}

/* ---- the oracle: doubles, no index ---- */

/* Lengths as one byte keeps them: exact to 23, then four significant bits of what is above 24. */
static double kept_length(int n)
{
    if (n < 24) return n;
    int v = n - 24, shift = 0;
    while (v >> shift >= 16) shift++;
    return 24 + (v >> shift << shift);
}

static int tf_of(int d, int t)
{
    int n = 0;
    for (int i = 0; i < lengths[d]; i++) n += terms[d][i] == t;
    return n;
}

static int df_of(int t)
{
    int n = 0;
    for (int d = 0; d < docs; d++) n += tf_of(d, t) > 0;
    return n;
}

/* N: documents with a term. */
static int texts(void)
{
    int n = 0;
    for (int d = 0; d < docs; d++) n += lengths[d] > 0;
    return n;
}

static double average(void)
{
    double sum = 0;
    for (int d = 0; d < docs; d++) sum += lengths[d];
    return texts() ? sum / texts() : 0;
}

static double idf(int t)
{
    double df = df_of(t);
    return df ? log(1 + (texts() - df + 0.5) / (df + 0.5)) : 0;
}

static double bm25(int tf, int d, double avg)
{
    return tf / (tf + 0.9 * (1 - 0.4 + 0.4 * kept_length(lengths[d]) / avg));
}

struct expected {
    double score;
    int doc, matches;
};

static int phrase_count(int d, const int *query, int n)
{
    int found = 0;
    for (int i = 0; i + n <= lengths[d]; i++) {
        int k = 0;
        while (k < n && terms[d][i + k] == query[k]) k++;
        found += k == n;
    }
    return found;
}

static int distinct(const int *query, int n, int *out)
{
    int count = 0;
    for (int i = 0; i < n; i++) {
        int k = 0;
        while (k < count && out[k] != query[i]) k++;
        if (k == count) out[count++] = query[i];
    }
    return count;
}

static struct expected expected[DOCS_MAX];
static int expected_count;

static int better(const void *a, const void *b)
{
    const struct expected *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return x->doc - y->doc;
}

static void expect(frai_terms_mode mode, const int *query, int n)
{
    int unique[64], u = distinct(query, n, unique);
    double avg = average(), weight[64], phrase_weight = 0;
    for (int i = 0; i < u; i++) weight[i] = idf(unique[i]);
    for (int i = 0; i < n; i++) phrase_weight += idf(query[i]);
    expected_count = 0;
    for (int d = 0; d < docs; d++) {
        double score = 0;
        int held = 0;
        for (int i = 0; i < u; i++) {
            int tf = tf_of(d, unique[i]);
            held += tf > 0;
            if (tf) score += weight[i] * bm25(tf, d, avg);
        }
        int matches = mode == FRAI_TERMS_AND || mode == FRAI_TERMS_AND_COUNT ||
                              mode == FRAI_TERMS_AND_EXHAUSTIVE
                          ? held == u && u > 0
                          : held > 0;
        if (mode == FRAI_TERMS_PHRASE) {
            int tf = n ? phrase_count(d, query, n) : 0;
            matches = tf > 0;
            score = tf ? phrase_weight * bm25(tf, d, avg) : 0;
        }
        if (matches) expected[expected_count++] = (struct expected){score, d, 1};
    }
    qsort(expected, (size_t)expected_count, sizeof *expected, better);
}

static void check(frai_searcher *s, frai_terms_mode mode, const int *query, int n, uint32_t k)
{
    char text[1024];
    size_t len = 0;
    text[0] = '\0';
    for (int i = 0; i < n; i++) len += (size_t)sprintf(text + len, "%s ", term_name(query[i]));
    struct hit *hits = calloc(k + 1, sizeof *hits);
    uint32_t count = 0;
    uint64_t total = 0;
    assert_ok(find_terms(s, (frai_slice){text, len}, mode, k, hits, &count, &total, &error_));
    expect(mode, query, n);
    if (mode != FRAI_TERMS_OR && mode != FRAI_TERMS_AND && mode != FRAI_TERMS_PHRASE)
        assert_int_equal(total, expected_count);
    if (mode == FRAI_TERMS_OR_COUNT || mode == FRAI_TERMS_AND_COUNT) {
        free(hits);
        return;
    }
    uint32_t wanted = (uint32_t)expected_count < k ? (uint32_t)expected_count : k;
    if (count != wanted) fail_msg("mode %d, '%s': %u hits, not %u", mode, text, count, wanted);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(fabs((double)hits[i].score - expected[i].score) <
                    1e-5 * (1 + expected[i].score));
        if (i)
            assert_true(hits[i].score < hits[i - 1].score ||
                        (hits[i].score == hits[i - 1].score && hits[i].doc > hits[i - 1].doc));
        /* the document is the oracle's, or one that it scores the same to the last float bits */
        double its = -1;
        for (int e = 0; e < expected_count; e++)
            if ((uint64_t)expected[e].doc == hits[i].doc) its = expected[e].score;
        assert_true(fabs(its - expected[i].score) < 1e-5 * (1 + its));
    }
    free(hits);
}

/* Pruning must give the very list, bits included, that the exhaustive evaluator gives. */
static void check_same_text(frai_searcher *s, frai_slice text, uint32_t k)
{
    static const frai_terms_mode pairs[][2] = {{FRAI_TERMS_OR, FRAI_TERMS_OR_EXHAUSTIVE},
                                               {FRAI_TERMS_AND, FRAI_TERMS_AND_EXHAUSTIVE}};
    struct hit *a = calloc(k + 1, sizeof *a), *b = calloc(k + 1, sizeof *b);
    for (int p = 0; p < 2; p++) {
        uint32_t x, y;
        uint64_t total;
        assert_ok(find_terms(s, text, pairs[p][0], k, a, &x, &total, &error_));
        assert_ok(find_terms(s, text, pairs[p][1], k, b, &y, &total, &error_));
        assert_int_equal(x, y);
        for (uint32_t i = 0; i < x; i++) {
            assert_int_equal(a[i].doc, b[i].doc);
            assert_memory_equal(&a[i].score, &b[i].score, sizeof a[i].score);
        }
    }
    free(a);
    free(b);
}

static void check_same(frai_searcher *s, const int *query, int n, uint32_t k)
{
    char text[1024];
    size_t len = 0;
    for (int i = 0; i < n; i++) len += (size_t)sprintf(text + len, "%s ", term_name(query[i]));
    check_same_text(s, (frai_slice){text, len}, k);
}

static void compare(enum shape shape, int count, int segments)
{
    const char *dir = temp_dir();
    frai_index *index;
    frai_searcher *s;
    make(shape, count);
    build(dir, segments);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_int_equal(frai_index_document_count(index), docs);
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (int q = 0; q < (full_run() ? 200 : 25); q++) {
        int query[16], n = q == 0 ? 0 : 1 + (int)rnd_below(q % 5 ? 5 : 16);
        for (int i = 0; i < n; i++)
            query[i] = (int)rnd_below(VOCABULARY + 2); /* the last two: in no document */
        static const uint32_t ks[] = {1, 2, 10, 100, 1000};
        uint32_t k = ks[rnd_below(5)];
        for (int mode = FRAI_TERMS_OR; mode <= FRAI_TERMS_OR_TOP_COUNT; mode++)
            check(s, (frai_terms_mode)mode, query, n, k);
        check_same(s, query, n, k);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* The first step of evaluating a query of terms. */
static const frai_plan_step *evaluated(frai_searcher *s, frai_terms_mode mode, const char *query)
{
    struct hit hits[10];
    uint32_t count;
    uint64_t total;
    const frai_query_plan *plan;
    assert_ok(
        find_terms(s, (frai_slice){query, strlen(query)}, mode, 10, hits, &count, &total, &error_));
    assert_ok(frai_searcher_describe_plan(s, &plan, &error_));
    assert_true(frai_query_plan_count(plan) > 0);
    return frai_query_plan_step(plan, 0);
}

/* Pages of frai_search are parts of one list. */
static void check_pages(frai_searcher *s, frai_slice query, frai_match match)
{
    enum { ALL = 50, PAGE = 7 };
    struct hit all[ALL], page[PAGE];
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    uint32_t count, n;
    o.match = match;
    o.limit = ALL;
    assert_ok(find_hits(s, query, &o, all, &count, &error_));
    assert_true(count > PAGE);
    o.limit = PAGE;
    for (o.offset = 0; o.offset < count; o.offset += PAGE) {
        assert_ok(find_hits(s, query, &o, page, &n, &error_));
        uint32_t left = count - (uint32_t)o.offset;
        assert_int_equal(n, count < ALL && left < PAGE ? left : PAGE);
        for (uint32_t i = 0; i < n && i < left; i++) {
            assert_int_equal(page[i].doc, all[o.offset + i].doc);
            assert_true(page[i].score == all[o.offset + i].score);
        }
    }
}

/* Frequent terms w1 and w3 (dense), and w9, w11 in few documents. */
static void the_plan_follows_the_postings(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *writer;
    frai_index *index;
    frai_searcher *s;
    o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
    assert_ok(frai_writer_open(dir, &o, &writer, &error_));
    for (int d = 0; d < 20000; d++) {
        char body[32];
        size_t n = (size_t)sprintf(body, "w1 %s%s", d % 3 ? "w3 " : "", d % 1000 ? "" : "w9 w11");
        add_body(writer, (size_t)d, (frai_slice){body, n});
    }
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_int_equal(evaluated(s, FRAI_TERMS_OR, "w1 w9")->method, FRAI_METHOD_BLOCK_MAX);
    assert_int_equal(evaluated(s, FRAI_TERMS_AND, "w1 w3")->method, FRAI_METHOD_BLOCK_MAX_AND);
    assert_int_equal(evaluated(s, FRAI_TERMS_AND, "w1 w9")->method, FRAI_METHOD_RAREST_TERM);
    assert_int_equal(evaluated(s, FRAI_TERMS_AND_COUNT, "w1 w3")->method, FRAI_METHOD_ROWS);
    assert_int_equal(evaluated(s, FRAI_TERMS_OR_COUNT, "w1")->method, FRAI_METHOD_FREQUENCY);
    assert_int_equal(evaluated(s, FRAI_TERMS_OR_COUNT, "w1")->matches, 20000);
    assert_int_equal(evaluated(s, FRAI_TERMS_OR_COUNT, "w1 w9")->matches, 20000);
    assert_int_equal(evaluated(s, FRAI_TERMS_OR_COUNT, "w1 w3 w9")->method, FRAI_METHOD_BITS);
    assert_int_equal(evaluated(s, FRAI_TERMS_OR_COUNT, "w1 w9")->method, FRAI_METHOD_TWO_TERMS);
    assert_int_equal(evaluated(s, FRAI_TERMS_AND, "w1 nowhere")->method, FRAI_METHOD_NONE);
    assert_int_equal(evaluated(s, FRAI_TERMS_PHRASE, "w9 w11")->method, FRAI_METHOD_RAREST_TERM);
    check_pages(s, frai_slice_of("w1 w3"), FRAI_MATCH_ALL);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void random_collections(void **unused)
{
    (void)unused;
    compare(ZIPF, 1000, 1);
    compare(ZIPF, 3000, 1);
    compare(STEPS, DOCS_MAX, 1);
    compare(STEPS, 9000, 2);
    compare(ZIPF, 700, 3);
}

static void adversarial_collections(void **unused)
{
    (void)unused;
    compare(ALL_DENSE, 2000, 1);
    compare(ALL_RARE, 2500, 2);
    compare(ONE_TERM, 1500, 1);
    compare(TIES, 1300, 2);
    compare(LONG, DOCS_MAX, 1);
    compare(ZIPF, 1, 1);
    compare(ZIPF, 129, 1);
    compare(ZIPF, 0, 1);
}

/* So many postings of rare terms that the evaluator takes the documents in slices. */
static void a_thousand_rare_terms(void **unused)
{
    (void)unused;
    enum { WORDS = 1100, ASKED = 1000 };
    const char *dir = temp_dir();
    static char query[ASKED * 8];
    size_t len = 0;
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *writer;
    frai_index *index;
    frai_searcher *s;
    o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
    assert_ok(frai_writer_open(dir, &o, &writer, &error_));
    for (int d = 0; d < DOCS_MAX; d++) {
        char body[100];
        size_t n = 0;
        for (int i = 0; i < 8; i++) n += (size_t)sprintf(body + n, "w%d ", (int)rnd_below(WORDS));
        add_body(writer, (size_t)d, (frai_slice){body, n});
    }
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
    for (int i = 0; i < ASKED; i++) len += (size_t)sprintf(query + len, "w%d ", i);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    check_same_text(s, (frai_slice){query, len}, 100);
    check_pages(s, frai_slice_of("w1 w2 w3"), FRAI_MATCH_ANY);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static uint32_t phrases(frai_searcher *s, const char *text)
{
    struct hit hits[4];
    uint32_t count;
    uint64_t total;
    assert_ok(find_terms(s, (frai_slice){text, strlen(text)}, FRAI_TERMS_PHRASE, 4, hits, &count,
                         &total, &error_));
    return count;
}

/* Positions and term frequencies that need more than 16 bits. */
static void a_long_document(void **unused)
{
    (void)unused;
    enum { WORDS = 200000, MARK = 150001 };
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *writer;
    frai_index *index;
    frai_searcher *s;
    char *body = malloc((size_t)WORDS * 7 + 1);
    size_t n = 0;
    for (int i = 0; i < WORDS; i++)
        n += (size_t)sprintf(body + n, "%s ", i == MARK ? "거기" : i % 2 ? "여기" : "w1");
    o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
    assert_ok(frai_writer_open(dir, &o, &writer, &error_));
    add_body(writer, 0, (frai_slice){"w1 여기 거기", 16});
    add_body(writer, 1, (frai_slice){body, n});
    add_body(writer, 2, (frai_slice){"여기 w1 여기 w1 거기 w1", 29});
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
    free(body);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_int_equal(phrases(s, "w1 거기 w1 여기 w1"), 1);
    assert_int_equal(phrases(s, "w1 거기 w1"), 2);
    assert_int_equal(phrases(s, "거기 여기"), 0);
    assert_int_equal(phrases(s, "여기 w1"), 2);
    assert_int_equal(phrases(s, "w1 여기 거기"), 1);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* K of a document whose length a norm keeps exactly, among as many of each of two lengths. */
static double k_of(int length, int other)
{
    return 0.9 * (1 - 0.4 + 0.4 * length / ((length + other) / 2.0));
}

/* A phrase that documents have so often that scores differ in their last bits: each long document
 * is the better one of a pair, by as little as can be. */
static void a_phrase_that_stands_often(void **unused)
{
    (void)unused;
    enum { PAIRS = 20, SHORT = 24 + 16 * 1024, LONG_ONE = 24 + 24 * 1024, LEAST = 7000 };
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *writer;
    frai_index *index;
    frai_searcher *s;
    struct hit all[2 * PAIRS], best[2 * PAIRS];
    uint32_t count, n;
    uint64_t total;
    frai_slice phrase = {"w1 w3", 5};
    char *body = malloc(LONG_ONE * 3 + 1);
    int often[PAIRS];
    double ratio = k_of(LONG_ONE, SHORT) / k_of(SHORT, LONG_ONE);
    for (int i = PAIRS, times = LEAST; i-- > 0;) { /* the best first */
        do times += 1 + (int)rnd_below(2);
        while (ceil(times * ratio) - times * ratio > 0.04);
        often[i] = times;
    }
    o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
    assert_ok(frai_writer_open(dir, &o, &writer, &error_));
    for (int d = 0; d < 2 * PAIRS; d++) {
        bool is_long = d < PAIRS;
        int times = often[d % PAIRS], length = is_long ? LONG_ONE : SHORT;
        if (is_long) times = (int)ceil(times * ratio);
        size_t len = 0;
        for (int i = 0; i < times; i++) len += (size_t)sprintf(body + len, "w1 w3 ");
        for (int i = 2 * times; i < length - 2; i++) len += (size_t)sprintf(body + len, "w5 ");
        len += (size_t)sprintf(body + len, d % 2 ? "w7 w5 " : "w7 w7 ");
        add_body(writer, (size_t)d, (frai_slice){body, len});
    }
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
    free(body);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_ok(find_terms(s, phrase, FRAI_TERMS_PHRASE, 2 * PAIRS, all, &count, &total, &error_));
    assert_int_equal(count, 2 * PAIRS);
    for (uint32_t k = 1; k < count; k++) {
        assert_ok(find_terms(s, phrase, FRAI_TERMS_PHRASE, k, best, &n, &total, &error_));
        assert_int_equal(n, k);
        for (uint32_t i = 0; i < k; i++) assert_int_equal(best[i].doc, all[i].doc);
    }
    phrase.ptr = "w7 w5"; /* one place among thousands */
    assert_ok(find_terms(s, phrase, FRAI_TERMS_PHRASE, 2 * PAIRS, all, &count, &total, &error_));
    assert_int_equal(count, PAIRS);
    for (uint32_t i = 0; i < count; i++) assert_int_equal(all[i].doc % 2, 1);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_plan_follows_the_postings),
                                       cmocka_unit_test(a_long_document),
                                       cmocka_unit_test(a_phrase_that_stands_often),
                                       cmocka_unit_test(a_thousand_rare_terms),
                                       cmocka_unit_test(random_collections),
                                       cmocka_unit_test(adversarial_collections)};
    const char *level = getenv("FRAI_ISA");
    if (level && !fr_kernels_use(level)) printf("this processor has no %s\n", level);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
