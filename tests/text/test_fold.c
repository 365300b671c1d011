#include <stdio.h>
#include <string.h>

#include "support/support.h"
#include "text/fold.h"
#include "text/hanyang.h"
#include "text/utf8.h"

/* Folded text as UTF-8. */
static size_t fold(const char *text, size_t len, char *out)
{
    struct fr_folded_text folded;
    fr_buf_init(&folded.buf, fr_allocator_or_libc(NULL));
    assert_true(fr_fold(text, len, NULL, &folded));
    size_t n = 0;
    uint32_t previous_end = 0;
    for (size_t i = 0; i < fr_vec_count(&folded); i++) {
        const struct fr_folded *f = &fr_vec_at(&folded, i);
        assert_true(f->begin < f->end && f->end <= len);
        assert_true(f->end >= previous_end);
        previous_end = f->end;
        n += fr_utf8_put(out + n, f->cp);
    }
    out[n] = '\0';
    fr_buf_deinit(&folded.buf);
    return n;
}

static void assert_folds(const char *text, const char *wanted)
{
    char out[4096];
    fold(text, strlen(text), out);
    assert_string_equal(out, wanted);
}

static void forms_that_mean_the_same_fold_to_the_same(void **unused)
{
    (void)unused;
    static const char *const pairs[][2] = {
        {"ＡＩ", "ai"},
        {"①", "1"},
        {"㎞", "km"},
        {"ﾃｽﾄ", "テスト"},
        {"ｶﾞ", "ガ"},
        {"삼\u200b성", "삼성"},
        {"한국", "한국"},
        {"ㅋㅋㅋ", "ㅋㅋㅋ"},
        {"ㄱㅏ", "ㄱㅏ"},
        {"ﾡￂ", "ㄱㅏ"},
        {"\u1112\u1161\u11AB", "한"},
        {"\u1112", "ㅎ"},
        {"É", "é"},
        {"e\u0301", "é"},
        {"Ａ\u0301", "á"},
        {"㈜", "(주)"},
        {"\u00ADa\u00AD", "a"},
        {"가\u11A8", "각"},
        {"각\u11A8", "각ㄱ"},
        {"\u3164", ""},
        {"ﬁ", "fi"},
        {"Ⅻ", "xii"},
        {"㋀", "1月"},
        {"\uF53A", "ᄒᆞᆫ"},
        {"\uE4CF", "ᄙᅰ"},
        {"\uF7FC\uF807\uF875", "한"}, /* an initial, a vowel and a final apart */
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_folds(pairs[i][0], pairs[i][1]);
}

static void broken_bytes_read_as_one_replacement_each_subpart(void **unused)
{
    (void)unused;
    assert_folds("a\xFFz", "a\uFFFDz");
    assert_folds("\xED\x95", "\uFFFD");
    assert_folds("\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD");
}

static size_t parse_codes(const char **at, char *out)
{
    size_t n = 0;
    while (**at && **at != ';') {
        char *end;
        n += fr_utf8_put(out + n, (uint32_t)strtoul(*at, &end, 16));
        *at = end;
    }
    if (**at) ++*at;
    out[n] = '\0';
    return n;
}

/* Canonically equivalent strings have to fold alike, whatever else folding does; compatibility
 * equivalents too, but for jamo and their kin, which stay in the compatibility block. */
static void unicode_normalization_test_holds(void **unused)
{
    (void)unused;
    FILE *f =
        popen("bzcat /usr/share/unicode/NormalizationTest.txt.bz2", "r"); /* unicode-data, bzip2 */
    assert_non_null(f);
    char line[4096];
    int checked = 0, compat = 0;
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#' || line[0] == '@' || line[0] == '\n') continue;
        const char *at = line;
        char c[5][512], folded[5][2048];
        size_t n[5];
        for (int i = 0; i < 5; i++) n[i] = parse_codes(&at, c[i]);
        for (int i = 0; i < 5; i++) fold(c[i], n[i], folded[i]);
        if (strcmp(folded[0], folded[1]) || strcmp(folded[0], folded[2])) fail_msg("%s", line);
        if (strcmp(folded[3], folded[4])) fail_msg("NFKC and NFKD fold apart: %s", line);
        char nfc[2048];
        struct fr_buf buf;
        fr_buf_init(&buf, fr_allocator_or_libc(NULL));
        for (int i = 0; i < 3; i++) {
            buf.len = 0;
            assert_true(fr_nfc(c[i], n[i], &buf));
            memcpy(nfc, buf.data, buf.len);
            nfc[buf.len] = '\0';
            if (strcmp(nfc, c[1])) fail_msg("NFC of column %d: %s", i + 1, line);
        }
        fr_buf_deinit(&buf);
        compat += strcmp(folded[0], folded[3]) == 0;
        checked++;
    }
    pclose(f);
    assert_true(checked > 18000);
    assert_true(compat > checked * 98 / 100);
}

