/* frai_index_export into libarchive, and back into a new directory that is renamed when it is
 * whole. */
#include "backup.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clean.h"
#include "exit_codes.h"
#include "frai/frai.h"
#include "messages.h"
#include "sources.h"

#define PROGRAM "frai-index"

static int failed(const char *what, int error)
{
    complain_os(PROGRAM, what, error);
    return EXIT_TROUBLE;
}

/* libarchive's own words are English; what the system said has a number. It takes EILSEQ for bytes
 * that make no archive. */
static int complain_archive(const char *file, struct archive *a, const char *otherwise)
{
    int error = archive_errno(a);
    if (error > 0 && error != EILSEQ) return failed(file, error);
    complain(PROGRAM, file, otherwise);
    return EXIT_TROUBLE;
}

static int not_written(const char *file, struct archive *a)
{
    return complain_archive(file, a, say("쓸 수 없습니다", "can't be written"));
}

static const char *no_backup(void)
{
    return say("frai 색인의 백업이 아닙니다", "not a backup of a frai index");
}

static int not_a_backup(const char *file)
{
    complain(PROGRAM, file, no_backup());
    return EXIT_TROUBLE;
}

static int cut_off(const char *file, struct archive *a)
{
    return complain_archive(
        file, a, say("백업이 잘렸거나 손상되었습니다", "the backup is cut off or damaged"));
}

static int put_file(void *ctx, const char *name, frai_slice bytes)
{
    struct archive *a = ctx;
    struct archive_entry *entry = archive_entry_new();
    if (!entry) return 1;
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)bytes.len);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    bool ok = archive_write_header(a, entry) == ARCHIVE_OK;
    for (size_t at = 0; ok && at < bytes.len;) {
        la_ssize_t n = archive_write_data(a, bytes.ptr + at, bytes.len - at);
        ok = n > 0;
        at += n > 0 ? (size_t)n : 0;
    }
    archive_entry_free(entry);
    return ok ? 0 : 1;
}

static int write_archive(frai_index *index, int fd, const char *file)
{
    frai_error err = {0};
    struct archive *a = archive_write_new();
    if (!a) return failed(file, errno);
    int rc = EXIT_DONE;
    if (archive_write_set_format_pax_restricted(a) != ARCHIVE_OK ||
        archive_write_set_bytes_in_last_block(a, 1) != ARCHIVE_OK ||
        archive_write_open_fd(a, fd) != ARCHIVE_OK)
        rc = not_written(file, a);
    frai_status status = rc == EXIT_DONE ? frai_index_export(index, put_file, a, &err) : FRAI_OK;
    if (status == FRAI_ERR_CANCELED)
        rc = not_written(file, a);
    else if (status != FRAI_OK)
        rc = complain_status(PROGRAM, status, &err);
    if (rc == EXIT_DONE && archive_write_close(a) != ARCHIVE_OK) rc = not_written(file, a);
    archive_write_free(a);
    return rc;
}

/* Where a backup goes: what is no regular file (a device, a pipe) is written to as it is; a regular
 * one, behind links if it is, is replaced when all of the new one is on the disk. */
struct target {
    const char *name;  /* as it was given */
    char *path, *temp; /* temp: NULL where nothing is replaced */
    int fd;
};

#define TEMP_TRIES 100

