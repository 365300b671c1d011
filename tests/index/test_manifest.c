/* Manifests: what is written is read again, and nothing else is taken for one. */
#include <stdio.h>
#include <string.h>

#include "index/manifest.h"
#include "support/support.h"

static void fill(void *out, size_t len)
{
    for (size_t i = 0; i < len; i++) ((uint8_t *)out)[i] = (uint8_t)rnd();
}

static void make(struct fr_manifest *m, uint64_t generation)
{
    fr_manifest_init(m, fr_allocator_or_libc(NULL));
    m->generation = generation;
    m->next_segment = 1000 + rnd_below(1000);
    m->next_id = rnd();
    m->settings.analyzer = 1 + (uint32_t)rnd_below(2);
    m->settings.store_text = (uint32_t)rnd_below(2);
    m->settings.reorder = (uint32_t)rnd_below(2);
    m->settings.k1 = 0.9f;
    m->settings.b = 0.4f;
    m->settings.field_count = (uint32_t)rnd_below(5);
    for (uint32_t i = 0; i < m->settings.field_count; i++) {
        sprintf(m->settings.fields[i].name, "필드%u", i);
        m->settings.fields[i].kind = (enum fr_field_kind)(1 + rnd_below(4));
    }
    for (uint64_t n = rnd_below(6), number = 0; n > 0; n--) {
        struct fr_segment_ref ref = {.number = number += 1 + rnd_below(100),
                                     .bytes = rnd_below(1u << 30)};
        fill(&ref.hash, sizeof ref.hash);
        if (rnd_below(2)) {
            ref.deletes = 1 + rnd_below(generation);
            ref.deletes_bytes = 1 + rnd_below(1000);
            fill(&ref.deletes_hash, sizeof ref.deletes_hash);
        }
        fr_vec_append(&m->segments, &ref, 1);
    }
}

static frai_status write_and_read(const char *dir, uint64_t generation, const void *bytes,
                                  size_t len, struct fr_manifest *out)
{
    char name[64];
    bool foreign;
    fr_manifest_file_name(generation, name);
    write_file(path_in(dir, name), bytes, len);
    fr_manifest_init(out, fr_allocator_or_libc(NULL));
    return fr_manifest_read(dir, generation, out, &foreign, &error_);
}

static void what_is_written_is_read_again(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    for (int round = 0; round < 300; round++) {
        struct fr_manifest m, again;
        struct fr_buf bytes;
        uint64_t generation = 1 + rnd_below(round % 2 ? 1u << 30 : 9);
        make(&m, generation);
        fr_buf_init(&bytes, fr_allocator_or_libc(NULL));
        fr_manifest_encode(&m, &bytes);
        assert_ok(write_and_read(dir, generation, bytes.data, bytes.len, &again));
        assert_int_equal(again.generation, generation);
        assert_int_equal(again.next_segment, m.next_segment);
        assert_int_equal(again.next_id, m.next_id);
        assert_int_equal(again.settings.analyzer, m.settings.analyzer);
        assert_int_equal(again.settings.store_text, m.settings.store_text);
        assert_int_equal(again.settings.reorder, m.settings.reorder);
        assert_true(again.settings.k1 == m.settings.k1 && again.settings.b == m.settings.b);
        assert_int_equal(again.settings.field_count, m.settings.field_count);
        for (uint32_t i = 0; i < m.settings.field_count; i++) {
            assert_string_equal(again.settings.fields[i].name, m.settings.fields[i].name);
            assert_int_equal(again.settings.fields[i].kind, m.settings.fields[i].kind);
        }
        assert_int_equal(fr_manifest_segment_count(&again), fr_manifest_segment_count(&m));
        for (uint32_t i = 0; i < fr_manifest_segment_count(&m); i++) {
            const struct fr_segment_ref *a = fr_manifest_segment(&m, i),
                                        *b = fr_manifest_segment(&again, i);
            assert_true(a->number == b->number && a->bytes == b->bytes);
            assert_memory_equal(&a->hash, &b->hash, sizeof a->hash);
            assert_true(a->deletes == b->deletes && a->deletes_bytes == b->deletes_bytes);
            assert_memory_equal(&a->deletes_hash, &b->deletes_hash, sizeof a->deletes_hash);
        }
        fr_manifest_deinit(&m);
        fr_manifest_deinit(&again);
        fr_buf_deinit(&bytes);
    }
}

