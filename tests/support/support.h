/* support.h: what tests share. */
#ifndef FRAI_TESTS_SUPPORT_H
#define FRAI_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "frai/experimental/terms.h"
#include "frai/frai.h"

/* Random numbers; the seed is FRAI_SEED or fixed, and printed at the first call. */
uint64_t rnd(void);
uint64_t rnd_below(uint64_t n);

/* A fresh directory under TMPDIR, removed at exit. */
const char *temp_dir(void);
/* From now on under /dev/shm, unless TMPDIR says where: for tests of many small files. */
void stay_in_memory(void);
char *path_in(const char *dir, const char *name); /* one of eight static buffers */
void remove_tree(const char *path);

unsigned char *read_file(const char *path, size_t *len); /* malloc'ed */
void write_file(const char *path, const void *data, size_t len);

/* Fails with the error's text. */
#define assert_ok(expr)                                                                            \
    do {                                                                                           \
        frai_status status_ = (expr);                                                              \
        if (status_ != FRAI_OK)                                                                    \
            fail_msg("%s: %s: %s", #expr, frai_status_name(status_), error_.message);              \
    } while (0)
extern frai_error error_;

/* Adds a document whose id is the number. */
void add_body(frai_writer *writer, size_t number, frai_slice body);

/* Of the index's files. */
uint64_t index_bytes(const char *dir);

/* Builds an index of documents id "0".."n-1". */
void build_bodies(const char *dir, const frai_writer_options *options, const char *const *bodies,
                  size_t n);

/* The number that a text ends in; 0 if it ends in none. */
int number_at_end(frai_slice text);

/* The one .frai segment file of a directory with a single one. */
char *segment_path(const char *dir);

int full_run(void); /* FRAI_FULL=1: the long forms */

#endif