static void folding_twice_changes_nothing_and_noise_is_bounded(void **unused)
{
    (void)unused;
    char text[600], once[20000], twice[40000];
    for (int round = 0; round < 3000; round++) {
        size_t n = 0;
        for (int i = 0; i < 40; i++) {
            static const uint32_t bases[] = {0x20,   0x300,  0x1100, 0x1160, 0x3130, 0xAC00,
                                             0xFF00, 0x3040, 0x2000, 0x41,   0xF800};
            uint32_t cp = bases[rnd_below(11)] + (uint32_t)rnd_below(0x100);
            n += fr_utf8_put(text + n, cp);
        }
        if (round % 2) text[rnd_below(n)] = (char)rnd();
        fold(text, n, once);
        fold(once, strlen(once), twice);
        if (strcmp(once, twice) != 0) {
            /* pieces that only meet after folding may still compose once more, never longer */
            assert_true(strlen(twice) <= strlen(once));
        }
    }
}

static void a_thousand_marks_on_one_letter_take_bounded_room(void **unused)
{
    (void)unused;
    char text[2 + 4000], out[20000];
    size_t n = 0;
    text[n++] = 'a';
    for (int i = 0; i < 2000; i++) n += fr_utf8_put(text + n, 0x301);
    assert_true(fold(text, n, out) < sizeof out);
}

static bool stops_at_zero(void *left)
{
    return (*(int *)left)-- == 0;
}

static void a_long_text_folds_as_one_unless_it_is_stopped(void **unused)
{
    (void)unused;
    static char text[3 * FR_STOP_STRIDE], out[3 * FR_STOP_STRIDE];
    memset(text, 'x', sizeof text);
    for (size_t pad = FR_STOP_STRIDE - 4; pad < FR_STOP_STRIDE + 2; pad++) {
        memcpy(text + pad, "e\xCC\x81\xE1\x84\x92\xE1\x85\xA1", 9); /* é, 하 in two jamo */
        assert_int_equal(fold(text, pad + 9, out), pad + 5);
        assert_string_equal(out + pad, "\xC3\xA9하");
        memset(text + pad, 'x', 9);
    }
    for (int asked = 0; asked < 3; asked++) {
        struct fr_folded_text folded;
        int left = asked;
        fr_buf_init(&folded.buf, fr_allocator_or_libc(NULL));
        assert_int_equal(
            fr_fold(text, sizeof text, &(struct fr_stop){stops_at_zero, &left}, &folded),
            asked == 2); /* three pieces: asked between them */
        fr_buf_deinit(&folded.buf);
    }
}

/* Where a conjoining letter stands in a syllable. */
static char place_in_syllable(uint32_t cp)
{
    if ((cp >= 0x1100 && cp <= 0x115F) || (cp >= 0xA960 && cp <= 0xA97C)) return 'L';
    if ((cp >= 0x1160 && cp <= 0x11A7) || (cp >= 0xD7B0 && cp <= 0xD7C6)) return 'V';
    if ((cp >= 0x11A8 && cp <= 0x11FF) || (cp >= 0xD7CB && cp <= 0xD7FB)) return 'T';
    return '?';
}

