/* common.h: what the public headers share.
 *
 * Functions may be called from any thread; writers and searchers serve one thread at a time. The
 * library never prints or exits and installs no signal handlers.
 *
 * Structs that the caller fills or reads begin with struct_size, which their INIT macro sets; later
 * releases lengthen them at the end. A shorter struct is an older caller's: its options have
 * defaults beyond its end, and results beyond it are left out. Structs that the library owns, in
 * lists and callbacks, may be longer than this header knows. */
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
#define FRAI_FORMAT_VERSION 10 /* of index files; before library 1.0 an older one is rebuilt */

#if defined(__GNUC__)
#define FRAI_API __attribute__((visibility("default")))
#else
#define FRAI_API
#endif

/* Values are pinned, and grouped by who can mend the failure. */
typedef enum frai_status {
    FRAI_OK = 0,
    FRAI_ERR_ARGUMENT = 1, /* the caller: a value that the function does not take */
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

/* Filled by a call that fails, left as it is by one that succeeds. Every `frai_error *` may be
 * NULL.
 */
typedef struct frai_error {
    frai_status code;
    int os_errno;    /* 0 when no system call was at fault */
    uint64_t offset; /* byte in the file named by message, where one is known */
    char message[240];
} frai_error;

/* Memory for one handle; a NULL allocator is libc's. It must outlive the handle, and is called from
 * the threads that use the handle and from those that a writer starts, so it must be thread-safe.
 * resize(ctx, NULL, 0, n) allocates; new_bytes 0 frees; NULL is out of memory. */
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
