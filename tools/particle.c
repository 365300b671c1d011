/* Looks at the last character that is read aloud: its final consonant decides. */
#include "particle.h"

#include "clean.h"

enum final { FINAL_NONE, FINAL_RIEUL, FINAL_OTHER, FINAL_UNKNOWN };

static enum final final_of(const char *word)
{
    static const enum final digits[] = {
        FINAL_OTHER, FINAL_RIEUL, FINAL_NONE,  FINAL_OTHER, FINAL_NONE, /* 영 일 이 삼 사 */
        FINAL_NONE,  FINAL_OTHER, FINAL_RIEUL, FINAL_RIEUL, FINAL_NONE  /* 오 육 칠 팔 구 */
    };
    frai_slice text = frai_slice_of(word);
    uint32_t cp, last = 0;
    for (size_t at = 0; at < text.len;) {
        size_t n = utf8_at(text, at, &cp);
        if (n && cp != '"' && cp != '\'' && cp != ' ' && cp != ')') last = cp;
        at += n ? n : 1;
    }
    if (last >= '0' && last <= '9') return digits[last - '0'];
    if (last < 0xAC00 || last > 0xD7A3) return FINAL_UNKNOWN;
    uint32_t coda = (last - 0xAC00) % 28;
    return coda == 0 ? FINAL_NONE : coda == 8 ? FINAL_RIEUL : FINAL_OTHER;
}

const char *particle(const char *word, enum particle which)
{
    static const char *const forms[][3] = {{"으로", "로", "(으)로"}, {"은", "는", "은(는)"}};
    enum final final = final_of(word);
    if (final == FINAL_UNKNOWN) return forms[which][2];
    bool vowel = final == FINAL_NONE || (which == PARTICLE_TO && final == FINAL_RIEUL);
    return forms[which][vowel];
}
