/* Text that is printed: cleaned, cut at whole clusters, laid out in lines, as JSON. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "flow.h"
#include "ingest/encoding.h"
#include "json_text.h"
#include "particle.h"

static frai_slice s(const char *text)
{
    return frai_slice_of(text);
}

static void controls_are_shown_not_obeyed(void **state)
{
    (void)state;
    assert_string_equal(shown("a\033[2Jb\x7f\r\n\t\x08"), "a␛[2Jb␡␍␊␉␈");
    assert_string_equal(shown("\xC2\x9B"
                              "31m"),
                        "\uFFFD31m");
    assert_string_equal(shown("\x9B"
                              "31m"),
                        "\uFFFD31m");
    assert_string_equal(shown("a\u202Eb\u2066c\u200Ed\u061Ce\u2028f\U000E0041g"),
                        "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf\uFFFDg");
    assert_string_equal(shown("가나다 ABC é 👨‍👩‍👧 ❤️"),
                        "가나다 ABC é 👨‍👩‍👧 ❤️");
    assert_string_equal(shown(NULL), "");
    assert_string_equal(shown_slice((frai_slice){"a\0b", 3}), "a␀b");
    assert_string_equal(shown_part("가나다", 2), "가나…");
    assert_string_equal(shown_part("가나다", 3), "가나다");
}

/* Against the table of RFC 3629, for every lead byte and the edges of what may follow. */
static void broken_utf8_is_told_from_whole(void **state)
{
    (void)state;
    static const unsigned char edges[] = {0x00, 0x7F, 0x80, 0x8F, 0x90,
                                          0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
    uint32_t cp;
    for (unsigned a = 0; a < 256; a++)
        for (int b = 0; b < 10; b++)
            for (int c = 0; c < 10; c++)
                for (int d = 0; d < 10; d++) {
                    unsigned char t[4] = {(unsigned char)a, edges[b], edges[c], edges[d]};
                    bool tails[4] = {true, t[1] >> 6 == 2, t[2] >> 6 == 2, t[3] >> 6 == 2};
                    size_t n = a < 0x80 ? 1 : 0;
                    if (a >= 0xC2 && a <= 0xDF && tails[1]) n = 2;
                    unsigned low = a == 0xE0   ? 0xA0
                                   : a == 0xF0 ? 0x90
                                               : 0x80,
                             high = a == 0xED   ? 0x9F
                                    : a == 0xF4 ? 0x8F
                                                : 0xBF;
                    bool second = t[1] >= low && t[1] <= high;
                    if (a >= 0xE0 && a <= 0xEF && second && tails[2]) n = 3;
                    if (a >= 0xF0 && a <= 0xF4 && second && tails[2] && tails[3]) n = 4;
                    for (size_t len = 1; len <= 4; len++)
                        assert_int_equal(utf8_at((frai_slice){(char *)t, len}, 0, &cp),
                                         n <= len ? n : 0);
                }
}

/* Text of whole and torn sequences: called UTF-8 where every character is, and then left alone. */
static void text_is_called_utf8_where_it_is(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        " ",    "a",    "~",    "é",    "가",       "훈",          "힣",           "한",
        "佛",   "·",    "“",    "ￜ",    "ࠀ",        "👨",           "\xC1\x80",     "\xE0\x9F\xBF",
        "\x80", "\xBF", "\xC2", "\xDF", "\xE0\xA0", "\xEC\x9D",    "\xED\xA0\x80", "\xED\x9F",
        "\xEF", "\xF0", "\xF5", "\xFF", "\x7F",     "\xEE\x80\x80"};
    const size_t kinds = sizeof pieces / sizeof *pieces;
    int whole = 0, rounds = 200000;
    for (int round = 0; round < rounds; round++) {
        char text[256];
        size_t len = 0, count = 1 + rnd_below(24), most = round % 2 ? 14 : kinds;
        uint32_t cp;
        for (size_t i = 0; i < count; i++) {
            const char *piece = pieces[rnd_below(rnd_below(8) ? most : kinds)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        bool is = true;
        for (size_t i = 0, n; is && i < len; i += n)
            is = (n = utf8_at((frai_slice){text, len}, i, &cp));
        struct decoded d;
        assert_true(decode(text, len, &d));
        if ((d.encoding == ENCODING_UTF8) != is) fail_msg("round %d: %.*s", round, (int)len, text);
        if (is) assert_ptr_equal(d.text, text);
        decoded_free(&d);
        whole += is;
    }
    assert_in_range(whole, rounds / 8, rounds - rounds / 8);
}

static void nothing_is_cut_inside_a_cluster(void **state)
{
    (void)state;
    static const char *const clusters[] = {"가",
                                           "\u1100\u1161\u11A8",
                                           "e\u0301\u0323",
                                           "👨‍👩‍👧‍👦",
                                           "🇰🇷",
                                           "❤️",
                                           "a",
                                           "각\u302E"};
    char text[1024] = "";
    size_t ends[9] = {0};
    for (int i = 0; i < 8; i++) {
        strcat(text, clusters[i]);
        ends[i + 1] = strlen(text);
    }
    for (size_t n = 0; n <= 8; n++) assert_int_equal(cut_at_clusters(s(text), n), ends[n]);
    /* Marks without end don't make a cluster without end. */
    char marks[2001] = "a";
    for (int i = 0; i < 900; i++) strcat(marks, "\u0301");
    struct cluster c;
    for (size_t at = 0; at < strlen(marks);) {
        next_cluster(s(marks), &at, CLEAN_PROSE, &c);
        assert_true(c.len <= sizeof c.text);
    }
}

static char *flowed(int columns, int indent, int budget, const char *const *pieces)
{
    char *out = NULL;
    size_t len;
    FILE *to = open_memstream(&out, &len);
    struct flow f = flow_begin(to, columns, indent, "<>");
    f.budget = budget;
    for (int i = 0; pieces[i]; i++) {
        flow_style(&f, i % 2 ? "<b>" : "");
        flow_text(&f, s(pieces[i]), CLEAN_PROSE);
    }
    flow_end(&f);
    fclose(to);
    return out;
}

static void expect(const char *wanted, int columns, int indent, int budget,
                   const char *const *pieces)
{
    char *got = flowed(columns, indent, budget, pieces);
    assert_string_equal(got, wanted);
    free(got);
}

static void lines_end_between_words(void **state)
{
    (void)state;
    expect("가나 다라\n  마바 사아\n  자차", 11, 2, -1,
           (const char *[]){"가나 다라 마바 사아 자차", NULL});
    expect("가나다라마\n바사", 10, 4, -1, (const char *[]){"가나다라마바사", NULL});
    expect("가나다라마\n  바사아자\n  차", 10, 2, -1,
           (const char *[]){"가나다라마바사아자차", NULL});
    expect("a b c", 0, 0, -1, (const char *[]){"  a \n\t b\r\n c  ", NULL});
}

/* A line end behind a match is a blank, and one between two words stays one. */
static void styles_go_on_over_lines(void **state)
{
    (void)state;
    expect("2025 <b>라면<> 김치", 0, 0, -1, (const char *[]){"2025\n", "라면", "\n김치", NULL});
    expect("2025 <b>라면<>김치", 0, 0, -1, (const char *[]){"2025\n", "라면", "김치", NULL});
    expect("<b>가나다라 마바사<>\n  <b>아자<> 차", 18, 2, -1,
           (const char *[]){"", "가나다라 마바사 아자", " 차", NULL});
}

static void an_ellipsis_stands_where_something_was_cut(void **state)
{
    (void)state;
    expect("가나…", 0, 0, 4, (const char *[]){"가나다라", NULL});
    expect("가나", 0, 0, 4, (const char *[]){"가나", NULL});
    expect("가나", 0, 0, 4, (const char *[]){"가나  \n", NULL});
    expect("가나 …", 0, 0, 4, (const char *[]){"가나 다", "라", NULL});
}

static char *json(void (*put)(FILE *, frai_slice), frai_slice text)
{
    char *out = NULL;
    size_t len;
    FILE *to = open_memstream(&out, &len);
    put(to, text);
    fclose(to);
    return out;
}

static void put_name(FILE *out, frai_slice text)
{
    put_json_name(out, "x", text);
}

static void any_bytes_are_json(void **state)
{
    (void)state;
    static const char bytes[] = "a\0\"\\\n\t\033\x7F\xC2\x9B\xFF가\u202E\U000E0041😀";
    char *text = json(put_json_string, (frai_slice){bytes, sizeof bytes - 1});
    assert_string_equal(
        text, "\"a\\u0000\\\"\\\\\\n\\t\\u001b\\u007f\\u009b\uFFFD가\\u202e\\udb40\\udc41😀\"");
    free(text);
    text = json(put_name, s("b\xF0\033 가.txt"));
    assert_string_equal(text,
                        ",\"x\":\"b\uFFFD\\u001b 가.txt\",\"x_bytes\":\"b%F0%1B%20%EA%B0%80.txt\"");
    free(text);
    text = json(put_name, s("가 나.txt"));
    assert_string_equal(text, ",\"x\":\"가 나.txt\"");
    free(text);
}

static void particles_fit_the_sound_before(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"투자", "로", "는"},     {"미스트랄", "로", "은"}, {"뭉", "으로", "은"},
        {"2025", "로", "는"},     {"3", "으로", "은"},      {"1", "로", "은"},
        {"100", "으로", "은"},    {"7", "로", "은"},        {"docker", "(으)로", "은(는)"},
        {"\"투자\"", "로", "는"}, {"", "(으)로", "은(는)"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(particle(cases[i][0], PARTICLE_TO), cases[i][1]);
        assert_string_equal(particle(cases[i][0], PARTICLE_TOPIC), cases[i][2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(controls_are_shown_not_obeyed),
        cmocka_unit_test(broken_utf8_is_told_from_whole),
        cmocka_unit_test(text_is_called_utf8_where_it_is),
        cmocka_unit_test(nothing_is_cut_inside_a_cluster),
        cmocka_unit_test(lines_end_between_words),
        cmocka_unit_test(styles_go_on_over_lines),
        cmocka_unit_test(an_ellipsis_stands_where_something_was_cut),
        cmocka_unit_test(any_bytes_are_json),
        cmocka_unit_test(particles_fit_the_sound_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
