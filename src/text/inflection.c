/* The conjugation of the standard orthography (한글 맞춤법, chapter 4, section 2, articles 15 to
 * 18; contractions: section 5, articles 34 to 38), as arithmetic on syllables. A form is taken
 * apart by undoing it in every way there may be; a way counts if the rules lead from its stem back
 * to the form. */
#include "text/inflection.h"

#include "text/hangul.h"

#define COUNT(list) (sizeof list / sizeof *list)

/* Vowels and finals by their numbers. */
enum {
    A = 0,
    AE = 1,
    YA = 2,
    YAE = 3,
    EO = 4,
    E = 5,
    YEO = 6,
    YE = 7,
    O = 8,
    WA = 9,
    WAE = 10,
    OE = 11,
    U = 13,
    WEO = 14,
    EU = 18,
    I = 20
};
enum {
    NONE = 0,
    NIEUN = 4,
    DIEUT = 7,
    RIEUL = 8,
    BIEUP = 17,
    SIOT = 19,
    SSANG_SIOT = 20,
    HIEUH = 27
};

#define KIND(kind) (1u << FR_FRONT_##kind)
#define STEM       (KIND(PLAIN) | KIND(DROPPED))
#define POLITE     (KIND(EU) | KIND(DROPPED))

/* Endings, with the kinds of fronts that they stand behind. Left out are those of one syllable that
 * more nouns end in than verbs do: 기, 자, 나, 니, 려, 러. */
static const struct {
    uint32_t kinds;
    const wchar_t *texts;
} endings[] = {{KIND(PLAIN) | KIND(NIEUN), L"다 다고 다는 다며 다면 다니"},
               {KIND(PLAIN), L"고 던 다가 고는 고도 고요 고자 지만 지요 죠 지는 지마 "
                             L"지마라 지말고 게끔 던데 던가 더니 더라 더라고 더군요 거나 "
                             L"거든 거든요 도록 든지 구나 군요 자마자 자고 길래 기에 "
                             L"습니다 습니까 습니다만"},
               {KIND(PLAIN) | KIND(NIEUN) | KIND(RIEUL), L"지"},
               {KIND(PLAIN) | KIND(RIEUL), L"게"},
               {STEM, L"는 네 는데 는데요 는지 는지요 는가 는가요 는걸 는군요 "
                      L"는구나 는다 는다고 는다는 는다면 느냐 느라 느라고 네요 나요"},
               {KIND(EU), L"면 며 면서 므로 려고 려면 려는 러는"},
               {KIND(NIEUN), L"데 데요 지요 가요"},
               {KIND(RIEUL), L"까 래 까요 게요 래요 수록 거야 텐데"},
               {KIND(AEO), L"서 요 도 야 줘 서는 서도 서요 야만 야지 야죠 야하는 "
                           L"야한다 야할 라도 줘요 줘서 주세요 주는 주고 주면 보고 보면 "
                           L"보니 봤다 있는 있다 버린 버렸다"},
               {POLITE, L"신 실 니깐 세요 셔요 십시오 십니다 십니까"},
               {STEM | KIND(EU), L"냐고"},
               {POLITE | KIND(BIEUP), L"니까"},
               {KIND(BIEUP), L"니다 니다만 시다"}};

/* ---- syllables ---- */

static uint16_t last(const struct fr_syllables *s)
{
    return s->count ? s->at[s->count - 1] : 0;
}

static struct fr_syllable_letters last_letters(const struct fr_syllables *s)
{
    return fr_syllable_split(last(s));
}

/* s with the last syllable's final and vowel replaced. */
static struct fr_syllables ending_in(const struct fr_syllables *s, uint32_t vowel, uint32_t final)
{
    struct fr_syllables made = *s;
    made.at[s->count - 1] = fr_syllable_join(last_letters(s).initial, vowel, final);
    return made;
}

static struct fr_syllables with_final(const struct fr_syllables *s, uint32_t final)
{
    return ending_in(s, last_letters(s).vowel, final);
}

static struct fr_syllables with_vowel(const struct fr_syllables *s, uint32_t vowel)
{
    return ending_in(s, vowel, last_letters(s).final);
}

static struct fr_syllables followed_by(const struct fr_syllables *s, uint32_t syllable)
{
    struct fr_syllables made = *s;
    made.at[made.count++] = (uint16_t)syllable;
    return made;
}

