/* Files that appear whole or not at all: written under a temporary name in the same directory,
 * synced, renamed, the directory synced. "-" is standard output: written as it comes, and so are
 * devices, fifos and /dev/fd/N. New files are private (0600 & ~umask) unless they are tables; a
 * file that is replaced keeps its mode, and a link to it stays. What a killed process leaves behind
 * is named ".NAME.tmp-PID-N". */
#ifndef SLUICE_CORE_FILE_H
#define SLUICE_CORE_FILE_H

#include "core/buffer.h"
#include "core/error.h"

struct file_out;

enum file_flags {
    FILE_NEW = 1,     /* file_commit fails with ERR_CREATE when, and only when, it exists by then */
    FILE_SHARED = 2,  /* 0666 & ~umask instead of 0600 */
    FILE_NO_SYNC = 4, /* scratch: not synced */
};

int file_create(const char *path, int flags, struct file_out **ret, struct error *err);
int file_write(struct file_out *f, const void *bytes, size_t len, struct error *err); /* buffered */
/* Flush, sync, rename; file_close comes after. An error leaves nothing published, but for one: when
 * the folder cannot be synced (ERR_IO) the file is there already. */
int file_commit(struct file_out *f, struct error *err);
void file_close(struct file_out *f);           /* uncommitted: removes the temporary */
int64_t file_offset(const struct file_out *f); /* bytes written so far */

/* A whole small file behind what `ret` holds; "-" is standard input. ERR_INPUT when missing,
 * ERR_DATA past `limit` bytes. */
int file_slurp(const char *path, size_t limit, struct buffer *ret, struct error *err);
/* Writes a whole small file durably. */
int file_store(const char *path, int flags, struct slice bytes, struct error *err);
/* mkdir -p, private (0777 & ~umask when flags has FILE_SHARED); syncs what it makes. */
int file_mkdirs(const char *path, int flags, struct error *err);
int file_sync_dir(const char *path, struct error *err);
int file_exists(const char *path);
/* Removes a file or a folder and all that is in it, links not followed; a missing one is fine. */
int file_remove_tree(const char *path, struct error *err);
/* dir + "/" + name, malloc'ed; an absolute name stays as it is. NULL when out of memory. */
char *file_join(const char *dir, const char *name);
/* Paths that match a shell pattern (*, ?, [..]; a plain path matches itself when it exists), sorted
 * by bytes; none is no error. *ret malloc'ed array of malloc'ed strings: file_list_free. */
int file_glob(const char *pattern, char ***ret, size_t *ret_n, struct error *err);
void file_list_free(char **paths, size_t n);

#endif
