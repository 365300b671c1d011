/* Matching of words, phrases, exclusions and lone syllables against an oracle that looks at the
 * text itself, and the rules of what Korean search has to do with words of their own. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

#define DOCS     400
#define ALPHABET 5 /* 바 사 자 차 카: words overlap in every way, and none is a particle */

struct document {
    char text[400];
    int syllable[120], run_start[120], run_len[120], count; /* spaces dropped, runs remembered */
    bool joined[120]; /* a run of a name begins here behind a hyphen or the like */
};
static struct document documents[DOCS];
static struct document files[DOCS]; /* of their files */
static bool have_names;

static size_t put(char *out, int syllable)
{
    static const char *const names[ALPHABET] = {"바", "사", "자", "차", "카"};
    memcpy(out, names[syllable], 3);
    return 3;
}

static void make_document(struct document *d)
{
    size_t n = 0;
    int runs = 1 + (int)rnd_below(8);
    d->count = 0;
    for (int r = 0; r < runs; r++) {
        int len = 1 + (int)rnd_below(5), start = d->count;
        if (r) d->text[n++] = ' ';
        for (int i = 0; i < len; i++) {
            int s = (int)rnd_below(ALPHABET);
            n += put(d->text + n, s);
            d->syllable[d->count] = s;
            d->run_start[d->count] = start;
            d->run_len[d->count++] = len;
        }
    }
    d->text[n] = '\0';
}

/* The syllables stand one after another, and each piece that a run contributes is seen by the
 * index: two syllables of the run or more, or the whole of a run of one. In the query a pair is all
 * that joins two syllables, so a piece may be cut from a longer run only at a place where pairs
 * cover it. Of a word of `whole` syllables the first n are looked for: a pair may go on behind
 * them.
 */
static bool word_in(const struct document *d, const int *word, int n, int whole)
{
    for (int at = 0; at + n <= d->count; at++) {
        int i = 0;
        while (i < n && d->syllable[at + i] == word[i]) i++;
        if (i < n) continue;
        bool covered = true;
        for (i = 0; i < n; i++) {
            int place = at + i, start = d->run_start[place], len = d->run_len[place];
            bool left = i > 0 && place - 1 >= start, right = i + 1 < whole &&
                                                             place + 1 < start + len &&
                                                             d->syllable[place + 1] == word[i + 1];
            covered &= len == 1 || left || right;
        }
        if (covered) return true;
    }
    return false;
}

static bool phrase_in(const struct document *d, const int *word, int n)
{
    for (int at = 0; at + n <= d->count;
         at++) { /* one run of the query: inside one run of the text */
        int i = 0;
        while (i < n && d->syllable[at + i] == word[i] && d->run_start[at + i] == d->run_start[at])
            i++;
        if (i == n && (n > 1 || d->run_len[at] == 1)) return true;
    }
    return false;
}

/* A lone syllable among other words: a run of its own, or the start of one. */
static bool syllable_in(const struct document *d, int s, bool anywhere)
{
    for (int i = 0; i < d->count; i++)
        if (d->syllable[i] == s && (anywhere || d->run_start[i] == i)) return true;
    return false;
}

struct wanted {
    int syllable[6], len;
    bool negative, phrase;
};

/* some: among three words or more of which any will do, where all but the last two syllables of a
 * word of four and more are enough. */
static bool has(const struct document *d, const struct wanted *w, bool alone, bool many, bool some)
{
    if (w->phrase) return phrase_in(d, w->syllable, w->len);
    if (w->len == 1 && many && !w->negative) return phrase_in(d, w->syllable, 1); /* a whole word */
    if (w->len == 1) return syllable_in(d, w->syllable[0], alone);
    bool first = some && !w->negative && w->len >= 4;
    return word_in(d, w->syllable, first ? w->len - 2 : w->len, w->len);
}

/* In the name of the file: as in the text, but for phrases and syllables inside a run; among many
 * words also where a run goes on what stands before it. */
static bool name_has(const struct document *d, const struct wanted *w, bool many, bool some)
{
    if (!have_names || w->phrase) return false;
    for (int i = 0; i < d->count && w->len == 1 && many && !w->negative; i++)
        if (d->syllable[i] == w->syllable[0] && d->joined[i]) return true;
    if (w->len == 1) return phrase_in(d, w->syllable, 1);
    return has(d, w, false, false, some);
}

static bool is_again(const struct wanted *w, int i)
{
    for (int k = 0; k < i; k++)
        if (memcmp(&w[k], &w[i], sizeof *w) == 0) return true;
    return false;
}

