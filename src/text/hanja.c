/* Readings from Unihan's kHangul, found by binary search; an initial ㄴ or ㄹ is also read as 두음
 * 법칙 has it. */
#include "text/hanja.h"
#include "base/lower_bound.h"
#include "text/hangul.h"

#include <stdbool.h>

static const uint16_t table[][2] = {
#include "text/hanja_table.inc"
};

/* The syllable that the law of initials makes of this one at a word's start, or the same. */
static uint16_t as_initial(uint16_t syllable)
{
    enum { NIEUN = 2, RIEUL = 5, IEUNG = 11 };
    struct fr_syllable_letters l = fr_syllable_split(syllable);
    uint32_t initial = l.initial, vowel = l.vowel;
    /* ㅑ ㅕ ㅖ ㅛ ㅠ ㅣ: the vowels before which ㄴ and ㄹ fall silent */
    bool palatal =
        vowel == 2 || vowel == 6 || vowel == 7 || vowel == 12 || vowel == 17 || vowel == 20;
    if ((initial == NIEUN || initial == RIEUL) && palatal)
        initial = IEUNG;
    else if (initial == RIEUL)
        initial = NIEUN;
    return fr_syllable_join(initial, vowel, l.final);
}

static size_t add(uint16_t *out, size_t n, uint16_t reading)
{
    for (size_t i = 0; i < n; i++)
        if (out[i] == reading) return n;
    if (n < FR_HANJA_READINGS) out[n++] = reading;
    return n;
}

size_t fr_hanja_readings(uint32_t han, uint16_t out[FR_HANJA_READINGS])
{
    const size_t count = sizeof table / sizeof *table;
    size_t low = 0, n = 0;
    FR_LOWER_BOUND(size_t, low, count, i, table[i][0] < han);
    for (size_t i = low; i < count && table[i][0] == han; i++) n = add(out, n, table[i][1]);
    for (size_t i = 0, read = n; i < read; i++) n = add(out, n, as_initial(out[i]));
    return n;
}

const struct fr_news_hanja fr_news_hanja[] = {
    {0x4F5B, "프랑스"},   /* 佛 */
    {0x7F8E, "미국"},     /* 美 */
    {0x82F1, "영국"},     /* 英 */
    {0x7368, "독일"},     /* 獨 */
    {0x4E2D, "중국"},     /* 中 */
    {0x65E5, "일본"},     /* 日 */
    {0x97D3, "한국"},     /* 韓 */
    {0x5317, "북한"},     /* 北 */
    {0x9732, "러시아"},   /* 露 */
    {0x4F0A, "이탈리아"}, /* 伊 */
    {0x5370, "인도"},     /* 印 */
    {0x6CF0, "태국"},     /* 泰 */
    {0x8D8A, "베트남"},   /* 越 */
    {0x6FE0, "호주"},     /* 濠 */
    {0x8C6A, "호주"},     /* 豪 */
    {0x52A0, "캐나다"},   /* 加 */
    {0x81FA, "대만"},     /* 臺 */
    {0x53F0, "대만"},     /* 台 */
    {0x897F, "스페인"},   /* 西 */
    {0x862D, "네덜란드"}, /* 蘭 */
    {0x571F, "터키"},     /* 土 */
    {0x6B50, "유럽"},     /* 歐 */
    {0x4E9E, "아시아"},   /* 亞 */
    {0x8207, "여당"},     /* 與 */
    {0x91CE, "야당"},     /* 野 */
    {0x9752, "청와대"},   /* 青 */
    {0x9751, "청와대"},   /* 靑 */
    {0x6AA2, "검찰"},     /* 檢 */
    {0x8B66, "경찰"},     /* 警 */
    {0x8ECD, "군대"},     /* 軍 */
    {0x5973, "여성"},     /* 女 */
    {0x7537, "남성"},     /* 男 */
    {0x7236, "아버지"},   /* 父 */
    {0x6BCD, "어머니"},   /* 母 */
    {0x59BB, "아내"},     /* 妻 */
    {0x7A05, "세금"},     /* 稅 */
    {0x682A, "주식"},     /* 株 */
    {0x50B5, "채권"},     /* 債 */
    {0x8ECA, "자동차"},   /* 車 */
    {0x6B7B, "사망"},     /* 死 */
    {0x7968, "투표"},     /* 票 */
};
const size_t fr_news_hanja_count = sizeof fr_news_hanja / sizeof *fr_news_hanja;
