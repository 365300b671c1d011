#include <string.h>

#include "support/support.h"
#include "text/keyboard.h"
#include "text/utf8.h"

static bool converts(bool (*to)(const char *, size_t, struct fr_buf *), const char *from,
                     const char *wanted)
{
    struct fr_buf out;
    fr_buf_init(&out, fr_allocator_or_libc(NULL));
    bool same = to(from, strlen(from), &out) && out.len == strlen(wanted) &&
                memcmp(out.data, wanted, out.len) == 0;
    fr_buf_deinit(&out);
    return same;
}

static void latin_keys_compose_as_an_input_method_does(void **unused)
{
    (void)unused;
    static const char *const pairs[][2] = {{"altmxmfkf", "미스트랄"},
                                           {"xnwk", "투자"},
                                           {"gksrnr", "한국"},
                                           {"dlswhkf", "인좔"},
                                           {"rkqt", "값"},
                                           {"rkqtdl", "값이"},
                                           {"dhkTek", "왔다"},
                                           {"EhQkfl", "또빠리"},
                                           {"dml", "의"},
                                           {"ekfr", "닭"},
                                           {"ekfrdl", "닭이"},
                                           {"dkswdk", "앉아"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!converts(fr_keyboard_to_hangul, pairs[i][0], pairs[i][1])) fail_msg("%s", pairs[i][0]);
    static const char *const none[] = {"", "rrr", "k", "paris!", "ab1", "french"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(converts(fr_keyboard_to_hangul, none[i], ""));
}

static void hangul_gives_the_keys_that_type_it(void **unused)
{
    (void)unused;
    static const char *const pairs[][2] = {
        {"ㅔㅁ갼", "paris"}, {"ㄹㄱ두초", "french"}, {"ㅎ에", "gdp"}, {"값", "rkqt"}, {"ㄳ", "rt"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!converts(fr_keyboard_to_latin, pairs[i][0], pairs[i][1])) fail_msg("%s", pairs[i][0]);
    assert_false(converts(fr_keyboard_to_latin, "가a", ""));
    assert_false(converts(fr_keyboard_to_latin, "佛", ""));
}

static void every_syllable_comes_back_from_its_keys(void **unused)
{
    (void)unused;
    for (uint32_t cp = 0xAC00; cp <= 0xD7A3; cp++) {
        char text[4];
        struct fr_buf keys, back;
        size_t n = fr_utf8_put(text, cp);
        fr_buf_init(&keys, fr_allocator_or_libc(NULL));
        fr_buf_init(&back, fr_allocator_or_libc(NULL));
        assert_true(fr_keyboard_to_latin(text, n, &keys));
        assert_true(fr_keyboard_to_hangul((char *)keys.data, keys.len, &back));
        assert_int_equal(back.len, n);
        assert_memory_equal(back.data, text, n);
        fr_buf_deinit(&keys);
        fr_buf_deinit(&back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latin_keys_compose_as_an_input_method_does),
        cmocka_unit_test(hangul_gives_the_keys_that_type_it),
        cmocka_unit_test(every_syllable_comes_back_from_its_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
