/* frai-judge: how good rankings are, by many models in one process; for bench/learn.
 *
 *   frai-judge INDEX QUERIES.tsv [INDEX QUERIES.tsv]... <MODELS
 *       a line a query: number<TAB>query<TAB>relevant id,...
 *       a line a model: name=value ..., members of struct fr_rank_model that differ from the
 * default
 *
 * Prints nDCG@10 of each set, a line a model. The features of the candidates are kept, so a model
 * that differs from the one before in their weights alone costs no search. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/handles.h"
#include "frai/frai.h"

#define RELEVANT_MAX 64u
#define FEATURES     6u

/* Members of the model; the first FEATURES are weights of features. */
static const struct {
    const char *name;
    size_t offset;
} members[] = {
#define MEMBER(name)                                                                               \
    {                                                                                              \
#name, offsetof(struct fr_rank_model, name)                                                \
    }
    MEMBER(joint),
    MEMBER(near),
    MEMBER(start),
    MEMBER(end),
    MEMBER(glued),
    MEMBER(title),
    MEMBER(k1),
    MEMBER(b),
    MEMBER(boosts.function_word),
    MEMBER(boosts.ending),
    MEMBER(boosts.seam),
    MEMBER(boosts.no_noun),
    MEMBER(boosts.form),
    MEMBER(nouns.prior),
    MEMBER(nouns.predicate_prior),
    MEMBER(nouns.marked),
    MEMBER(nouns.mismarked),
    MEMBER(across),
    MEMBER(near_length),
    MEMBER(lead_half),
    MEMBER(lead_length),
    MEMBER(lead_most),
};

struct candidate {
    unsigned tier;
    bool relevant;
    float base; /* of the score: what no feature of those above gives */
    float features[FEATURES];
};

struct judged {
    char *text;
    uint64_t relevant[RELEVANT_MAX];
    size_t relevant_count;
    struct candidate *candidates; /* in the order of documents where scores are equal */
    size_t count;
};

struct set {
    frai_index *index;
    frai_searcher *searcher;
    struct judged *queries;
    size_t count;
};

static _Noreturn void fail(const char *what, const char *message)
{
    fprintf(stderr, "frai-judge: %s: %s\n", what, message);
    exit(2);
}

static void *must(void *memory)
{
    if (!memory) fail("memory", "there is too little");
    return memory;
}

/* "number<TAB>query<TAB>id,id" */
static struct judged read_query(const struct set *s, char *line)
{
    struct judged q = {.count = 0};
    frai_error err = {0};
    line[strcspn(line, "\r\n")] = 0;
    char *text = strchr(line, '\t'), *ids = text ? strchr(text + 1, '\t') : NULL;
    if (!ids) fail(line, "not a query with what is relevant");
    *ids++ = 0;
    q.text = must(strdup(text + 1));
    for (char *id = strtok(ids, ","); id && q.relevant_count < RELEVANT_MAX; id = strtok(NULL, ","))
        if (frai_index_find(s->index, frai_slice_of(id), &q.relevant[q.relevant_count++], &err))
            fail(id, err.message);
    if (q.relevant_count == 0) fail(text + 1, "nothing is relevant");
    return q;
}

static void open_set(struct set *s, const char *index, const char *queries)
{
    frai_error err = {0};
    char *line = NULL;
    size_t room = 0;
    FILE *in = fopen(queries, "r");
    if (!in) fail(queries, "cannot open");
    if (frai_index_open(index, NULL, &s->index, &err) ||
        frai_searcher_create(s->index, &s->searcher, &err))
        fail(index, err.message);
    while (getline(&line, &room, in) > 0) {
        s->queries = must(realloc(s->queries, (s->count + 1) * sizeof *s->queries));
        s->queries[s->count] = read_query(s, line);
        s->count++;
    }
    free(line);
    fclose(in);
    if (s->count == 0) fail(queries, "no queries");
}

