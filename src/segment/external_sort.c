/* Runs of `limit` bytes are sorted in memory by radix and appended to one temporary file; at the
 * end they are merged through a heap, each read in pieces. If everything fits one run no file is
 * made. */
#include "segment/external_sort.h"

#include <stdio.h>

#include "base/heap.h"
#include "base/lower_bound.h"

#define PIECE 1024u /* tuples that are read at once */

void fr_external_sort_init(struct fr_external_sort *s, const frai_allocator *mem, const char *path,
                           size_t limit)
{
    char name[FR_PATH_MAX];
    *s = (struct fr_external_sort){.limit = limit};
    fr_buf_init(&s->run.buf, mem);
    fr_buf_init(&s->run_ends.buf, mem);
    fr_buf_init(&s->piece.buf, mem);
    snprintf(name, sizeof name, "%.4000s-unsorted", path);
    fr_spill_buffer_init(&s->runs, mem, name, 0);
    snprintf(name, sizeof name, "%.4000s-sorted", path);
    fr_spill_buffer_init(&s->sorted, mem, name, limit);
}

void fr_external_sort_deinit(struct fr_external_sort *s)
{
    fr_buf_deinit(&s->run.buf);
    fr_buf_deinit(&s->run_ends.buf);
    fr_buf_deinit(&s->piece.buf);
    fr_spill_buffer_deinit(&s->runs);
    fr_spill_buffer_deinit(&s->sorted);
}

static bool sort_run(struct fr_external_sort *s)
{
    struct fr_tuples scratch;
    fr_buf_init(&scratch.buf, s->run.buf.mem);
    size_t count = fr_vec_count(&s->run);
    bool ok = !s->run.buf.failed && fr_vec_reserve(&scratch, count);
    if (ok) fr_sort_tuples(fr_vec_data(&s->run), fr_vec_data(&scratch), count);
    fr_buf_deinit(&scratch.buf);
    s->failed |= !ok;
    return ok;
}

static void end_run(struct fr_external_sort *s)
{
    if (!sort_run(s)) return;
    fr_buf_put(&s->runs.buf, s->run.buf.data, s->run.buf.len);
    fr_spill_if_full(&s->runs);
    fr_vec_push(&s->run_ends, s->count);
    fr_vec_set_count(&s->run, 0);
}

void fr_external_sort_add(struct fr_external_sort *s, struct fr_tuple tuple)
{
    fr_vec_append(&s->run, &tuple, 1);
    s->count++;
    if (s->run.buf.len >= s->limit) end_run(s);
}

/* ---- merging ---- */

struct cursor {
    uint64_t at, end; /* tuples of the run that are not read yet */
    struct fr_tuple *piece;
    uint32_t next, len;
};

struct merging {
    struct fr_external_sort *s;
    struct cursor *cursors;
    struct fr_tuple *pieces;
    uint32_t *heap, heap_len; /* cursors that have some, by their next ones */
    uint32_t piece_tuples, count;
};

static const struct fr_tuple *next_of(const struct merging *m, uint32_t run)
{
    return &m->cursors[run].piece[m->cursors[run].next];
}

/* Of equal ones the earlier run's first. */
static bool before(const void *ctx, uint32_t a, uint32_t b)
{
    const struct merging *m = ctx;
    const struct fr_tuple *x = next_of(m, a), *y = next_of(m, b);
    if (x->major != y->major) return x->major < y->major;
    return x->minor != y->minor ? x->minor < y->minor : a < b;
}

static frai_status refill(struct merging *m, struct cursor *c, frai_error *err)
{
    uint64_t left = c->end - c->at;
    c->next = 0;
    c->len = left < m->piece_tuples ? (uint32_t)left : m->piece_tuples;
    if (c->len == 0) return FRAI_OK;
    FR_TRY(fr_spill_buffer_read(&m->s->runs, c->at * sizeof *c->piece, c->piece,
                                c->len * sizeof *c->piece, err));
    c->at += c->len;
    return FRAI_OK;
}