static struct fr_syllables without_last(const struct fr_syllables *s)
{
    struct fr_syllables made = *s;
    made.count--;
    return made;
}

static bool same(const struct fr_syllables *a, const struct fr_syllables *b)
{
    bool equal = a->count == b->count;
    for (size_t i = 0; equal && i < a->count; i++) equal = a->at[i] == b->at[i];
    return equal;
}

/* ---- from a stem to its fronts ---- */

static bool is_bright(uint32_t vowel)
{
    return vowel == A || vowel == O || vowel == YA;
}

static uint32_t a_or_eo(uint32_t vowel)
{
    return is_bright(vowel) ? L'아' : L'어';
}

/* The vowel that the stem's and the ending's make together. */
static bool contraction(uint32_t vowel, uint32_t *contracted)
{
    static const uint8_t pairs[][2] = {{A, A},  {EO, EO}, {YEO, YEO}, {AE, AE}, {E, E},
                                       {O, WA}, {U, WEO}, {I, YEO},   {OE, WAE}};
    for (size_t i = 0; i < COUNT(pairs); i++)
        if (pairs[i][0] == vowel) {
            *contracted = pairs[i][1];
            return true;
        }
    return false;
}

/* A stem without a final before 아 or 어; `whole`: not contracted. */
static bool open_aeo(const struct fr_syllables *stem, bool whole, struct fr_syllables *front)
{
    struct fr_syllable_letters l = last_letters(stem);
    uint32_t contracted, before = stem->count > 1 ? stem->at[stem->count - 2] : 0;
    if (last(stem) == L'하') {
        *front = whole ? followed_by(stem, L'여') : with_vowel(stem, AE);
        return true;
    }
    if (l.vowel == EU) { /* 쓰다 써, 바쁘다 바빠 */
        bool bright = before && is_bright(fr_syllable_split(before).vowel);
        *front = with_vowel(stem, bright ? A : EO);
        return !whole;
    }
    if (!contraction(l.vowel, &contracted)) { /* 쉬다 쉬어 */
        *front = followed_by(stem, L'어');
        return !whole;
    }
    *front = whole ? followed_by(stem, a_or_eo(l.vowel)) : with_vowel(stem, contracted);
    return !whole || (l.vowel != A && l.vowel != EO && l.vowel != YEO);
}

static bool make_aeo(const struct fr_predicate *p, bool second, struct fr_syllables *front)
{
    const struct fr_syllables *stem = &p->stem;
    struct fr_syllable_letters l = last_letters(stem);
    struct fr_syllables open = with_final(stem, NONE), before = without_last(stem);
    if (second && (p->conjugation != FR_REGULAR || l.final)) return false;
    switch (p->conjugation) {
    case FR_DIEUT:
        open = with_final(stem, RIEUL);
        *front = followed_by(&open, a_or_eo(l.vowel));
        return true;
    case FR_BIEUP: /* article 18: 와 in 돕다 and 곱다 only */
        *front = followed_by(&open, *stem->at == L'돕' || *stem->at == L'곱' ? L'와' : L'워');
        return true;
    case FR_SIOT: *front = followed_by(&open, a_or_eo(l.vowel)); return true;
    case FR_HIEUH:
        *front = with_vowel(&open, l.vowel == YA ? YAE : l.vowel == YEO ? YE : AE);
        return true;
    case FR_REU:
        if (before.count == 0) return false;
        *front = with_final(&before, RIEUL);
        *front = followed_by(front, is_bright(last_letters(&before).vowel) ? L'라' : L'러');
        return true;
    case FR_REO: *front = followed_by(stem, L'러'); return true;
    case FR_U: *front = with_vowel(stem, EO); return true;
    default: break;
    }
    if (!l.final) return open_aeo(stem, second, front);
    *front = followed_by(stem, a_or_eo(l.vowel));
    return true;
}

/* Before endings that begin with 으 behind a final consonant; ㄹ stays. */
static struct fr_syllables make_eu(const struct fr_predicate *p)
{
    uint32_t final = last_letters(&p->stem).final;
    struct fr_syllables open = with_final(&p->stem, NONE);
    switch (p->conjugation) {
    case FR_DIEUT: open = with_final(&p->stem, RIEUL); return followed_by(&open, L'으');
    case FR_BIEUP: return followed_by(&open, L'우');
    case FR_SIOT: return followed_by(&open, L'으');
    case FR_HIEUH: return open;
    default: return final && final != RIEUL ? followed_by(&p->stem, L'으') : p->stem;
    }
}

