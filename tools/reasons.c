/* Tables of phrases, indexed by the library's enums. */
#include "reasons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "json_text.h"
#include "messages.h"

/* Korean, English. */
typedef const char *const phrase[2];

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- why a score ---- */

static phrase score_parts[] = {
    [FRAI_SCORE_SYLLABLE] = {"syllable, 단어 안의 자리", "syllable, with its place in the word"},
    [FRAI_SCORE_JOINT] = {"joint\t띄어쓰기를 사이에 둔 글자쌍",
                          "joint\tpairs with a space between"},
    [FRAI_SCORE_NEAR] = {"near\t단어들이 서로 가까움", "near\twords close together"},
    [FRAI_SCORE_LEAD] = {"lead\t앞부분에 나옴", "lead\tmentioned early"},
    [FRAI_SCORE_SHAPE] = {"shape\t단어의 시작과 끝, 붙여 쓴 것이 검색어와 같음",
                          "shape\twords begin, end and are glued as typed"},
    [FRAI_SCORE_TITLE] = {"title\t제목에 있음", "title\tin the title"},
    [FRAI_SCORE_TITLED] = {"titled\t제목이 검색어와 같음", "titled\tthe title is the query"},
};

static void put_total(FILE *out, const frai_score_part *p, bool korean)
{
    if (p->all_documents)
        fprintf(out, "0 = %s\n",
                korean ? "찾을 단어가 없어 모든 문서가 결과입니다"
                       : "no word is looked for: every document is a hit");
    else if (korean)
        fprintf(out, "%.9g = 아래 줄의 합 (%s; 단어: %s)\n", (double)p->value,
                p->by_positions ? "BM25와 위치" : "BM25", p->any_word ? "일부" : "모두");
    else
        fprintf(out, "%.9g = the sum of the lines below (%s; words: %s)\n", (double)p->value,
                p->by_positions ? "BM25 and positions" : "BM25", p->any_word ? "any" : "all");
}

/* The shares that made the weight less, where there are any. */
static void put_term(FILE *out, const frai_score_part *p)
{
    fprintf(out, "  %.9g\t%s %.*s\tdf=%llu weight=%.6g", (double)p->value, p->term_class,
            (int)p->term.len, p->term.ptr, (unsigned long long)p->df, (double)p->weight);
    if (p->boost != 1) fprintf(out, " boost=%.3g", (double)p->boost);
    if (p->noun != 1) fprintf(out, " noun=%.3g", (double)p->noun);
    fprintf(out, " tf=%u\n", p->tf);
}

static void put_part(FILE *out, const frai_score_part *p, bool korean)
{
    const char *what = (size_t)p->kind < COUNT(score_parts) ? score_parts[p->kind][!korean] : NULL;
    if (p->kind == FRAI_SCORE_TOTAL)
        put_total(out, p, korean);
    else if (p->kind == FRAI_SCORE_TERM)
        put_term(out, p);
    else
        fprintf(out, "  %.9g\t%s\n", (double)p->value, what ? what : "");
}

/* Closes what open_memstream gave; NULL for an empty text. */
static char *text_of(FILE *out, char **text, const size_t *len)
{
    if (out && fclose(out) == 0 && *len) return *text;
    if (out) free(*text);
    return NULL;
}

char *explanation_text(frai_searcher *searcher, uint64_t doc, bool korean)
{
    const frai_explanation *e;
    char *text = NULL;
    size_t len = 0;
    if (frai_searcher_explain(searcher, doc, &e, NULL) != FRAI_OK) return NULL;
    FILE *out = open_memstream(&text, &len);
    for (uint32_t i = 0; out && i < frai_explanation_count(e); i++)
        put_part(out, frai_explanation_part(e, i), korean);
    return text_of(out, &text, &len);
}

/* ---- how a query was evaluated ---- */

