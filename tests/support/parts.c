#include "support/parts.h"

#include <stdio.h>
#include <string.h>

#include "segment/record.h"
#include "text/analyzer.h"
#include "text/utf8.h"
#include "writer/document_record.h"

enum { TAG = FR_FIELD_BUILTIN, SUMMARY };

struct fr_writer *open_parts(const char *dir, uint32_t part_bytes, uint32_t threads, bool reorder)
{
    struct fr_writer_options o = {.mem = fr_allocator_or_libc(NULL),
                                  .memory_bytes = threads * (128ull << 20),
                                  .threads = threads,
                                  .reorder = reorder,
                                  .part_bytes = part_bytes};
    struct fr_writer *w;
    o.settings = (struct fr_settings){FR_ANALYZER_KOREAN, true, .k1 = 0.9f, .b = 0.4f};
    o.settings.fields[0] = (struct fr_field_spec){"tag", FR_FIELD_KEYWORD};
    o.settings.fields[1] = (struct fr_field_spec){"summary", FR_FIELD_TEXT};
    o.settings.field_count = 2;
    assert_ok(fr_writer_open(dir, &o, &w, &error_));
    return w;
}

void add_parts(struct fr_writer *w, const char *id, const char *title, frai_slice body,
               const char *summary)
{
    char path[256];
    struct fr_document_record r = {.count = 0};
    struct fr_record_source record;
    snprintf(path, sizeof path, "dir/%s.txt", id);
    fr_buf_init(&r.bytes, fr_allocator_or_libc(NULL));
    r.values[r.count++] = (struct fr_value){.number = FR_FIELD_TITLE, .text = frai_slice_of(title)};
    r.values[r.count++] = (struct fr_value){.number = FR_FIELD_BODY, .text = body};
    r.values[r.count++] = (struct fr_value){.number = FR_FIELD_PATH, .text = frai_slice_of(path)};
    r.values[r.count++] = (struct fr_value){.number = TAG, .text = frai_slice_of(id)};
    r.values[r.count++] = (struct fr_value){.number = SUMMARY, .text = frai_slice_of(summary)};
    assert_ok(fr_document_record_make(&r, fr_writer_settings(w), w->pipeline.part_bytes, &record,
                                      &error_));
    assert_ok(fr_writer_add_source(w, frai_slice_of(id), frai_slice_of(path), &record, &error_));
    fr_buf_deinit(&r.bytes);
}

void commit_parts(struct fr_writer *w)
{
    assert_ok(fr_writer_commit(w, &error_));
    fr_writer_close(w);
}

static void put(char *to, size_t *len, const char *text)
{
    size_t n = strlen(text);
    memcpy(to + *len, text, n);
    *len += n;
}

static void put_syllables(char *to, size_t *len, size_t count)
{
    for (; count > 0; count--) *len += fr_utf8_put(to + *len, 0xAC00 + (uint32_t)rnd_below(300));
}

size_t parts_text(enum parts_text kind, char *to, size_t bytes)
{
    size_t len = 0;
    while (len + 100 < bytes) {
        switch (kind) {
        case PARTS_SENTENCES:
            put_syllables(to, &len, 1 + rnd_below(6));
            put(to, &len, rnd_below(8) ? " " : rnd_below(3) ? "했다. " : "한다.\n");
            break;
        case PARTS_ONE_LINE:
            put_syllables(to, &len, 1 + rnd_below(6));
            put(to, &len, " ");
            break;
        case PARTS_ONE_SYLLABLE: put(to, &len, "가"); break;
        case PARTS_SYLLABLES: put_syllables(to, &len, 10); break;
        case PARTS_LATIN: put(to, &len, rnd_below(3) ? "alpha " : "running B2B "); break;
        default:
            if (len < bytes / 2)
                put(to, &len, rnd_below(9) ? " " : " -\n");
            else
                put(to, &len, rnd_below(3) ? "나라 " : "바다. ");
        }
    }
    return len;
}
