/* Statistics as a list of terms in the order of their names: sums are merges of two lists, a term
 * is found by bisection. As bytes: "FRQ1", the collection's three numbers, how many terms there
 * are, and of each the length of its name, the name, df and first_df; numbers are varints. */
#include "query/stats.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/interner.h"
#include "base/sort.h"

#define MAGIC       "FRQ1"
#define MAGIC_BYTES 4u

/* Far above any index's; sums stop there. */
#define NUMBER_MAX (1ull << 48)
#define TERMS_MAX  (1u << 20)

/* What names begin with. */
enum { NAME_PAIR = 1, NAME_WORD = 2, NAME_SYLLABLE = 3, NAME_STEM = 4 };

float fr_collection_average(const struct fr_collection *c)
{
    return c->documents ? (float)((double)c->tokens / (double)c->documents) : 0;
}

size_t fr_term_name(const struct fr_query *q, uint32_t term, char *name)
{
    const struct fr_query_term *t = &fr_vec_at(&q->terms, term);
    name[0] = t->word_bytes ? NAME_WORD : NAME_PAIR;
    name[1] = (char)t->term_class;
    if (t->word_bytes == 0) {
        memcpy(name + 2, &t->key, sizeof t->key);
        return 2 + sizeof t->key;
    }
    frai_slice word = fr_query_term_bytes(q, t);
    size_t len = word.len < FR_TERM_NAME_MAX - 2 ? word.len : FR_TERM_NAME_MAX - 2;
    memcpy(name + 2, word.ptr, len);
    return 2 + len;
}

size_t fr_syllable_name(const struct fr_query *q, uint32_t word, char *name)
{
    const struct fr_query_word *w = &fr_vec_at(&q->words, word);
    name[0] = NAME_SYLLABLE;
    name[1] = (char)(w->completes | fr_syllable_is_inside(q, w) << 1);
    memcpy(name + 2, &w->syllable, sizeof w->syllable);
    return 2 + sizeof w->syllable;
}

size_t fr_stem_name(frai_slice stem, char *name)
{
    size_t len = stem.len < FR_TERM_NAME_MAX - 1 ? stem.len : FR_TERM_NAME_MAX - 1;
    name[0] = NAME_STEM;
    if (len) memcpy(name + 1, stem.ptr, len);
    return 1 + len;
}

void fr_stats_init(struct fr_collection_stats *s, const frai_allocator *mem)
{
    *s = (struct fr_collection_stats){.all = {0, 0, 0}};
    fr_buf_init(&s->terms.buf, mem);
    fr_buf_init(&s->names, mem);
}

void fr_stats_deinit(struct fr_collection_stats *s)
{
    fr_buf_deinit(&s->terms.buf);
    fr_buf_deinit(&s->names);
}

void fr_stats_clear(struct fr_collection_stats *s)
{
    s->all = (struct fr_collection){0, 0, 0};
    fr_buf_clear(&s->terms.buf);
    fr_buf_clear(&s->names);
}

static size_t count_of(const struct fr_collection_stats *s)
{
    return fr_vec_count(&s->terms);
}

static const struct fr_term_stats *term_at(const struct fr_collection_stats *s, size_t i)
{
    return &fr_vec_at(&s->terms, i);
}

static frai_slice name_of(const struct fr_collection_stats *s, const struct fr_term_stats *t)
{
    return (frai_slice){(const char *)s->names.data + t->name_at, t->name_bytes};
}

void fr_stats_put(struct fr_collection_stats *s, frai_slice name, uint64_t df, uint64_t first_df)
{
    uint32_t at = (uint32_t)s->names.len;
    fr_buf_put(&s->names, name.ptr, name.len);
    fr_vec_push(&s->terms, at, (uint32_t)name.len, df, first_df);
}

static int by_name(const void *a, const void *b, void *ctx)
{
    const struct fr_collection_stats *s = ctx;
    return fr_slice_compare(name_of(s, a), name_of(s, b));
}

void fr_stats_sort(struct fr_collection_stats *s)
{
    struct fr_term_stats *terms = fr_vec_data(&s->terms);
    size_t count = count_of(s), kept = 0;
    if (count) fr_sort(terms, count, sizeof *terms, by_name, s);
    for (size_t i = 0; i < count; i++)
        if (!kept || by_name(&terms[kept - 1], &terms[i], s) != 0) terms[kept++] = terms[i];
    fr_vec_set_count(&s->terms, kept);
}

const struct fr_term_stats *fr_stats_find(const struct fr_collection_stats *s, frai_slice name)
{
    size_t low = 0, high = count_of(s);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = fr_slice_compare(name_of(s, term_at(s, middle)), name);
        if (order == 0) return term_at(s, middle);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    return a < NUMBER_MAX - b ? a + b : NUMBER_MAX;
}

