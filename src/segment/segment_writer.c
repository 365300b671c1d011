/* Sections go to the file in order of their ids, through a buffer whose pages are hashed as they
 * leave it. Behind the sections come the hashes of pages, the footer (statistics, the table of
 * sections, the hashes of groups of pages) and the tail, which is hashed itself. Room for all of it
 * is asked of the file system first, so that a full disk is found before hours of writing. */
#include "segment/segment_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/vector.h"

void fr_segment_writer_init(struct fr_segment_writer *w, const frai_allocator *mem,
                            const char *temp_prefix, size_t limit)
{
    *w = (struct fr_segment_writer){.mem = mem};
    for (unsigned id = 0; id < FR_SECTION_LIMIT; id++) {
        char path[FR_PATH_MAX];
        snprintf(path, sizeof path, "%s-s%02u", temp_prefix, id);
        fr_spill_buffer_init(&w->section_[id], mem, path, limit);
    }
}

void fr_segment_writer_deinit(struct fr_segment_writer *w)
{
    for (unsigned id = 0; id < FR_SECTION_LIMIT; id++) fr_spill_buffer_deinit(&w->section_[id]);
}

void fr_segment_writer_put(struct fr_segment_writer *w, enum fr_section_id id, const void *bytes,
                           size_t len)
{
    struct fr_spill_buffer *section = fr_segment_writer_section(w, id);
    fr_buf_put(&section->buf, bytes, len);
    fr_spill_if_full(section);
}

void fr_segment_writer_take(struct fr_segment_writer *w, enum fr_section_id id,
                            struct fr_buf *bytes)
{
    struct fr_spill_buffer *section = fr_segment_writer_section(w, id);
    FR_ASSERT(fr_spill_buffer_len(section) == 0);
    fr_buf_deinit(&section->buf);
    section->buf = *bytes;
    fr_buf_init(bytes, w->mem);
    fr_spill_if_full(section);
}

frai_status fr_segment_writer_status(struct fr_segment_writer *w, frai_error *err)
{
    for (unsigned id = 1; id < FR_SECTION_LIMIT; id++)
        FR_TRY(fr_spill_buffer_status(&w->section_[id], err));
    return FRAI_OK;
}

FR_VECTOR_TYPE(checksums, uint64_t);

/* Bytes on their way to the file, checksummed a page at a time. */
struct output {
    int fd;
    const char *path;
    uint8_t *buffer; /* OUTPUT_BYTES */
    size_t used;
    uint64_t written; /* buffered included */
    struct checksums *pages;
};

#define OUTPUT_BYTES (64u * FR_PAGE_BYTES)

static frai_status output_flush(struct output *o, frai_error *err)
{
    for (size_t at = 0; at < o->used; at += FR_PAGE_BYTES) {
        size_t len = o->used - at < FR_PAGE_BYTES ? o->used - at : FR_PAGE_BYTES;
        fr_vec_push(o->pages, fr_hash64(o->buffer + at, len));
    }
    FR_TRY(fr_io_write_all(o->fd, o->buffer, o->used, o->path, err));
    o->used = 0;
    return FRAI_OK;
}

static frai_status output_put(struct output *o, const void *bytes, size_t len, frai_error *err)
{
    const uint8_t *from = bytes;
    while (len > 0) {
        size_t n = OUTPUT_BYTES - o->used < len ? OUTPUT_BYTES - o->used : len;
        memcpy(o->buffer + o->used, from, n);
        o->used += n;
        o->written += n;
        from += n;
        len -= n;
        if (o->used == OUTPUT_BYTES) FR_TRY(output_flush(o, err));
    }
    return FRAI_OK;
}

static frai_status output_pad(struct output *o, size_t least, frai_error *err)
{
    static const uint8_t zeros[FR_SECTION_PAD + FR_SECTION_ALIGN];
    size_t n =
        least + (FR_SECTION_ALIGN - (o->written + least) % FR_SECTION_ALIGN) % FR_SECTION_ALIGN;
    return output_put(o, zeros, n, err);
}

static frai_status output_sink(struct output *o, struct fr_spill_buffer *sink, frai_error *err)
{
    uint8_t piece[4 * FR_PAGE_BYTES];
    uint64_t len = fr_spill_buffer_len(sink);
    for (uint64_t at = 0; at < len;) {
        size_t n = len - at < sizeof piece ? (size_t)(len - at) : sizeof piece;
        FR_TRY(fr_spill_buffer_read(sink, at, piece, n, err));
        FR_TRY(output_put(o, piece, n, err));
        at += n;
    }
    return fr_spill_buffer_status(sink, err);
}