static struct candidate candidate(const struct set *s, const struct judged *q, uint64_t doc)
{
    struct fr_searcher *searcher = &s->searcher->searcher;
    struct candidate c = {.tier = 0};
    frai_error err = {0};
    const frai_explanation *why;
    if (frai_searcher_explain(s->searcher, doc, &why, &err)) fail(q->text, err.message);
    for (uint32_t i = 0; i < frai_explanation_count(why); i++) {
        const frai_score_part *part = frai_explanation_part(why, i);
        bool weighed = part->kind == FRAI_SCORE_JOINT || part->kind == FRAI_SCORE_NEAR ||
                       part->kind == FRAI_SCORE_SHAPE || part->kind == FRAI_SCORE_TITLE;
        if (part->kind != FRAI_SCORE_TOTAL && !weighed) c.base += part->value;
    }
    const struct fr_rank_parts *p = &why->ranked;
    float features[FEATURES] = {p->joint, p->near, p->start, p->end, p->glued, p->title};
    memcpy(c.features, features, sizeof features);
    c.tier = fr_searcher_hit(searcher, doc)->tier;
    for (size_t i = 0; i < q->relevant_count; i++) c.relevant |= q->relevant[i] == doc;
    return c;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Searches for what may be ranked, and reads its features. */
static void collect(const struct set *s, struct judged *q, uint32_t depth)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_error err = {0};
    const frai_results *results;
    o.limit = depth;
    o.flags = FRAI_SEARCH_NO_TOTAL;
    q->count = 0;
    if (frai_search(s->searcher, frai_slice_of(q->text), &o, &results, &err)) {
        if (err.code != FRAI_ERR_SYNTAX) fail(q->text, err.message); /* it only excludes */
        return;
    }
    q->count = frai_results_count(results);
    uint64_t *docs = must(calloc(q->count + 1, sizeof *docs));
    for (uint32_t i = 0; i < q->count; i++) docs[i] = frai_results_doc(results, i);
    qsort(docs, q->count, sizeof *docs, by_number);
    q->candidates = must(realloc(q->candidates, (q->count + 1) * sizeof *q->candidates));
    for (size_t i = 0; i < q->count; i++) q->candidates[i] = candidate(s, q, docs[i]);
    free(docs);
}

static double discount(size_t rank)
{
    return 1 / log2((double)rank + 2);
}

static double judge(const struct judged *q, const float *weights)
{
    float scores[256];
    double gain = 0, best = 0;
    if (q->count > sizeof scores / sizeof *scores) fail(q->text, "more candidates than planned");
    for (size_t i = 0; i < q->count; i++) {
        scores[i] = q->candidates[i].base;
        for (unsigned f = 0; f < FEATURES; f++)
            scores[i] += weights[f] * q->candidates[i].features[f];
    }
    for (size_t r = 0; r < q->count; r++) {
        unsigned tier = q->candidates[r].tier;
        size_t ahead = 0;
        if (!q->candidates[r].relevant) continue;
        for (size_t i = 0; i < q->count; i++) {
            unsigned other = q->candidates[i].tier;
            if (other != tier)
                ahead += other < tier;
            else
                ahead += scores[i] > scores[r] || (scores[i] == scores[r] && i < r);
        }
        if (ahead < 10) gain += discount(ahead);
    }
    for (size_t r = 0; r < q->relevant_count && r < 10; r++) best += discount(r);
    return gain / best;
}

static float *member(struct fr_rank_model *model, size_t i)
{
    return (float *)(void *)((char *)model + members[i].offset);
}

static struct fr_rank_model read_model(char *line)
{
    struct fr_rank_model model = fr_rank_model_default;
    for (char *word = strtok(line, " \n"); word; word = strtok(NULL, " \n")) {
        char *value = strchr(word, '=');
        bool known = false;
        if (!value) fail(word, "not name=value");
        *value++ = 0;
        for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
            if (strcmp(members[i].name, word) != 0) continue;
            *member(&model, i) = strtof(value, NULL);
            known = true;
        }
        if (!known) fail(word, "no such member of the model");
    }
    if (!fr_rank_model_is_sound(&model)) fail("the model", "is not sound");
    return model;
}

int main(int argc, char **argv)
{
    size_t count = (size_t)(argc - 1) / 2, room = 0;
    char *line = NULL;
    struct fr_rank_model collected = {.depth = 0};
    if (argc < 3 || argc % 2 == 0) fail("usage", "frai-judge INDEX QUERIES.tsv... <MODELS");
    struct set *sets = must(calloc(count, sizeof *sets));
    for (size_t i = 0; i < count; i++) open_set(&sets[i], argv[1 + 2 * i], argv[2 + 2 * i]);
    while (getline(&line, &room, stdin) > 0) {
        struct fr_rank_model model = read_model(line);
        float weights[FEATURES];
        for (size_t i = 0; i < FEATURES; i++) {
            weights[i] = *member(&model, i);
            *member(&model, i) = 1;
        }
        bool known = memcmp(&collected, &model, sizeof model) == 0;
        collected = model;
        for (size_t i = 0; i < count; i++) {
            double sum = 0;
            fr_searcher_set_model(&sets[i].searcher->searcher, &model);
            for (size_t q = 0; q < sets[i].count; q++) {
                if (!known) collect(&sets[i], &sets[i].queries[q], model.depth);
                sum += judge(&sets[i].queries[q], weights);
            }
            printf("%.5f%c", sum / (double)sets[i].count, i + 1 < count ? ' ' : '\n');
        }
        fflush(stdout);
    }
    return 0;
}
