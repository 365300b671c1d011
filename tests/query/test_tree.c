/* Trees of words against a naive evaluator: random trees over random rows of bits, and over texts
 * that it looks at itself: which documents match, how many do, and where they may be. */
#include <string.h>

#include "api/handles.h"
#include "query/candidates.h"
#include "query/part.h"
#include "query/presence.h"
#include "support/support.h"

#define NODES 40
#define DEPTH 4

/* A tree as the oracle has it: node 0 is the root. */
struct tree {
    struct node {
        enum fr_node_kind kind;
        int word, children[4], count;
    } node[NODES];
    int count;
};

/* Adds a random node over `leaves`, of the words that the leaves name. */
static int grow(struct tree *t, const struct fr_query_node *leaves, int leaf_count, int depth)
{
    int i = t->count++, most = depth == 0 || i + 5 >= NODES ? 0 : 3;
    struct node *n = &t->node[i];
    const struct fr_query_node *leaf = &leaves[rnd_below((uint64_t)leaf_count)];
    static const enum fr_node_kind inner[] = {FR_NODE_AND, FR_NODE_OR, FR_NODE_NOT};
    *n = (struct node){.kind = leaf->kind, .word = (int)leaf->word};
    if (most == 0 || (depth < DEPTH && rnd_below(3) == 0)) return i;
    n->kind = inner[rnd_below(3)];
    n->count = n->kind == FR_NODE_NOT ? 1 : (int)rnd_below(most + 1);
    for (int k = 0; k < n->count; k++) {
        int child = t->count < NODES - 1 ? grow(t, leaves, leaf_count, depth - 1) : -1;
        if (child < 0) n->count = k;
        n->children[k] = child;
    }
    return i;
}

/* Each word has the same leaf wherever it stands. */
static const struct fr_query_node *leaf_of(const struct fr_query_node *leaves, int word)
{
    while ((int)leaves->word != word) leaves++;
    return leaves;
}

/* The same tree as nodes of a query. */
static void put(struct fr_query_nodes *nodes, const struct tree *t, int i,
                const struct fr_query_node *leaves, uint32_t *list)
{
    const struct node *n = &t->node[i];
    uint32_t children = FR_NO_NODE;
    for (int k = n->count; k-- > 0;) put(nodes, t, n->children[k], leaves, &children);
    struct fr_query_node node = {.kind = n->kind, .first_child = children};
    if (fr_node_is_leaf(&node)) node = *leaf_of(leaves, n->word);
    assert_true(fr_tree_put(nodes, node, list));
}

static struct fr_tree tree_of(struct fr_query_nodes *nodes, const struct tree *t,
                              const struct fr_query_node *leaves, uint64_t words)
{
    uint32_t root = FR_NO_NODE;
    fr_buf_clear(&nodes->buf);
    put(nodes, t, 0, leaves, &root);
    return (struct fr_tree){fr_vec_data(nodes), 0, root, words};
}

/* there: the words that a document has, a bit each. */
static bool holds(const struct tree *t, int i, uint64_t there)
{
    const struct node *n = &t->node[i];
    int held = 0;
    if (n->kind == FR_NODE_WORD || n->kind == FR_NODE_PHRASE) return there >> n->word & 1;
    for (int k = 0; k < n->count; k++) held += holds(t, n->children[k], there);
    if (n->kind == FR_NODE_NOT) return held == 0;
    return n->kind == FR_NODE_AND ? held == n->count : held > 0;
}

/* May it hold where the words of `maybe` may be? A NOT always may. */
static bool may_hold(const struct tree *t, int i, uint64_t maybe)
{
    const struct node *n = &t->node[i];
    int held = 0;
    if (n->kind == FR_NODE_NOT) return true;
    if (n->kind == FR_NODE_WORD || n->kind == FR_NODE_PHRASE) return maybe >> n->word & 1;
    for (int k = 0; k < n->count; k++) held += may_hold(t, n->children[k], maybe);
    return n->kind == FR_NODE_AND ? held == n->count : held > 0;
}

/* ---- trees alone ---- */

#define WORDS 6
#define ROW   3

static uint64_t rows[WORDS][ROW];

static bool has_bit(void *ctx, const struct fr_query_node *leaf)
{
    size_t at = *(const size_t *)ctx;
    return rows[leaf->word][at / 64] >> (at % 64) & 1;
}

static void copy_row(void *ctx, const struct fr_query_node *leaf, uint64_t *out)
{
    (void)ctx;
    memcpy(out, rows[leaf->word], sizeof rows[0]);
}

