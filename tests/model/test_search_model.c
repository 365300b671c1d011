/* One searcher that lives long, asked anything in any order, with memory that runs out and searches
 * that are canceled now and then, against a fresh one each time that does only what the header says
 * matters: the synonyms as they were at the latest search, that search, the synonyms of now, and
 * the call.
 *
 * FRAI_SEED repeats a run, FRAI_STEPS sets its length; FRAI_FULL=1 takes a million. */
#include <stdio.h>
#include <string.h>

#include "support/asked.h"
#include "support/faults.h"

static struct failing_memory memory_ = {.left = -1};
static frai_allocator failing;

/* ---- random texts ---- */

static const char *const words[] = {
    "투자",
    "투자소식",
    "소식",
    "서울",
    "서울의",
    "미스트랄",
    "미스트랄(Mistral)",
    "Mistral",
    "프랑스",
    "佛",
    "國會",
    "국회",
    "비",
    "비가",
    "중",
    "models",
    "model",
    "C++",
    "b2b",
    "100",
    "3억 8500만",
    "2025년",
    "5월 21일",
    "2025.02.10",
    "010-1234",
    "콘텐츠",
    "컨텐츠",
    "발표했다.",
    "그녀는",
    "e스포츠란?",
    "회의록",
    "무단전재",
    "ㅁㅅㅌㄹ",
    "xnwk",
    "투지",
    "가나다라",
    "마바사아자",
    "a_b.c",
    "https://x.y",
    "😀",
    "한국어",
    "검색엔진",
};
enum { WORDS = sizeof words / sizeof *words };

static const char *const marks[] = {" ",  " ",  " ", " ",   "\n", ". ", ", ", "",     "(",    ") ",
                                    "\"", " -", "*", " * ", "\t", "'",  "…",  "\xff", "\r\n", "  "};
enum { MARKS = sizeof marks / sizeof *marks };

static size_t random_text(char *out, size_t room, size_t most)
{
    size_t n = 0, count = rnd_below(most + 1);
    for (size_t i = 0; i < count; i++) {
        const char *word = words[rnd_below(WORDS)], *mark = marks[rnd_below(MARKS)];
        if (rnd_below(4)) mark = " ";
        if (n + strlen(word) + strlen(mark) >= room) break;
        n += (size_t)sprintf(out + n, "%s%s", word, mark);
    }
    return n;
}

/* ---- indexes ---- */

static const struct {
    int docs, words; /* in all; of one at most */
    bool without_text;
    uint32_t analyzer;
} kinds[] = {
    {60, 40, false, FRAI_ANALYZER_KOREAN},
    {60, 40, true, FRAI_ANALYZER_KOREAN},
    {60, 40, false, FRAI_ANALYZER_PRETOKENIZED},
    {1500, 6, false, FRAI_ANALYZER_KOREAN}, /* more than are ranked again, and than are counted */
};
enum { INDEXES = sizeof kinds / sizeof *kinds, PARTS = 3 };

static frai_index *indexes[INDEXES];

static void add_document(frai_writer *b, int part, int i, size_t most)
{
    static const char line[] = "\nⓒ 신문 무단전재 및 재배포 금지\n";
    char body[6000], title[400], id[32], path[64], number[16], extra[400];
    size_t n = random_text(body, sizeof body - sizeof line, most);
    snprintf(id, sizeof id, "%d-%d", part, i);
    snprintf(path, sizeof path, "글/%s-%d.txt", words[rnd_below(WORDS)], i);
    snprintf(number, sizeof number, "%d", i);
    memcpy(body + n, line, sizeof line);
    if (rnd_below(2)) n += sizeof line - 1;
    frai_field_value fields[] = {
        {frai_slice_of("kind"), frai_slice_of(words[rnd_below(WORDS)])},
        {frai_slice_of("number"), frai_slice_of(number)},
        {frai_slice_of("extra"), {extra, random_text(extra, sizeof extra, 3)}},
    };
    frai_document d = {.struct_size = sizeof d,
                       .id = frai_slice_of(id),
                       .path = frai_slice_of(path),
                       .title = {title, random_text(title, sizeof title, 3)},
                       .body = {body, n},
                       .url = frai_slice_of("https://x.y/투자"),
                       .source = frai_slice_of(words[rnd_below(WORDS)]),
                       .date = frai_slice_of("2025년 2월 10일"),
                       .fields = fields,
                       .field_count = rnd_below(4)};
    assert_ok(frai_writer_add(b, &d, &error_));
}

