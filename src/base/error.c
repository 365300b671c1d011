#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message cut by the array's end must not end inside a UTF-8 character. */
static void trim_partial_character(char *text)
{
    size_t len = strlen(text), start = len;
    while (start > 0 && len - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) start--;
    if (start == 0) return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t want = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (len - (start - 1) < want) text[start - 1] = '\0';
}

static void fill(frai_error *err, frai_status code, int os_errno, const char *format, va_list args)
{
    err->code = code;
    err->os_errno = os_errno;
    err->offset = 0;
    int n = vsnprintf(err->message, sizeof err->message, format, args);
    if (n >= (int)sizeof err->message) trim_partial_character(err->message);
}

frai_status fr_fail(frai_error *err, frai_status code, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        fill(err, code, 0, format, args);
        va_end(args);
    }
    return code;
}

frai_status fr_fail_os(frai_error *err, int os_errno, const char *format, ...)
{
    frai_status code = os_errno == ENOMEM ? FRAI_ERR_MEMORY : FRAI_ERR_IO;
    if (err) {
        va_list args;
        va_start(args, format);
        fill(err, code, os_errno, format, args);
        va_end(args);
        size_t len = strlen(err->message);
        char reason[100] = "";
        const char *text = strerror_r(os_errno, reason, sizeof reason);
        snprintf(err->message + len, sizeof err->message - len, ": %s", text);
        trim_partial_character(err->message);
    }
    return code;
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
