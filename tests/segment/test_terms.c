/* What a segment knows of its terms and of its strings, against plain arrays that are searched from
 * one end to the other: the dictionary, the lexicon, and what deletes take from each term. */
#include <stdio.h>
#include <string.h>

#include "index/snapshot.h"
#include "segment/deletes.h"
#include "segment/dictionary.h"
#include "segment/lexicon.h"
#include "segment/postings.h"
#include "support/support.h"
#include "text/analyzer.h"
#include "text/hangul.h"

enum { DOCS = 600, WORDS_MOST = 40 };

static size_t put_syllable(char *out, uint32_t cp)
{
    out[0] = (char)(0xE0 | cp >> 12);
    out[1] = (char)(0x80 | ((cp >> 6) & 63));
    out[2] = (char)(0x80 | (cp & 63));
    return 3;
}

/* Few syllables stand first, others anywhere: some pairs are in most documents. */
static size_t put_word(char *out)
{
    static const uint32_t often[] = {0xAC00, 0xB098, 0xB2E4, 0xB77C, 0xD7A3};
    size_t n = 0, syllables = 1 + rnd_below(4);
    if (rnd_below(5) == 0) {
        for (size_t i = 0; i < syllables; i++) out[n++] = (char)('a' + rnd_below(3));
        return n;
    }
    for (size_t i = 0; i < syllables; i++)
        n += put_syllable(out + n, rnd_below(2) ? often[rnd_below(5)]
                                                : 0xAC00 + 28 * (uint32_t)rnd_below(20));
    return n;
}

static void build_random(const char *dir, const frai_writer_options *options)
{
    frai_writer *writer;
    assert_ok(frai_writer_open(dir, options, &writer, &error_));
    for (size_t d = 0; d < DOCS; d++) {
        char text[WORDS_MOST * 13];
        size_t n = 0;
        for (size_t i = rnd_below(WORDS_MOST); i > 0; i--) {
            n += put_word(text + n);
            text[n++] = ' ';
        }
        add_body(writer, d, (frai_slice){text, n});
    }
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
}

/* ---- the dictionary ---- */

struct term {
    bool is_pair;
    uint32_t key;
    uint8_t bytes[1 + FR_WORD_MAX_BYTES + 1];
    size_t len;
};

static uint32_t term_count(const struct fr_segment *seg)
{
    return seg->stats.pair_terms + seg->stats.word_terms;
}

static struct term *read_terms(const struct fr_segment *seg)
{
    struct term *terms = calloc(term_count(seg) + 1, sizeof *terms);
    struct fr_buf word;
    fr_buf_init(&word, seg->mem);
    for (uint32_t i = 0; i < term_count(seg); i++) {
        struct term *t = &terms[i];
        assert_ok(fr_dictionary_term(seg, i, &t->is_pair, &t->key, &word, &error_));
        if (t->is_pair) continue;
        t->len = word.len;
        assert_true(t->len > 0 && t->len < sizeof t->bytes);
        memcpy(t->bytes, word.data, word.len);
    }
    fr_buf_deinit(&word);
    return terms;
}

static bool is_word_before(const struct term *t, const uint8_t *bytes, size_t len)
{
    size_t common = t->len < len ? t->len : len;
    int order = memcmp(t->bytes, bytes, common);
    return order ? order < 0 : t->len < len;
}

static void terms_are_found_by_what_they_are(const struct fr_segment *seg, const struct term *terms)
{
    for (uint32_t i = 0; i < term_count(seg); i++) {
        const struct term *t = &terms[i];
        uint32_t found;
        if (t->is_pair)
            assert_ok(fr_dictionary_pair(seg, t->key, &found, &error_));
        else
            assert_ok(fr_dictionary_word(seg, t->bytes[0], (const char *)t->bytes + 1, t->len - 1,
                                         &found, &error_));
        assert_int_equal(found, i);
        if (i == 0) continue;
        if (t->is_pair)
            assert_true(terms[i - 1].is_pair && terms[i - 1].key < t->key);
        else
            assert_true(terms[i - 1].is_pair || is_word_before(&terms[i - 1], t->bytes, t->len));
    }
}

