/* Trees of a query's words, evaluated by recursion: one document lazily, from left to right; many
 * at once in rows of bits, a spare row for each level. */
#include "query/tree.h"

#include "base/assert.h"
#include "base/bytes.h"

bool fr_tree_put(struct fr_query_nodes *nodes, struct fr_query_node node, uint32_t *children)
{
    node.next = *children;
    *children = (uint32_t)fr_vec_count(nodes);
    fr_vec_append(nodes, &node, 1);
    return !nodes->buf.failed;
}

static bool put_inner(struct fr_query_nodes *nodes, enum fr_node_kind kind, uint32_t first_child,
                      uint32_t *children)
{
    return fr_tree_put(nodes, (struct fr_query_node){.kind = kind, .first_child = first_child},
                       children);
}

static bool put_not(struct fr_query_nodes *nodes, struct fr_query_node leaf, uint32_t *children)
{
    uint32_t child = FR_NO_NODE;
    return fr_tree_put(nodes, leaf, &child) && put_inner(nodes, FR_NODE_NOT, child, children);
}

/* A node is its own parent's stand-in where it is an only child. */
static bool put_root(struct fr_query_nodes *nodes, uint32_t children, uint32_t *root)
{
    bool only = children != FR_NO_NODE && fr_vec_at(nodes, children).next == FR_NO_NODE;
    *root = only ? children : FR_NO_NODE;
    return only || put_inner(nodes, FR_NODE_AND, children, root);
}

/* Of two neighbouring syllables, if what covers the one covers the other too, only the one decides:
 * of 투자자, covered by 투자 and 자자, the first and the last. */
void fr_leaf_ask(const struct fr_query *q, struct fr_query_node *leaf, uint32_t syllables)
{
    const struct fr_query_word *w = fr_query_word_at(q, leaf->word);
    uint64_t asked = syllables < 64 ? (1ull << syllables) - 1 : ~0ull;
    uint64_t not_next = 0,
             not_previous = 0; /* covered by a term that doesn't cover the neighbour */
    for (uint32_t i = 0; i < leaf->count && !w->phrase; i++) {
        uint64_t mask = fr_query_covering_at(q, w->first + i)->mask & asked;
        not_next |= mask & ~(mask >> 1);
        not_previous |= mask & ~(mask << 1);
    }
    uint64_t follows = asked & (~not_next << 1); /* from the syllable before */
    uint64_t precedes = ((asked & ~not_previous) >> 1) & not_next;
    leaf->needed = syllables;
    leaf->decisive = asked & ~follows & ~precedes;
}

static struct fr_query_node leaf_of(const struct fr_query *q, uint32_t word, bool any)
{
    const struct fr_query_word *w = fr_query_word_at(q, word);
    bool many = any && q->required_count >= FR_QUERY_MANY_WORDS && !w->negative;
    bool among = w->negative || q->required_count > 1;
    struct fr_query_node leaf = {.kind = w->phrase ? FR_NODE_PHRASE : FR_NODE_WORD,
                                 .first_child = FR_NO_NODE,
                                 .word = word,
                                 .count = w->count,
                                 .place = !w->syllable ? FR_PLACE_NONE
                                          : among      ? FR_PLACE_EOJEOL_START
                                                       : FR_PLACE_ANY};
    fr_leaf_ask(q, &leaf, many ? w->min_syllables : w->syllable_count);
    return leaf;
}

static bool put_tree(struct fr_query *q, bool any, uint32_t *root)
{
    uint32_t children = FR_NO_NODE, either = FR_NO_NODE;
    size_t words = fr_vec_count(&q->words);
    for (size_t n = 2 * words; n-- > 0;) { /* lone syllables last: they take longest */
        size_t i = n % words;
        if ((fr_query_word_at(q, i)->syllable != 0) != (n >= words)) continue;
        struct fr_query_node leaf = leaf_of(q, (uint32_t)i, any);
        if (fr_query_word_at(q, i)->negative
                ? !put_not(&q->nodes, leaf, &children)
                : !fr_tree_put(&q->nodes, leaf, any ? &either : &children))
            return false;
    }
    if (any && !put_inner(&q->nodes, FR_NODE_OR, either, &children)) return false;
    return put_root(&q->nodes, children, root);
}