static void any_other_bytes_are_refused(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    struct fr_manifest m, again;
    struct fr_buf bytes;
    make(&m, 7);
    fr_buf_init(&bytes, fr_allocator_or_libc(NULL));
    fr_manifest_encode(&m, &bytes);
    for (size_t cut = 0; cut < bytes.len; cut++) {
        assert_int_not_equal(write_and_read(dir, 7, bytes.data, cut, &again), FRAI_OK);
        fr_manifest_deinit(&again);
    }
    for (size_t bit = 0; bit < 8 * bytes.len; bit++) {
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_not_equal(write_and_read(dir, 7, bytes.data, bytes.len, &again), FRAI_OK);
        fr_manifest_deinit(&again);
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_not_equal(write_and_read(dir, 8, bytes.data, bytes.len, &again), FRAI_OK);
    fr_manifest_deinit(&again);
    fr_buf_u8(&bytes, 0);
    assert_int_not_equal(write_and_read(dir, 7, bytes.data, bytes.len, &again), FRAI_OK);
    fr_manifest_deinit(&again);
    fr_manifest_deinit(&m);
    fr_buf_deinit(&bytes);
}

static void the_newest_that_is_whole_counts(void **unused)
{
    (void)unused;
    for (int round = 0; round < 100; round++) {
        const char *dir = temp_dir();
        uint64_t newest = 0, highest = 0;
        for (uint64_t generation = 1; generation <= 6; generation++) {
            struct fr_manifest m;
            struct fr_buf bytes;
            char name[64];
            if (rnd_below(3) == 0) continue;
            make(&m, generation);
            fr_buf_init(&bytes, fr_allocator_or_libc(NULL));
            fr_manifest_encode(&m, &bytes);
            bool whole = rnd_below(2);
            fr_manifest_file_name(generation, name);
            write_file(path_in(dir, name), bytes.data, whole ? bytes.len : bytes.len - 1);
            if (whole) newest = generation;
            highest = generation;
            fr_manifest_deinit(&m);
            fr_buf_deinit(&bytes);
        }
        struct fr_manifest found;
        bool fell_back = false;
        fr_manifest_init(&found, fr_allocator_or_libc(NULL));
        frai_status status = fr_manifest_newest(dir, &found, &fell_back, &error_);
        if (newest) {
            assert_ok(status);
            assert_int_equal(found.generation, newest);
            assert_int_equal(fell_back, newest != highest);
        } else {
            assert_int_not_equal(status, FRAI_OK);
        }
        fr_manifest_deinit(&found);
        remove_tree(dir);
    }
}

static void names_have_one_number_of_digits_alone(void **unused)
{
    (void)unused;
    uint64_t number;
    static const char *const wrong[] = {
        "seg-.frai",   "seg-+1.frai", "seg- 1.frai",
        "seg-1x.frai", "seg-1.frai ", "seg1.frai",
        "seg-1",       "xseg-1.frai", "seg-99999999999999999999999.frai"};
    for (int round = 0; round < 200; round++) {
        char name[64];
        uint64_t made = rnd() >> rnd_below(64) & ((1ull << 62) - 1);
        fr_segment_file_name(made, name);
        assert_true(fr_manifest_name_number(name, "seg-", ".frai", &number));
        assert_int_equal(number, made);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(fr_manifest_name_number(wrong[i], "seg-", ".frai", &number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(any_other_bytes_are_refused),
        cmocka_unit_test(the_newest_that_is_whole_counts),
        cmocka_unit_test(names_have_one_number_of_digits_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
