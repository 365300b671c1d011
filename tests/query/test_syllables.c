/* Words of one syllable that bounds find: the hits and their scores are those of looking at each
 * document, whatever memory held before. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

enum { DOCS = 6000, PAGE = 10 };

/* Memory as it may come: not zeroed. */
static void *resize_dirty(void *unused, void *old, size_t old_bytes, size_t new_bytes)
{
    (void)unused;
    if (new_bytes == 0) {
        free(old);
        return NULL;
    }
    unsigned char *p = realloc(old, new_bytes);
    size_t had = old ? old_bytes : 0;
    if (p && new_bytes > had) memset(p + had, 1, new_bytes - had);
    return p;
}

/* Most documents have the syllable as a word, others a word that begins with it; short ones that
 * are about something else only have it as the name of their file. */
static void build(const char *dir)
{
    frai_writer *b;
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    for (int i = 0; i < DOCS; i++) {
        char body[1000], id[16], path[32];
        size_t n = 0;
        bool named = i % 50 == 49;
        if (named || i % 4 == 0)
            n += (size_t)sprintf(body + n, "%s ", named ? "소식 소식 소식" : "소식");
        for (uint64_t k = 10 + rnd_below(20); !named && k > 0; k--)
            n += (size_t)sprintf(body + n, "%s ", rnd_below(4) ? "하늘" : i % 3 ? "비" : "비키니");
        snprintf(id, sizeof id, "%d", i);
        snprintf(path, sizeof path, "글/%s.txt", named ? "비" : id);
        frai_document d = FRAI_DOCUMENT_INIT;
        d.id = frai_slice_of(id);
        d.body = (frai_slice){body, n};
        d.path = frai_slice_of(path);
        assert_ok(frai_writer_add(b, &d, &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
}

static void bounds_find_what_a_look_at_each_document_does(void **unused)
{
    (void)unused;
    static const char *const queries[] = {"비", "비 소식", "하늘 비"};
    static const uint32_t flags[] = {0, FRAI_SEARCH_EXACT};
    static const frai_rank ranks[] = {FRAI_RANK_BM25, FRAI_RANK_DEFAULT};
    static struct hit all[DOCS];
    struct hit page[PAGE];
    const char *dir = temp_dir();
    frai_open_options dirty = FRAI_OPEN_OPTIONS_INIT;
    frai_allocator allocator = {resize_dirty, NULL};
    frai_index *index;
    build(dir);
    dirty.allocator = &allocator;
    assert_ok(frai_index_open(dir, &dirty, &index, &error_));
    for (int q = 0; q < 3 * 2 * 2; q++) {
        frai_searcher *s;
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        frai_slice query = frai_slice_of(queries[q / 4]);
        uint32_t count, total;
        o.flags = flags[q / 2 % 2];
        o.rank = ranks[q % 2];
        o.match = FRAI_MATCH_ALL;
        assert_ok(frai_searcher_create(index, &s, &error_));
        o.limit = PAGE;
        assert_ok(find_hits(s, query, &o, page, &count, &error_));
        assert_int_equal(count, PAGE);
        for (uint32_t i = 0; i < count; i++) assert_explained(s, page[i].doc, page[i].score, "");
        o.limit = DOCS; /* more than there are: bounds don't fill it */
        assert_ok(find_hits(s, query, &o, all, &total, &error_));
        assert_true(total > PAGE);
        for (uint32_t i = 0; i < count; i++) {
            if (page[i].doc != all[i].doc || page[i].score != all[i].score)
                fail_msg("%s, %d: hit %u is %d of %.9g, not %d of %.9g", queries[q / 4], q, i,
                         (int)page[i].doc, (double)page[i].score, (int)all[i].doc,
                         (double)all[i].score);
        }
        frai_searcher_destroy(s);
    }
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_find_what_a_look_at_each_document_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
