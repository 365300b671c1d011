/* error.h: filling a caller's frai_error. */
#ifndef FR_BASE_ERROR_H
#define FR_BASE_ERROR_H

#include "frai/common.h"

/* Writes code and message to err (NULL is fine) and returns code. */
frai_status fr_fail(frai_error *err, frai_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a failed system call: IO, or MEMORY for ENOMEM; keeps os_errno, appends its text. */
frai_status fr_fail_os(frai_error *err, int os_errno, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* MEMORY, in one wording everywhere. doing: what was being done, as "building". */
frai_status fr_fail_memory(frai_error *err, const char *doing);

/* Hands on the error of what went on after failures, if it failed in the end; returns status. */
frai_status fr_tell(frai_error *err, frai_status status, const frai_error *error);

#define FR_TRY(expr)                                                                               \
    do {                                                                                           \
        frai_status fr_try_status_ = (expr);                                                       \
        if (fr_try_status_ != FRAI_OK) return fr_try_status_;                                      \
    } while (0)

#endif
