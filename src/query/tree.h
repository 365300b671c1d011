/* tree.h: the trees of a query: how they are made of its words, and how they are evaluated, for one
 * document or for many at once. */
#ifndef FR_QUERY_TREE_H
#define FR_QUERY_TREE_H

#include "query/query.h"

/* A tree is nodes[begin, root]: each node comes after its children, the root last. */
struct fr_tree {
    const struct fr_query_node *nodes;
    uint32_t begin, root;
    uint64_t words; /* a bit for each of the first 64 words that it has and does not exclude */
};

/* Makes the trees of a query whose words are final:
 *
 *   all words   AND of the words and of a NOT for each excluded one
 *   any word    AND of one OR of the words and of the same NOTs
 *
 * (An AND of one child is left out.) Without words that are asked for, both hold for every document
 * that has no excluded word. `any`:
 * the query asks for any word. False: out of memory. */
bool fr_tree_make(struct fr_query *q, bool any);

/* Makes a leaf that is a word ask for the first `syllables` of it. */
void fr_leaf_ask(const struct fr_query *q, struct fr_query_node *leaf, uint32_t syllables);

/* One of the query's two trees. */
struct fr_tree fr_tree_of(const struct fr_query *q, uint32_t root);

/* Makes, in `nodes`, a tree that asks for one word of t, which t does not exclude, and excludes
 * what t excludes. False: out of memory. */
bool fr_tree_of_word(const struct fr_tree *t, uint32_t word, struct fr_query_nodes *nodes,
                     struct fr_tree *out);

/* Appends a node and puts it before its siblings, the list *children, which becomes the first_child
 * of their parent when that is appended. False: out of memory. */
bool fr_tree_put(struct fr_query_nodes *nodes, struct fr_query_node node, uint32_t *children);

static inline bool fr_node_is_leaf(const struct fr_query_node *node)
{
    return node->kind == FR_NODE_WORD || node->kind == FR_NODE_PHRASE;
}

/* Does the tree hold, where `has` tells it of a leaf? It isn't asked about more leaves than needed.
 */
bool fr_tree_holds(const struct fr_tree *t,
                   bool (*has)(void *ctx, const struct fr_query_node *leaf), void *ctx);

/* Rows of bits, one bit for each document or range of documents. */
struct fr_tree_rows {
    size_t words;    /* uint64_t in a row */
    uint64_t *spare; /* rows: fr_tree_depth of them */
    void (*leaf)(void *ctx, const struct fr_query_node *leaf, uint64_t *out);
    void *ctx;
};
uint32_t fr_tree_depth(const struct fr_tree *t);

/* Where the tree may hold, if rows->leaf tells where a leaf may. (Nothing follows from that for a
 * NOT, which may hold everywhere.) Of the children of a node, which fr_tree_make puts with lone
 * syllables last, none is asked for once an AND is known to hold nowhere. False: nowhere. */
bool fr_tree_rows(const struct fr_tree *t, const struct fr_tree_rows *rows, uint64_t *out);

/* Rows that the terms of a leaf are in. */
struct fr_term_rows {
    size_t words;
    uint64_t *spare;                                      /* a row */
    const uint64_t *(*of_term)(void *ctx, uint32_t term); /* NULL: nowhere */
    void *ctx;
};

/* What fr_leaf_rows takes for rows of so many words (interrupt.h). */
uint64_t fr_leaf_rows_work(const struct fr_query_node *leaf, size_t words);

/* Where the leaf may hold: of a phrase all terms are there, of a word, for each syllable, a term
 * that covers it. */
void fr_leaf_rows(const struct fr_query *q, const struct fr_query_node *leaf,
                  const struct fr_term_rows *rows, uint64_t *out);

/* The same for a row of 64 bits. */
uint64_t fr_tree_word(const struct fr_tree *t,
                      uint64_t (*leaf)(void *ctx, const struct fr_query_node *leaf), void *ctx);

#endif