bool fr_predicate_front(const struct fr_predicate *p, enum fr_front_kind kind, bool second,
                        struct fr_syllables *front)
{
    bool rieul = last_letters(&p->stem).final == RIEUL;
    if (second && kind != FR_FRONT_AEO && kind != FR_FRONT_PAST) return false;
    *front = p->stem;
    switch (kind) {
    case FR_FRONT_PLAIN: return true;
    case FR_FRONT_DROPPED: *front = with_final(&p->stem, NONE); return rieul;
    case FR_FRONT_AEO: return make_aeo(p, second, front);
    case FR_FRONT_PAST:
        if (!make_aeo(p, second, front)) return false;
        *front = with_final(front, SSANG_SIOT);
        return true;
    default: break;
    }
    *front = make_eu(p);
    if (kind == FR_FRONT_EU) return true;
    bool closed = last(front) == L'으' && front->count > p->stem.count;
    if (kind == FR_FRONT_BIEUP && closed) return false; /* 먹습니다 */
    *front = with_final(front, kind == FR_FRONT_NIEUN   ? NIEUN
                               : kind == FR_FRONT_RIEUL ? RIEUL
                                                        : BIEUP);
    return true;
}

const wchar_t *fr_front_endings(enum fr_front_kind kind)
{
    switch (kind) {
    case FR_FRONT_PLAIN: return L"다 고 지 는 게 던 네요 나요 거나 거든 도록 겠 습니 자마";
    case FR_FRONT_DROPPED: return L"는 네요 나요 니까 세요 신 실 시는";
    case FR_FRONT_EU: return L"면 며 니까 려고 려면 세요 신 실 시는 므로";
    case FR_FRONT_NIEUN: return L"다 데";
    case FR_FRONT_RIEUL: return L"까 게 지 수록 래";
    case FR_FRONT_BIEUP: return L"니";
    case FR_FRONT_AEO: return L"서 요 야 도 줘 주";
    default: return L"다 고 는 던 을 어 지 습 네 나 으 기 었";
    }
}

/* ---- from a form to its stems ---- */

struct finder {
    const uint32_t *word;
    size_t n, front; /* the front is word[0, front), the ending what follows */
    uint32_t kinds;  /* of fronts that the ending may stand behind */
    bool certain;
    struct fr_predicate *found;
    size_t count;
};

static bool is_front(const struct finder *f, const struct fr_predicate *p)
{
    struct fr_syllables front;
    for (uint32_t kind = 0; kind < FR_FRONT_KINDS; kind++)
        for (int second = 0; f->kinds >> kind & 1 && second < 2; second++) {
            if (!fr_predicate_front(p, (enum fr_front_kind)kind, second, &front)) continue;
            bool equal = front.count == f->front;
            for (size_t i = 0; equal && i < f->front; i++) equal = front.at[i] == f->word[i];
            if (equal) return true;
        }
    return false;
}

/* What no stem ends in, but many a front: 했-, 먹어-, 마셔-, 배워-, 먹으-, 할-; 드- and 즈- of
 * 들다. */
static bool is_no_stem(const struct fr_syllables *stem)
{
    struct fr_syllable_letters l = last_letters(stem);
    uint32_t before = stem->count > 1 ? stem->at[stem->count - 2] : 0;
    for (size_t i = 0; i < stem->count; i++)
        if (fr_syllable_split(stem->at[i]).final == SSANG_SIOT && stem->at[i] != L'있') return true;
    if (wcschr(L"해아어여할될핳헣됫", last(stem))) return true;
    if (last(stem) == L'라' && stem->count == 1) return true; /* 라면, 라고: of 이다 */
    if (last(stem) == L'으' && before && fr_syllable_split(before).final) return true;
    if (l.final) return false;
    if (l.vowel == EU) return !wcschr(L"쓰크끄뜨트프쁘르그으", last(stem));
    if (l.vowel == YEO) return last(stem) != L'켜' && last(stem) != L'펴';
    return l.vowel == WA || l.vowel == WEO || l.vowel == WAE;
}

