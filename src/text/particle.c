/* A table of particles, looked up from the end of a word, with the final consonant that each needs
 * before it. */
#include "text/particle.h"
#include "text/hangul.h"

#include <wchar.h>

/* What must end the syllable before: a final consonant, none, or either. */
enum before { ANY, FINAL, OPEN, OPEN_OR_RIEUL, FINAL_NOT_RIEUL };

/* By last syllable, the longest first. Besides particles and what contracts them with the copula,
 * ends of words that only look like them, of so many syllables or more (교통대란; but 시대란 of
 * three is 시대 and a particle), with how many syllables at their end are one after all. */
struct particle {
    wchar_t text[5];
    uint8_t len;
    uint8_t before;
    uint8_t least;
    uint8_t takes;
};
#define LENGTH(text) (sizeof L##text / sizeof(wchar_t) - 1)
#define PARTICLE(text, before)                                                                     \
    {                                                                                              \
        L##text, LENGTH(text), before, 0, LENGTH(text)                                             \
    }
#define WORD(text, least, takes)                                                                   \
    {                                                                                              \
        L##text, LENGTH(text), ANY, least, takes                                                   \
    }
#define ENDINGS(ENDING)                                                                            \
    ENDING(L'가', PARTICLE("이라든가", FINAL), PARTICLE("라든가", OPEN), PARTICLE("에다가", ANY),  \
           PARTICLE("이든가", FINAL), PARTICLE("든가", OPEN), PARTICLE("가", OPEN))                \
    ENDING(L'건', PARTICLE("이란건", FINAL), PARTICLE("란건", OPEN))                               \
    ENDING(L'걸', PARTICLE("이란걸", FINAL), PARTICLE("란걸", OPEN))                               \
    ENDING(L'게', PARTICLE("이란게", FINAL), PARTICLE("란게", OPEN), PARTICLE("에게", ANY))        \
    ENDING(L'겐', PARTICLE("에겐", ANY))                                                           \
    ENDING(L'고', PARTICLE("이라고", FINAL), PARTICLE("라고", OPEN), PARTICLE("하고", ANY))        \
    ENDING(L'과', PARTICLE("과", FINAL))                                                           \
    ENDING(L'까', PARTICLE("입니까", ANY))                                                         \
    ENDING(L'께', WORD("두께", 3, 0), WORD("저께", 3, 0), WORD("함께", 3, 0), PARTICLE("께", ANY)) \
    ENDING(L'나', PARTICLE("이나", FINAL), PARTICLE("나", OPEN))                                   \
    ENDING(L'냥', PARTICLE("마냥", ANY))                                                           \
    ENDING(L'녕', PARTICLE("는커녕", OPEN), PARTICLE("은커녕", FINAL), PARTICLE("커녕", ANY))      \
    ENDING(L'는', WORD("리나라는", 4, 1), WORD("만다라는", 4, 1), WORD("비에라는", 4, 1),          \
           WORD("사하라는", 4, 1), WORD("샤키라는", 4, 1), WORD("시에라는", 4, 1),                 \
           WORD("아우라는", 4, 1), WORD("아키라는", 4, 1), WORD("앙카라는", 4, 1),                 \
           WORD("오로라는", 4, 1), WORD("판도라는", 4, 1), WORD("플로라는", 4, 1),                 \
           WORD("메라는", 4, 1), PARTICLE("에서는", ANY), PARTICLE("으로는", FINAL_NOT_RIEUL),     \
           PARTICLE("이라는", FINAL), WORD("페라는", 4, 1), PARTICLE("라는", OPEN),                \
           PARTICLE("로는", OPEN_OR_RIEUL), PARTICLE("에는", ANY), PARTICLE("는", OPEN))           \
    ENDING(L'니', PARTICLE("이라니", FINAL))                                                       \
    ENDING(L'다', PARTICLE("입니다", ANY), PARTICLE("마다", ANY), PARTICLE("보다", ANY),           \
           PARTICLE("에다", ANY))                                                                  \
    ENDING(L'단', PARTICLE("보단", ANY))                                                           \
    ENDING(L'도', WORD("리나라도", 4, 1), WORD("만다라도", 4, 1), WORD("비에라도", 4, 1),          \
           WORD("사하라도", 4, 1), WORD("샤키라도", 4, 1), WORD("시에라도", 4, 1),                 \
           WORD("아우라도", 4, 1), WORD("아키라도", 4, 1), WORD("앙카라도", 4, 1),                 \
           WORD("엘도라도", 4, 0), WORD("오로라도", 4, 1), WORD("판도라도", 4, 1),                 \
           WORD("플로라도", 4, 1), WORD("로라도", 4, 0), WORD("메라도", 3, 1),                     \
           PARTICLE("에서도", ANY), PARTICLE("으로도", FINAL_NOT_RIEUL),                           \
           PARTICLE("이라도", FINAL), WORD("페라도", 3, 1), PARTICLE("라도", OPEN),                \
           PARTICLE("로도", OPEN_OR_RIEUL), PARTICLE("에도", ANY), PARTICLE("도", ANY))            \
    ENDING(L'든', PARTICLE("이든", FINAL))                                                         \
    ENDING(L'란', WORD("기다란", 3, 0), WORD("날계란", 3, 0), WORD("대이란", 3, 0),                \
           WORD("모자란", 3, 0), WORD("반이란", 3, 0), WORD("보호란", 4, 1), WORD("새파란", 3, 0), \
           WORD("샛노란", 3, 0), WORD("세대란", 5, 1), WORD("시대란", 4, 1), WORD("알토란", 3, 0), \
           WORD("외교란", 4, 1), WORD("운계란", 4, 0), WORD("유재란", 4, 0), WORD("은계란", 4, 0), \
           WORD("장미란", 3, 0), WORD("종교란", 4, 1), WORD("주이란", 3, 0), WORD("친이란", 3, 0), \
           WORD("커다란", 3, 0), WORD("테헤란", 3, 0), WORD("학교란", 4, 1), WORD("교란", 4, 0),   \
           WORD("대란", 4, 0), WORD("왜란", 3, 0), PARTICLE("이란", FINAL), WORD("호란", 4, 0),    \
           PARTICLE("란", OPEN))                                                                   \
    ENDING(L'랑', WORD("고랑", 3, 0), WORD("노랑", 3, 0), WORD("도랑", 3, 0), WORD("리랑", 3, 0),  \
           WORD("벼랑", 3, 0), WORD("사랑", 3, 0), WORD("유랑", 3, 0), PARTICLE("이랑", FINAL),    \
           WORD("자랑", 3, 0), WORD("파랑", 3, 0), WORD("화랑", 3, 0), PARTICLE("랑", OPEN))       \
    ENDING(L'러', PARTICLE("더러", ANY))                                                           \
    ENDING(L'럼', PARTICLE("처럼", ANY))                                                           \
    ENDING(L'로', PARTICLE("이야말로", FINAL), WORD("속도로", 4, 0), PARTICLE("야말로", OPEN),     \
           WORD("환도로", 4, 0), PARTICLE("으로", FINAL_NOT_RIEUL), PARTICLE("로", OPEN_OR_RIEUL)) \
    ENDING(L'록', PARTICLE("토록", ANY))                                                           \
    ENDING(L'론', PARTICLE("으론", FINAL_NOT_RIEUL))                                               \
    ENDING(L'를', PARTICLE("를", OPEN))                                                            \
    ENDING(L'마', PARTICLE("이나마", FINAL), PARTICLE("나마", OPEN))                               \
    ENDING(L'만', PARTICLE("이지만", FINAL), PARTICLE("에만", ANY), PARTICLE("만", ANY))           \
    ENDING(L'며', WORD("바라며", 3, 0), PARTICLE("이라며", FINAL), WORD("자라며", 3, 0),           \
           PARTICLE("라며", OPEN), PARTICLE("이며", FINAL), PARTICLE("며", OPEN))                  \
    ENDING(L'면', PARTICLE("이라면", FINAL))                                                       \
    ENDING(L'뿐', PARTICLE("뿐", ANY))                                                             \
    ENDING(L'서', WORD("나라서", 4, 0), WORD("따라서", 3, 0), PARTICLE("에게서", ANY),             \
           PARTICLE("으로서", FINAL_NOT_RIEUL), PARTICLE("이라서", FINAL), WORD("자라서", 3, 0),   \
           PARTICLE("한테서", ANY), PARTICLE("께서", ANY), PARTICLE("라서", OPEN),                 \
           PARTICLE("로서", OPEN_OR_RIEUL), PARTICLE("에서", ANY))                                 \
    ENDING(L'선', PARTICLE("에선", ANY))                                                           \
    ENDING(L'써', PARTICLE("으로써", FINAL_NOT_RIEUL), PARTICLE("로써", OPEN_OR_RIEUL))            \
    ENDING(L'에', PARTICLE("밖에", ANY), PARTICLE("에", ANY))                                      \
    ENDING(L'엔', WORD("유엔", 3, 0), PARTICLE("엔", ANY))                                         \
    ENDING(L'와', PARTICLE("와", OPEN))                                                            \
    ENDING(L'요', PARTICLE("이에요", FINAL), PARTICLE("인가요", ANY), PARTICLE("예요", OPEN))      \
    ENDING(L'은', PARTICLE("은", FINAL))                                                           \
    ENDING(L'을', PARTICLE("을", FINAL))                                                           \
    ENDING(L'의', PARTICLE("에서의", ANY), PARTICLE("과의", FINAL), PARTICLE("만의", ANY),         \
           PARTICLE("와의", OPEN), PARTICLE("의", ANY))                                            \
    ENDING(L'이', PARTICLE("이", FINAL))                                                           \
    ENDING(L'저', PARTICLE("마저", ANY))                                                           \
    ENDING(L'지', PARTICLE("이라든지", FINAL), PARTICLE("라든지", OPEN),                           \
           PARTICLE("이든지", FINAL), PARTICLE("까지", ANY), PARTICLE("든지", OPEN))               \
    ENDING(L'진', PARTICLE("까진", ANY))                                                           \
    ENDING(L'차', PARTICLE("조차", ANY))                                                           \
    ENDING(L'큼', PARTICLE("만큼", ANY))                                                           \
    ENDING(L'터', PARTICLE("에서부터", ANY), PARTICLE("으로부터", FINAL_NOT_RIEUL),                \
           PARTICLE("로부터", OPEN_OR_RIEUL), PARTICLE("부터", ANY))                               \
    ENDING(L'턴', PARTICLE("부턴", ANY))                                                           \
    ENDING(L'테', PARTICLE("한테", ANY))                                                           \
    ENDING(L'텐', PARTICLE("한텐", ANY))