/* Two words that are typed side by side, the first a lone syllable: do they stand in the document
 * without their space? */
static bool joined(const struct document *d, const struct wanted *w, int n, int i)
{
    if (i < 0 || i + 1 >= n || w[i].len != 1 || is_again(w, i) || is_again(w, i + 1)) return false;
    if (w[i].negative || w[i].phrase || w[i + 1].negative || w[i + 1].phrase) return false;
    return phrase_in(d, (int[]){w[i].syllable[0], w[i + 1].syllable[0]}, 2);
}

/* Word i by one of these pairs. */
static bool joined_has(const struct document *d, const struct wanted *w, int n, int i)
{
    return joined(d, w, n, i) || (w[i].len == 1 && joined(d, w, n, i - 1));
}

static frai_index *open_index(const char *dir, frai_searcher **s)
{
    frai_index *index;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, s, &error_));
    return index;
}

static uint32_t search(frai_searcher *s, const char *query, frai_match match, uint32_t flags,
                       struct hit *hits, uint32_t room, frai_search_info *info)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    uint32_t count;
    *info = (frai_search_info)FRAI_SEARCH_INFO_INIT;
    o.limit = room;
    o.match = match;
    o.flags = flags | FRAI_SEARCH_COUNT_EXACT;
    assert_ok(find_info(s, frai_slice_of(query), &o, hits, &count, info));
    return count;
}

static void compare_query(frai_searcher *s, const struct wanted *w, int n)
{
    char query[200];
    size_t len = 0;
    int positive = 0;
    for (int i = 0; i < n; i++) {
        if (i) query[len++] = ' ';
        if (w[i].negative) query[len++] = '-';
        if (w[i].phrase) query[len++] = '"';
        for (int k = 0; k < w[i].len; k++) len += put(query + len, w[i].syllable[k]);
        if (w[i].phrase) query[len++] = '"';
        positive += !w[i].negative && !is_again(w, i); /* a word typed twice is asked for once */
    }
    query[len] = '\0';
    for (int match = FRAI_MATCH_ALL; match <= FRAI_MATCH_ANY; match++) {
        static struct hit hits[DOCS];
        frai_search_info info;
        uint32_t count = search(s, query, (frai_match)match, 0, hits, DOCS, &info), expected = 0;
        static bool got[DOCS];
        if (info.by_fronts) count = 0, info.total = 0; /* no document has the words */
        memset(got, 0, sizeof got);
        for (uint32_t i = 0; i < count; i++) got[hits[i].doc] = true;
        for (int d = 0; d < DOCS; d++) {
            bool all = positive > 0, any = false, excluded = false;
            for (int i = 0; i < n; i++) {
                if (is_again(w, i)) continue;
                bool there = has(&documents[d], &w[i], positive == 1 && !w[i].negative,
                                 positive >= 3, match == FRAI_MATCH_ANY && positive >= 3);
                there |= name_has(&files[d], &w[i], positive >= 3,
                                  match == FRAI_MATCH_ANY && positive >= 3);
                there |= joined_has(&documents[d], w, n, i);
                there |= have_names && joined_has(&files[d], w, n, i);
                if (w[i].negative)
                    excluded |= there;
                else
                    any |= there, all &= there;
            }
            bool want = (match == FRAI_MATCH_ALL || positive == 1 ? all : any) && !excluded;
            expected += want;
            if (want != got[d])
                fail_msg("'%s' (mode %d) and '%s': %d", query, match, documents[d].text, want);
        }
        assert_int_equal(info.total, expected);
        assert_int_equal(count, expected);
    }
}

