/* Rules of grammar, tried from a word's end: an ending, which may ask for a final consonant in the
 * syllable before it; then auxiliary verbs, marks of tense and of honour; then the verb that makes
 * a predicate of a noun. */
#include "text/function_word.h"

#include <wchar.h>

#include "text/hangul.h"
#include "text/particle.h"

#define COUNT(list) (sizeof list / sizeof *list)

/* What the syllable before an ending ends in: the final's number, or anything. */
enum before { ANY = 0, NIEUN = 4, RIEUL = 8, BIEUP = 17, SSANG_SIOT = 20 };

static const struct ending {
    wchar_t text[5];
    uint8_t before;
} endings[] = {{L"줘", ANY},        {L"줘요", ANY},      {L"다", NIEUN},      {L"다", SSANG_SIOT},
               {L"고", SSANG_SIOT}, {L"지", SSANG_SIOT}, {L"니", SSANG_SIOT}, {L"나", SSANG_SIOT},
               {L"어", SSANG_SIOT}, {L"까", RIEUL},      {L"지", RIEUL},      {L"게", RIEUL},
               {L"는가", ANY},      {L"는가요", ANY},    {L"은가", ANY},      {L"은가요", ANY},
               {L"인가", ANY},      {L"인가요", ANY},    {L"던가", ANY},      {L"던가요", ANY},
               {L"한가", ANY},      {L"한가요", ANY},    {L"운가", ANY},      {L"운가요", ANY},
               {L"가요", NIEUN},    {L"나요", ANY},      {L"까요", RIEUL},    {L"니까", BIEUP},
               {L"냐고", ANY},      {L"는지", ANY},      {L"은지", ANY},      {L"인지", ANY},
               {L"던지", ANY},      {L"한지", ANY},      {L"을까", ANY},      {L"을까요", ANY},
               {L"을지", ANY},      {L"려나", ANY},      {L"래", RIEUL},      {L"래요", RIEUL},
               {L"죠", ANY},        {L"지요", ANY},      {L"거야", ANY},      {L"이야", ANY},
               {L"니다", BIEUP},    {L"습니다", ANY},    {L"는다", ANY},      {L"네", SSANG_SIOT},
               {L"네요", ANY},      {L"는데", ANY},      {L"은데", ANY},      {L"인데", ANY},
               {L"던데", ANY},      {L"데", NIEUN},      {L"데요", NIEUN},    {L"예요", ANY},
               {L"이에요", ANY},    {L"에요", ANY},      {L"어요", ANY},      {L"아요", ANY},
               {L"해요", ANY},      {L"워요", ANY},      {L"거든", ANY},      {L"거든요", ANY},
               {L"더라", ANY},      {L"더라고", ANY},    {L"게요", RIEUL},    {L"구나", ANY},
               {L"군요", ANY},      {L"세요", ANY},      {L"십시오", ANY},    {L"하라", ANY},
               {L"해라", ANY},      {L"어라", ANY},      {L"아라", ANY},      {L"시다", BIEUP},
               {L"해줘", ANY},      {L"해주세요", ANY},  {L"어줘", ANY},      {L"아줘", ANY},
               {L"려줘", ANY},      {L"주세요", ANY},    {L"주라", ANY},      {L"줄래", ANY},
               {L"주실래요", ANY},  {L"지마", ANY},      {L"지마라", ANY},    {L"자고", ANY},
               {L"달라고", ANY},    {L"려면", ANY},      {L"으려면", ANY},    {L"하려면", ANY},
               {L"으려고", ANY},    {L"려고", ANY},      {L"으면", ANY},      {L"하면", ANY},
               {L"되면", ANY},      {L"는", SSANG_SIOT}, {L"던", SSANG_SIOT}, {L"을", SSANG_SIOT},
               {L"으니", ANY},      {L"으며", ANY},      {L"하며", ANY},      {L"하고", ANY},
               {L"해서", ANY},      {L"어서", ANY},      {L"아서", ANY},      {L"여서", ANY},
               {L"해야", ANY},      {L"어야", ANY},      {L"아야", ANY},      {L"하지", ANY},
               {L"되지", ANY},      {L"하는", ANY},      {L"되는", ANY},      {L"하기", ANY},
               {L"되기", ANY},      {L"하게", ANY},      {L"되게", ANY},      {L"지만", ANY},
               {L"도록", ANY},      {L"면서", ANY},      {L"으면서", ANY},    {L"다가", ANY}};

/* With anything behind them. */
static const wchar_t *const fronts[] = {
    L"무엇", L"무슨", L"누구", L"누가", L"언제", L"어디", L"어떻", L"어떤", L"어떠",   L"얼마",
    L"어느", L"어찌", L"뭐",   L"뭘",   L"뭔",   L"왜",   L"몇",   L"때문", L"가르쳐", L"궁금"};