static const wchar_t last_syllables[] = {
#define LAST(last, ...) last,
    ENDINGS(LAST)
#undef LAST
};
#define ENDING_COUNT (sizeof last_syllables / sizeof *last_syllables)

static const struct ending {
    const struct particle *particles;
    size_t count;
} endings[] = {
#define GROUP(last, ...)                                                                           \
    {(const struct particle[]){__VA_ARGS__},                                                       \
     sizeof((const struct particle[]){__VA_ARGS__}) / sizeof(struct particle)},
    ENDINGS(GROUP)
#undef GROUP
#undef ENDINGS
#undef WORD
#undef PARTICLE
#undef LENGTH
};
static bool agrees(uint32_t syllable, enum before before)
{
    if (!fr_is_syllable(syllable)) return false;
    uint32_t final = fr_syllable_split(syllable).final, rieul = 8;
    switch (before) {
    case FINAL: return final != 0;
    case OPEN: return final == 0;
    case OPEN_OR_RIEUL: return final == 0 || final == rieul;
    case FINAL_NOT_RIEUL: return final != 0 && final != rieul;
    default: return true;
    }
}

static size_t strip_one(const uint32_t *cps, size_t n, size_t least)
{
    const wchar_t *last = n ? wmemchr(last_syllables, (wchar_t)cps[n - 1], ENDING_COUNT) : NULL;
    if (!last) return n;
    const struct ending *ending = &endings[last - last_syllables];
    for (size_t i = 0; i < ending->count; i++) {
        const struct particle *p = &ending->particles[i];
        size_t len = p->len, k = 0;
        if (n < p->least || n < len || n < p->takes + least) continue;
        while (k < len && cps[n - len + k] == (uint32_t)p->text[k]) k++;
        if (k == len && (n == len || agrees(cps[n - len - 1], (enum before)p->before)))
            return n - p->takes;
    }
    return n;
}

