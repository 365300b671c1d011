/* A page that the kernel wipes in forked children (MADV_WIPEONFORK, Linux 4.14) answers without a
 * system call, which getpid() is on every call. Where there is no such page, getpid() answers. */
#include "base/process.h"

#include <sys/mman.h>
#include <unistd.h>

#define PAGE_BYTES 4096 /* the kernel rounds up */

static volatile char *make_mark(void)
{
#ifdef MADV_WIPEONFORK
    char *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return NULL;
    if (madvise(page, PAGE_BYTES, MADV_WIPEONFORK) == 0) {
        *page = 1;
        return page;
    }
    munmap(page, PAGE_BYTES);
#endif
    return NULL;
}

void fr_process_init(struct fr_process *process)
{
    process->id = getpid();
    process->mark = make_mark();
}

bool fr_process_is_this(const struct fr_process *process)
{
    return process->mark ? *process->mark == 1 : process->id == getpid();
}

void fr_process_deinit(struct fr_process *process)
{
    if (process->mark) munmap((void *)process->mark, PAGE_BYTES);
    process->mark = NULL;
}
