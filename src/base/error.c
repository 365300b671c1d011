/* Messages are formatted into the caller's frai_error, or nowhere if there is none. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES 5120 /* a path and a sentence */

/* Too long a message keeps its end, where what happened stands behind a path; no part of a UTF-8
 * character begins it. */
static void keep_message(frai_error *err, frai_status code, int os_errno, const char *text)
{
    static const char cut[] = "…";
    size_t len = strlen(text), room = sizeof err->message;
    err->code = code;
    err->os_errno = os_errno;
    err->offset = 0;
    if (len < room) {
        memcpy(err->message, text, len + 1);
        return;
    }
    size_t from = len - (room - sizeof cut);
    while (((unsigned char)text[from] & 0xC0) == 0x80) from++;
    snprintf(err->message, room, "%s%s", cut, text + from);
}

frai_status fr_fail(frai_error *err, frai_status code, const char *format, ...)
{
    char text[TEXT_BYTES];
    if (!err) return code;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    keep_message(err, code, 0, text);
    return code;
}

/* strerror_r returns the text, or, as POSIX has it, whether it wrote it. */
static inline const char *text_of_gnu(const char *text, const char *buffer)
{
    (void)buffer;
    return text;
}
static inline const char *text_of_posix(int failed, const char *buffer)
{
    return failed ? "unknown error" : buffer;
}
#define ERROR_TEXT(number, buffer)                                                                 \
    _Generic(strerror_r(number, buffer, sizeof buffer),                                            \
             char *: text_of_gnu,                                                                  \
             int: text_of_posix)(strerror_r(number, buffer, sizeof buffer), buffer)

frai_status fr_fail_os(frai_error *err, int os_errno, const char *format, ...)
{
    frai_status code = os_errno == ENOMEM ? FRAI_ERR_MEMORY : FRAI_ERR_IO;
    char text[TEXT_BYTES], buffer[100] = "";
    if (!err) return code;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text - sizeof buffer - 2, format, args);
    va_end(args);
    size_t len = strlen(text);
    snprintf(text + len, sizeof text - len, ": %s", ERROR_TEXT(os_errno, buffer));
    keep_message(err, code, os_errno, text);
    return code;
}

int frai_version_number(void)
{
    return FRAI_VERSION_NUMBER;
}

frai_status fr_fail_memory(frai_error *err, const char *doing)
{
    return fr_fail(err, FRAI_ERR_MEMORY, "out of memory while %s", doing);
}

frai_status fr_tell(frai_error *err, frai_status status, const frai_error *error)
{
    if (status != FRAI_OK && err) *err = *error;
    return status;
}

const char *frai_version(void)
{
#define FR_TEXT_(x) #x
#define FR_TEXT(x)  FR_TEXT_(x)
    return FR_TEXT(FRAI_VERSION_MAJOR) "." FR_TEXT(FRAI_VERSION_MINOR) "." FR_TEXT(
        FRAI_VERSION_PATCH);
}

const char *frai_status_name(frai_status status)
{
    switch (status) {
    case FRAI_OK: return "ok";
    case FRAI_ERR_ARGUMENT: return "bad argument";
    case FRAI_ERR_SYNTAX: return "syntax error";
    case FRAI_ERR_UNSUPPORTED: return "unsupported";
    case FRAI_ERR_NOT_FOUND: return "not found";
    case FRAI_ERR_EXISTS: return "exists already";
    case FRAI_ERR_LOCKED: return "locked by another writer";
    case FRAI_ERR_CORRUPT: return "corrupt index";
    case FRAI_ERR_TOO_OLD: return "index format too old";
    case FRAI_ERR_TOO_NEW: return "index format too new";
    case FRAI_ERR_MEMORY: return "out of memory";
    case FRAI_ERR_IO: return "I/O error";
    case FRAI_ERR_CANCELED: return "canceled";
    }
    return "unknown status";
}

frai_slice frai_slice_of(const char *text)
{
    return (frai_slice){text, text ? strlen(text) : 0};
}
