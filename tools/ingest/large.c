/* A file's room is reserved before it is mapped: a full disk is an error, not a signal. */
#include "large.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BLOCKS 16

static struct large {
    char *data;
    size_t room;
    int fd;
} blocks[BLOCKS];

static const char *directory;

void large_directory(const char *path)
{
    directory = path;
}

static struct large *block_of(const void *data)
{
    for (int i = 0; i < BLOCKS && data; i++)
        if (blocks[i].data == data) return &blocks[i];
    return NULL;
}

static struct large *free_block(void)
{
    for (int i = 0; i < BLOCKS; i++)
        if (!blocks[i].data) return &blocks[i];
    return NULL;
}

/* An open file that is gone when it is closed. */
static int nameless_file(void)
{
    char path[4096];
    if (!directory || snprintf(path, sizeof path, "%s/tmp-text-XXXXXX", directory) >= 4096)
        return -1;
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) unlink(path);
    return fd;
}

static void drop(struct large *b)
{
    munmap(b->data, b->room);
    close(b->fd);
    *b = (struct large){NULL, 0, 0};
}

/* A block of its own, or NULL: memory has to do. */
static void *map_block(size_t bytes)
{
    struct large *b = free_block();
    int fd = b ? nameless_file() : -1;
    if (fd < 0) return NULL;
    void *data = MAP_FAILED;
    if (posix_fallocate(fd, 0, (off_t)bytes) == 0)
        data = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED) {
        close(fd);
        return NULL;
    }
    *b = (struct large){data, bytes, fd};
    return data;
}

static void *grow(struct large *b, size_t bytes)
{
    if (bytes <= b->room) return b->data;
    if (posix_fallocate(b->fd, (off_t)b->room, (off_t)(bytes - b->room)) != 0) return NULL;
    void *data = mremap(b->data, b->room, bytes, MREMAP_MAYMOVE);
    if (data == MAP_FAILED) return NULL;
    b->data = data;
    b->room = bytes;
    return data;
}

void *large_realloc(void *block, size_t bytes)
{
    struct large *b = block_of(block);
    if (b) return grow(b, bytes);
    void *mapped = bytes < LARGE_BYTES ? NULL : map_block(bytes);
    if (!mapped) return realloc(block, bytes);
    size_t had = block ? malloc_usable_size(block) : 0;
    if (had) memcpy(mapped, block, had < bytes ? had : bytes);
    free(block);
    return mapped;
}

void large_free(void *block)
{
    struct large *b = block_of(block);
    if (b)
        drop(b);
    else
        free(block);
}

void large_rest(void)
{
    for (int i = 0; i < BLOCKS; i++)
        if (blocks[i].data) madvise(blocks[i].data, blocks[i].room, MADV_DONTNEED);
}

const char *large_find(const char *text, char c, size_t len)
{
    for (; len > LARGE_STEP; text += LARGE_STEP, len -= LARGE_STEP) {
        const char *found = memchr(text, c, LARGE_STEP);
        if (found) return found;
        large_rest();
    }
    return len ? memchr(text, c, len) : NULL;
}

void large_copy(char *to, const char *from, size_t len)
{
    for (; len > LARGE_STEP; to += LARGE_STEP, from += LARGE_STEP, len -= LARGE_STEP) {
        memcpy(to, from, LARGE_STEP);
        large_rest();
    }
    if (len) memcpy(to, from, len);
}
