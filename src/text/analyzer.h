/* analyzer.h: text → terms with positions.
 *
 *     미스트랄 투자 AI          position 0 1 2 3  4 5  6
 *     미스@0 스트@1 트랄@2      bigrams stay inside a run, a run inside its script
 *     투자@4  ai@6              a space takes no position; a word takes one
 *
 * A sentence end adds FR_SENTENCE_GAP positions that no phrase crosses. */
#ifndef FR_TEXT_ANALYZER_H
#define FR_TEXT_ANALYZER_H

#include "base/vector.h"
#include "text/fold.h"
#include "text/piece.h"

#define FR_SENTENCE_GAP   2u
#define FR_WORD_MAX_BYTES 60u /* a longer word is cut into words of this size */

/* What a term is; part of its key in the dictionary. Pinned: values are stored. */
enum fr_term_class {
    FR_TERM_SURFACE = 0, /* bigram, syllable or word as written: the only class that BM25 counts */
    FR_TERM_STEM = 1,
    FR_TERM_READING = 2, /* Hanja reading */
    FR_TERM_VALUE = 3,   /* a number's value */
    FR_TERM_GLUED = 4,   /* a form glued over script changes */
    FR_TERM_LINE = 5,    /* where a line stands that the corpus repeats; its text is its hash */
    FR_TERM_PATH = 6,    /* what the name of the document's file has (text/path.h) */
    FR_TERM_TITLE = 7,   /* of the whole title; its text is a hash of that (text/title.h) */
    FR_TERM_CLASSES = 8
};

/* Do its postings count for what statistics say of the text? */
static inline bool fr_term_is_text(unsigned term_class)
{
    return term_class < FR_TERM_LINE;
}

/* "surface", "stem", ...; "?" for a class that there is not. */
const char *fr_term_class_name(unsigned term_class);

/* A syllable pair packs into one word: first << 16 | second. Instead of a second syllable there may
 * be 0, the syllable alone, or one of these. */
enum fr_pair_mark {
    FR_PAIR_READING = 1,  /* it is read so from a Han character (class FR_TERM_READING) */
    FR_PAIR_GOES_ON = 2,  /* behind another script it begins a run: 명 in 3명이 */
    FR_PAIR_PARTICLE = 3, /* with what looks like a particle it is an 어절: 비 in 비가 */
    FR_PAIR_ENDS = 4,     /* it ends a run before another script: 선 in 노선3 */
    FR_PAIR_MARK_MAX = FR_PAIR_ENDS
};
static inline uint32_t fr_pair_key(uint32_t first, uint32_t second)
{
    return first << 16 | second;
}

static inline uint8_t fr_pair_class(uint32_t key)
{
    uint32_t mark = key & 0xFFFF;
    if (mark == 0 || mark > FR_PAIR_MARK_MAX) return FR_TERM_SURFACE;
    return mark == FR_PAIR_READING ? FR_TERM_READING : FR_TERM_GLUED;
}

/* Do its postings count for what statistics say of the text? Those of marks say it again. */
static inline bool fr_pair_is_text(uint32_t key)
{
    return fr_pair_class(key) != FR_TERM_GLUED;
}

/* Has it two characters? */
static inline bool fr_pair_is_two(uint32_t key)
{
    return (key & 0xFFFF) > FR_PAIR_MARK_MAX;
}

/* The one or two characters of a pair as UTF-8; returns bytes, at most 6. */
size_t fr_pair_text(uint32_t key, char out[8]);

struct fr_token {
    uint32_t key;        /* of a pair; for a word, where its bytes begin in analyzer->words */
    uint32_t position;   /* syllables from the document's start */
    uint32_t begin, end; /* bytes of the source text */
    uint16_t word_bytes; /* 0: a pair */
    uint8_t span;        /* positions covered: 2 for a bigram, else 1 */
    uint8_t starts_eojeol;
    uint8_t term_class;
    uint8_t maybe_gap; /* of an excerpt: the text that it is from may lack the gap before it */
};

FR_VECTOR_TYPE(fr_tokens, struct fr_token);

/* The stem of an 어절 (without particles), as UTF-8 in analyzer->stem_bytes. */
struct fr_stem_range {
    uint32_t begin, bytes;
};
#define FR_LEXICON_MAX_SYLLABLES 16u
#define FR_NAME_SEPARATOR        1 /* between the scripts of a name (text/names.h) */
#define FR_NOUN_MARK             3 /* behind a stem: a case particle followed it */

enum fr_analyzer_kind {
    FR_ANALYZER_KOREAN = 1,
    FR_ANALYZER_PRECUT = 2 /* terms already cut, between spaces; positions are ordinals */
};

/* One a thread; holds the results of the latest call. */
struct fr_analyzer {
    enum fr_analyzer_kind kind;
    struct fr_tokens tokens; /* surface terms, in order of position */
    /* Tokens of other classes, about the same text: readings of Han characters, values of numbers,
     * glued forms. `position` is the last one covered, `span` how many. */
    struct fr_tokens extras;
    struct fr_buf words;                   /* bytes of word terms */
    FR_VECTOR(uint32_t) eojeols;           /* positions where an 어절 starts, ascending */
    struct fr_folded_text folded;          /* the text being analyzed */
    FR_VECTOR(struct fr_stem_range) stems; /* of 어절 that begin with Hangul; names */
    struct fr_buf stem_bytes;
    uint32_t names; /* how many of the stems are names in two scripts */
    uint32_t next_position;
    size_t piece_bytes;  /* FR_PIECE_BYTES; tests have others */
    bool excerpt;        /* the text is a part of another: what stands around it is not known */
    const char *source;  /* of the field being analyzed */
    struct fr_stop stop; /* may end an analysis */
    size_t asks_at;      /* the character at which that is asked */
    bool stopped;
};

void fr_analyzer_init(struct fr_analyzer *a, enum fr_analyzer_kind kind, const frai_allocator *mem);
void fr_analyzer_deinit(struct fr_analyzer *a);

/* `span` positions up to `position`, and the bytes of the source. */
struct fr_place {
    uint32_t position, span, begin, end;
};

/* Puts an extra term of the bytes in text. */
void fr_analyzer_put_extra(struct fr_analyzer *a, uint8_t term_class, frai_slice text,
                           struct fr_place place);

/* Starts a document: forgets tokens, position 0. */
void fr_analyzer_reset(struct fr_analyzer *a);

/* The same, but the document goes on: next_position stays. */
void fr_analyzer_forget(struct fr_analyzer *a);

/* Appends the tokens of one field; next_position moves on. False: out of memory, or stopped. */
bool fr_analyze(struct fr_analyzer *a, const char *text, size_t len);

/* Appends the tokens of a piece of a field; a->folded has its characters. */
bool fr_analyze_piece(struct fr_analyzer *a, const char *text, const struct fr_piece *piece);

/* Puts a sentence gap between what was analyzed and what comes (between fields). */
void fr_analyzer_gap(struct fr_analyzer *a);

/* The bytes of a word; NULL for a pair. */
static inline const char *fr_token_word(const struct fr_analyzer *a, const struct fr_token *t)
{
    return t->word_bytes ? (const char *)a->words.data + t->key : NULL;
}

#endif
