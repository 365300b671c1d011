/* Any bytes as a query, with any flags, of one small index: two bytes choose how, the rest is the
 * query. With libFuzzer:
 *   tests/fuzz/run 60 query
 * Without it, `fuzz_query FILE...` replays inputs. */
#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frai/frai.h"

static const char *const bodies[] = {
    "프랑스 AI 스타트업 미스트랄이 투자를 유치했다. 그녀는 파리에 있다",
    "미스트랄은 파리에 있다. 투자는 아직 없다",
    "비 오는 날의 수채화",
    "비키니 44사이즈비키니 b2b c++ C# .net",
    "사과 일곱 개를 샀다\n과일 가게에 갔다",
    "서울 대학교 병원에서 2025년 2월 10일 만났다",
    "2025.02.11 010-1234-5678 3억 8,500만 원",
    "라 프렌치 테크(La French Tech)는 유명하다",
    "佛 자랑 大韓民國 國會",
    "docker-compose.yml snake_case camelCase v1.2.3 --verbose -6도",
    "ㅋㅋ 웃기다 😀 👍🏽",
    "서울\xE3\x80\x80의 기온은 -6도까지 내려갔다! 정말? 그렇다",
    "콘텐츠와 컨텐츠, 메시지와 메세지",
    "오늘 발표한 기계 학습 모델은 여러 언어를 다루며 값이 싸고 빠르다는 평가를 받는\n모델이다",
    "지운 문서에는 투자와 프랑스가 있다",
};
#define DOCS    (sizeof bodies / sizeof *bodies)
#define DELETED (DOCS - 1)
#define LIMIT   10u