/* New random documents, and an index of them. */
static frai_index *index_documents(const char *dir, frai_searcher **s)
{
    frai_writer *b;
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    for (int d = 0; d < DOCS; d++) {
        char path[500];
        make_document(&documents[d]);
        make_document(&files[d]);
        size_t len = (size_t)snprintf(path, sizeof path, "바사자/%s.txt", files[d].text);
        for (int i = 0, at = 10; i < files[d].count; i++, at += 3) { /* behind the folder */
            bool begins = i > 0 && files[d].run_start[i] == i;
            if (begins) path[at++] = " -_"[rnd_below(3)];
            files[d].joined[i] = begins && path[at - 1] != ' ';
        }
        frai_document document = {.struct_size = sizeof document,
                                  .body = frai_slice_of(documents[d].text),
                                  .path = {path, have_names ? len : 0}};
        assert_ok(frai_writer_add(b, &document, &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    return open_index(dir, s);
}

static void words_match_where_the_text_or_the_name_has_them(void **unused)
{
    (void)unused;
    for (int round = 0; round < (full_run() ? 40 : 6); round++) {
        const char *dir = temp_dir();
        have_names = round % 2;
        frai_searcher *s;
        frai_index *index = index_documents(dir, &s);
        for (int q = 0; q < 300; q++) {
            struct wanted w[4] = {0};
            int n = 1 + (int)rnd_below(3);
            for (int i = 0; i < n; i++) {
                w[i].len = 1 + (int)rnd_below(i ? 3 : 5);
                for (int k = 0; k < w[i].len; k++) w[i].syllable[k] = (int)rnd_below(ALPHABET);
                w[i].negative = i > 0 && rnd_below(4) == 0;
                w[i].phrase = rnd_below(4) == 0;
            }
            compare_query(s, w, n);
        }
        frai_searcher_destroy(s);
        frai_index_close(index);
    }
}

static const char *const texts[] = {
    "프랑스 AI 스타트업 미스트랄이 투자를 유치했다",                    /* 0 */
    "미스트랄은 파리에 있다. 투자는 아직 없다",                         /* 1 */
    "비 오는 날의 수채화",                                              /* 2 */
    "비키니 44사이즈비키니",                                            /* 3 */
    "사과 일곱 개를 샀다",                                              /* 4 */
    "과일 가게에 갔다",                                                 /* 5 */
    "서울 대학교 병원에서 만났다",                                      /* 6 */
    "생물학자들이 모였다",                                              /* 7 */
    "오픈 AI와 구글",                                                   /* 8 */
    "도로ㆍ지반ㆍ수자원 분야",                                          /* 9 */
    "라 프렌치 테크(La French Tech)는 유명하다",                        /* 10 */
    "The models were spending a lot",                                   /* 11 */
    "\u1109\u1165\u110B\u116E\u11AF\u110B\u1173\u11AB NFD로 쓴 서울은", /* 12 */
    "佛 자랑 大韓民國",                                                 /* 13 */
    "프랑스의 AI 정책",                                                 /* 14 */
    "컵라면 1223개",                                                    /* 15 */
};

/* query, documents that must be hits (a letter each, a = 0), documents that must not. */
static const char *const rules[][3] = {
    {"투자", "ab", "c"},
    {"미스트랄 투자", "ab", "c"},
    {"투자 미스트랄", "ab", ""},
    {"프랑스", "ao", "b"},
    {"\"프랑스 AI\"", "a", "o"},
    {"비", "cd", "a"},
    {"과일", "f", "e"},
    {"사과", "e", "f"},
    {"서울대학교병원", "g", "m"},
    {"생물학", "h", ""},
    {"물학", "h", ""},
    {"오픈AI", "i", "a"},
    {"수자원", "j", ""},
    {"la french tech", "k", "l"},
    {"French", "k", ""},
    {"spend", "l", ""},
    {"model", "l", ""},
    {"서울", "gm", ""},
    {"佛", "n", "b"},
    {"大韓", "n", ""},
    {"비키니", "d", "c"},
    {"프랑스트랄", "", "ao"},
    {"123", "", "p"},
    {"1223", "p", ""},
    {"미스트랄 -투자", "", "ab"},
    {"프랑스 -정책", "a", "o"},
    {"ＡＩ", "aio", ""},
    {"\"파리에 있다\"", "b", ""},
    {"프랑스의", "ao", "b"},
    {"투자는", "ab", "c"},
    {"서울에서", "gm", "b"},
    {"\"프랑스의\"", "o", "a"},
    {"사과로", "e", "f"},
    {"과일로", "f", "e"},
    {"스타트업으로", "a", "b"},
    {"스타트업로", "", "a"},
};

static frai_index *open_texts(frai_searcher **s)
{
    const char *dir = temp_dir();
    build_bodies(dir, NULL, texts, sizeof texts / sizeof *texts);
    return open_index(dir, s);
}

static void every_rule_holds_for_its_words(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_searcher *s;
    size_t n = sizeof texts / sizeof *texts;
    build_bodies(dir, NULL, texts, n);
    frai_index *index = open_index(dir, &s);
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
        struct hit hits[32];
        frai_search_info info;
        uint32_t count = search(s, rules[r][0], FRAI_MATCH_ALL, 0, hits, 32, &info);
        for (int kind = 1; kind <= 2; kind++)
            for (const char *p = rules[r][kind]; *p; p++) {
                bool found = false;
                for (uint32_t i = 0; i < count; i++) found |= hits[i].doc == (uint64_t)(*p - 'a');
                if (found != (kind == 1)) fail_msg("'%s' and '%s'", rules[r][0], texts[*p - 'a']);
            }
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void whole_syllables_come_before_starts_before_insides(void **unused)
{
    (void)unused;
    static const char *const bodies[] = {"고비사막을 갔다", "비키니를 샀다 비키니 비키니",
                                         "오늘은 비 오는 날이라 나가지 않고 집에서 책을 읽었다",
                                         "해"};
    const char *dir = temp_dir();
    frai_searcher *s;
    struct hit hits[8];
    frai_search_info info;
    build_bodies(dir, NULL, bodies, 4);
    frai_index *index = open_index(dir, &s);
    assert_int_equal(search(s, "비", FRAI_MATCH_AUTO, 0, hits, 8, &info), 3);
    assert_int_equal(hits[0].doc, 2);
    assert_int_equal(hits[1].doc, 1);
    assert_int_equal(hits[2].doc, 0);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void without_a_document_for_all_words_some_will_do_and_it_says_so(void **unused)
{
    (void)unused;
    frai_searcher *s;
    struct hit hits[32];
    frai_search_info info;
    frai_index *index = open_texts(&s);
    assert_true(search(s, "생물학 비키니", FRAI_MATCH_AUTO, 0, hits, 32, &info) >= 2);
    assert_true(info.no_hit_has_all_words);
    assert_int_equal(search(s, "생물학 비키니", FRAI_MATCH_ALL, 0, hits, 32, &info), 0);
    search(s, "미스트랄 투자", FRAI_MATCH_AUTO, 0, hits, 32, &info);
    assert_false(info.no_hit_has_all_words);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void snippets_mark_just_the_words_of_the_query(void **unused)
{
    (void)unused;
    frai_searcher *s;
    struct hit hits[32];
    frai_search_info info;
    frai_index *index = open_texts(&s);
    static const char *const cases[][2] = {
        {"투자 스타트업", "프랑스 AI [스타트업] 미스트랄이 [투자]를 유치했다"},
        {"생물학", "[생물학]자들이 모였다"},
        {"서울대학교병원", "[서울] [대학교] [병원]에서 만났다"},
        {"spends", "The models were [spending] a lot"},
        {"비", "[비] 오는 날의 수채화"},
        {"오픈AI", "[오픈] [AI]와 구글"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        frai_passage snippet = FRAI_PASSAGE_INIT;
        char marked[600];
        size_t n = 0;
        assert_true(search(s, cases[c][0], FRAI_MATCH_ALL, 0, hits, 32, &info) > 0);
        assert_ok(frai_searcher_make_passage(s, hits[0].doc, frai_slice_of("body"), 80, &snippet,
                                             &error_));
        for (uint64_t i = 0, span = 0; i <= snippet.text.len; i++) {
            uint64_t at = snippet.offset + i;
            if (span < snippet.span_count && at == snippet.spans[span].end)
                marked[n++] = ']', span++;
            if (span < snippet.span_count && at == snippet.spans[span].begin) marked[n++] = '[';
            if (i < snippet.text.len) marked[n++] = snippet.text.ptr[i];
        }
        marked[n] = '\0';
        assert_string_equal(marked, cases[c][1]);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void explanations_sum_to_the_score(void **unused)
{
    (void)unused;
    frai_searcher *s;
    struct hit hits[32];
    frai_search_info info;
    frai_index *index = open_texts(&s);
    static const char *const queries[] = {"미스트랄 투자", "비", "spends", "프랑스 AI",
                                          "비 수채화"};
    for (size_t q = 0; q < 5; q++) {
        uint32_t count = search(s, queries[q], FRAI_MATCH_AUTO, 0, hits, 32, &info);
        assert_true(count > 0);
        for (uint32_t h = 0; h < count; h++) {
            assert_explained(s, hits[h].doc, hits[h].score, "");
        }
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* Random documents: pages of seven are the whole list cut, and every score explains itself, also
 * where hits with some of the words follow. */
static void pages_follow_each_other_and_explain_themselves(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_searcher *s;
    frai_index *index = index_documents(dir, &s);
    for (int q = 0; q < 60; q++) {
        static struct hit all[DOCS], page[7];
        char query[100];
        size_t len = 0;
        int words = 1 + (int)rnd_below(4);
        for (int i = 0; i < words; i++) {
            if (i) query[len++] = ' ';
            for (int k = 1 + (int)rnd_below(5); k > 0; k--)
                len += put(query + len, (int)rnd_below(ALPHABET));
        }
        query[len] = '\0';
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        uint32_t count, n;
        o.limit = DOCS;
        assert_ok(find_hits(s, frai_slice_of(query), &o, all, &count, &error_));
        for (uint32_t h = 0; h < count; h += 1 + count / 9) {
            assert_explained(s, all[h].doc, all[h].score, "");
        }
        o.limit = 7;
        for (o.offset = 0; o.offset < count && o.offset < 70; o.offset += 7) {
            assert_ok(find_hits(s, frai_slice_of(query), &o, page, &n, &error_));
            assert_int_equal(n, count - o.offset < 7 ? count - o.offset : 7);
            for (uint32_t h = 0; h < n; h++)
                if (page[h].doc != all[o.offset + h].doc ||
                    page[h].score != all[o.offset + h].score)
                    fail_msg("'%s', hit %llu", query, (unsigned long long)(o.offset + h));
        }
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* Query, and what it is searched as ("" : as typed). */
static const char *const layouts[][2] = {
    {"altmxmfkf", "미스트랄"},
    {"xnwk", "투자"},
    {"altmxmfkf xnwk", "미스트랄 투자"},
    {"미스트랄 xnwk", "미스트랄 투자"},
    {"ㄹㄱ두초", "french"},
    {"tkrhk", "사과"},
    {"spending", ""},
    {"qqqq", ""},
    {"없는말", ""},
    {"\"xnwk\"", ""},
    {"models", ""},
};

static void words_in_the_other_layout_are_found_where_none_is_as_typed(void **unused)
{
    (void)unused;
    frai_searcher *s;
    struct hit hits[32];
    frai_search_info info;
    frai_index *index = open_texts(&s);
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        uint32_t count = search(s, layouts[i][0], FRAI_MATCH_AUTO, 0, hits, 32, &info);
        size_t len = strlen(layouts[i][1]);
        if (info.rewritten.len != len ||
            (len && memcmp(info.rewritten.ptr, layouts[i][1], len) != 0))
            fail_msg("'%s' was searched as '%.*s'", layouts[i][0], (int)info.rewritten.len,
                     info.rewritten.ptr);
        if (layouts[i][1][0]) assert_true(count > 0);
        search(s, layouts[i][0], FRAI_MATCH_AUTO, FRAI_SEARCH_NO_FIX, hits, 32, &info);
        assert_int_equal(info.rewritten.len, 0);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void any_bytes_are_a_query(void **unused)
{
    (void)unused;
    static const char *const pasted[] = {
        "",         " ",    "\"",      "\"\"",  "-",   "--", "- -", "[속보] 투자", "미스트랄(AI)",
        "\"프랑스", "*",    "테크:",   "투자)", "AND", "*",  "ㅋ",  "\"-\"",       "--투자",
        "\xFF\xFE", "비\"", "ㅁㅅㅌㄹ"};
    frai_searcher *s;
    struct hit hits[32];
    frai_search_info info;
    frai_index *index = open_texts(&s);
    for (size_t i = 0; i < sizeof pasted / sizeof *pasted; i++)
        search(s, pasted[i], FRAI_MATCH_AUTO, 0, hits, 32, &info);
    assert_true(search(s, "[속보] 투자", FRAI_MATCH_AUTO, 0, hits, 32, &info) > 0);
    assert_true(search(s, "투자)", FRAI_MATCH_AUTO, 0, hits, 32, &info) > 0);
    char *noise = malloc(10 << 20);
    for (int round = 0; round < 6; round++) {
        size_t len = round ? rnd_below(5000) : 10 << 20;
        for (size_t i = 0; i < len; i++) noise[i] = (char)rnd();
        uint32_t count;
        assert_ok(find_hits(s, (frai_slice){noise, len}, NULL, hits, &count, &error_));
    }
    free(noise);
    char many[60000] = "";
    for (int i = 0; i < 9000; i++)
        strcat(many + (i > 0 ? (size_t)i * 6 - 6 : 0), i % 2 ? "은는" : "이가");
    search(s, many, FRAI_MATCH_AUTO, 0, hits, 32, &info);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_match_where_the_text_or_the_name_has_them),
        cmocka_unit_test(every_rule_holds_for_its_words),
        cmocka_unit_test(whole_syllables_come_before_starts_before_insides),
        cmocka_unit_test(without_a_document_for_all_words_some_will_do_and_it_says_so),
        cmocka_unit_test(snippets_mark_just_the_words_of_the_query),
        cmocka_unit_test(explanations_sum_to_the_score),
        cmocka_unit_test(pages_follow_each_other_and_explain_themselves),
        cmocka_unit_test(words_in_the_other_layout_are_found_where_none_is_as_typed),
        cmocka_unit_test(any_bytes_are_a_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
