/* faults.h: memory and system calls that fail when they are told to. */
#ifndef FRAI_TESTS_FAULTS_H
#define FRAI_TESTS_FAULTS_H

#include <stdbool.h>

#include "base/io.h"

/* An allocator of the n-th allocation from now on fails; atomic, as other threads may allocate. */
struct failing_memory {
    long left;            /* allocations that succeed before; negative: none fails, or one has */
    bool for_good;        /* all behind it fail too */
    long long held, most; /* bytes; `most` of one thread only */
};
frai_allocator failing_allocator(struct failing_memory *memory);

/* The same of system calls. With the errno 0 reads and writes are short instead, and other calls
 * succeed. */
extern long failing_calls_left;
extern int failing_calls_errno;

/* Puts the calls that may fail above the table `io`, and installs them. */
void failing_calls_install(const struct fr_io *io);

#endif