/* The code's letters as UTF-8, and their places. */
static size_t spell(const uint16_t *letters, char *out, char *places)
{
    size_t n = 0, i = 0;
    for (; i < FR_HANYANG_LETTERS && letters[i]; i++) {
        n += fr_utf8_put(out + n, letters[i]);
        places[i] = place_in_syllable(letters[i]);
    }
    out[n] = places[i] = '\0';
    return n;
}

static void each_private_use_code_of_old_hangul_folds_as_its_letters(void **unused)
{
    (void)unused;
    size_t codes = 0, syllables = 0;
    for (uint32_t cp = 0xE000; cp <= 0xF900; cp++) {
        char code[5], letters[16], places[4], typed[64], spelled[64];
        size_t code_len = fr_utf8_put(code, cp);
        const uint16_t *found = fr_hanyang_letters(cp);
        fold(code, code_len, typed);
        if (!found) {
            code[code_len] = '\0';
            if (cp < 0xF900) assert_string_equal(typed, code); /* U+F900 is Han */
            continue;
        }
        codes++;
        size_t len = spell(found, letters, places);
        bool alone = !strcmp(places, "L") || !strcmp(places, "V") || !strcmp(places, "T");
        if (!alone && strcmp(places, "LV") && strcmp(places, "LVT"))
            fail_msg("U+%X: %s", (unsigned)cp, places);
        syllables += !alone;
        fold(letters, len, spelled);
        assert_string_equal(typed, spelled);
    }
    assert_int_equal(codes, 5660); /* lines of the table of hypua 0.2.0 */
    assert_int_equal(syllables, 5299);
}

static void what_lies_between_private_use_codes_of_old_hangul_is_left_alone(void **unused)
{
    (void)unused;
    static const uint32_t first_and_last[][2] = {
        {0xE0BC, 0xEFFF}, {0xF100, 0xF66E}, {0xF784, 0xF800}, {0xF806, 0xF864}, {0xF86B, 0xF8F7}};
    for (size_t i = 0; i < 5; i++) {
        assert_non_null(fr_hanyang_letters(first_and_last[i][0]));
        assert_non_null(fr_hanyang_letters(first_and_last[i][1]));
        assert_null(fr_hanyang_letters(first_and_last[i][0] - 1));
        assert_null(fr_hanyang_letters(first_and_last[i][1] + 1));
    }
    assert_null(fr_hanyang_letters(0xF53A + 0x10000));
    assert_null(fr_hanyang_letters(UINT32_MAX));
}

static void letters_of_private_use_codes_have_the_bytes_of_their_code(void **unused)
{
    (void)unused;
    static const char text[] = "큰\uF53A글\uF8F7"; /* ᄒᆞᆫ; ᇹ, which goes on with 글 */
    static const struct fr_folded wanted[] = {{0xD070, 0, 3}, {0x1112, 3, 6},  {0x119E, 3, 6},
                                              {0x11AB, 3, 6}, {0xAE00, 6, 12}, {0x11F9, 6, 12}};
    struct fr_folded_text folded;
    fr_buf_init(&folded.buf, fr_allocator_or_libc(NULL));
    assert_true(fr_fold(text, strlen(text), NULL, &folded));
    assert_int_equal(fr_vec_count(&folded), 6);
    assert_memory_equal(fr_vec_data(&folded), wanted, sizeof wanted);
    fr_buf_deinit(&folded.buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_that_mean_the_same_fold_to_the_same),
        cmocka_unit_test(broken_bytes_read_as_one_replacement_each_subpart),
        cmocka_unit_test(unicode_normalization_test_holds),
        cmocka_unit_test(folding_twice_changes_nothing_and_noise_is_bounded),
        cmocka_unit_test(a_thousand_marks_on_one_letter_take_bounded_room),
        cmocka_unit_test(a_long_text_folds_as_one_unless_it_is_stopped),
        cmocka_unit_test(each_private_use_code_of_old_hangul_folds_as_its_letters),
        cmocka_unit_test(what_lies_between_private_use_codes_of_old_hangul_is_left_alone),
        cmocka_unit_test(letters_of_private_use_codes_have_the_bytes_of_their_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
