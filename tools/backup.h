/* backup.h: an index as one file, a tar archive. */
#ifndef FRAI_TOOLS_BACKUP_H
#define FRAI_TOOLS_BACKUP_H

/* Each returns an exit code, having said on stderr what went wrong. */

/* The newest commit of an index into a file, or "-" for standard output. */
int backup_write(const char *index, const char *file);

/* ... back into a directory that holds no index, and verified there. */
int backup_restore(const char *file, const char *index);

#endif
