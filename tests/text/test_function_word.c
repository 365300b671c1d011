#include <string.h>

#include "support/support.h"
#include "text/function_word.h"
#include "text/utf8.h"

static struct fr_word_roles roles_of(const char *word)
{
    uint32_t cps[64];
    size_t n = 0, len = strlen(word);
    for (size_t at = 0; at < len && n < 64;) cps[n++] = fr_utf8_next(word, len, &at);
    return fr_word_roles_of(cps, n);
}

/* Words with a bar where the content ends; none: all is content. */
static void expect(const char *const *words, size_t count, bool predicate)
{
    for (size_t i = 0; i < count; i++) {
        char word[128];
        const char *bar = strchr(words[i], '|');
        size_t front = bar ? (size_t)(bar - words[i]) : strlen(words[i]);
        memcpy(word, words[i], front);
        strcpy(word + front, bar ? bar + 1 : "");
        struct fr_word_roles roles = roles_of(word);
        if (roles.content != front / 3 || roles.predicate != predicate)
            fail_msg("%s: %u syllables of content, %s", words[i], roles.content,
                     roles.predicate ? "a predicate" : "none");
    }
}
#define EXPECT(list, predicate) expect(list, sizeof list / sizeof *list, predicate)

static void questions_and_grammar_have_no_content(void **unused)
{
    (void)unused;
    static const char *const words[] = {"|무엇인가", "|어디에서", "|언제부터",  "|누구의", "|몇",
                                        "|어떻게",   "|때문에",   "|대한",      "|있는",   "|것",
                                        "|위해서",   "|하는",     "|알려주세요"};
    EXPECT(words, false);
}

static void endings_of_predicates_are_told_from_their_stems(void **unused)
{
    (void)unused;
    static const char *const words[] = {
        "개최|되었는가", "설립|했나요",   "먹|었다",         "예쁜|데요", "만들|어요",
        "끄|지마",       "확인|합니까",   "발표|되었습니다", "가|려면",   "좋아|하세요",
        "걸렸|을까",     "금지|되어있어", "옮겨|줘",         "끝난|다",   "수상|하였는지"};
    EXPECT(words, true);
}

static void particles_end_the_content_of_nouns(void **unused)
{
    (void)unused;
    static const char *const words[] = {
        "투자|를", "한국은행|에서는", "수도|는",     "서울|에서", "회의",   "도로",
        "결과",    "자동차",          "대한민국|의", "대한항공",  "위해성", "통한|은"};
    EXPECT(words, false);
}

/* Nouns that end as predicates do, of which two in a hundred may be taken for one. */
static void nouns_stay_nouns(void **unused)
{
    (void)unused;
    static const char *const nouns[] = {
        "바다",       "광고",     "편지",       "라면",   "영어",     "가게",   "남해",
        "휴지",       "경기",     "아기",       "분야",   "시야",     "나라",   "회사",
        "전문가",     "작가",     "국가",       "휴가",   "평가",     "물가",   "증가",
        "추가",       "참가",     "주가",       "사자",   "투자",     "여자",   "환자",
        "기자",       "저자",     "보고",       "창고",   "사고",     "최고",   "참고",
        "중고",       "의지",     "단지",       "토지",   "정지",     "금지",   "잡지",
        "공지",       "이해",     "오해",       "올해",   "피해",     "지중해", "화면",
        "장면",       "측면",     "표면",       "가면",   "반면",     "도면",   "전기",
        "공기",       "용기",     "일기",       "시기",   "언어",     "단어",   "국어",
        "일본어",     "한국어",   "프랑스어",   "용어",   "인어",     "장어",   "연어",
        "문어",       "상어",     "아시아",     "러시아", "이탈리아", "미디어", "아이디어",
        "소프트웨어", "하드웨어", "스웨어",     "드라마", "파자마",   "바나나", "하나",
        "카지노",     "코로나",   "아르헨티나", "언니",   "어머니",   "할머니", "주머니",
        "대구",       "과학자",   "번역기",     "비행기", "세탁기",   "계산기", "청소기",
        "냉장고",     "자전거",   "컴퓨터",     "대학교"};
    size_t count = sizeof nouns / sizeof *nouns, wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct fr_word_roles roles = roles_of(nouns[i]);
        if (roles.predicate) print_message("%s: %u\n", nouns[i], roles.content);
        wrong += roles.predicate;
    }
    print_message("%zu nouns tried, %zu taken for predicates\n", count, wrong);
    assert_true(wrong * 50 <= count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_and_grammar_have_no_content),
        cmocka_unit_test(endings_of_predicates_are_told_from_their_stems),
        cmocka_unit_test(particles_end_the_content_of_nouns),
        cmocka_unit_test(nouns_stay_nouns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