static int open_temp(struct target *t)
{
    size_t room = strlen(t->path) + 32;
    t->temp = malloc(room);
    for (int i = 0; t->temp && i < TEMP_TRIES; i++) {
        snprintf(t->temp, room, "%s.tmp-%ld-%d", t->path, (long)getpid(), i);
        t->fd = open(t->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (t->fd >= 0 || errno != EEXIST) break;
    }
    return t->fd >= 0 ? EXIT_DONE : failed(t->name, errno);
}

static int target_open(struct target *t, const char *file)
{
    struct stat st;
    *t = (struct target){.name = file, .fd = STDOUT_FILENO};
    if (strcmp(file, "-") == 0) return EXIT_DONE;
    t->fd = -1;
    t->path = canonical_path(file);
    if (!t->path) return failed(file, errno);
    if (stat(t->path, &st) != 0) return errno == ENOENT ? open_temp(t) : failed(file, errno);
    if (S_ISREG(st.st_mode)) return open_temp(t);
    if (S_ISDIR(st.st_mode)) return failed(file, EISDIR);
    t->fd = open(t->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return t->fd >= 0 ? EXIT_DONE : failed(file, errno);
}

static int sync_directory_of(const struct target *t)
{
    char *dir = strdup(t->path), *cut = dir ? strrchr(dir, '/') : NULL;
    if (cut) cut[cut == dir] = '\0';
    int fd = cut ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1,
        rc = fd >= 0 && fsync(fd) == 0 ? EXIT_DONE : failed(t->name, errno);
    if (fd >= 0) close(fd);
    free(dir);
    return rc;
}

/* rc: whether it was written whole. */
static int target_close(struct target *t, int rc)
{
    if (rc == EXIT_DONE && t->temp && fsync(t->fd) != 0) rc = failed(t->name, errno);
    if (t->fd > STDERR_FILENO && close(t->fd) != 0 && rc == EXIT_DONE) rc = failed(t->name, errno);
    if (rc == EXIT_DONE && t->temp) {
        rc = rename(t->temp, t->path) == 0 ? sync_directory_of(t) : failed(t->name, errno);
    } else if (t->temp && t->fd >= 0) {
        unlink(t->temp);
    }
    free(t->temp);
    free(t->path);
    return rc;
}

int backup_write(const char *index_dir, const char *file)
{
    frai_error err = {0};
    frai_index *index;
    struct target target;
    frai_status status = frai_index_open(index_dir, NULL, &index, &err);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    int rc = target_open(&target, file);
    if (rc == EXIT_DONE) rc = write_archive(index, target.fd, file);
    rc = target_close(&target, rc);
    if (rc == EXIT_DONE)
        fprintf(stderr, say("백업  %s %s → %s\n", "backup  %s %s → %s\n"),
                grouped(frai_index_document_count(index)),
                documents_word(frai_index_document_count(index)), shown(file));
    frai_index_close(index);
    return rc;
}

/* ---- restoring ---- */

/* Only names that an index has: nothing goes elsewhere. */
static bool is_index_file(const char *name)
{
    static const char *const prefixes[] = {"MANIFEST-", "seg-", "note-"};
    if (strlen(name) > 63 ||
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-") !=
            strlen(name))
        return false;
    for (int i = 0; i < 3; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) return true;
    return false;
}

static int copy_out(struct archive *a, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) return failed(path, errno);
    int rc = archive_read_data_into_fd(a, fd) == ARCHIVE_OK ? EXIT_DONE : cut_off(path, a);
    if (rc == EXIT_DONE && fsync(fd) != 0) rc = failed(path, errno);
    if (close(fd) != 0 && rc == EXIT_DONE) rc = failed(path, errno);
    return rc;
}

struct restoring {
    const char *dir;
    char manifest[4096], waiting[4096]; /* the manifest's name, and the one it has until the end */
    char **made;
    size_t count, room;
};

static int restore_entry(struct restoring *r, struct archive *a, const char *name)
{
    char path[4096];
    bool manifest = strncmp(name, "MANIFEST-", 9) == 0;
    snprintf(path, sizeof path, "%.3900s/%s%s", r->dir, manifest ? "tmp-" : "", name);
    if (manifest) {
        snprintf(r->manifest, sizeof r->manifest, "%.3900s/%s", r->dir, name);
        snprintf(r->waiting, sizeof r->waiting, "%s", path);
    }
    if (r->count == r->room) {
        char **grown = realloc(r->made, (r->room = r->room * 2 + 16) * sizeof *grown);
        if (!grown) return failed(path, errno);
        r->made = grown;
    }
    if (access(path, F_OK) == 0) return failed(path, EEXIST);
    r->made[r->count] = strdup(path);
    if (!r->made[r->count]) return failed(path, errno);
    r->count++;
    return copy_out(a, path);
}

static int restore_entries(struct restoring *r, struct archive *a, const char *file)
{
    struct archive_entry *entry;
    int code;
    while ((code = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
        const char *name = archive_entry_pathname(entry);
        if (!name || !is_index_file(name) || archive_entry_filetype(entry) != AE_IFREG)
            return not_a_backup(file);
        int rc = restore_entry(r, a, name);
        if (rc != EXIT_DONE) return rc;
    }
    if (code == ARCHIVE_EOF) return r->manifest[0] ? EXIT_DONE : not_a_backup(file);
    return r->count ? cut_off(file, a) : complain_archive(file, a, no_backup());
}

/* The manifest gets its name when all else is on the disk. */
static int publish(const struct restoring *r)
{
    int fd = open(r->dir, O_RDONLY | O_DIRECTORY), rc = EXIT_DONE;
    if (fd < 0) return failed(r->dir, errno);
    if (fsync(fd) != 0 || rename(r->waiting, r->manifest) != 0 || fsync(fd) != 0)
        rc = failed(r->dir, errno);
    close(fd);
    return rc;
}

static int verify(const char *dir)
{
    frai_error err = {0};
    frai_index *index;
    frai_status status = frai_index_check(dir, NULL, NULL, &err);
    if (status == FRAI_OK) status = frai_index_open(dir, NULL, &index, &err);
    if (status != FRAI_OK) {
        complain(PROGRAM, library_says(status, err.message),
                 say("백업이 손상되었습니다", "the backup is damaged"));
        return EXIT_DAMAGED;
    }
    fprintf(stderr, say("복원  %s %s → %s\n", "restored  %s %s → %s\n"),
            grouped(frai_index_document_count(index)),
            documents_word(frai_index_document_count(index)), shown(dir));
    frai_index_close(index);
    return EXIT_DONE;
}

/* What was made goes again. The writer has the lock until then. */
static void take_back(const struct restoring *r)
{
    if (r->manifest[0]) unlink(r->manifest);
    for (size_t i = 0; i < r->count; i++) unlink(r->made[i]);
}

static int restore_into(struct restoring *r, const char *file)
{
    struct archive *a = archive_read_new();
    if (!a) return failed(file, errno);
    int rc = EXIT_DONE;
    if (archive_read_support_format_tar(a) != ARCHIVE_OK ||
        archive_read_open_filename(a, strcmp(file, "-") == 0 ? NULL : file, 1 << 20) != ARCHIVE_OK)
        rc = complain_archive(file, a, no_backup());
    if (rc == EXIT_DONE) rc = restore_entries(r, a, file);
    archive_read_free(a);
    if (rc == EXIT_DONE) rc = publish(r);
    if (rc == EXIT_DONE) rc = verify(r->dir);
    if (rc != EXIT_DONE) take_back(r);
    for (size_t i = 0; i < r->count; i++) free(r->made[i]);
    free(r->made);
    return rc;
}

int backup_restore(const char *file, const char *dir)
{
    frai_error err = {0};
    frai_writer *lock; /* adds nothing: no other writer comes between */
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    struct restoring r = {.dir = dir};
    struct stat st;
    bool made = stat(dir, &st) != 0;
    o.mode = FRAI_CREATE_ONLY;
    frai_status status = frai_writer_open(dir, &o, &lock, &err);
    if (status == FRAI_ERR_EXISTS) {
        complain(PROGRAM, dir,
                 say("이미 색인이 있습니다; -o로 다른 곳을 알려 주세요",
                     "there is an index here already; say another place with -o"));
        return EXIT_TROUBLE;
    }
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    int rc = restore_into(&r, file);
    if (rc != EXIT_DONE && made) {
        char path[4096];
        snprintf(path, sizeof path, "%.3900s/lock", dir);
        unlink(path);
    }
    frai_writer_close(lock);
    if (rc != EXIT_DONE && made) rmdir(dir);
    return rc;
}
