/* messages.h: what the programs say, in Korean or English by LC_ALL, LC_MESSAGES or LANG. */
#ifndef FRAI_TOOLS_MESSAGES_H
#define FRAI_TOOLS_MESSAGES_H

#include <stdbool.h>

#include "frai/common.h"

bool speaks_korean(void);

/* The one of the two that the user reads. */
const char *say(const char *korean, const char *english);

/* strerror, in Korean where that is spoken and the error is a usual one. */
const char *os_says(int error);

/* What the user can do about it; "": nothing that is known. */
const char *os_advice(int error);

/* A message of the library, fit to be printed, in Korean where that is spoken. Of one that has no
 * Korean `status` says what it is about; FRAI_OK: it stays as it is. */
const char *library_says(frai_status status, const char *message);

/* From here on a mapped file that is cut off or can't be read under the program (SIGBUS) ends it
 * with a message and exit code 2. `index` names it and outlives the program's use of it. */
void guard_maps(const char *program, const char *index);

/* Called before each line on stderr: clears one that moves there. NULL: there is none. */
extern void (*clear_moving_line)(void);
void before_line(void);

/* "PROGRAM: what: why; what to do" on stderr, fit to be printed. */
void complain(const char *program, const char *what, const char *why);

/* The same for a failed system call, by its errno. */
void complain_os(const char *program, const char *what, int error);

/* For a failed library call, with what to do about it; returns the exit code. */
int complain_status(const char *program, frai_status status, const frai_error *err);

/* 1234567 → "1,234,567"; one of eight static buffers. */
const char *grouped(unsigned long long n);

/* "문서", "document" or "documents". */
const char *documents_word(unsigned long long n);

/* 1234567 → "1.2 MB", 1234 → "2 kB"; out, of 24 bytes. */
const char *size_text(unsigned long long bytes, char *out);

#endif