/* 한국은행에서부터도 carries two. */
static size_t strip(const uint32_t *cps, size_t n, size_t least)
{
    size_t stem = strip_one(cps, n, least);
    return stem == n ? n : strip_one(cps, stem, least);
}

size_t fr_particle_stem(const uint32_t *cps, size_t n)
{
    return strip(cps, n, 2);
}

bool fr_particle_of_noun(const uint32_t *cps, size_t n)
{
    return n && wcschr(L"가과까께랑로를만보부에와으을의이처한", (wchar_t)cps[0]);
}

bool fr_particle_is_unit(uint32_t syllable)
{
    return wcschr(L"개건곡권년대명번분사살석세시씨양원월위일장점종주차채척초층칸팀편호회",
                  (wchar_t)syllable);
}

size_t fr_particle_rest(const uint32_t *cps, size_t n)
{
    size_t rest = strip(cps, n, 0);
    return rest == 1 && !fr_particle_is_unit(cps[0]) ? n : rest;
}

/* Words of two syllables that end as a particle does, and agree with it. */
static bool is_word_of_two(uint32_t first, uint32_t second)
{
    static const struct {
        wchar_t second;
        const wchar_t *firsts;
    } words[] = {{L'가', L"고대저주차추휴허화"},
                 {L'과', L"결성통학"},
                 {L'나', L"하"},
                 {L'는', L"가되또보서쓰아오주지하"},
                 {L'도', L"각강경고밀빈속수습시온용의인정제지척태파포한"},
                 {L'로', L"대도따바별새서스위주피회"},
                 {L'만', L"그불"},
                 {L'은', L"같깊낮넓높늦많받않얻작적젊좋"},
                 {L'의', L"강거건결논동문상심유의정제주창편합항협호회"},
                 {L'이', L"같깊높많먹없놀"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if ((uint32_t)words[i].second == second) return wcschr(words[i].firsts, (wchar_t)first);
    return false;
}

bool fr_particle_is_behind_one(const uint32_t *cps, size_t n)
{
    if (n < 2 || (n == 2 && is_word_of_two(cps[0], cps[1]))) return false;
    return strip_one(cps, n, 1) == 1;
}