bool fr_tree_make(struct fr_query *q, bool any)
{
    fr_buf_clear(&q->nodes.buf);
    if (!put_tree(q, false, &q->all)) return false;
    q->any = q->all;
    if (q->required_count > 1 && !put_tree(q, true, &q->any)) return false;
    q->root = any ? q->any : q->all;
    return true;
}

struct fr_tree fr_tree_of(const struct fr_query *q, uint32_t root)
{
    FR_ASSERT(root < fr_vec_count(&q->nodes));
    uint64_t words = 0;
    for (uint32_t i = 0; i < 64 && i < fr_vec_count(&q->words); i++)
        if (!fr_query_word_at(q, i)->negative) words |= 1ull << i;
    return (struct fr_tree){.nodes = fr_vec_data(&q->nodes),
                            .begin = root == q->all ? 0 : q->all + 1,
                            .root = root,
                            .words = words};
}

bool fr_tree_of_word(const struct fr_tree *t, uint32_t word, struct fr_query_nodes *nodes,
                     struct fr_tree *out)
{
    uint32_t children = FR_NO_NODE, root = FR_NO_NODE;
    fr_buf_clear(&nodes->buf);
    for (uint32_t i = t->begin; i <= t->root; i++)
        if (t->nodes[i].kind == FR_NODE_NOT &&
            !put_not(nodes, t->nodes[t->nodes[i].first_child], &children))
            return false;
    for (uint32_t i = t->begin; i <= t->root; i++)
        if (fr_node_is_leaf(&t->nodes[i]) && t->nodes[i].word == word &&
            !fr_tree_put(nodes, t->nodes[i], &children))
            return false;
    if (!put_root(nodes, children, &root)) return false;
    *out = (struct fr_tree){
        .nodes = fr_vec_data(nodes), .root = root, .words = word < 64 ? 1ull << word : 0};
    return true;
}

struct test {
    const struct fr_query_node *nodes;
    bool (*has)(void *ctx, const struct fr_query_node *leaf);
    void *ctx;
};

static bool holds(const struct test *t, const struct fr_query_node *node)
{
    if (fr_node_is_leaf(node)) return t->has(t->ctx, node);
    if (node->kind == FR_NODE_NOT) return !holds(t, &t->nodes[node->first_child]);
    bool either = node->kind == FR_NODE_OR;
    for (uint32_t i = node->first_child; i != FR_NO_NODE; i = t->nodes[i].next) {
        const struct fr_query_node *child = &t->nodes[i];
        bool there = fr_node_is_leaf(child) ? t->has(t->ctx, child) : holds(t, child);
        if (there == either) return either;
    }
    return !either;
}

bool fr_tree_holds(const struct fr_tree *t,
                   bool (*has)(void *ctx, const struct fr_query_node *leaf), void *ctx)
{
    return holds(&(struct test){t->nodes, has, ctx}, &t->nodes[t->root]);
}

static uint32_t depth_of(const struct fr_query_node *nodes, uint32_t i)
{
    uint32_t most = 0;
    if (fr_node_is_leaf(&nodes[i])) return 0;
    for (i = nodes[i].first_child; i != FR_NO_NODE; i = nodes[i].next) {
        uint32_t depth = depth_of(nodes, i);
        if (depth > most) most = depth;
    }
    return most + 1;
}

uint32_t fr_tree_depth(const struct fr_tree *t)
{
    return depth_of(t->nodes, t->root);
}

static uint64_t any_bit(const uint64_t *row, size_t words)
{
    uint64_t any = 0;
    for (size_t k = 0; k < words; k++) any |= row[k];
    return any;
}

/* out &= row, or out |= row; is anything left? */
static uint64_t combine(uint64_t *out, const uint64_t *row, size_t words, bool both)
{
    uint64_t any = 0;
    for (size_t k = 0; k < words; k++) {
        out[k] = both ? out[k] & row[k] : out[k] | row[k];
        any |= out[k];
    }
    return any;
}

struct row {
    uint64_t *bits;
    uint64_t any; /* 0: none is set */
    bool filled;
};

static uint64_t fill_row(const struct fr_query_node *nodes, uint32_t i,
                         const struct fr_tree_rows *rows, uint64_t *spare, uint64_t *out);