static uint64_t first_word(void *ctx, const struct fr_query_node *leaf)
{
    (void)ctx;
    return rows[leaf->word][0];
}

static void a_tree_over_rows_holds_where_the_oracle_says(void **state)
{
    struct fr_query_nodes nodes;
    FR_VECTOR(uint64_t) spare;
    struct fr_query_node leaves[WORDS];
    (void)state;
    fr_buf_init(&nodes.buf, fr_allocator_or_libc(NULL));
    fr_buf_init(&spare.buf, fr_allocator_or_libc(NULL));
    for (int i = 0; i < WORDS; i++)
        leaves[i] = (struct fr_query_node){.kind = i % 2 ? FR_NODE_PHRASE : FR_NODE_WORD,
                                           .first_child = FR_NO_NODE,
                                           .word = (uint32_t)i,
                                           .place = i % 3 ? FR_PLACE_NONE : FR_PLACE_ANY};
    for (int round = 0; round < 4000; round++) {
        struct tree t = {.count = 0};
        uint64_t out[ROW];
        for (int i = 0; i < WORDS * ROW; i++)
            rows[i / ROW][i % ROW] = rnd_below(3) ? rnd() & rnd() : 0;
        grow(&t, leaves, WORDS, DEPTH);
        struct fr_tree tree = tree_of(&nodes, &t, leaves, 0);
        assert_true(fr_vec_reserve(&spare, fr_tree_depth(&tree) * (size_t)ROW));
        struct fr_tree_rows how = {ROW, fr_vec_data(&spare), copy_row, NULL};
        bool any = fr_tree_rows(&tree, &how, out), expected_any = false;
        uint64_t word = fr_tree_word(&tree, first_word, NULL);
        for (size_t at = 0; at < 64 * ROW; at++) {
            uint64_t there = 0;
            for (int i = 0; i < WORDS; i++) there |= (rows[i][at / 64] >> (at % 64) & 1) << i;
            bool may = may_hold(&t, 0, there);
            expected_any |= may;
            assert_int_equal(fr_tree_holds(&tree, has_bit, &at), holds(&t, 0, there));
            assert_int_equal(any && out[at / 64] >> (at % 64) & 1, may);
            if (at < 64) assert_int_equal(word >> at & 1, may);
        }
        assert_int_equal(any, expected_any);
    }
    fr_buf_deinit(&nodes.buf);
    fr_buf_deinit(&spare.buf);
}

/* ---- trees over texts ---- */

/* No syllable is in two of them, and none is a particle; a text is these with spaces between. */
enum token { BASA, JACHA, KATA, PYAJYA, JYU, CHYU, JYU_STARTS, JYU_INSIDE, TOKENS };
static const char *const token_text[TOKENS] = {"바사", "자차", "카타",   "퍄쟈",
                                               "쥬",   "츄",   "쥬모샤", "모쥬샤"};

#define TEXTS     20000 /* more than a window */
#define MORE      300   /* in a second segment */
#define TEXT_MAX  5
#define ALL_TEXTS (TEXTS + MORE)
static uint8_t texts[ALL_TEXTS][TEXT_MAX];
static int lengths[ALL_TEXTS];

/* Documents of a range are of few tokens, so that ranges differ. */
static void make_texts(void)
{
    unsigned in_range = 0;
    for (int d = 0; d < ALL_TEXTS; d++) {
        if (d % 64 == 0 || d == TEXTS) in_range = 1u << rnd_below(TOKENS) | 1u << rnd_below(TOKENS);
        if (d % 64 == 0 && rnd_below(3) == 0) in_range |= (unsigned)rnd_below(1u << TOKENS);
        lengths[d] = (int)rnd_below(TEXT_MAX + 1);
        for (int i = 0; i < lengths[d]; i++) {
            int t = (int)rnd_below(TOKENS);
            while (!(in_range >> t & 1)) t = (t + 1) % TOKENS;
            texts[d][i] = (uint8_t)t;
        }
    }
}

static void build_texts(const char *dir)
{
    frai_writer_options options = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *writer;
    assert_ok(frai_writer_open(dir, &options, &writer, &error_));
    for (int d = 0; d < ALL_TEXTS; d++) {
        char text[TEXT_MAX * 12] = "";
        for (int i = 0; i < lengths[d]; i++) {
            strcat(text, token_text[texts[d][i]]);
            strcat(text, " ");
        }
        if (d == TEXTS) assert_ok(frai_writer_commit(writer, &error_));
        add_body(writer, (size_t)d, frai_slice_of(text));
    }
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
}