static frai_status merge(struct merging *m, frai_error *err)
{
    struct fr_external_sort *s = m->s;
    for (uint32_t i = 0; i < m->count; i++) {
        m->cursors[i] = (struct cursor){.at = i ? fr_vec_at(&s->run_ends, i - 1) : 0,
                                        .end = fr_vec_at(&s->run_ends, i),
                                        .piece = m->pieces + (size_t)i * m->piece_tuples};
        FR_TRY(refill(m, &m->cursors[i], err));
        m->heap[m->heap_len++] = i;
    }
    fr_heap_make(m->heap, m->heap_len, before, m);
    while (m->heap_len) {
        struct cursor *c = &m->cursors[m->heap[0]];
        fr_buf_put(&s->sorted.buf, &c->piece[c->next++], sizeof *c->piece);
        if (s->sorted.buf.len % 65536 == 0) fr_spill_if_full(&s->sorted);
        if (c->next == c->len) FR_TRY(refill(m, c, err));
        if (c->next == c->len) m->heap[0] = m->heap[--m->heap_len];
        fr_heap_sink(m->heap, m->heap_len, 0, before, m);
    }
    fr_spill_if_full(&s->sorted);
    return fr_spill_buffer_status(&s->sorted, err);
}

static frai_status merge_runs(struct fr_external_sort *s, frai_error *err)
{
    const frai_allocator *mem = s->runs.buf.mem;
    struct merging m = {.s = s, .count = (uint32_t)fr_vec_count(&s->run_ends)};
    size_t share = s->limit / m.count / sizeof(struct fr_tuple);
    m.piece_tuples = share < 16 ? 16 : share > PIECE ? PIECE : (uint32_t)share;
    size_t pieces = m.count * m.piece_tuples * sizeof *m.pieces;
    m.cursors = fr_new(mem, m.count * sizeof *m.cursors);
    m.pieces = fr_new(mem, pieces);
    m.heap = fr_new(mem, m.count * sizeof *m.heap);
    bool room = m.cursors && m.pieces && m.heap;
    frai_status status = room ? merge(&m, err) : fr_fail_memory(err, "building");
    fr_free(mem, m.cursors, m.count * sizeof *m.cursors);
    fr_free(mem, m.pieces, pieces);
    fr_free(mem, m.heap, m.count * sizeof *m.heap);
    return status;
}

frai_status fr_external_sort_run(struct fr_external_sort *s, frai_error *err)
{
    if (fr_vec_count(&s->run_ends) == 0) { /* all in memory */
        sort_run(s);
        fr_buf_deinit(&s->sorted.buf);
        s->sorted.buf = s->run.buf;
        fr_buf_init(&s->run.buf, s->sorted.buf.mem);
        return s->failed ? fr_fail_memory(err, "building") : FRAI_OK;
    }
    if (fr_vec_count(&s->run)) end_run(s);
    fr_buf_deinit(&s->run.buf);
    FR_TRY(fr_spill_buffer_status(&s->runs, err));
    return s->failed || s->run_ends.buf.failed ? fr_fail_memory(err, "building")
                                               : merge_runs(s, err);
}

/* ---- reading ---- */

frai_status fr_external_sort_at(struct fr_external_sort *s, uint32_t i, struct fr_tuple *tuple,
                                frai_error *err)
{
    uint32_t len = (uint32_t)fr_vec_count(&s->piece);
    if (i < s->piece_at || i - s->piece_at >= len) {
        len = s->count - i < PIECE ? s->count - i : PIECE;
        struct fr_tuple *piece = fr_vec_reserve(&s->piece, len);
        if (!piece) return fr_fail_memory(err, "building");
        FR_TRY(fr_spill_buffer_read(&s->sorted, i * (uint64_t)sizeof *piece, piece,
                                    len * sizeof *piece, err));
        fr_vec_set_count(&s->piece, len);
        s->piece_at = i;
    }
    *tuple = fr_vec_at(&s->piece, i - s->piece_at);
    return FRAI_OK;
}

frai_status fr_external_sort_find(struct fr_external_sort *s, uint64_t major, uint32_t *i,
                                  frai_error *err)
{
    frai_status status = FRAI_OK;
    struct fr_tuple there = {.major = 0};
    *i = 0;
    FR_LOWER_BOUND(uint32_t, *i, s->count, at,
                   status == FRAI_OK &&
                       (status = fr_external_sort_at(s, at, &there, err)) == FRAI_OK &&
                       there.major < major);
    return status;
}