static phrase methods[] = {
    [FRAI_METHOD_NONE] = {"맞을 수 있는 문서가 없음", "no document can match"},
    [FRAI_METHOD_FREQUENCY] = {"하나뿐인 용어의 문서 수", "document frequency of the only term"},
    [FRAI_METHOD_WINDOWS] = {"창 단위로 문서를 하나씩", "documents one by one, in windows"},
    [FRAI_METHOD_EVERY_DOCUMENT] = {"모든 문서", "every document"},
    [FRAI_METHOD_TWO_TERMS] = {"두 용어의 문서에서 겹치는 것을 뺌",
                               "documents of two terms, less those of both"},
    [FRAI_METHOD_BITS] = {"창 단위로 모든 용어의 비트", "bits of all terms, in windows"},
    [FRAI_METHOD_RAREST_TERM] = {"가장 드문 용어의 문서에서 나머지를 찾음",
                                 "documents of the rarest term, the others sought"},
    [FRAI_METHOD_ROWS] = {"문서 4096개씩 모든 용어의 비트",
                          "bits of all terms, by rows of 4096 documents"},
    [FRAI_METHOD_BLOCK_MAX] = {"상한이 높은 순서로 문서 64개씩",
                               "ranges of 64 documents, by falling bound"},
    [FRAI_METHOD_BLOCK_MAX_AND] = {"모든 용어가 있는 곳만, 상한이 높은 순서로 문서 64개씩",
                                   "ranges of 64 documents that have all terms, by falling bound"},
};

static void put_step(FILE *out, const frai_plan_step *step, bool korean)
{
    const char *how = (size_t)step->method < COUNT(methods) ? methods[step->method][!korean] : "";
    fprintf(out, "%s %u: %s", korean ? "세그먼트" : "segment", step->segment, how);
    if (step->counted)
        fprintf(out, korean ? "; %llu건을 셈" : "; %llu counted",
                (unsigned long long)step->matches);
    else if (step->method != FRAI_METHOD_NONE)
        fprintf(out,
                korean ? "; 문서 %llu개의 점수, 포스팅 %llu개를 풂"
                       : "; %llu documents scored, %llu postings decoded",
                (unsigned long long)step->scored, (unsigned long long)step->decoded);
    fputc('\n', out);
}

char *plan_text(frai_searcher *searcher, bool korean)
{
    const frai_query_plan *plan;
    char *text = NULL;
    size_t len = 0;
    if (frai_searcher_describe_plan(searcher, &plan, NULL) != FRAI_OK) return NULL;
    FILE *out = open_memstream(&text, &len);
    for (uint32_t i = 0; out && i < frai_query_plan_count(plan); i++)
        put_step(out, frai_query_plan_step(plan, i), korean);
    return text_of(out, &text, &len);
}

/* ---- why a document is no hit ---- */

/* The third is what JSON calls it. */
static const char *const findings[][3] = {
    [FRAI_FINDING_WORD] = {"", "", "word"},
    [FRAI_FINDING_TERM] = {"", "", "term"},
    [FRAI_FINDING_NOT_ADJACENT] = {"글자쌍은 모두 있지만 이어져 있지 않습니다",
                                   "every term is there, but not side by side", "not_adjacent"},
    [FRAI_FINDING_EXCLUDED] = {"있는 단어인데 빼라고 했습니다", "it is there, and excluded",
                               "excluded"},
    [FRAI_FINDING_ONLY_FILE_NAME] = {"파일 이름에만 있습니다", "only in the name of its file",
                                     "only_file_name"},
    [FRAI_FINDING_IF_NOT_EXACT] = {"따옴표와 -F 없이 찾음: 띄어쓰기, 조사, 한자음, 수의 값, 표기, "
                                   "이름, 파일 이름",
                                   "found without quotes and -F: spacing, particles, readings, "
                                   "values, spellings, names, the file's name",
                                   "if_not_exact"},
    [FRAI_FINDING_AS_PREFIX] = {"--prefix로 찾음: 단어의 앞부분",
                                "found by --prefix: as the beginning of a word", "as_prefix"},
    [FRAI_FINDING_CORRECTED] = {"--fuzzy, 한/영 자판이나 초성으로 찾음: ",
                                "found by --fuzzy, the other layout or initial consonants: ",
                                "corrected"},
    [FRAI_FINDING_NO_RULE] = {"어떤 규칙으로도 찾을 수 없습니다", "no rule finds it", "no_rule"},
    [FRAI_FINDING_FOUND_AS] = {"", "", "found_as"},
    [FRAI_FINDING_HIT] = {"모든 단어가 있어 결과에 나옵니다",
                          "the document has every word: it is a hit", "hit"},
    [FRAI_FINDING_LACKS_WORD] = {"없는 단어가 있어 결과에 나오지 않습니다",
                                 "the document lacks a word", "lacks_word"},
    [FRAI_FINDING_NO_WORDS] = {"검색어에 단어가 없습니다", "the query has no words", "no_words"},
};

static const char *called(const frai_finding *f, int how)
{
    return (size_t)f->kind < COUNT(findings) ? findings[f->kind][how] : "";
}

