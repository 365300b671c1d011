/* Golden tokens: tests/golden/tokens.txt holds a text a line, behind it what the analyzer makes of
 * it. FRAI_REWRITE=1 writes the file anew; look at the difference before you commit it. */
#include <stdio.h>
#include <string.h>

#include "support/support.h"
#include "text/analyzer.h"
#include "text/particle.h"
#include "text/utf8.h"

static char rendered[20000];
static size_t rendered_len;

static int render(void *ctx, const frai_token_info *t)
{
    (void)ctx;
    bool surface = strcmp(t->term_class, "surface") == 0;
    rendered_len +=
        (size_t)snprintf(rendered + rendered_len, sizeof rendered - rendered_len, " %s%.*s@%u%s%s",
                         t->starts_word ? "|" : "", (int)t->term.len, t->term.ptr, t->position,
                         surface ? "" : "/", surface ? "" : t->term_class);
    return 0;
}

static void tokens_are_as_written_down(void **unused)
{
    (void)unused;
    char path[4096], line[20000];
    snprintf(path, sizeof path, "%s/tests/golden/tokens.txt", getenv("FRAI_SOURCE"));
    FILE *f = fopen(path, "r");
    if (!f) fail_msg("%s is missing", path);
    char *rewritten = calloc(1, 1 << 20);
    int checked = 0;
    bool rewrite = getenv("FRAI_REWRITE") != NULL;
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        char *arrow = strstr(line, " =>");
        if (line[0] == '#' || !arrow) {
            strcat(strcat(rewritten, line), "\n");
            continue;
        }
        *arrow = '\0';
        char text[4000];
        size_t n = 0;
        for (const char *p = line; *p; p++) { /* \n and \uXXXX */
            if (p[0] == '\\' && p[1] == 'n') {
                text[n++] = '\n';
                p++;
            } else if (p[0] == '\\' && p[1] == 'u') {
                char hex[5] = {p[2], p[3], p[4], p[5], 0};
                n += fr_utf8_put(text + n, (uint32_t)strtoul(hex, NULL, 16));
                p += 5;
            } else {
                text[n++] = *p;
            }
        }
        rendered_len = 0;
        rendered[0] = '\0';
        assert_ok(frai_text_tokenize((frai_slice){text, n}, render, NULL, &error_));
        strcat(strcat(strcat(strcat(rewritten, line), " =>"), rendered), "\n");
        if (!rewrite && strcmp(arrow + 3, rendered) != 0)
            fail_msg("%s\nwanted%s\ngot   %s", line, arrow + 3, rendered);
        checked++;
    }
    fclose(f);
    assert_true(checked >= 40);
    if (rewrite) write_file(path, rewritten, strlen(rewritten));
    free(rewritten);
}

static void offsets_point_at_the_bytes_of_the_term(void **unused)
{
    (void)unused;
    static const char text[] = "佛 자랑 '라 프렌치 테크(La French Tech)'는 3억8500만유로";
    struct fr_analyzer a;
    fr_analyzer_init(&a, FR_ANALYZER_KOREAN, fr_allocator_or_libc(NULL));
    assert_true(fr_analyze(&a, text, sizeof text - 1));
    size_t count = fr_vec_count(&a.tokens);
    assert_true(count > 10);
    for (size_t i = 0; i < count; i++) {
        const struct fr_token *t = &fr_vec_at(&a.tokens, i);
        if (t->word_bytes) continue;
        char pair[8];
        size_t n = fr_utf8_put(pair, t->key >> 16);
        if (t->key & 0xFFFF) n += fr_utf8_put(pair + n, t->key & 0xFFFF);
        assert_int_equal(t->end - t->begin, n);
        assert_memory_equal(text + t->begin, pair, n);
    }
    fr_analyzer_deinit(&a);
}