static frai_status write_sections(struct fr_segment_writer *w, struct output *o,
                                  struct fr_buf *footer, frai_error *err)
{
    struct fr_segment_header header = {.format = FRAI_FORMAT_VERSION};
    memcpy(header.magic, FR_SEGMENT_MAGIC, sizeof header.magic);
    FR_TRY(output_put(o, &header, sizeof header, err));
    w->stats.section_count = FR_SECTION_LIMIT - 1;
    fr_buf_put(footer, &w->stats, sizeof w->stats);
    for (unsigned id = 1; id < FR_SECTION_LIMIT; id++) {
        struct fr_section_entry entry = {
            .id = id, .at = o->written, .bytes = fr_spill_buffer_len(&w->section_[id])};
        fr_buf_put(footer, &entry, sizeof entry);
        FR_TRY(output_sink(o, &w->section_[id], err));
        FR_TRY(output_pad(o, FR_SECTION_PAD, err));
    }
    return output_flush(o, err);
}

/* After the sections: page checksums, footer, tail. */
static frai_status write_end(struct output *o, struct fr_buf *footer, uint64_t *bytes,
                             struct fr_hash128 *hash, frai_error *err)
{
    const struct fr_buf *pages = &o->pages->buf;
    struct fr_page_table table = {.paged_bytes = o->written, .page_count = fr_vec_count(o->pages)};
    fr_buf_put(footer, &table, sizeof table);
    for (uint64_t at = 0; at < table.page_count; at += FR_PAGES_PER_GROUP) {
        uint64_t left = table.page_count - at;
        uint64_t n = left < FR_PAGES_PER_GROUP ? left : FR_PAGES_PER_GROUP;
        fr_buf_u64(footer, fr_hash64(&fr_vec_at(o->pages, at), n * sizeof(uint64_t)));
    }
    struct fr_segment_tail tail = {.footer_at = o->written + pages->len,
                                   .footer_bytes = footer->len,
                                   .format = FRAI_FORMAT_VERSION};
    if (pages->failed || footer->failed) return fr_fail_memory(err, "building");
    tail.footer_hash = fr_hash64(footer->data, footer->len);
    memcpy(tail.magic, FR_SEGMENT_END_MAGIC, sizeof tail.magic);
    tail.hash = fr_hash64(&tail, offsetof(struct fr_segment_tail, hash));
    FR_TRY(fr_io_write_all(o->fd, pages->data, pages->len, o->path, err));
    FR_TRY(fr_io_write_all(o->fd, footer->data, footer->len, o->path, err));
    FR_TRY(fr_io_write_all(o->fd, &tail, sizeof tail, o->path, err));
    *bytes = tail.footer_at + tail.footer_bytes + sizeof tail;
    fr_buf_put(footer, &tail, sizeof tail);
    if (footer->failed) return fr_fail_memory(err, "building");
    *hash = fr_hash128(footer->data, footer->len);
    return FRAI_OK;
}

frai_status fr_segment_writer_finish(struct fr_segment_writer *w, const char *path, uint64_t *bytes,
                                     struct fr_hash128 *hash, frai_error *err)
{
    uint64_t total = 0;
    for (unsigned id = 1; id < FR_SECTION_LIMIT; id++)
        total += fr_spill_buffer_len(&w->section_[id]);
    struct checksums pages;
    struct fr_buf footer;
    fr_buf_init(&pages.buf, w->mem);
    fr_buf_init(&footer, w->mem);
    struct output o = {.fd = -1, .path = path, .pages = &pages};
    o.buffer = fr_new(w->mem, OUTPUT_BYTES);
    frai_status status =
        o.buffer ? fr_io_create(path, O_WRONLY, &o.fd, err) : fr_fail_memory(err, "building");
    if (status == FRAI_OK) {
        /* Ask for the room at once: a full disk is found before hours of writing. */
        int rc = fr_io_current()->fallocate(o.fd, 0, (off_t)total);
        if (rc == ENOSPC || rc == EDQUOT)
            status = fr_fail_os(err, rc, "%s: %llu bytes needed", path, (unsigned long long)total);
        else if (rc == 0 && fr_io_current()->ftruncate(o.fd, 0) < 0)
            status = fr_fail_os(err, errno, "%s: cannot truncate", path);
    }
    if (status == FRAI_OK) status = write_sections(w, &o, &footer, err);
    if (status == FRAI_OK) status = write_end(&o, &footer, bytes, hash, err);
    if (status == FRAI_OK) status = fr_io_sync(o.fd, path, err);
    if (o.fd >= 0 && fr_io_current()->close(o.fd) < 0 && status == FRAI_OK)
        status = fr_fail_os(err, errno, "%s: cannot close", path);
    if (status != FRAI_OK && o.fd >= 0) fr_io_current()->unlink(path);
    fr_free(w->mem, o.buffer, OUTPUT_BYTES);
    fr_buf_deinit(&pages.buf);
    fr_buf_deinit(&footer);
    return status;
}