/* Both lists in one. */
static void merge(const struct fr_collection_stats *a, const struct fr_collection_stats *b,
                  struct fr_collection_stats *out)
{
    for (size_t i = 0, k = 0; i < count_of(a) || k < count_of(b);) {
        const struct fr_term_stats *x = i < count_of(a) ? term_at(a, i) : NULL;
        const struct fr_term_stats *y = k < count_of(b) ? term_at(b, k) : NULL;
        int order = !y ? -1 : !x ? 1 : fr_slice_compare(name_of(a, x), name_of(b, y));
        frai_slice name = order <= 0 ? name_of(a, x) : name_of(b, y);
        uint64_t df = 0, first_df = 0;
        if (order <= 0) {
            df = x->df;
            first_df = x->first_df;
            i++;
        }
        if (order >= 0) {
            df = plus(df, y->df);
            first_df = plus(first_df, y->first_df);
            k++;
        }
        fr_stats_put(out, name, df, first_df);
    }
}

bool fr_stats_add(struct fr_collection_stats *sum, const struct fr_collection_stats *other)
{
    struct fr_collection_stats both;
    fr_stats_init(&both, sum->names.mem);
    both.all.documents = plus(sum->all.documents, other->all.documents);
    both.all.tokens = plus(sum->all.tokens, other->all.tokens);
    both.all.postings = plus(sum->all.postings, other->all.postings);
    merge(sum, other, &both);
    bool ok = !both.terms.buf.failed && !both.names.failed;
    if (ok) {
        struct fr_collection_stats old = *sum;
        *sum = both;
        both = old;
    }
    fr_stats_deinit(&both);
    return ok;
}

void fr_stats_write(const struct fr_collection_stats *s, struct fr_buf *out)
{
    fr_buf_put(out, MAGIC, MAGIC_BYTES);
    fr_buf_varint(out, s->all.documents);
    fr_buf_varint(out, s->all.tokens);
    fr_buf_varint(out, s->all.postings);
    fr_buf_varint(out, count_of(s));
    for (size_t i = 0; i < count_of(s); i++) {
        const struct fr_term_stats *t = term_at(s, i);
        frai_slice name = name_of(s, t);
        fr_buf_varint(out, name.len);
        fr_buf_put(out, name.ptr, name.len);
        fr_buf_varint(out, t->df);
        fr_buf_varint(out, t->first_df);
    }
}

static uint64_t read_number(struct fr_reader *r)
{
    uint64_t v = fr_read_varint(r);
    r->bad |= v > NUMBER_MAX;
    return v;
}

/* Reads one term; false if it is none, or does not come after the one before. */
static bool read_term(struct fr_collection_stats *s, struct fr_reader *r)
{
    uint64_t bytes = fr_read_varint(r);
    const uint8_t *at = bytes && bytes <= FR_TERM_NAME_MAX ? fr_read_bytes(r, bytes) : NULL;
    uint64_t df = read_number(r), first_df = read_number(r);
    size_t count = count_of(s);
    if (!at || r->bad) return false;
    frai_slice name = {(const char *)at, (size_t)bytes};
    if (count && fr_slice_compare(name_of(s, term_at(s, count - 1)), name) >= 0) return false;
    fr_stats_put(s, name, df, first_df);
    return true;
}

static bool read_all(struct fr_collection_stats *s, struct fr_reader *r)
{
    const uint8_t *magic = fr_read_bytes(r, MAGIC_BYTES);
    if (!magic || memcmp(magic, MAGIC, MAGIC_BYTES) != 0) return false;
    s->all.documents = read_number(r);
    s->all.tokens = read_number(r);
    s->all.postings = read_number(r);
    uint64_t count = fr_read_varint(r);
    if (r->bad || count > TERMS_MAX) return false;
    for (uint64_t i = 0; i < count && !s->terms.buf.failed && !s->names.failed; i++)
        if (!read_term(s, r)) return false;
    return fr_reader_left(r) == 0;
}

frai_status fr_stats_read(struct fr_collection_stats *s, const void *bytes, size_t len,
                          frai_error *err)
{
    struct fr_reader r = fr_reader_of(bytes, len);
    fr_stats_clear(s);
    bool sound = read_all(s, &r);
    if (s->terms.buf.failed || s->names.failed) {
        fr_stats_clear(s);
        return fr_fail_memory(err, "reading statistics");
    }
    if (sound) return FRAI_OK;
    fr_stats_clear(s);
    return fr_fail(err, FRAI_ERR_CORRUPT, "these bytes are no statistics of a query");
}