/* How a term stands for a word; JSON has the library's name for it. */
static const char *standing(const char *term_class)
{
    static const char *const kinds[][3] = {
        {"form", "활용형", "another form"},
        {"stem", "영어 단어의 줄기", "stem"},
        {"reading", "한자음", "reading"},
        {"value", "값", "value"},
        {"glued", "붙여 쓴 꼴", "written together"},
        {"spelling", "다른 표기", "another spelling"},
        {"name", "다른 문자로 적은 이름", "name in the other script"},
        {"news", "신문의 줄임말", "abbreviation of newspapers"},
        {"synonym", "동의어", "synonym"},
        {"completion", "이어지는 말", "goes on as"},
        {"initials", "초성", "initial consonants"},
    };
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(kinds[i][0], term_class) == 0) return say(kinds[i][1], kinds[i][2]);
    return term_class;
}

static bool is_rule(const frai_finding *f)
{
    return f && ((f->kind > FRAI_FINDING_TERM && f->kind < FRAI_FINDING_HIT) ||
                 f->kind == FRAI_FINDING_FOUND_AS);
}

void print_diagnosis(const frai_diagnosis *diagnosis)
{
    for (uint32_t i = 0; i < frai_diagnosis_count(diagnosis); i++) {
        const frai_finding *f = frai_diagnosis_finding(diagnosis, i);
        bool about_a_word = f->kind == FRAI_FINDING_TERM || is_rule(f);
        bool good = (f->present != 0) != (f->excluded != 0);
        if (about_a_word) fputs("    ", stdout);
        if (f->kind <= FRAI_FINDING_TERM) printf("%s %s", good ? "+" : "-", f->excluded ? "-" : "");
        fputs(called(f, speaks_korean() ? 0 : 1), stdout);
        if (f->kind == FRAI_FINDING_FOUND_AS) printf("%s: ", standing(f->term_class));
        put_shown_lines(stdout, f->text);
        if (f->kind == FRAI_FINDING_TERM) printf("\tdf=%llu", (unsigned long long)f->df);
        if (f->kind == FRAI_FINDING_FOUND_AS)
            printf("\tdf=%llu boost=%.3g", (unsigned long long)f->df, (double)f->boost);
        putchar('\n');
    }
}

/* The members of a word's or a term's object. */
static void put_json_finding(const frai_finding *f)
{
    fputs("{\"text\":", stdout);
    put_json_string(stdout, f->text);
    printf(",\"present\":%s", f->present ? "true" : "false");
    if (f->excluded) fputs(",\"excluded\":true", stdout);
    if (f->kind == FRAI_FINDING_TERM) printf(",\"df\":%llu", (unsigned long long)f->df);
}

/* A word with its terms, the rules, and what it was corrected to; returns the next finding. */
static uint32_t put_json_word(const frai_diagnosis *d, uint32_t i)
{
    const frai_finding *f = frai_diagnosis_finding(d, i++);
    put_json_finding(f);
    fputs(",\"terms\":[", stdout);
    for (const char *comma = ""; (f = frai_diagnosis_finding(d, i)) != NULL; i++, comma = ",") {
        if (f->kind != FRAI_FINDING_TERM) break;
        fputs(comma, stdout);
        put_json_finding(f);
        putchar('}');
    }
    fputs("],\"findings\":[", stdout);
    for (const char *comma = ""; is_rule(f = frai_diagnosis_finding(d, i)); i++, comma = ",") {
        printf("%s{\"kind\":\"%s\"", comma, called(f, 2));
        if (f->term_class) put_json_member(stdout, "class", frai_slice_of(f->term_class));
        if (f->text.len) put_json_member(stdout, "text", f->text);
        if (f->term_class)
            printf(",\"df\":%llu,\"boost\":%.3g", (unsigned long long)f->df, (double)f->boost);
        putchar('}');
    }
    fputs("]}", stdout);
    return i;
}

void print_diagnosis_json(const frai_diagnosis *diagnosis, frai_slice id, frai_slice query)
{
    uint32_t count = frai_diagnosis_count(diagnosis), i = 0;
    const frai_finding *f;
    fputs("{\"type\":\"why\"", stdout);
    put_json_name(stdout, "id", id);
    put_json_member(stdout, "query", query);
    if (count)
        printf(",\"verdict\":\"%s\"", called(frai_diagnosis_finding(diagnosis, count - 1), 2));
    fputs(",\"words\":[", stdout);
    while ((f = frai_diagnosis_finding(diagnosis, i)) != NULL && f->kind == FRAI_FINDING_WORD) {
        if (i) putchar(',');
        i = put_json_word(diagnosis, i);
    }
    puts("]}");
}
