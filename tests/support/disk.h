/* disk.h: a disk in memory behind the table of I/O functions, that writes down what is done to it,
 * and the states that a crash may leave: any prefix of what was done, of which what was not synced
 * is there in part. For one thread. */
#ifndef FRAI_TESTS_DISK_H
#define FRAI_TESTS_DISK_H

#include "base/io.h"

#define DISK_DIR "/disk" /* the only directory; paths are DISK_DIR "/name" */

/* Installs the table of an empty disk. */
void disk_install(void);
void disk_remove(void); /* the system's table again; forgets all */

/* What is there now, the state of a crash perhaps, is durable, and the log is empty. */
void disk_settle(void);

/* Operations in the log. */
size_t disk_log_length(void);

/* Puts the disk into a state that a crash after `prefix` operations may have left, chosen by rnd().
 * What was done before disk_settle stays. The log is kept: another state can follow. */
void disk_crash(size_t prefix);

/* The state as if there had been no crash. */
void disk_recover(void);

#endif