/* Fills the row from the children. The rows from `spare` on are free. */
static void add_children(const struct fr_query_node *nodes, const struct fr_query_node *node,
                         const struct fr_tree_rows *rows, uint64_t *spare, struct row *row)
{
    bool both = node->kind == FR_NODE_AND;
    for (uint32_t i = node->first_child; i != FR_NO_NODE; i = nodes[i].next) {
        if (both && nodes[i].kind == FR_NODE_NOT) continue;
        if (both && !row->any) return;
        if (row->filled) {
            fill_row(nodes, i, rows, spare + rows->words, spare);
            row->any = combine(row->bits, spare, rows->words, both);
        } else {
            row->any = fill_row(nodes, i, rows, spare, row->bits);
        }
        row->filled = true;
    }
}

static uint64_t fill_row(const struct fr_query_node *nodes, uint32_t i,
                         const struct fr_tree_rows *rows, uint64_t *spare, uint64_t *out)
{
    const struct fr_query_node *node = &nodes[i];
    struct row row = {out, node->kind != FR_NODE_OR, false};
    if (fr_node_is_leaf(node)) {
        rows->leaf(rows->ctx, node, out);
        return any_bit(out, rows->words);
    }
    if (node->kind != FR_NODE_NOT) add_children(nodes, node, rows, spare, &row);
    if (!row.filled) memset(out, row.any ? 0xFF : 0, rows->words * 8);
    return row.any;
}

bool fr_tree_rows(const struct fr_tree *t, const struct fr_tree_rows *rows, uint64_t *out)
{
    return fill_row(t->nodes, t->root, rows, rows->spare, out) != 0;
}

/* out &= the documents of any of the coverings [from, end), of those that cover one of the
 * syllables, or, with no syllables, of all. */
static void keep_covered(const struct fr_covering *coverings, uint32_t from, uint32_t end,
                         uint64_t syllables, const struct fr_term_rows *rows, uint64_t *out)
{
    const uint64_t *some = NULL;
    for (; from < end; from++) {
        if (syllables && !(coverings[from].mask & syllables)) continue;
        const uint64_t *row = rows->of_term(rows->ctx, coverings[from].term);
        if (!row) continue;
        if (some && some != rows->spare) memcpy(rows->spare, some, rows->words * 8);
        if (some) combine(rows->spare, row, rows->words, false);
        some = some ? rows->spare : row;
    }
    if (some)
        combine(out, some, rows->words, true);
    else
        memset(out, 0, rows->words * 8);
}

uint64_t fr_leaf_rows_work(const struct fr_query_node *leaf, size_t words)
{
    uint64_t syllables = leaf->kind == FR_NODE_PHRASE ? 1 : fr_popcount(leaf->decisive);
    return leaf->count * (1 + syllables * words / 4); /* four words at a time */
}

void fr_leaf_rows(const struct fr_query *q, const struct fr_query_node *leaf,
                  const struct fr_term_rows *rows, uint64_t *out)
{
    const struct fr_covering *coverings =
        fr_query_covering_at(q, fr_query_word_at(q, leaf->word)->first);
    memset(out, 0xFF, rows->words * 8);
    for (uint32_t i = 0; leaf->kind == FR_NODE_PHRASE && i < leaf->count; i++)
        keep_covered(coverings, i, i + 1, 0, rows, out);
    for (uint64_t left = leaf->decisive; left; left &= left - 1)
        keep_covered(coverings, 0, leaf->count, left & -left, rows, out);
}

struct word {
    const struct fr_query_node *nodes;
    uint64_t (*leaf)(void *ctx, const struct fr_query_node *leaf);
    void *ctx;
};

static uint64_t fill_word(const struct word *w, const struct fr_query_node *node)
{
    bool either = node->kind == FR_NODE_OR;
    uint64_t bits = either ? 0 : ~0ull, full = ~bits;
    if (fr_node_is_leaf(node)) return w->leaf(w->ctx, node);
    if (node->kind == FR_NODE_NOT) return bits;
    for (uint32_t i = node->first_child; i != FR_NO_NODE && bits != full; i = w->nodes[i].next) {
        const struct fr_query_node *child = &w->nodes[i];
        uint64_t of_child = fr_node_is_leaf(child) ? w->leaf(w->ctx, child) : fill_word(w, child);
        bits = either ? bits | of_child : bits & of_child;
    }
    return bits;
}

uint64_t fr_tree_word(const struct fr_tree *t,
                      uint64_t (*leaf)(void *ctx, const struct fr_query_node *leaf), void *ctx)
{
    return fill_word(&(struct word){t->nodes, leaf, ctx}, &t->nodes[t->root]);
}
