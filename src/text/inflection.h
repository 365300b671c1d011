/* inflection.h: the forms of Korean predicates (verbs and adjectives), without a dictionary: which
 * stems a form may be of, and how a stem looks before each kind of ending.
 *
 *   추웠다   춥- of class ㅂ; or 추우-, regular
 *   춥-, ㅂ  춥(고), 추우(면), 추운, 추울, 추워(서), 추웠(다)
 *
 * Rules alone can't tell which stem there is: whoever asks has to look at what a corpus has. */
#ifndef FR_TEXT_INFLECTION_H
#define FR_TEXT_INFLECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#define FR_FORM_SYLLABLES 10u /* of a form; longer words are none */

/* What becomes of the stem before vowels. */
enum fr_conjugation {
    FR_REGULAR, /* also what always happens: 쓰다 써, 울다 우는, 하다 해 */
    FR_DIEUT,   /* 걷다 걸어 */
    FR_BIEUP,   /* 춥다 추워 */
    FR_SIOT,    /* 짓다 지어 */
    FR_HIEUH,   /* 하얗다 하얀 */
    FR_REU,     /* 모르다 몰라 */
    FR_REO,     /* 푸르다 푸르러 */
    FR_U        /* 푸다 퍼 */
};

struct fr_syllables {
    uint16_t at[FR_FORM_SYLLABLES + 2];
    uint8_t count;
};

/* A kind of front is what stands before the endings of that kind. */
enum fr_front_kind {
    FR_FRONT_PLAIN,   /* the stem: 먹(고), 울(고) */
    FR_FRONT_DROPPED, /* without its ㄹ: 우(는) */
    FR_FRONT_EU,      /* 먹으(면), 가(면), 추우(면), 울(면) */
    FR_FRONT_NIEUN,   /* 먹은, 간, 추운, 운 */
    FR_FRONT_RIEUL,   /* 먹을, 갈, 추울, 울 */
    FR_FRONT_BIEUP,   /* 갑(니다), 웁(니다) */
    FR_FRONT_AEO,     /* 먹어, 가, 추워 */
    FR_FRONT_PAST,    /* 먹었(다), 갔(다), 추웠(다) */
    FR_FRONT_KINDS
};

/* What a form may be of. */
struct fr_predicate {
    struct fr_syllables stem;
    enum fr_conjugation conjugation;
    bool bare;    /* the form is a front, without an ending: many a noun looks so */
    bool certain; /* an ending of two syllables or a past tense: hardly a noun */
};

#define FR_PREDICATES_MAX 12u

/* Stems, distinct, that a word of syllables may be a form of; returns how many. */
size_t fr_predicates_of(const uint32_t *word, size_t n,
                        struct fr_predicate predicates[FR_PREDICATES_MAX]);

/* The front of a kind; some have two (봐, 보아). False: there is none. */
bool fr_predicate_front(const struct fr_predicate *p, enum fr_front_kind kind, bool second,
                        struct fr_syllables *front);

/* Beginnings of endings of the kind that tell a predicate from other words, in groups with a space
 * between: what a corpus is asked for. NULL: the front by itself tells it. */
const wchar_t *fr_front_endings(enum fr_front_kind kind);

#endif
