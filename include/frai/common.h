/* common.h: what every public header shares. All functions are safe to call from any thread unless
 * their comment says otherwise; the library never prints, never exits and installs no handlers. */
#ifndef FRAI_COMMON_H
#define FRAI_COMMON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FRAI_VERSION_MAJOR 0 /* the library; files carry their own FRAI_FORMAT_VERSION */
#define FRAI_VERSION_MINOR 1
#define FRAI_VERSION_PATCH 0
#define FRAI_VERSION_NUMBER                                                                        \
    (FRAI_VERSION_MAJOR * 1000000 + FRAI_VERSION_MINOR * 1000 + FRAI_VERSION_PATCH)
#define FRAI_FORMAT_VERSION 7 /* of index files; before library 1.0 an older one is rebuilt */

#if defined(__GNUC__)
#define FRAI_API __attribute__((visibility("default")))
#else
#define FRAI_API
#endif

/* Values are pinned, and grouped by who can mend the failure. */
typedef enum frai_status {
    FRAI_OK = 0,
    FRAI_ERR_ARGUMENT = 1, /* the caller: a value outside what the function takes */
    FRAI_ERR_SYNTAX = 2,
    FRAI_ERR_UNSUPPORTED = 3,
    FRAI_ERR_NOT_FOUND = 10, /* the place */
    FRAI_ERR_EXISTS = 11,
    FRAI_ERR_LOCKED = 12,
    FRAI_ERR_CORRUPT = 20, /* the index */
    FRAI_ERR_TOO_OLD = 21,
    FRAI_ERR_TOO_NEW = 22,
    FRAI_ERR_MEMORY = 30, /* the moment */
    FRAI_ERR_IO = 31,
    FRAI_ERR_CANCELED = 32
} frai_status;

/* UTF-8 bytes that somebody else owns; not terminated. */
typedef struct frai_slice {
    const char *ptr;
    size_t len;
} frai_slice;

/* Filled by a failing call, left alone by one that succeeds. Every `frai_error *` may be NULL. */
typedef struct frai_error {
    frai_status code;
    int os_errno;    /* 0 when no system call was at fault */
    uint64_t offset; /* byte in the file named by message, where one is known */
    char message[240];
} frai_error;

/* Memory for one handle. NULL where one is asked for means libc. It outlives its handle and may be
 * called from the handle's own threads. resize(ctx, NULL, 0, n) allocates, new_bytes 0 frees. */
typedef struct frai_allocator {
    void *(*resize)(void *ctx, void *old, size_t old_bytes, size_t new_bytes);
    void *ctx;
} frai_allocator;

/* Of the library that runs, which may be another than the headers are of: "0.1.0", and
 * FRAI_VERSION_NUMBER. */
FRAI_API const char *frai_version(void);
FRAI_API int frai_version_number(void);

/* A short English name of a status ("corrupt index"), never NULL. */
FRAI_API const char *frai_status_name(frai_status status);

/* A slice of a NUL-terminated string; NULL gives the empty slice. */
FRAI_API frai_slice frai_slice_of(const char *text);

#ifdef __cplusplus
}
#endif
#endif