static void other_pairs_are_not_there(const struct fr_segment *seg, const struct term *terms)
{
    for (int round = 0; round < 5000; round++) {
        uint32_t key = terms[rnd_below(term_count(seg))].key, found, expected = FR_NO_TERM;
        key += rnd_below(2) ? (uint32_t)rnd_below(3) << 16 : (uint32_t)rnd_below(100) - 50;
        for (uint32_t i = 0; i < term_count(seg); i++)
            if (terms[i].is_pair && terms[i].key == key) expected = i;
        assert_ok(fr_dictionary_pair(seg, key, &found, &error_));
        assert_int_equal(found, expected);
    }
}

static void words_are_sought_in_their_order(const struct fr_segment *seg, const struct term *terms)
{
    uint32_t pairs = seg->stats.pair_terms;
    for (int round = 0; round < 2000; round++) {
        uint8_t sought[8] = {(uint8_t)rnd_below(FR_TERM_CLASSES)};
        size_t len = 1 + rnd_below(6);
        uint32_t number, found, expected = 0;
        for (size_t i = 1; i < len; i++)
            sought[i] = (uint8_t)(rnd_below(4) ? 'a' + rnd_below(4) : rnd());
        while (expected < seg->stats.word_terms &&
               is_word_before(&terms[pairs + expected], sought, len))
            expected++;
        assert_ok(
            fr_dictionary_word_seek(seg, sought[0], (char *)sought + 1, len - 1, &number, &error_));
        assert_int_equal(number, expected);
        const struct term *at = &terms[pairs + expected];
        bool there = expected < seg->stats.word_terms && at->len == len &&
                     memcmp(at->bytes, sought, len) == 0;
        assert_ok(fr_dictionary_word(seg, sought[0], (char *)sought + 1, len - 1, &found, &error_));
        assert_int_equal(found, there ? pairs + expected : FR_NO_TERM);
    }
}

static uint32_t df_of(const struct fr_segment *seg, uint32_t ordinal)
{
    struct fr_postings p;
    assert_ok(fr_postings_open(seg, ordinal, &p, &error_));
    return p.df;
}

static void pairs_are_had_by_either_end(const struct fr_segment *seg, const struct term *terms)
{
    struct fr_ordinals ends;
    fr_buf_init(&ends.buf, seg->mem);
    for (int round = 0; round < 300; round++) {
        uint32_t key = terms[rnd_below(term_count(seg))].key;
        uint16_t first = (uint16_t)(key >> 16), last = (uint16_t)key;
        uint16_t low = (uint16_t)rnd_below(UINT16_MAX), high = (uint16_t)(low + rnd_below(9000));
        struct fr_span found;
        uint32_t count = 0, within = 0, with_last = 0, marks = 0, df, sum = 0;
        if (rnd_below(4) == 0) first++, last++;
        for (uint32_t i = 0; i < term_count(seg) && terms[i].is_pair; i++) {
            uint16_t second = (uint16_t)terms[i].key;
            bool follows = second > FR_PAIR_MARK_MAX;
            with_last += second == last && last > FR_PAIR_MARK_MAX;
            if (terms[i].key >> 16 != first) continue;
            count++;
            marks += second > FR_PAIR_READING && !follows;
            within += second >= low && second <= high;
            if (follows) sum += df_of(seg, i);
        }
        assert_ok(fr_dictionary_first(seg, first, &found, &error_));
        assert_int_equal(found.end - found.begin, count);
        for (uint32_t i = found.begin; i < found.end; i++)
            assert_int_equal(terms[i].key >> 16, first);
        fr_buf_clear(&ends.buf);
        assert_ok(fr_dictionary_beginning(seg, first, 0, &ends, &error_));
        assert_int_equal(fr_vec_count(&ends), count - marks);
        assert_ok(fr_dictionary_first_df(seg, first, &df, &error_));
        assert_int_equal(df, sum);
        if (low > high) continue;
        assert_ok(fr_dictionary_first_range(seg, first, low, high, &found, &error_));
        assert_int_equal(found.end - found.begin, within);
        if (last <= FR_PAIR_MARK_MAX) continue;
        fr_buf_clear(&ends.buf);
        assert_ok(fr_dictionary_last(seg, last, &ends, &error_));
        assert_int_equal(fr_vec_count(&ends), with_last);
        for (uint32_t i = 0; i < with_last; i++)
            assert_int_equal((uint16_t)terms[fr_vec_at(&ends, i)].key, last);
    }
    fr_buf_deinit(&ends.buf);
}