static void add_documents(const char *dir, const frai_writer_options *o, int kind, int part)
{
    frai_writer *b;
    assert_ok(frai_writer_open(dir, o, &b, &error_));
    for (int i = 0; i < kinds[kind].docs / PARTS; i++)
        add_document(b, part, i, (size_t)kinds[kind].words);
    if (part > 0) {
        char id[32];
        snprintf(id, sizeof id, "%d-%d", part - 1, 3);
        assert_ok(frai_writer_delete(b, frai_slice_of(id), &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
}

static void make_indexes(void)
{
    static const frai_field_spec fields[] = {
        {"kind", FRAI_FIELD_KEYWORD}, {"number", FRAI_FIELD_NUMBER}, {"extra", FRAI_FIELD_TEXT}};
    for (int i = 0; i < INDEXES; i++) {
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        frai_open_options oo = FRAI_OPEN_OPTIONS_INIT;
        const char *dir = temp_dir();
        o.store_text = !kinds[i].without_text;
        o.analyzer = kinds[i].analyzer;
        o.fields = fields;
        o.field_count = sizeof fields / sizeof *fields;
        for (int part = 0; part < PARTS; part++) add_documents(dir, &o, i, part);
        oo.allocator = &failing;
        assert_ok(frai_index_open(dir, &oo, &indexes[i], &error_));
        remove_tree(dir); /* what is open stays */
    }
}

static void close_indexes(void)
{
    for (int i = 0; i < INDEXES; i++) frai_index_close(indexes[i]);
}

/* ---- the model ---- */

/* All that a searcher's answers may depend on. */
struct model {
    char query[4096], synonyms[4096], synonyms_then[4096]; /* of the latest search */
    struct request latest;
    bool searched;
    bool terms; /* the latest query is of terms that are cut already, and only told by
                   frai_searcher_describe_plan */
    frai_terms_mode mode;
    uint32_t k;
};

static void synonyms(frai_searcher *s, const char *text)
{
    assert_ok(frai_searcher_set_synonyms(s, frai_slice_of(text), &error_));
}

static frai_status answer_terms(frai_searcher *s, const struct model *m, struct answer *a)
{
    static struct hit hits[REQUEST_LIMIT_MAX];
    uint32_t count = 99;
    uint64_t total = 99;
    frai_status status =
        find_terms(s, m->latest.query, m->mode, m->k, hits, &count, &total, &error_);
    a->text = realloc(a->text, 64 + (size_t)count * 48);
    a->len = (size_t)sprintf(a->text, "%s %u %llu", frai_status_name(status), count,
                             (unsigned long long)total);
    for (uint32_t i = 0; i < count; i++)
        a->len += (size_t)sprintf(a->text + a->len, " %llu %a", (unsigned long long)hits[i].doc,
                                  (double)hits[i].score);
    return status;
}

/* A searcher that has done what the model says. */
static frai_searcher *fresh_searcher(frai_index *index, const struct model *m)
{
    static struct answer unused;
    frai_searcher *s;
    assert_ok(frai_searcher_create(index, &s, &error_));
    if (m->searched) {
        synonyms(s, m->synonyms_then);
        assert_int_equal(answer_request(s, &m->latest, &unused), FRAI_OK);
    }
    if (m->terms) assert_int_equal(answer_terms(s, m, &unused), FRAI_OK);
    synonyms(s, m->synonyms);
    return s;
}

static uint32_t random_flags(void)
{
    return rnd_below(2) ? 0 : (uint32_t)rnd_below(rnd_below(50) ? 128 : 256);
}

static void random_request(struct request *r, char *query, size_t room)
{
    static const uint32_t limits[] = {1, 2, 10, REQUEST_LIMIT_MAX};
    static const uint64_t offsets[] = {
        0, 0, 0, 1, 10, 90, 100, 1000, 9999, FRAI_LIMIT_MAX - 10, FRAI_LIMIT_MAX, UINT64_MAX};
    r->query = (frai_slice){query, random_text(query, room, rnd_below(20) ? 4 : 200)};
    r->limit = rnd_below(50) ? limits[rnd_below(4)] : 0;
    r->offset = offsets[rnd_below(rnd_below(4) ? 8 : 12)];
    r->match = (frai_match)rnd_below(rnd_below(50) ? 3 : 4);
    r->flags = random_flags();
    r->rank = (frai_rank)(rnd_below(5) == 0);
}

static void random_question(struct question *q, uint64_t docs, char *query, size_t room)
{
    static const uint32_t lengths[] = {0, 1, 10, 40, 100, 1000, FRAI_PASSAGE_WHOLE, UINT32_MAX};
    static const char *const fields[] = {"body", "body", "body",   "title", "id",     "path", "url",
                                         "date", "kind", "number", "extra", "source", "none"};
    *q = (struct question){.call = (enum call)rnd_below(CALLS)};
    q->doc = rnd_below(30) ? rnd_below(docs) : rnd_below(2) ? docs : UINT64_MAX;
    if (request_hit_count && rnd_below(2)) q->doc = request_hits[rnd_below(request_hit_count)].doc;
    q->field = fields[rnd_below(13)];
    q->characters = lengths[rnd_below(8)];
    q->query = (frai_slice){query, random_text(query, room, 4)};
    q->flags = random_flags();
}

/* ---- what a searcher gave stays until its next call of the same kind ---- */

enum kept_kind { KEPT_SEARCH, KEPT_LINES, KEPT_FIELD, KEPT_KINDS };

/* A slice of the searcher's bytes, and what they were. */
struct kept {
    frai_slice given;
    char *copy;
};

static void forget_kept(struct kept kept[3])
{
    for (int i = 0; i < 3; i++) {
        free(kept[i].copy);
        kept[i] = (struct kept){.copy = NULL};
    }
}

static void keep(struct kept kept[3], const struct answer *a)
{
    forget_kept(kept);
    for (int i = 0; i < 3; i++) {
        kept[i].given = a->slices[i];
        kept[i].copy = malloc(a->slices[i].len + 1);
        if (a->slices[i].len) memcpy(kept[i].copy, a->slices[i].ptr, a->slices[i].len);
    }
}

/* ---- one step ---- */

struct run {
    frai_index *index;
    uint64_t docs; /* of it, deleted ones too */
    frai_searcher *used;
    struct kept kept[KEPT_KINDS][3];
    struct model model;
    struct answer got, wanted;
    uint64_t step, failures, canceled, slices;
};

static void compare(const struct run *r, const char *what)
{
    if (r->got.len == r->wanted.len && memcmp(r->got.text, r->wanted.text, r->got.len) == 0) return;
    fail_msg("step %llu, %s, latest query '%.*s':\n%s\ninstead of\n%s", (unsigned long long)r->step,
             what, (int)r->model.latest.query.len, r->model.latest.query.ptr, r->got.text,
             r->wanted.text);
}

static void check_kept(struct run *r)
{
    for (int i = 0; i < KEPT_KINDS * 3; i++) {
        const struct kept *k = &r->kept[i / 3][i % 3];
        if (k->given.len && memcmp(k->given.ptr, k->copy, k->given.len) != 0)
            fail_msg("step %llu: slice %d of kind %d is no longer what it was",
                     (unsigned long long)r->step, i % 3, i / 3);
        r->slices += k->given.len > 0;
    }
}

/* Now and then the query is a slice that the searcher gave. `query` has room for 4096 bytes, and
 * the same bytes afterwards. */
static frai_slice maybe_given(struct run *r, frai_slice query, char *bytes)
{
    const struct kept *k = &r->kept[rnd_below(KEPT_KINDS)][rnd_below(3)];
    if (rnd_below(4) || k->given.len == 0 || k->given.len >= 1000) return query;
    memcpy(bytes, k->copy, k->given.len);
    return k->given;
}

static void maybe_fail(void)
{
    memory_.left = rnd_below(4) ? -1 : (long)rnd_below(rnd_below(2) ? 10 : 100);
    memory_.for_good = rnd_below(2);
}

/* Had the call no memory? Then only that is to be compared. */
static bool ran_out(struct run *r, frai_status status, bool fails)
{
    memory_.left = -1;
    if (status != FRAI_ERR_MEMORY) return false;
    if (!fails) fail_msg("step %llu: no memory, but none was refused", (unsigned long long)r->step);
    r->failures++;
    return true;
}

static void step_search(struct run *r)
{
    struct model *m = &r->model;
    frai_searcher *fresh;
    random_request(&m->latest, m->query, sizeof m->query);
    struct request asked = m->latest;
    asked.query = maybe_given(r, m->latest.query, m->query);
    if (rnd_below(6) == 0) asked.cancel_at = 1 + (long)rnd_below(rnd_below(2) ? 5 : 300);
    m->latest.query.len = asked.query.len;
    strcpy(m->synonyms_then, m->synonyms);
    maybe_fail();
    bool fails = memory_.left >= 0;
    frai_status status = answer_request(r->used, &asked, &r->got);
    m->searched = status == FRAI_OK;
    m->terms = false;
    keep(r->kept[KEPT_SEARCH], &r->got);
    if (ran_out(r, status, fails)) return;
    if (status == FRAI_ERR_CANCELED) {
        assert_true(asked.cancel_at > 0);
        r->canceled++;
        return;
    }
    assert_ok(frai_searcher_create(r->index, &fresh, &error_));
    synonyms(fresh, m->synonyms);
    answer_request(fresh, &m->latest, &r->wanted);
    compare(r, "search");
    frai_searcher_destroy(fresh);
}

static void step_question(struct run *r)
{
    static const char *const names[] = {"explain", "why", "plan", "snippet", "passage", "field"};
    struct question q, asked;
    char query[1024];
    random_question(&q, r->docs, query, sizeof query);
    asked = q;
    asked.query = maybe_given(r, q.query, query);
    q.query.len = asked.query.len;
    maybe_fail();
    bool fails = memory_.left >= 0;
    frai_status status = answer_question(r->used, &asked, &r->got);
    keep(r->kept[q.call <= CALL_PLAN ? KEPT_LINES : KEPT_FIELD], &r->got);
    if (ran_out(r, status, fails)) return;
    frai_searcher *fresh = fresh_searcher(r->index, &r->model);
    answer_question(fresh, &q, &r->wanted);
    compare(r, names[q.call]);
    frai_searcher_destroy(fresh);
}

static void step_terms(struct run *r)
{
    struct model *m = &r->model;
    frai_searcher *fresh;
    m->latest.query = (frai_slice){m->query, random_text(m->query, sizeof m->query, 4)};
    m->mode = (frai_terms_mode)rnd_below(9);
    m->k = (uint32_t)rnd_below(20);
    m->searched = false;
    forget_kept(r->kept[KEPT_SEARCH]);
    maybe_fail();
    bool fails = memory_.left >= 0;
    frai_status status = answer_terms(r->used, m, &r->got);
    m->terms = status == FRAI_OK;
    if (ran_out(r, status, fails)) return;
    assert_ok(frai_searcher_create(r->index, &fresh, &error_));
    answer_terms(fresh, m, &r->wanted);
    compare(r, "terms");
    frai_searcher_destroy(fresh);
}

/* Lines of synonyms, none, or what is hardly a list. */
static size_t random_synonyms(char *list, size_t room)
{
    static const char *const odd[] = {
        "",        ",,,\n,",       "# 투자, 소식\n", "투자", "투자,투자\n",
        "\xff,비", "\r\n\r\n투자", "투자,\n,소식",   " , ,"};
    size_t n = 0;
    if (rnd_below(4) == 0) return (size_t)sprintf(list, "%s", odd[rnd_below(9)]);
    for (uint64_t lines = rnd_below(4); lines > 0; lines--)
        n += (size_t)sprintf(list + n, "%s, %s,%s\n", words[rnd_below(WORDS)],
                             words[rnd_below(WORDS)], words[rnd_below(WORDS)]);
    for (uint64_t more = rnd_below(10) ? 0 : 2 * FRAI_SYNONYMS_MAX; more > 0 && n + 64 < room;
         more--)
        n +=
            (size_t)sprintf(list + n, "%s%llu,", words[rnd_below(WORDS)], (unsigned long long)more);
    if (rnd_below(10) == 0) n += random_text(list + n, room - n - 1, 10);
    list[n] = '\0';
    return n;
}

static void step_synonyms(struct run *r)
{
    char list[4096];
    random_synonyms(list, sizeof list);
    if (rnd_below(20) == 0) { /* refused, and the list from before stays */
        frai_status status =
            frai_searcher_set_synonyms(r->used, (frai_slice){NULL, strlen(list) + 1}, &error_);
        assert_int_equal(status, FRAI_ERR_ARGUMENT);
        return;
    }
    maybe_fail();
    bool fails = memory_.left >= 0;
    frai_status status = frai_searcher_set_synonyms(r->used, frai_slice_of(list), &error_);
    if (ran_out(r, status, fails)) return;
    assert_int_equal(status, FRAI_OK);
    strcpy(r->model.synonyms, list);
}

static void another_searcher(struct run *r)
{
    uint64_t kind = rnd_below(4) ? 0 : rnd_below(INDEXES);
    frai_searcher_destroy(r->used);
    for (int i = 0; i < KEPT_KINDS; i++) forget_kept(r->kept[i]);
    r->index = indexes[kind];
    r->docs = (uint64_t)kinds[kind].docs;
    r->model = (struct model){.searched = false};
    assert_ok(frai_searcher_create(r->index, &r->used, &error_));
    request_hit_count = 0;
}

static uint64_t steps_wanted(void)
{
    const char *steps = getenv("FRAI_STEPS");
    return steps ? strtoull(steps, NULL, 10) : full_run() ? 1000000 : 10000;
}

static void a_searcher_is_what_its_latest_search_made_it(void **unused)
{
    (void)unused;
    struct run r = {.step = 0};
    uint64_t steps = steps_wanted();
    make_indexes();
    for (; r.step < steps; r.step++) {
        if (r.step % 50000 == 49999) {
            frai_searcher_destroy(r.used);
            r.used = NULL;
            close_indexes();
            make_indexes();
        }
        if (r.step % 500 == 0 || !r.used) another_searcher(&r);
        switch (rnd_below(9)) {
        case 0:
        case 1:
        case 2: step_search(&r); break;
        case 3: step_synonyms(&r); break;
        case 4: rnd_below(4) ? step_question(&r) : step_terms(&r); break;
        default: step_question(&r); break;
        }
        check_kept(&r);
    }
    for (int i = 0; i < KEPT_KINDS; i++) forget_kept(r.kept[i]);
    frai_searcher_destroy(r.used);
    close_indexes();
    free(r.got.text);
    free(r.wanted.text);
    printf("%llu steps of a searcher tried, without memory in %llu, canceled in %llu; %llu times a "
           "slice was looked at again\n",
           (unsigned long long)steps, (unsigned long long)r.failures,
           (unsigned long long)r.canceled, (unsigned long long)r.slices);
    assert_true(r.canceled > 0 || steps < 1000);
}

int main(void)
{
    failing = failing_allocator(&memory_);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_searcher_is_what_its_latest_search_made_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