static char dir[256];
static frai_index *index_;
static frai_error err;

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static void clean_up(void)
{
    frai_index_close(index_);
    nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Three commits, then a deletion. */
static void prepare(void)
{
    if (index_) return;
    snprintf(dir, sizeof dir, "%s/frai-query-%ld",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
    for (size_t part = 0; part < 4; part++) {
        frai_writer *writer;
        char id[16];
        assert(frai_writer_open(dir, NULL, &writer, &err) == FRAI_OK);
        for (size_t d = part * 5; d < part * 5 + 5 && d < DOCS; d++) {
            snprintf(id, sizeof id, "%zu", d);
            frai_document doc = {.struct_size = sizeof doc,
                                 .id = frai_slice_of(id),
                                 .title = frai_slice_of(d % 3 ? "" : "소식 제목"),
                                 .body = frai_slice_of(bodies[d])};
            assert(frai_writer_add(writer, &doc, &err) == FRAI_OK);
        }
        snprintf(id, sizeof id, "%zu", DELETED);
        if (part == 3) assert(frai_writer_delete(writer, frai_slice_of(id), &err) == FRAI_OK);
        assert(frai_writer_commit(writer, &err) == FRAI_OK);
        frai_writer_close(writer);
    }
    assert(frai_index_open(dir, NULL, &index_, &err) == FRAI_OK);
    atexit(clean_up);
}

struct hit {
    uint64_t doc;
    float score;
};

struct answer {
    frai_status status;
    struct hit hits[DOCS];
    uint32_t count;
    frai_search_info info;
};

static struct answer ask(frai_searcher *s, frai_slice query, frai_match match, uint32_t flags,
                         uint64_t offset, uint32_t limit)
{
    struct answer a = {.info = FRAI_SEARCH_INFO_INIT};
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    o.limit = limit;
    o.offset = offset;
    o.match = match;
    o.flags = flags;
    const frai_results *results;
    a.status = frai_search(s, query, &o, &results, &err);
    frai_results_read_info(results, &a.info);
    a.count = frai_results_count(results);
    assert(a.count <= DOCS);
    for (uint32_t i = 0; i < a.count; i++)
        a.hits[i] = (struct hit){frai_results_doc(results, i), frai_results_score(results, i)};
    return a;
}

static int has(const struct answer *a, uint64_t doc)
{
    for (uint32_t i = 0; i < a->count; i++)
        if (a->hits[i].doc == doc) return 1;
    return 0;
}

static void check_answer(const struct answer *a, uint32_t flags, int one_tier)
{
    int strict = flags & FRAI_SEARCH_STRICT_LIMITS;
    assert(a->status == FRAI_OK || a->status == FRAI_ERR_SYNTAX ||
           (a->status == FRAI_ERR_ARGUMENT && strict));
    if (a->status != FRAI_OK) assert(a->count == 0 && err.message[0]);
    if (a->status != FRAI_OK) return;
    assert(a->info.hits_with_all_words <= a->count);
    assert(a->info.words > 0 || a->count == 0);
    assert(!strict || a->info.words_ignored == 0);
    if (!(flags & FRAI_SEARCH_NO_TOTAL)) assert(a->info.total >= (one_tier ? a->count : 0u));
    for (uint32_t i = 0; i < a->count; i++) {
        assert(a->hits[i].doc < DOCS && a->hits[i].doc != DELETED);
        for (uint32_t k = 0; k < i; k++) assert(a->hits[k].doc != a->hits[i].doc);
        if (i == 0 || !one_tier) continue;
        assert(a->hits[i - 1].score > a->hits[i].score ||
               (a->hits[i - 1].score == a->hits[i].score && a->hits[i - 1].doc < a->hits[i].doc));
    }
}

static void check_same(const struct answer *a, const struct answer *b)
{
    assert(a->status == b->status && a->count == b->count);
    for (uint32_t i = 0; i < a->count; i++)
        assert(a->hits[i].doc == b->hits[i].doc && a->hits[i].score == b->hits[i].score);
    assert(a->info.total == b->info.total &&
           a->info.hits_with_all_words == b->info.hits_with_all_words &&
           a->info.missing.len == b->info.missing.len &&
           a->info.rewritten.len == b->info.rewritten.len);
}

/* What looks at hits must not change the next answer. */
static void look_at_hits(frai_searcher *s, const struct answer *a, frai_slice query, uint32_t flags)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_passage snippet = FRAI_PASSAGE_INIT;
    const frai_explanation *e;
    const frai_diagnosis *d;
    o.flags = flags;
    for (uint32_t i = 0; i < a->count; i++) {
        assert(frai_searcher_make_passage(s, a->hits[i].doc, frai_slice_of("body"), 40, &snippet,
                                          &err) == FRAI_OK);
        assert(frai_searcher_explain(s, a->hits[i].doc, &e, &err) == FRAI_OK);
        assert(frai_explanation_part(e, 0)->value == a->hits[i].score);
    }
    if (a->count && a->status == FRAI_OK)
        assert(frai_searcher_diagnose(s, query, &o, a->hits[0].doc, &d, &err) == FRAI_OK);
}

/* A document that has all words has each of them, and any. */
static void check_all(frai_searcher *s, frai_slice query, uint32_t flags)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    const frai_diagnosis *d;
    o.flags = flags |= FRAI_SEARCH_NO_FIX;
    struct answer all = ask(s, query, FRAI_MATCH_ALL, flags, 0, DOCS),
                  any = ask(s, query, FRAI_MATCH_ANY, flags, 0, DOCS);
    check_answer(&all, flags, 1);
    check_answer(&any, flags, 1);
    assert(all.status == any.status);
    if (all.status != FRAI_OK) return;
    assert(all.info.rewritten.len == 0);
    for (uint32_t i = 0; i < all.count; i++) {
        assert(has(&any, all.hits[i].doc));
        assert(frai_searcher_diagnose(s, query, &o, all.hits[i].doc, &d, &err) == FRAI_OK);
        assert(frai_diagnosis_finding(d, frai_diagnosis_count(d) - 1)->kind == FRAI_FINDING_HIT);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    prepare();
    frai_searcher *s, *fresh;
    frai_match match = (frai_match)(data[0] % 3);
    uint32_t flags = data[1] & 127, offset = data[0] / 3 % 5;
    frai_slice query = {(const char *)data + 2, size - 2};
    assert(frai_searcher_create(index_, &s, &err) == FRAI_OK);
    struct answer a = ask(s, query, match, flags, 0, DOCS);
    check_answer(&a, flags,
                 match != FRAI_MATCH_AUTO && flags & (FRAI_SEARCH_NO_FIX | FRAI_SEARCH_EXACT));
    look_at_hits(s, &a, query, flags);
    struct answer page = ask(s, query, match, flags, offset, LIMIT);
    assert(page.status == a.status);
    for (uint32_t i = 0; i < page.count; i++)
        assert(page.hits[i].doc == a.hits[i + offset].doc &&
               page.hits[i].score == a.hits[i + offset].score);
    check_all(s, query, flags);
    assert(frai_searcher_create(index_, &fresh, &err) == FRAI_OK);
    struct answer again = ask(s, query, match, flags, 0, DOCS),
                  first = ask(fresh, query, match, flags, 0, DOCS);
    check_same(&again, &first);
    frai_searcher_destroy(fresh);
    frai_searcher_destroy(s);
    return 0;
}
