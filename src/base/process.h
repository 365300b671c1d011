/* process.h: the process that made something, told from the children that it forks. */
#ifndef FR_BASE_PROCESS_H
#define FR_BASE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct fr_process {
    pid_t id;
    volatile char *mark; /* a byte that is 1, and 0 in children; NULL: none, the id decides */
};

void fr_process_init(struct fr_process *process);
bool fr_process_is_this(const struct fr_process *process);
void fr_process_deinit(struct fr_process *process);

#endif