static void a_dictionary_is_a_sorted_array(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    struct fr_snapshot s;
    build_random(dir, NULL);
    assert_ok(fr_snapshot_open(&s, dir, fr_allocator_or_libc(NULL), &error_));
    assert_int_equal(s.segment_count, 1);
    struct term *terms = read_terms(&s.segments[0]);
    assert_true(term_count(&s.segments[0]) > 500 && s.segments[0].stats.word_terms > 50);
    terms_are_found_by_what_they_are(&s.segments[0], terms);
    other_pairs_are_not_there(&s.segments[0], terms);
    words_are_sought_in_their_order(&s.segments[0], terms);
    pairs_are_had_by_either_end(&s.segments[0], terms);
    free(terms);
    fr_snapshot_close(&s);
}

/* ---- the lexicon ---- */

struct string {
    char bytes[128];
    size_t len;
    uint64_t docs;
};

static int compare(const struct string *a, frai_slice b)
{
    size_t common = a->len < b.len ? a->len : b.len;
    int order = memcmp(a->bytes, b.ptr, common);
    return order ? order : (a->len > b.len) - (a->len < b.len);
}

/* The initials of a stem of Hangul as FR_INITIALS_SHIFT packs them; 0: it is none. */
static uint64_t initials_of(const struct string *s)
{
    uint64_t packed = 0;
    if (s->len % 3) return 0;
    for (size_t i = 0; i + 3 <= s->len && i / 3 < FR_INITIALS_MAX; i += 3) {
        uint32_t cp = (uint32_t)(s->bytes[i] & 15) << 12 | (uint32_t)(s->bytes[i + 1] & 63) << 6 |
                      (uint32_t)(s->bytes[i + 2] & 63);
        if ((unsigned char)s->bytes[i] < 0xEA || cp < 0xAC00 || cp > 0xD7A3) return 0;
        packed |= ((cp - 0xAC00ull) / 588 + 1) << FR_INITIALS_SHIFT(i / 3);
    }
    return packed;
}

static void check_initials(const struct fr_segment *seg, const struct string *strings)
{
    struct fr_buf scratch;
    fr_buf_init(&scratch, seg->mem);
    for (int round = 0; round < 300; round++) {
        uint64_t some = initials_of(&strings[rnd_below(seg->stats.lexicon_words)]);
        uint64_t low = some & ~0ull << FR_INITIALS_SHIFT(rnd_below(4)), high = some;
        if (low == 0) continue;
        if (rnd_below(2)) high = low | ((1ull << FR_INITIALS_SHIFT(1)) - 1);
        struct fr_span places;
        uint32_t expected = 0, before = UINT32_MAX;
        for (uint32_t i = 0; i < seg->stats.lexicon_words; i++) {
            uint64_t its = initials_of(&strings[i]);
            expected += its && its >= low && its <= high;
        }
        assert_ok(fr_lexicon_initials(seg, low, high, &scratch, &places, &error_));
        assert_int_equal(places.end - places.begin, expected);
        for (uint32_t place = places.begin; place < places.end; place++) {
            uint32_t number;
            assert_ok(fr_lexicon_at_place(seg, place, &number, &error_));
            uint64_t its = initials_of(&strings[number]);
            assert_true(its >= low && its <= high);
            if (before != UINT32_MAX && initials_of(&strings[before]) == its)
                assert_true(strings[before].docs >= strings[number].docs);
            before = number;
        }
    }
    fr_buf_deinit(&scratch);
}