static bool has_token(int d, enum token t)
{
    for (int i = 0; i < lengths[d]; i++)
        if (texts[d][i] == t) return true;
    return false;
}

static bool has_phrase(int d, enum token first, enum token second)
{
    for (int i = 0; i + 1 < lengths[d]; i++)
        if (texts[d][i] == first && texts[d][i + 1] == second) return true;
    return false;
}

/* A query, and what the oracle knows of its words. */
struct question {
    const char *text;
    uint64_t positive; /* words that are not excluded, a bit each */
    uint64_t lone;     /* lone syllables */
    uint64_t (*has)(int d);
};

static uint64_t has_first(int d)
{
    bool jyu = has_token(d, JYU) || has_token(d, JYU_STARTS);
    return (uint64_t)has_token(d, BASA) | (uint64_t)jyu << 1 | (uint64_t)has_token(d, JACHA) << 2 |
           (uint64_t)has_phrase(d, KATA, PYAJYA) << 3 | (uint64_t)has_token(d, CHYU) << 4;
}

static uint64_t has_second(int d)
{
    return (uint64_t)has_token(d, BASA) | (uint64_t)has_phrase(d, JACHA, KATA) << 1 |
           (uint64_t)has_token(d, PYAJYA) << 2 | (uint64_t)has_phrase(d, BASA, BASA) << 3;
}

static const struct question questions[] = {
    {"바사 쥬 -자차 -\"카타 퍄쟈\" -츄", 3, 1 << 1 | 1 << 4, has_first},
    {"바사 \"자차 카타\" -퍄쟈 -\"바사 바사\"", 3, 0, has_second},
};

/* Which words the terms of documents in [first, end) allow: of a phrase, each by itself. */
static uint64_t allowed(const struct question *q, int first, int end)
{
    uint64_t there = q->lone, tokens = 0;
    for (int d = first; d < end; d++)
        for (int i = 0; i < lengths[d]; i++) tokens |= 1ull << texts[d][i];
    for (int d = first; d < end; d++) there |= q->has(d);
    uint64_t both = 1ull << KATA | (q == questions ? 1ull << PYAJYA : 1ull << JACHA);
    if ((tokens & both) == both) there |= q == questions ? 1 << 3 : 1 << 1;
    if (q != questions && tokens >> BASA & 1) there |= 1 << 3;
    return there;
}

/* A question's plan, and a random tree over its words. */
struct trial {
    const struct question *question;
    struct fr_searcher *s;
    struct fr_plan plan;
    struct fr_query_node leaves[8];
    struct tree oracle;
    struct fr_query_nodes nodes;
    FR_VECTOR(struct fr_scored) heap;
    struct fr_tree tree;
};

static void check_ranges(struct trial *t, struct fr_match *m, int first, int count)
{
    struct fr_candidates c;
    assert_true(fr_candidates_init(&c, m));
    bool any = fr_candidates_find(&c), expected = false;
    for (int r = 0; r * 64 < count; r++) {
        int end = r * 64 + 64 < count ? r * 64 + 64 : count;
        bool may = may_hold(&t->oracle, 0, allowed(t->question, first + r * 64, first + end));
        expected |= may;
        assert_int_equal(any && c.ranges[r / 64] >> (r % 64) & 1, may);
    }
    if (expected) assert_true(any); /* the last range reaches beyond the last document */
}

/* Each document by itself, and by the terms alone where there are no lone syllables. */
static void check_documents(struct trial *t, struct fr_match *m, int first, int count)
{
    for (int i = 0; i < 40; i++) {
        int d = (int)rnd_below((uint64_t)count);
        bool there[8] = {false};
        assert_int_equal(fr_match_holds(m, (uint32_t)d, NULL),
                         holds(&t->oracle, 0, t->question->has(first + d)));
        fr_match_each(m, (uint32_t)d, there);
        for (uint32_t k = m->tree.begin; k <= m->tree.root; k++)
            if (fr_node_is_leaf(&m->tree.nodes[k]))
                assert_int_equal(there[m->tree.nodes[k].word],
                                 t->question->has(first + d) >> m->tree.nodes[k].word & 1);
    }
    for (uint32_t k = 0; k < m->evaluation.count; k++) fr_cursor_rewind(&m->evaluation.cursors[k]);
    uint64_t seen = 0, expected = 0, in_tree = 0;
    for (uint32_t k = m->tree.begin; k <= m->tree.root; k++)
        if (fr_node_is_leaf(&m->tree.nodes[k])) in_tree |= 1ull << m->tree.nodes[k].word;
    for (int d = 0; d < count && !t->question->lone; d += 1 + (int)rnd_below(30)) {
        uint64_t there = t->question->has(first + d);
        bool is_hit = holds(&t->oracle, 0, there);
        if (is_hit) expected |= there & in_tree & t->question->positive;
        assert_int_equal(fr_match_verify(m, (uint32_t)d, &seen), is_hit);
        assert_true(seen == expected);
    }
}

