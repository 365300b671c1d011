/* Any bytes as documents, any bytes as a query: build, search, snippet, explain. With libFuzzer:
 *   tests/fuzz/run 60
 * Without it, `fuzz_search FILE...` replays inputs. */
#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "frai/frai.h"

static char dir[256];

static int no_sync(int fd)
{
    (void)fd;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static void clean_up(void)
{
    nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void prepare(void)
{
    static struct fr_io io;
    if (dir[0]) return;
    atexit(clean_up);
    io = fr_io_system;
    io.fsync = no_sync;
    fr_io_install(&io);
    snprintf(dir, sizeof dir, "%s/frai-fuzz-%ld",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
}

/* Documents and the query are what stands between zero bytes; the last piece is the query. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    frai_error err;
    frai_writer *writer;
    frai_index *index;
    frai_searcher *searcher;
    const char *at = (const char *)data, *end = at + size;
    prepare();
    assert(frai_writer_open(dir, NULL, &writer, &err) == FRAI_OK);
    for (const char *zero; (zero = memchr(at, 0, (size_t)(end - at))) != NULL; at = zero + 1) {
        size_t len = (size_t)(zero - at);
        frai_document d = {
            .struct_size = sizeof d, .title = {at, len / 4}, .body = {at + len / 4, len - len / 4}};
        assert(frai_writer_add(writer, &d, &err) == FRAI_OK);
    }
    assert(frai_writer_commit(writer, &err) == FRAI_OK);
    frai_writer_close(writer);
    assert(frai_index_open(dir, NULL, &index, &err) == FRAI_OK);
    assert(frai_searcher_create(index, &searcher, &err) == FRAI_OK);
    const frai_results *results;
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    o.limit = 20;
    for (int exact = 0; exact < 2; exact++) {
        o.flags = exact ? FRAI_SEARCH_EXACT : 0;
        assert(frai_search(searcher, (frai_slice){at, (size_t)(end - at)}, &o, &results, &err) ==
               FRAI_OK);
        for (uint32_t i = 0; i < frai_results_count(results); i++) {
            uint64_t doc = frai_results_doc(results, i);
            frai_passage snippet = FRAI_PASSAGE_INIT;
            const frai_explanation *e;
            assert(frai_searcher_make_passage(searcher, doc, frai_slice_of("body"), 40, &snippet,
                                              &err) == FRAI_OK);
            for (uint32_t s = 0; s < snippet.span_count; s++)
                assert(snippet.spans[s].begin >= snippet.offset &&
                       snippet.spans[s].begin < snippet.spans[s].end &&
                       snippet.spans[s].end <= snippet.offset + snippet.text.len);
            assert(frai_searcher_explain(searcher, doc, &e, &err) == FRAI_OK);
            assert(frai_explanation_part(e, 0)->value == frai_results_score(results, i));
        }
    }
    frai_searcher_destroy(searcher);
    frai_index_close(index);
    return 0;
}