static void a_lexicon_is_a_sorted_array(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    struct fr_snapshot s;
    struct fr_buf word;
    build_random(dir, NULL);
    assert_ok(fr_snapshot_open(&s, dir, fr_allocator_or_libc(NULL), &error_));
    const struct fr_segment *seg = &s.segments[0];
    uint32_t count = seg->stats.lexicon_words;
    struct string *strings = calloc(count + 1, sizeof *strings);
    fr_buf_init(&word, s.mem);
    assert_true(count > 200);
    for (uint32_t i = 0; i < count; i++) {
        assert_ok(fr_lexicon_read(seg, i, &word, &strings[i].docs, &error_));
        assert_true(word.len > 0 && word.len <= sizeof strings[i].bytes);
        memcpy(strings[i].bytes, word.data, word.len);
        strings[i].len = word.len;
        assert_true(strings[i].docs >= 1 && strings[i].docs <= DOCS);
        if (i) assert_true(compare(&strings[i - 1], (frai_slice){(char *)word.data, word.len}) < 0);
    }
    for (int round = 0; round < 3000; round++) {
        char sought[64];
        size_t len = put_word(sought);
        uint32_t number, expected = 0;
        uint64_t docs;
        if (rnd_below(3) == 0) len -= rnd_below(len);
        frai_slice key = {sought, len};
        while (expected < count && compare(&strings[expected], key) < 0) expected++;
        bool there = expected < count && compare(&strings[expected], key) == 0;
        assert_ok(fr_lexicon_seek(seg, key, &number, &error_));
        assert_int_equal(number, expected);
        assert_ok(fr_lexicon_docs(seg, key, &word, &docs, &error_));
        assert_int_equal(docs, there ? strings[expected].docs : 0);
    }
    check_initials(seg, strings);
    free(strings);
    fr_buf_deinit(&word);
    fr_snapshot_close(&s);
}

static void a_name_in_two_scripts_is_never_denied(void **unused)
{
    (void)unused;
    static const char *const bodies[] = {"미스트랄(Mistral) 투자", "허깅페이스(Hugging Face)"};
    const char *dir = temp_dir();
    struct fr_snapshot s;
    build_bodies(dir, NULL, bodies, 2);
    assert_ok(fr_snapshot_open(&s, dir, fr_allocator_or_libc(NULL), &error_));
    const struct fr_segment *seg = &s.segments[0];
    assert_true(fr_lexicon_may_name(seg, frai_slice_of("미스트랄")));
    assert_true(fr_lexicon_may_name(seg, frai_slice_of("mistral")));
    int denied = 0;
    for (int i = 0; i < 1000; i++) {
        char word[16];
        sprintf(word, "x%d", i);
        denied += !fr_lexicon_may_name(seg, frai_slice_of(word));
    }
    assert_true(denied > 900);
    fr_snapshot_close(&s);
}

static void a_stem_shows_in_how_many_documents_it_is_a_noun(void **unused)
{
    (void)unused;
    static const char *const bodies[] = {"미스트랄(Mistral) 투자를 만든",
                                         "미스트랄에서 투자 만든다",
                                         "투자의 미스트랄을, 투자가",
                                         "투자는 만든 사람의",
                                         "미스트랄도 만든",
                                         "투자했다"};
    static const struct {
        const char *stem;
        uint64_t all, noun;
    } stems[] = {{"미스트랄", 4, 2}, {"투자", 4, 2}, {"만든", 3, 0}, {"사람", 1, 1}, {"사", 0, 0}};
    const char *dir = temp_dir();
    struct fr_snapshot s;
    struct fr_buf scratch;
    build_bodies(dir, NULL, bodies, sizeof bodies / sizeof *bodies);
    assert_ok(fr_snapshot_open(&s, dir, fr_allocator_or_libc(NULL), &error_));
    fr_buf_init(&scratch, s.mem);
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        struct fr_stem_docs docs = {0, 0};
        assert_ok(fr_lexicon_stem(&s.segments[0], frai_slice_of(stems[i].stem), &scratch, &docs,
                                  &error_));
        if (docs.all != stems[i].all || docs.noun != stems[i].noun)
            fail_msg("%s: %llu documents, a noun in %llu", stems[i].stem,
                     (unsigned long long)docs.all, (unsigned long long)docs.noun);
    }
    fr_buf_deinit(&scratch);
    fr_snapshot_close(&s);
}