static const wchar_t *const words[] = {
    L"있는",       L"있다",       L"있나",        L"있어",   L"있을",     L"있게",   L"있니",
    L"없는",       L"없다",       L"없어",        L"없이",   L"하는",     L"하다",   L"한다",
    L"하고",       L"하면",       L"해서",        L"해야",   L"할",       L"한",     L"했다",
    L"하기",       L"되는",       L"된다",        L"되다",   L"된",       L"될",     L"돼",
    L"좀",         L"제발",       L"그냥",        L"너무",   L"정말",     L"진짜",   L"건",
    L"뿐",         L"데",         L"곳",          L"때",     L"것",       L"것은",   L"것이",
    L"것을",       L"게",         L"거",          L"걸",     L"수",       L"등",     L"및",
    L"또는",       L"그리고",     L"그런",        L"이런",   L"저런",     L"그",     L"이",
    L"저",         L"내가",       L"나",          L"난",     L"나는",     L"내",     L"제가",
    L"저는",       L"너",         L"우리",        L"같은",   L"같아",     L"대로",   L"만약",
    L"혹시",       L"줘",         L"싶어",        L"싶은데", L"싶다",     L"싶어요", L"해",
    L"하지",       L"하지마",     L"말고",        L"마",     L"말아줘",   L"하나요", L"되나요",
    L"하는지",     L"인지",       L"가장",        L"대한",   L"대해",     L"대해서", L"대하여",
    L"위한",       L"위해",       L"위해서",      L"위하여", L"통해",     L"통해서", L"통한",
    L"통하여",     L"관한",       L"관해",        L"관해서", L"관하여",   L"따라",   L"따라서",
    L"따른",       L"따르면",     L"의한",        L"의해",   L"의해서",   L"의하여", L"의하면",
    L"인한",       L"인해",       L"인하여",      L"비해",   L"향한",     L"알려",   L"알려줘",
    L"알려주세요", L"알려줄래",   L"말해",        L"말해줘", L"말해줄래", L"부탁해", L"부탁해요",
    L"부탁드려요", L"부탁합니다", L"부탁드립니다"};

/* Between a verb and its ending: 되어 있다, 하고 싶어, 먹어 보면. */
static const wchar_t auxiliaries[][3] = {
    L"어있", L"아있", L"여있", L"해있", L"고있", L"고싶", L"어보", L"아보", L"해보", L"어주",
    L"아주", L"해주", L"지않", L"지말", L"지못", L"야하", L"야되", L"게하", L"게되", L"되어"};

static bool begins(const uint32_t *cps, size_t n, const wchar_t *text, size_t len)
{
    if (len > n) return false;
    for (size_t i = 0; i < len; i++)
        if (cps[i] != (uint32_t)text[i]) return false;
    return true;
}

static bool is_function_word(const uint32_t *cps, size_t n)
{
    for (size_t i = 0; i < COUNT(fronts); i++)
        if (begins(cps, n, fronts[i], wcslen(fronts[i]))) return true;
    for (size_t i = 0; i < COUNT(words); i++)
        if (wcslen(words[i]) == n && begins(cps, n, words[i], n)) return true;
    return false;
}

static bool ends_in(uint32_t syllable, uint8_t final)
{
    return final == ANY || (fr_is_syllable(syllable) && fr_syllable_split(syllable).final == final);
}

/* Syllables of the longest ending; 0: none. */
static size_t ending_length(const uint32_t *cps, size_t n)
{
    size_t longest = 0;
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t len = wcslen(endings[i].text);
        if (len > longest && n > len && begins(cps + n - len, len, endings[i].text, len) &&
            ends_in(cps[n - len - 1], endings[i].before))
            longest = len;
    }
    return longest;
}

static bool ends_with_auxiliary(const uint32_t *cps, size_t n)
{
    for (size_t i = 0; n > 3 && i < COUNT(auxiliaries); i++)
        if (begins(cps + n - 2, 2, auxiliaries[i], 2)) return true;
    return false;
}

struct fr_word_roles fr_word_roles_of(const uint32_t *cps, size_t n)
{
    if (is_function_word(cps, n)) return (struct fr_word_roles){0, false};
    size_t ending = ending_length(cps, n), stem = n - ending;
    if (ending == 0) return (struct fr_word_roles){(uint32_t)fr_particle_stem(cps, n), false};
    while (ends_with_auxiliary(cps, stem)) stem -= 2;
    while (stem > 1 && wcschr(L"었였았겠셨시으", (wchar_t)cps[stem - 1])) stem--;
    if (stem > 2 && wcschr(L"하되했됐해돼한된할될합됩", (wchar_t)cps[stem - 1])) stem--;
    return (struct fr_word_roles){(uint32_t)stem, true};
}