static void particles_leave_stems_that_are_words(void **unused)
{
    (void)unused;
    static const char *const pairs[][2] = {
        {"투자를", "투자"},         {"프랑스의", "프랑스"}, {"한국은행에서부터도", "한국은행"},
        {"한국은행은", "한국은행"}, {"회의", "회의"},       {"결과", "결과"},
        {"도로", "도로"},           {"회의에서", "회의"},   {"서울로", "서울"},
        {"인천으로", "인천"},       {"회사을", "회사을"},   {"기업과", "기업"},
        {"회사과", "회사과"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        uint32_t cps[20];
        size_t n = 0, at = 0, len = strlen(pairs[i][0]);
        while (at < len) cps[n++] = fr_utf8_next(pairs[i][0], len, &at);
        size_t stem = fr_particle_stem(cps, n) * 3;
        if (stem != strlen(pairs[i][1]) || memcmp(pairs[i][0], pairs[i][1], stem) != 0)
            fail_msg("%s: stem of %zu bytes", pairs[i][0], stem);
    }
}

static void noise_never_breaks_the_order_of_positions(void **unused)
{
    (void)unused;
    struct fr_analyzer a;
    fr_analyzer_init(&a, FR_ANALYZER_KOREAN, fr_allocator_or_libc(NULL));
    for (int round = 0; round < 3000; round++) {
        static const char mixed[] = "가힣ㅋ a1.\n";
        char text[300];
        size_t n = rnd_below(sizeof text);
        for (size_t i = 0; i < n; i++)
            text[i] = round % 2 ? (char)rnd() : mixed[rnd_below(sizeof mixed - 1)];
        fr_analyzer_reset(&a);
        assert_true(fr_analyze(&a, text, n));
        uint32_t previous = 0;
        for (size_t i = 0; i < fr_vec_count(&a.tokens); i++) {
            const struct fr_token *t = &fr_vec_at(&a.tokens, i);
            assert_true(t->position >= previous && t->position < a.next_position);
            assert_true(t->begin < t->end && t->end <= n);
            assert_true(t->word_bytes <= FR_WORD_MAX_BYTES);
            previous = t->position;
        }
    }
    fr_analyzer_deinit(&a);
}

/* ---- pieces ---- */

static void append(char *text, size_t *len, const char *what)
{
    size_t n = strlen(what);
    memcpy(text + *len, what, n);
    *len += n;
}

static void append_syllables(char *text, size_t *len, size_t count, bool alike)
{
    for (; count > 0; count--)
        *len += fr_utf8_put(text + *len, alike ? 0xAC00 : 0xAC00 + (uint32_t)rnd_below(11172));
}

enum kind { ONE_SYLLABLE, SYLLABLES, SENTENCES, LINES, WORDS, LATIN, KINDS };

/* A text of a kind for which no cut may be noticed. */
static size_t make_text(enum kind kind, char *text, size_t most)
{
    size_t len = 0;
    while (len + 200 < most) {
        switch (kind) {
        case ONE_SYLLABLE: append_syllables(text, &len, 40, true); break;
        case SYLLABLES: append_syllables(text, &len, 40, false); break;
        case SENTENCES:
            append_syllables(text, &len, 1 + rnd_below(12), false);
            append(text, &len, rnd_below(4) ? " " : "다. ");
            break;
        case LINES:
            append_syllables(text, &len, 1 + rnd_below(12), false);
            append(text, &len, rnd_below(4) ? " 3개 " : "했다.\n");
            break;
        case WORDS:
            append_syllables(text, &len, 1 + rnd_below(4), false);
            append(text, &len, " ");
            break;
        default: append(text, &len, rnd_below(3) ? "alpha " : "beta2 C++ ");
        }
    }
    return len;
}

static void assert_tokens_equal(const struct fr_analyzer *a, const struct fr_tokens *x,
                                const struct fr_analyzer *b, const struct fr_tokens *y)
{
    assert_int_equal(fr_vec_count(x), fr_vec_count(y));
    for (size_t i = 0; i < fr_vec_count(x); i++) {
        struct fr_token s = fr_vec_at(x, i), t = fr_vec_at(y, i);
        assert_int_equal(s.word_bytes, t.word_bytes);
        if (s.word_bytes)
            assert_memory_equal(fr_token_word(a, &s), fr_token_word(b, &t), s.word_bytes);
        else
            assert_int_equal(s.key, t.key);
        s.key = t.key = 0;
        assert_memory_equal(&s, &t, sizeof s);
    }
}

static void pieces_give_the_tokens_of_the_whole(void **unused)
{
    (void)unused;
    static char text[8000];
    struct fr_analyzer whole, cut;
    fr_analyzer_init(&whole, FR_ANALYZER_KOREAN, fr_allocator_or_libc(NULL));
    fr_analyzer_init(&cut, FR_ANALYZER_KOREAN, fr_allocator_or_libc(NULL));
    whole.piece_bytes = SIZE_MAX;
    for (int round = 0; round < 600; round++) {
        size_t len = make_text((enum kind)(round % KINDS), text, 300 + rnd_below(7000));
        cut.piece_bytes = 200 + rnd_below(1000);
        fr_analyzer_reset(&whole);
        fr_analyzer_reset(&cut);
        assert_true(fr_analyze(&whole, text, len));
        assert_true(fr_analyze(&cut, text, len));
        assert_tokens_equal(&whole, &whole.tokens, &cut, &cut.tokens);
        assert_tokens_equal(&whole, &whole.extras, &cut, &cut.extras);
        assert_int_equal(fr_vec_count(&whole.eojeols), fr_vec_count(&cut.eojeols));
        assert_int_equal(fr_vec_count(&whole.stems), fr_vec_count(&cut.stems));
        assert_int_equal(whole.stem_bytes.len, cut.stem_bytes.len);
        assert_int_equal(whole.next_position, cut.next_position);
        assert_int_equal(fr_vec_count(&whole.folded), fr_vec_count(&cut.folded));
    }
    fr_analyzer_deinit(&whole);
    fr_analyzer_deinit(&cut);
}

static void any_bytes_are_cut_into_pieces_that_are_not_too_long(void **unused)
{
    (void)unused;
    static char text[4000];
    struct fr_analyzer a;
    fr_analyzer_init(&a, FR_ANALYZER_KOREAN, fr_allocator_or_libc(NULL));
    for (int round = 0; round < 2000; round++) {
        static const char mixed[] = "가힣ㅋ a1.\n\xE1\x85\xA1\xCC\x81";
        size_t n = rnd_below(sizeof text), most = 64 + rnd_below(500);
        for (size_t i = 0; i < n; i++)
            text[i] = round % 3 ? (char)(rnd() | (round % 3 == 1 ? 0x80 : 0))
                                : mixed[rnd_below(sizeof mixed - 1)];
        for (size_t at = 0; at < n;) {
            enum fr_cut cut;
            size_t end = at + fr_piece_end(text + at, n - at, most, &cut);
            assert_true(end > at && end - at <= most && end <= n);
            assert_int_equal(cut == FR_CUT_NONE, end == n);
            assert_true(end == n || end - at + 32 >= most / 2);
            assert_true(end + fr_piece_ahead(text, n, end, cut) <= n);
            at = end;
        }
        a.piece_bytes = most;
        fr_analyzer_reset(&a);
        assert_true(fr_analyze(&a, text, n));
        for (size_t i = 0; i < fr_vec_count(&a.tokens); i++)
            assert_true(fr_vec_at(&a.tokens, i).position < a.next_position);
    }
    fr_analyzer_deinit(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_as_written_down),
        cmocka_unit_test(offsets_point_at_the_bytes_of_the_term),
        cmocka_unit_test(particles_leave_stems_that_are_words),
        cmocka_unit_test(noise_never_breaks_the_order_of_positions),
        cmocka_unit_test(pieces_give_the_tokens_of_the_whole),
        cmocka_unit_test(any_bytes_are_cut_into_pieces_that_are_not_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