/* All matches of the segment, with and without candidates: their number, and which. */
static void check_matches(struct trial *t, struct fr_match *m, int first, int count)
{
    struct fr_topk *top = (struct fr_topk *)m->collector;
    uint64_t expected = 0;
    fr_match_segment(m);
    fr_topk_sort(top, &(struct fr_interrupt){.armed = false});
    for (int d = first; d < first + count; d++)
        expected += holds(&t->oracle, 0, t->question->has(d));
    assert_int_equal(m->stats.matches, expected);
    assert_int_equal(top->count, expected);
    for (uint32_t i = 0; i < top->count; i++)
        assert_true(holds(&t->oracle, 0, t->question->has((int)top->heap[i].doc)));
}

static void check_segment(struct trial *t, uint32_t g)
{
    int first = g ? TEXTS : 0, count = g ? MORE : TEXTS;
    struct fr_candidates c;
    struct fr_match m;
    struct fr_topk top;
    for (int with = 0; with < 2; with++) {
        assert_true(fr_vec_reserve(&t->heap, ALL_TEXTS));
        fr_topk_init(&top, fr_vec_data(&t->heap), ALL_TEXTS);
        assert_ok(fr_part_words(t->s, &t->plan, g, &top.collector, &m, &error_));
        m.tree = t->tree;
        assert_true(fr_candidates_init(&c, &m));
        if (with && !fr_candidates_find(&c)) memset(c.ranges, 0, c.words * 8);
        if (with) m.candidates = c.ranges;
        check_matches(t, &m, first, count);
    }
    check_ranges(t, &m, first, count);
    check_documents(t, &m, first, count);
    assert_ok(fr_part_check(t->s, &m, &error_));
}

static void ask(struct trial *t, const struct question *question)
{
    struct fr_question asked = {.text = frai_slice_of(question->text),
                                .flags = FRAI_SEARCH_NO_FIX,
                                .ranking = FRAI_RANK_BM25};
    t->question = question;
    assert_ok(fr_plan_make(&t->s->context, &asked, &t->plan, &error_));
    struct fr_tree all = fr_tree_of(&t->plan.query, t->plan.query.all);
    uint32_t words = fr_plan_words(&t->plan), found = 0;
    for (uint32_t i = all.begin; i <= all.root; i++)
        if (fr_node_is_leaf(&all.nodes[i])) t->leaves[found++] = all.nodes[i];
    assert_int_equal(found, words);
    for (uint32_t i = 0; i < words; i++)
        assert_int_equal(!fr_plan_word(&t->plan, i)->negative, question->positive >> i & 1);
    for (int round = 0; round < (full_run() ? 400 : 20); round++) {
        t->oracle.count = 0;
        grow(&t->oracle, t->leaves, (int)words, DEPTH);
        t->tree = tree_of(&t->nodes, &t->oracle, t->leaves, 0);
        for (uint32_t i = 0; i <= t->tree.root; i++)
            if (fr_node_is_leaf(&t->tree.nodes[i])) t->tree.words |= 1ull << t->tree.nodes[i].word;
        t->tree.words &= question->positive;
        check_segment(t, 0);
        check_segment(t, 1);
    }
}

static void a_tree_over_texts_matches_what_the_oracle_says(void **state)
{
    const char *dir = path_in(temp_dir(), "texts");
    frai_index *index;
    frai_searcher *searcher;
    struct trial t;
    (void)state;
    make_texts();
    build_texts(dir);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &searcher, &error_));
    t.s = &searcher->searcher;
    fr_plan_init(&t.plan, &t.s->context.mem);
    fr_buf_init(&t.nodes.buf, fr_allocator_or_libc(NULL));
    fr_buf_init(&t.heap.buf, fr_allocator_or_libc(NULL));
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) ask(&t, &questions[i]);
    fr_plan_deinit(&t.plan);
    fr_buf_deinit(&t.nodes.buf);
    fr_buf_deinit(&t.heap.buf);
    frai_searcher_destroy(searcher);
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_over_rows_holds_where_the_oracle_says),
        cmocka_unit_test(a_tree_over_texts_matches_what_the_oracle_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
