#include "build/id_hashes.h"

#include <stdio.h>

#define PIECE 1024u /* items that are read at once */

static uint64_t hash_of(const struct fr_item *item)
{
    return (uint64_t)item->key << 32 | item->position;
}

void fr_id_hashes_init(struct fr_id_hashes *h, const frai_allocator *mem, const char *path,
                       size_t limit)
{
    char name[FR_PATH_MAX];
    *h = (struct fr_id_hashes){.limit = limit};
    fr_buf_init(&h->run, mem);
    fr_buf_init(&h->run_ends, mem);
    fr_buf_init(&h->piece, mem);
    snprintf(name, sizeof name, "%.4000s-hashes", path);
    fr_sink_init(&h->runs, mem, name, 0);
    snprintf(name, sizeof name, "%.4000s-sorted", path);
    fr_sink_init(&h->sorted, mem, name, limit);
}

void fr_id_hashes_deinit(struct fr_id_hashes *h)
{
    fr_buf_deinit(&h->run);
    fr_buf_deinit(&h->run_ends);
    fr_buf_deinit(&h->piece);
    fr_sink_deinit(&h->runs);
    fr_sink_deinit(&h->sorted);
}

/* By the low half of the hash, then by its high one: each sort keeps the order of equals. */
static bool sort_run(struct fr_id_hashes *h)
{
    struct fr_item *items = (struct fr_item *)(void *)h->run.data;
    size_t n = FR_COUNT(&h->run, struct fr_item);
    struct fr_buf scratch;
    fr_buf_init(&scratch, h->run.mem);
    bool ok = fr_buf_reserve(&scratch, h->run.len);
    for (unsigned half = 0; ok && half < 2; half++) {
        for (size_t i = 0; i < n; i++)
            items[i] = (struct fr_item){items[i].position, items[i].doc, items[i].key};
        fr_sort_items(items, (struct fr_item *)(void *)scratch.data, n);
    }
    fr_buf_deinit(&scratch);
    return ok;
}

static void end_run(struct fr_id_hashes *h)
{
    if (!sort_run(h)) {
        h->failed = true;
        return;
    }
    fr_buf_put(&h->runs.buf, h->run.data, h->run.len);
    fr_sink_settle(&h->runs);
    fr_buf_u64(&h->run_ends, h->count);
    h->run.len = 0;
}

void fr_id_hashes_add(struct fr_id_hashes *h, uint64_t hash, uint32_t doc)
{
    struct fr_item item = {(uint32_t)(hash >> 32), doc, (uint32_t)hash};
    fr_buf_put(&h->run, &item, sizeof item);
    h->count++;
    if (h->run.len >= h->limit) end_run(h);
}

/* One run while runs are merged. */
struct cursor {
    uint64_t at, end; /* items of the sink that are not read yet */
    struct fr_item piece[PIECE];
    uint32_t next, len;
};

static frai_status refill(struct fr_id_hashes *h, struct cursor *c, frai_error *err)
{
    uint64_t left = c->end - c->at;
    c->next = 0;
    c->len = left < PIECE ? (uint32_t)left : PIECE;
    if (c->len == 0) return FRAI_OK;
    FR_TRY(fr_sink_read(&h->runs, c->at * sizeof(struct fr_item), c->piece,
                        c->len * sizeof(struct fr_item), err));
    c->at += c->len;
    return FRAI_OK;
}

static frai_status merge_runs(struct fr_id_hashes *h, struct cursor *cursors, uint32_t count,
                              frai_error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        cursors[i].at = i ? FR_AT(&h->run_ends, uint64_t, i - 1) : 0;
        cursors[i].end = FR_AT(&h->run_ends, uint64_t, i);
        FR_TRY(refill(h, &cursors[i], err));
    }
    for (uint32_t n = 0; n < h->count; n++) {
        struct cursor *least = NULL; /* of equals the earliest run: its documents are lower */
        for (uint32_t i = 0; i < count; i++) {
            struct cursor *c = &cursors[i];
            if (c->next < c->len &&
                (!least || hash_of(&c->piece[c->next]) < hash_of(&least->piece[least->next])))
                least = c;
        }
        if (!least) return fr_fail(err, FRAI_ERR_IO, "temporary file of the build is damaged");
        fr_buf_put(&h->sorted.buf, &least->piece[least->next++], sizeof(struct fr_item));
        if (h->sorted.buf.len % 65536 == 0) fr_sink_settle(&h->sorted);
        if (least->next == least->len) FR_TRY(refill(h, least, err));
    }
    fr_sink_settle(&h->sorted);
    return fr_sink_status(&h->sorted, err);
}

frai_status fr_id_hashes_sort(struct fr_id_hashes *h, frai_error *err)
{
    if (h->run_ends.len == 0) { /* all in memory */
        if (h->run.failed || !sort_run(h)) h->failed = true;
        fr_buf_deinit(&h->sorted.buf);
        h->sorted.buf = h->run;
        fr_buf_init(&h->run, h->sorted.buf.mem);
        return h->failed ? fr_fail(err, FRAI_ERR_MEMORY, "out of memory while building") : FRAI_OK;
    }
    if (h->run.len) end_run(h);
    FR_TRY(fr_sink_status(&h->runs, err));
    uint32_t count = (uint32_t)FR_COUNT(&h->run_ends, uint64_t);
    bool failed = h->failed || h->run.failed || h->run_ends.failed;
    struct cursor *cursors = failed ? NULL : fr_new(h->run.mem, count * sizeof *cursors);
    frai_status status = cursors ? merge_runs(h, cursors, count, err)
                                 : fr_fail(err, FRAI_ERR_MEMORY, "out of memory while building");
    fr_free(h->run.mem, cursors, count * sizeof *cursors);
    fr_buf_deinit(&h->run);
    return status;
}

frai_status fr_id_hashes_at(struct fr_id_hashes *h, uint32_t i, uint64_t *hash, uint32_t *doc,
                            frai_error *err)
{
    uint32_t len = (uint32_t)FR_COUNT(&h->piece, struct fr_item);
    if (i < h->piece_at || i - h->piece_at >= len) {
        const size_t bytes = sizeof(struct fr_item);
        len = h->count - i < PIECE ? h->count - i : PIECE;
        if (!fr_buf_reserve(&h->piece, len * bytes))
            return fr_fail(err, FRAI_ERR_MEMORY, "out of memory while building");
        FR_TRY(fr_sink_read(&h->sorted, i * (uint64_t)bytes, h->piece.data, len * bytes, err));
        h->piece.len = len * bytes;
        h->piece_at = i;
    }
    const struct fr_item *item = &FR_AT(&h->piece, struct fr_item, i - h->piece_at);
    *hash = hash_of(item);
    *doc = item->doc;
    return FRAI_OK;
}

frai_status fr_id_hashes_find(struct fr_id_hashes *h, uint64_t hash, uint32_t *i, frai_error *err)
{
    uint32_t low = 0, high = h->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2, doc;
        uint64_t there = 0;
        FR_TRY(fr_id_hashes_at(h, middle, &there, &doc, err));
        if (there < hash)
            low = middle + 1;
        else
            high = middle;
    }
    *i = low;
    return FRAI_OK;
}