static void try_stem(struct finder *f, const struct fr_syllables *stem,
                     enum fr_conjugation conjugation)
{
    struct fr_predicate p = {*stem, conjugation, f->front == f->n, f->certain};
    if (stem->count == 0 || f->count == FR_PREDICATES_MAX || is_no_stem(stem) || !is_front(f, &p))
        return;
    for (size_t i = 0; i < f->count; i++)
        if (same(&f->found[i].stem, stem) && f->found[i].conjugation == conjugation) {
            f->found[i].certain |= f->certain;
            f->found[i].bare &= f->front == f->n;
            return;
        }
    f->found[f->count++] = p;
}

/* The stem in each class that it may be of. */
static void try_classes(struct finder *f, const struct fr_syllables *stem)
{
    uint32_t final = last_letters(stem).final;
    try_stem(f, stem, FR_REGULAR);
    if (final == DIEUT) try_stem(f, stem, FR_DIEUT);
    if (final == BIEUP) try_stem(f, stem, FR_BIEUP);
    if (final == SIOT) try_stem(f, stem, FR_SIOT);
    if (wcschr(L"갛맣랗얗겋멓렇옇떻", last(stem)) && stem->count > 1) try_stem(f, stem, FR_HIEUH);
    if (last(stem) == L'르') try_stem(f, stem, FR_REU);
    if (last(stem) == L'르') try_stem(f, stem, FR_REO);
    if (last(stem) == L'푸' && stem->count == 1) try_stem(f, stem, FR_U);
}

static void try_final(struct finder *f, const struct fr_syllables *open, uint32_t final)
{
    struct fr_syllables stem = with_final(open, final);
    try_classes(f, &stem);
}

/* Stems before 으, which `front` ends with or has lost: 걸으, 지으, 추우, 하야, 가. */
static void undo_eu(struct finder *f, const struct fr_syllables *front)
{
    struct fr_syllables before = without_last(front);
    struct fr_syllable_letters l = last_letters(front);
    try_classes(f, front);
    if (l.vowel == A || l.vowel == EO || l.vowel == YA || l.vowel == YEO)
        try_final(f, front, HIEUH);
    if (before.count == 0) return;
    uint32_t final = last_letters(&before).final;
    if (last(front) == L'우' && !final) try_final(f, &before, BIEUP);
    if (last(front) != L'으') return;
    try_classes(f, &before);
    if (final == RIEUL) try_final(f, &before, DIEUT);
    if (!final) try_final(f, &before, SIOT);
}

static void try_vowel(struct finder *f, const struct fr_syllables *front, uint32_t vowel)
{
    struct fr_syllables stem = with_vowel(front, vowel);
    try_classes(f, &stem);
}

/* Stems before 아 or 어 that end in another vowel than the front does. */
static void undo_contraction(struct finder *f, const struct fr_syllables *front)
{
    static const uint8_t vowels[][2] = {{A, EU},  {EO, EU}, {EO, U},   {WA, O},
                                        {WEO, U}, {YEO, I}, {WAE, OE}, {AE, A}};
    static const uint8_t hieuh[][2] = {{AE, A}, {AE, EO}, {YAE, YA}, {YE, YEO}};
    uint32_t vowel = last_letters(front).vowel;
    try_classes(f, front);
    for (size_t i = 0; i < COUNT(vowels); i++)
        if (vowels[i][0] == vowel) try_vowel(f, front, vowels[i][1]);
    for (size_t i = 0; i < COUNT(hieuh); i++)
        if (hieuh[i][0] == vowel) {
            struct fr_syllables stem = ending_in(front, hieuh[i][1], HIEUH);
            try_classes(f, &stem);
        }
}

static void undo_aeo(struct finder *f, const struct fr_syllables *front)
{
    struct fr_syllables before = without_last(front);
    uint32_t syllable = last(front);
    undo_contraction(f, front);
    if (before.count == 0) return;
    uint32_t final = last_letters(&before).final;
    try_classes(f, &before); /* 먹어, 쉬어, 하여, 푸르러 */
    if ((syllable == L'아' || syllable == L'어') && final == RIEUL) try_final(f, &before, DIEUT);
    if ((syllable == L'아' || syllable == L'어') && !final) try_final(f, &before, SIOT);
    if ((syllable == L'와' || syllable == L'워') && !final) try_final(f, &before, BIEUP);
    if ((syllable == L'라' || syllable == L'러') && final == RIEUL) {
        struct fr_syllables stem = with_final(&before, NONE);
        stem = followed_by(&stem, L'르');
        try_classes(f, &stem);
    }
}