/* ---- deletes ---- */

/* Deleted documents that have the term, and how often. */
static uint32_t count_deleted(const struct fr_segment *seg, uint32_t ordinal, uint64_t *tf)
{
    struct fr_postings p;
    uint32_t docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8], n, lost = 0;
    *tf = 0;
    assert_ok(fr_postings_open(seg, ordinal, &p, &error_));
    for (uint32_t b = 0; b < p.blocks; b++) {
        assert_true(fr_postings_decode(&p, b, docs, tfs, &n));
        for (uint32_t i = 0; i < n; i++) {
            if (!fr_deletes_has(seg, docs[i])) continue;
            lost++;
            *tf += tfs[i];
        }
    }
    for (int again = 0; again < 2; again++) assert_int_equal(fr_deletes_of_term(&p, ordinal), lost);
    return lost;
}

/* The sums of a file of deletes, by the postings of all terms. */
static void check_deletes(const struct fr_segment *seg)
{
    const struct fr_deletes *d = &seg->deletes;
    struct term *terms = read_terms(seg);
    uint64_t tokens = 0, postings = 0, tf;
    uint32_t of_first = 0;
    for (uint32_t i = 0; i < term_count(seg); i++) {
        const struct term *t = &terms[i], *next = i + 1 < term_count(seg) ? t + 1 : NULL;
        uint32_t lost = count_deleted(seg, i, &tf);
        unsigned term_class = t->is_pair ? fr_pair_class(t->key) : t->bytes[0];
        if (term_class == FR_TERM_SURFACE) tokens += tf;
        if (t->is_pair ? fr_pair_is_text(t->key) : fr_term_is_text(term_class)) postings += lost;
        if (!t->is_pair || seg->stats.analyzer != FR_ANALYZER_KOREAN) continue;
        if (fr_pair_is_two(t->key)) of_first += lost;
        if (next && next->is_pair && next->key >> 16 == t->key >> 16) continue;
        assert_int_equal(fr_deletes_of_first(seg, (uint16_t)(t->key >> 16)), of_first);
        of_first = 0;
    }
    assert_int_equal(d->tokens, tokens);
    if (seg->stats.analyzer == FR_ANALYZER_KOREAN) assert_int_equal(d->postings, postings);
    free(terms);
}

static void deletes_know_what_terms_and_sums_lose(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < 3; kind++) { /* with stored text and without; pre-cut */
        const char *dir = temp_dir();
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        o.store_text = kind == 0;
        if (kind == 2) o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
        build_random(dir, &o);
        /* Few enough that the segment is not written anew. */
        for (int round = 0; round < 3; round++) {
            frai_writer *writer;
            struct fr_snapshot s;
            assert_ok(frai_writer_open(dir, NULL, &writer, &error_));
            for (int i = 0; i < 50; i++) {
                char id[16];
                sprintf(id, "%d", (int)rnd_below(DOCS));
                assert_ok(frai_writer_delete(writer, frai_slice_of(id), &error_));
            }
            assert_ok(frai_writer_commit(writer, &error_));
            frai_writer_close(writer);
            assert_ok(fr_snapshot_open(&s, dir, fr_allocator_or_libc(NULL), &error_));
            assert_int_equal(s.segment_count, 1);
            assert_non_null(s.segments[0].deletes.dead);
            check_deletes(&s.segments[0]);
            fr_snapshot_close(&s);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dictionary_is_a_sorted_array),
        cmocka_unit_test(a_lexicon_is_a_sorted_array),
        cmocka_unit_test(a_name_in_two_scripts_is_never_denied),
        cmocka_unit_test(a_stem_shows_in_how_many_documents_it_is_a_noun),
        cmocka_unit_test(deletes_know_what_terms_and_sums_lose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
