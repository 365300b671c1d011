#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

frai_error error_;
static uint64_t state;

uint64_t rnd(void)
{
    if (state == 0) {
        const char *seed = getenv("FRAI_SEED");
        state = seed ? strtoull(seed, NULL, 10) : 20250210;
        fprintf(stderr, "FRAI_SEED=%llu\n", (unsigned long long)state);
    }
    uint64_t z = state += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

uint64_t rnd_below(uint64_t n)
{
    return n ? rnd() % n : 0;
}

char *path_in(const char *dir, const char *name)
{
    static char buffers[8][4096];
    static int next;
    char *out = buffers[next = (next + 1) % 8];
    snprintf(out, 4096, "%s/%s", dir, name);
    return out;
}

void remove_tree(const char *path)
{
    DIR *d = opendir(path);
    if (!d) {
        unlink(path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char child[4096];
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        struct stat st;
        if (lstat(child, &st) == 0 && S_ISDIR(st.st_mode))
            remove_tree(child);
        else
            unlink(child);
    }
    closedir(d);
    rmdir(path);
}

static char **made;
static int made_count;

static void clean_up(void)
{
    for (int i = 0; i < made_count; i++) {
        remove_tree(made[i]);
        free(made[i]);
    }
    free(made);
}

const char *temp_dir(void)
{
    const char *base = getenv("TMPDIR");
    char **grown = realloc(made, (size_t)(made_count + 1) * sizeof *made);
    assert_non_null(grown);
    made = grown;
    made[made_count] = malloc(256);
    assert_non_null(made[made_count]);
    snprintf(made[made_count], 256, "%s/frai-test-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(made[made_count]));
    if (made_count == 0) atexit(clean_up);
    return made[made_count++];
}

void stay_in_memory(void)
{
    if (access("/dev/shm", R_OK | W_OK | X_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
}

unsigned char *read_file(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("%s: %s", path, strerror(errno));
    fseek(f, 0, SEEK_END);
    *len = (size_t)ftell(f);
    rewind(f);
    unsigned char *data = malloc(*len + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *len, f), *len);
    data[*len] = '\0';
    fclose(f);
    return data;
}

void write_file(const char *path, const void *data, size_t len)
{
    FILE *f = fopen(path, "wb");
    if (!f) fail_msg("%s: %s", path, strerror(errno));
    assert_int_equal(fwrite(data, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

void add_body(frai_writer *writer, size_t number, frai_slice body)
{
    char id[32];
    snprintf(id, sizeof id, "%zu", number);
    frai_document doc = {.struct_size = sizeof doc, .id = frai_slice_of(id), .body = body};
    assert_ok(frai_writer_add(writer, &doc, &error_));
}

uint64_t index_bytes(const char *dir)
{
    frai_index *index;
    frai_index_stats s = FRAI_INDEX_STATS_INIT;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_index_read_stats(index, &s, &error_));
    frai_index_close(index);
    return s.bytes;
}

void build_bodies(const char *dir, const frai_writer_options *options, const char *const *bodies,
                  size_t n)
{
    frai_writer *writer;
    assert_ok(frai_writer_open(dir, options, &writer, &error_));
    for (size_t i = 0; i < n; i++) add_body(writer, i, frai_slice_of(bodies[i]));
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
}

int number_at_end(frai_slice text)
{
    int number = 0;
    const char *at = text.ptr + text.len;
    while (at > text.ptr && at[-1] >= '0' && at[-1] <= '9') at--;
    for (; at < text.ptr + text.len; at++) number = number * 10 + (*at - '0');
    return number;
}

char *segment_path(const char *dir)
{
    DIR *d = opendir(dir);
    char *found = NULL;
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;)
        if (strncmp(entry->d_name, "seg-", 4) == 0) found = path_in(dir, entry->d_name);
    closedir(d);
    assert_non_null(found);
    return found;
}

int full_run(void)
{
    const char *full = getenv("FRAI_FULL");
    return full && full[0] == '1';
}