static void undo(struct finder *f)
{
    struct fr_syllables front = {.count = (uint8_t)f->front};
    for (size_t i = 0; i < f->front; i++) front.at[i] = (uint16_t)f->word[i];
    uint32_t final = last_letters(&front).final;
    struct fr_syllables open = with_final(&front, NONE);
    const uint32_t joined = KIND(NIEUN) | KIND(RIEUL) | KIND(BIEUP);
    if (f->kinds & (KIND(PLAIN) | KIND(EU))) try_classes(f, &front);
    if (f->kinds & KIND(DROPPED) && !final) try_final(f, &front, RIEUL);
    if (f->kinds & KIND(EU) && !final) undo_eu(f, &front);
    if (f->kinds & joined && final) {
        undo_eu(f, &open);
        try_final(f, &open, RIEUL);
    }
    if (f->kinds & KIND(AEO) && !final) undo_aeo(f, &front);
    if (f->kinds & KIND(PAST) && final == SSANG_SIOT) undo_aeo(f, &open);
}

/* Is it one of the texts, which a space parts? */
static bool is_among(const uint32_t *tail, size_t n, const wchar_t *texts)
{
    for (const wchar_t *text = texts; text; text = wcschr(text, L' ')) {
        if (*text == L' ') text++;
        size_t i = 0;
        while (i < n && tail[i] == (uint32_t)text[i]) i++;
        if (i == n && (text[i] == 0 || text[i] == L' ')) return true;
    }
    return false;
}

/* Is it what may follow 었 or 겠? */
static bool follows_past(const uint32_t *tail, size_t n)
{
    return n > 0 && wcschr(L"다고는던을음지네나니어었겠기거으더군구습답단대냐죠", (wchar_t)*tail);
}

/* Kinds of fronts that the ending may stand behind. */
static uint32_t kinds_before(const uint32_t *tail, size_t n)
{
    uint32_t kinds = 0;
    if (n == 0) return KIND(NIEUN) | KIND(RIEUL) | KIND(AEO);
    for (size_t i = 0; i < COUNT(endings); i++)
        if (is_among(tail, n, endings[i].texts)) kinds |= endings[i].kinds;
    if (follows_past(tail, n)) kinds |= KIND(PAST);
    if (*tail == L'겠' && follows_past(tail + 1, n - 1)) kinds |= KIND(PLAIN);
    if (*tail == L'셨' && follows_past(tail + 1, n - 1)) kinds |= POLITE;
    if (*tail == L'시' && n > 1 && kinds_before(tail + 1, n - 1) & KIND(PLAIN)) kinds |= POLITE;
    return kinds;
}

/* 눕다, 곱다, 걷다: hardly any noun ends so. */
static bool is_dictionary_form(const uint32_t *word, size_t n, size_t front)
{
    if (n - front != 1 || word[front] != L'다') return false;
    uint32_t final = fr_syllable_split(word[front - 1]).final;
    return final == DIEUT || final == BIEUP || final == SIOT || final == HIEUH;
}

size_t fr_predicates_of(const uint32_t *word, size_t n,
                        struct fr_predicate predicates[FR_PREDICATES_MAX])
{
    struct finder f = {.word = word, .n = n, .found = predicates};
    if (n == 0 || n > FR_FORM_SYLLABLES) return 0;
    for (size_t i = 0; i < n; i++)
        if (!fr_is_syllable(word[i])) return 0;
    for (f.front = 1; f.front <= n; f.front++) {
        bool past = fr_syllable_split(word[f.front - 1]).final == SSANG_SIOT;
        f.kinds = kinds_before(word + f.front, n - f.front);
        if (!past) f.kinds &= ~KIND(PAST);
        /* 메시지 */
        f.certain = past || (n - f.front > 1 && word[f.front] != L'시') ||
                    is_dictionary_form(word, n, f.front);
        if (f.kinds) undo(&f);
    }
    return f.count;
}
