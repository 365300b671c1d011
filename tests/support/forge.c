#include "support/forge.h"

#include <stdio.h>
#include <string.h>

#include "base/checksum.h"
#include "segment/segment.h"

static void reseal(unsigned char *data, size_t len)
{
    unsigned char *tail = data + len - sizeof(struct fr_segment_tail);
    uint64_t footer_at, footer_bytes, sum;
    memcpy(&footer_at, tail, 8);
    memcpy(&footer_bytes, tail + 8, 8);
    if (footer_at > len || footer_bytes > len - footer_at || footer_bytes < 24) return;
    uint64_t paged, pages;
    /* the page table's place and size stand before the group sums, at the footer's end */
    for (uint64_t groups = 1; groups < 4 && footer_bytes > groups * 8 + 16; groups++) {
        unsigned char *at = data + footer_at + footer_bytes - groups * 8 - 16;
        memcpy(&paged, at, 8);
        memcpy(&pages, at + 8, 8);
        if (paged > footer_at || (paged + FR_PAGE_BYTES - 1) / FR_PAGE_BYTES != pages ||
            paged + pages * 8 != footer_at)
            continue;
        for (uint64_t p = 0; p < pages; p++) {
            uint64_t n = paged - p * FR_PAGE_BYTES < FR_PAGE_BYTES ? paged - p * FR_PAGE_BYTES
                                                                   : FR_PAGE_BYTES;
            sum = fr_hash64(data + p * FR_PAGE_BYTES, n);
            memcpy(data + paged + p * 8, &sum, 8);
        }
        for (uint64_t g = 0; g < groups; g++) {
            uint64_t n = pages - g * FR_PAGES_PER_GROUP < FR_PAGES_PER_GROUP
                             ? pages - g * FR_PAGES_PER_GROUP
                             : FR_PAGES_PER_GROUP;
            sum = fr_hash64(data + paged + g * FR_PAGES_PER_GROUP * 8, n * 8);
            memcpy(at + 16 + g * 8, &sum, 8);
        }
    }
    sum = fr_hash64(data + footer_at, footer_bytes);
    memcpy(tail + 16, &sum, 8);
    sum = fr_hash64(tail, 56);
    memcpy(tail + 56, &sum, 8);
}

/* Where the manifest has the hash of its one segment, from its end: before what it has of deletes,
 * of the note, and its own hash. */
#define SEGMENT_HASH (16u + 32u + 32u + 8u)

void change_bytes(unsigned char *data, size_t len)
{
    int changes = 1 + (int)rnd_below(4);
    for (int c = 0; c < changes; c++) data[64 + rnd_below(len - 128)] = (unsigned char)rnd();
}

void forge(const char *dir, int rounds, void (*change)(unsigned char *data, size_t len),
           void (*question)(const char *dir))
{
    size_t len, manifest_len;
    char segment[4096], manifest_path[4096];
    snprintf(segment, sizeof segment, "%s", segment_path(dir));
    snprintf(manifest_path, sizeof manifest_path, "%s/MANIFEST-0000000001", dir);
    unsigned char *data = read_file(segment, &len),
                  *manifest = read_file(manifest_path, &manifest_len),
                  *sound = read_file(manifest_path, &manifest_len);
    unsigned char *forged = malloc(len);
    int opened = 0;
    for (int round = 0; round < rounds; round++) {
        memcpy(forged, data, len);
        change(forged, len);
        reseal(forged, len);
        write_file(segment, forged, len);
        uint64_t footer_at;
        memcpy(&footer_at, forged + len - sizeof(struct fr_segment_tail), 8);
        if (footer_at < len) { /* the manifest's hash follows */
            struct fr_hash128 h = fr_hash128(forged + footer_at, len - footer_at);
            memcpy(manifest + manifest_len - SEGMENT_HASH, &h, 16);
            uint64_t sum = fr_hash64(manifest, manifest_len - 8);
            memcpy(manifest + manifest_len - 8, &sum, 8);
            write_file(manifest_path, manifest, manifest_len);
        }
        frai_error err;
        frai_index *index;
        bool opens = frai_index_open(dir, NULL, &index, &err) == FRAI_OK;
        if (opens) frai_index_close(index);
        opened += opens;
        question(dir);
        frai_index_check(dir, NULL, NULL, &err);
    }
    assert_true(opened > rounds / 10); /* else the sums didn't fit */
    write_file(segment, data, len);
    write_file(manifest_path, sound, manifest_len);
    free(sound);
    free(forged);
    free(data);
    free(manifest);
}

static int copy_file(void *ctx, const char *name, frai_slice bytes)
{
    write_file(path_in(ctx, name), bytes.ptr, bytes.len);
    return 0;
}

void change_copy(const char *dir)
{
    const char *copy = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_repair_stats stats = FRAI_REPAIR_STATS_INIT;
    frai_index *index;
    frai_writer *b;
    frai_error err;
    if (frai_index_open(dir, NULL, &index, &err) != FRAI_OK) return;
    frai_status status = frai_index_export(index, copy_file, (void *)(uintptr_t)copy, &err);
    uint64_t documents = frai_index_document_count(index);
    frai_index_close(index);
    if (documents > 20000) documents = 20000;
    o.mode = FRAI_OPEN_OR_CREATE;
    o.threads = 1 + (uint32_t)rnd_below(2);
    if (status == FRAI_OK && frai_writer_open(copy, &o, &b, &err) == FRAI_OK) {
        for (uint64_t i = 0; i < documents / 2; i++) {
            char id[24];
            snprintf(id, sizeof id, "%llu", (unsigned long long)i);
            frai_writer_delete(b, frai_slice_of(id), &err);
        }
        frai_document d = {
            .struct_size = sizeof d, .id = frai_slice_of("새것"), .body = frai_slice_of("새 글")};
        frai_writer_add(b, &d, &err);
        if (frai_writer_commit(b, &err) == FRAI_OK) frai_writer_compact(b, &err);
        frai_writer_commit(b, &err);
        frai_writer_close(b);
    }
    if (status == FRAI_OK && frai_writer_open(copy, &o, &b, &err) == FRAI_OK) {
        if (frai_writer_repair(b, NULL, NULL, &stats, &err) == FRAI_OK) frai_writer_commit(b, &err);
        frai_writer_close(b);
    }
    remove_tree(copy);
}
