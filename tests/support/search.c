#include "support/search.h"

#include <string.h>

frai_searcher *open_search(const char *dir, frai_index **index)
{
    frai_searcher *s;
    assert_ok(frai_index_open(dir, NULL, index, &error_));
    assert_ok(frai_searcher_create(*index, &s, &error_));
    return s;
}

void close_search(frai_searcher *s, frai_index *index)
{
    frai_searcher_destroy(s);
    frai_index_close(index);
}

uint32_t take_hits(const frai_results *results, struct hit *hits)
{
    uint32_t count = frai_results_count(results);
    for (uint32_t i = 0; i < count; i++)
        hits[i] = (struct hit){frai_results_doc(results, i), frai_results_score(results, i)};
    return count;
}

frai_status find_hits(frai_searcher *s, frai_slice query, const frai_search_options *options,
                      struct hit *hits, uint32_t *count, frai_error *err)
{
    const frai_results *results;
    frai_status status = frai_search(s, query, options, &results, err);
    *count = take_hits(results, hits);
    return status;
}

frai_status find_info(frai_searcher *s, frai_slice query, const frai_search_options *options,
                      struct hit *hits, uint32_t *count, frai_search_info *info)
{
    const frai_results *results;
    frai_status status = frai_search(s, query, options, &results, &error_);
    *count = take_hits(results, hits);
    if (status == FRAI_OK) frai_results_read_info(results, info);
    return status;
}

frai_status find_terms(frai_searcher *s, frai_slice terms, frai_terms_mode mode, uint32_t k,
                       struct hit *hits, uint32_t *count, uint64_t *total, frai_error *err)
{
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    const frai_results *results;
    frai_status status = frai_search_terms(s, terms, mode, k, &results, err);
    *count = take_hits(results, hits);
    frai_results_read_info(results, &info);
    *total = info.total;
    return status;
}

bool assert_explained(frai_searcher *s, uint64_t doc, float score, const char *term_class)
{
    const frai_explanation *e;
    float sum = 0;
    bool found = false;
    assert_ok(frai_searcher_explain(s, doc, &e, &error_));
    assert_true(frai_explanation_count(e) > 1);
    assert_int_equal(frai_explanation_part(e, 0)->kind, FRAI_SCORE_TOTAL);
    for (uint32_t i = 1; i < frai_explanation_count(e); i++) {
        const frai_score_part *part = frai_explanation_part(e, i);
        sum += part->value;
        found |= part->kind == FRAI_SCORE_TERM && strcmp(part->term_class, term_class) == 0;
    }
    float total = frai_explanation_part(e, 0)->value;
    if (total != score || sum != score)
        fail_msg("document %llu: %.9g is explained as %.9g, the sum of the parts is %.9g",
                 (unsigned long long)doc, (double)score, (double)total, (double)sum);
    return found;
}

const frai_finding *find_kind(const frai_diagnosis *diagnosis, frai_finding_kind kind)
{
    for (uint32_t i = 0; i < frai_diagnosis_count(diagnosis); i++)
        if (frai_diagnosis_finding(diagnosis, i)->kind == kind)
            return frai_diagnosis_finding(diagnosis, i);
    return NULL;
}

frai_finding_kind verdict(const frai_diagnosis *diagnosis)
{
    uint32_t count = frai_diagnosis_count(diagnosis);
    assert_true(count > 0);
    return frai_diagnosis_finding(diagnosis, count - 1)->kind;
}
