/* Files read whole, folders, and the paths that lead to them. */
#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLURP_CHUNK = 1 << 16, TREE_DEPTH = 64 };

static int slurp_fd(int fd, const char *path, size_t limit, struct buffer *ret, struct error *err)
{
    size_t before = ret->len;
    for (;;) {
        if (buffer_reserve(ret, SLURP_CHUNK) < 0)
            return error_memory(err);
        ssize_t n = read(fd, ret->data + ret->len, SLURP_CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, ERR_IO, "cannot read '%s'", path);
        if (n == 0)
            return 0;
        ret->len += (size_t)n;
        if (ret->len - before > limit)
            return error_set(err, ERR_DATA, "'%s' is larger than the %zu bytes allowed", path,
                             limit);
    }
}

/* A descriptor, or a negative code. */
static int open_input(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return error_errno(err, ERR_INPUT, "cannot open '%s'", path);
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(fd);
        return error_set(err, ERR_INPUT, "cannot read '%s': it is a directory", path);
    }
    return fd;
}

int file_slurp(const char *path, size_t limit, struct buffer *ret, struct error *err)
{
    if (!strcmp(path, "-"))
        return slurp_fd(STDIN_FILENO, "standard input", limit, ret, err);
    int fd = open_input(path, err);
    TRY(fd);
    int code = slurp_fd(fd, path, limit, ret, err);
    close(fd);
    return code;
}

int file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

int file_sync_dir(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, ERR_IO, "cannot open the folder '%s'", path);
    int code = 0;
    /* Some file systems have no notion of syncing a folder, and say EINVAL. */
    if (fsync(fd) < 0 && errno != EINVAL)
        code = error_errno(err, ERR_IO, "cannot write the folder '%s' to disk", path);
    close(fd);
    return code;
}

static int is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* `path` ends where a component does; its parent, when there is one, was the last to be made. */
static int make_dir(const char *path, mode_t mode, struct error *err)
{
    if (mkdir(path, mode) < 0) {
        int cause = errno;
        if (is_dir(path))
            return 0;
        if (cause == EEXIST || cause == ENOTDIR)
            return error_set(err, ERR_CREATE, "cannot create '%s': a file is in its place", path);
        errno = cause;
        return error_errno(err, ERR_CREATE, "cannot create the folder '%s'", path);
    }
    char *parent = file_join(path, "..");
    int code = parent ? file_sync_dir(parent, err) : error_memory(err);
    free(parent);
    return code;
}

int file_mkdirs(const char *path, int flags, struct error *err)
{
    mode_t mode = flags & FILE_SHARED ? 0777 : 0700;
    if (is_dir(path))
        return 0;
    char *copy = strdup(path);
    if (!copy)
        return error_memory(err);
    int code = 0;
    for (char *at = copy + strspn(copy, "/"); code == 0 && *at; at += strspn(at, "/")) {
        at += strcspn(at, "/");
        char end = *at;
        *at = 0;
        code = make_dir(copy, mode, err);
        *at = end;
    }
    free(copy);
    return code;
}

static int remove_entry(int dir, const char *name, int depth, struct error *err);

/* Takes `fd` over. */
static int remove_contents(int fd, const char *name, int depth, struct error *err)
{
    DIR *d = fdopendir(fd);
    if (!d) {
        close(fd);
        return error_errno(err, ERR_IO, "cannot read the folder '%s'", name);
    }
    int code = 0;
    const struct dirent *e;
    while (code == 0 && (errno = 0, e = readdir(d)))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            code = remove_entry(fd, e->d_name, depth, err);
    if (code == 0 && errno)
        code = error_errno(err, ERR_IO, "cannot read the folder '%s'", name);
    closedir(d);
    return code;
}

/* Links are removed and never followed: what they point at may not be ours. */
static int remove_entry(int dir, const char *name, int depth, struct error *err)
{
    if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return error_errno(err, ERR_IO, "cannot remove '%s'", name);
    if (depth == TREE_DEPTH)
        return error_set(err, ERR_IO, "cannot remove '%s': more than %d folders deep", name,
                         TREE_DEPTH);
    int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, ERR_IO, "cannot remove '%s'", name);
    TRY(remove_contents(fd, name, depth + 1, err));
    if (unlinkat(dir, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
        return error_errno(err, ERR_IO, "cannot remove the folder '%s'", name);
    return 0;
}

int file_remove_tree(const char *path, struct error *err)
{
    return remove_entry(AT_FDCWD, path, 0, err);
}

char *file_join(const char *dir, const char *name)
{
    size_t dir_len = *name == '/' ? 0 : strlen(dir), name_len = strlen(name);
    int slash = dir_len && dir[dir_len - 1] != '/';
    char *ret = malloc(dir_len + (size_t)slash + name_len + 1);
    if (!ret)
        return NULL;
    memcpy(ret, dir, dir_len);
    if (slash)
        ret[dir_len] = '/';
    memcpy(ret + dir_len + slash, name, name_len + 1);
    return ret;
}

static int path_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_copy(char *const *paths, size_t n, char ***ret, size_t *ret_n, struct error *err)
{
    char **list = calloc(n + 1, sizeof *list);
    if (!list)
        return error_memory(err);
    for (size_t i = 0; i < n; i++) {
        list[i] = strdup(paths[i]);
        if (!list[i]) {
            file_list_free(list, i);
            return error_memory(err);
        }
    }
    qsort(list, n, sizeof *list, path_order);
    *ret = list;
    *ret_n = n;
    return 0;
}

/* A file whose own name has brackets or stars in it is that file, not a pattern. */
static int is_plain(const char *pattern)
{
    struct stat st;
    return lstat(pattern, &st) == 0;
}

/* A folder that cannot be read may hide files that were meant; one that is not there hides none. */
static int glob_trouble(const char *path, int cause)
{
    (void)path;
    return cause != ENOENT && cause != ENOTDIR;
}

/* How many names in an open folder match; negative when it cannot be read to its end. */
static int64_t count_matches(DIR *dir, const char *name)
{
    int64_t n = 0;
    struct dirent *entry;
    while (errno = 0, (entry = readdir(dir)))
        n += fnmatch(name, entry->d_name, FNM_PERIOD) == 0;
    return errno ? -1 : n;
}

/* glob() takes an error in the middle of a folder for its end, and the files after it would be
 * missed in silence. So the last part's matches are counted again, where the folder itself is no
 * pattern. */
static int check_count(const char *pattern, size_t found, struct error *err)
{
    const char *slash = strrchr(pattern, '/'), *name = slash ? slash + 1 : pattern;
    char *folder = slash ? strndup(pattern, (size_t)(name - pattern)) : strdup(".");
    if (!folder)
        return error_memory(err);
    DIR *dir = strpbrk(folder, "*?[\\") ? NULL : opendir(folder);
    int64_t n = dir ? count_matches(dir, name) : (int64_t)found;
    int code = 0;
    if (n < 0)
        code = error_errno(err, ERR_IO, "cannot read the folder '%s'", folder);
    else if ((uint64_t)n > found)
        code = error_set(err, ERR_IO,
                         "the folder '%s' could not be read whole, or changed meanwhile", folder);
    if (dir)
        closedir(dir);
    free(folder);
    return code;
}

int file_glob(const char *pattern, char ***ret, size_t *ret_n, struct error *err)
{
    char *plain = is_plain(pattern) ? strdup(pattern) : NULL;
    if (plain) {
        int code = list_copy(&plain, 1, ret, ret_n, err);
        free(plain);
        return code;
    }
    glob_t found = {0};
    int status = glob(pattern, GLOB_NOSORT, glob_trouble, &found);
    int code = 0;
    if (status == GLOB_NOSPACE)
        code = error_memory(err);
    else if (status != 0 && status != GLOB_NOMATCH)
        code = error_errno(err, ERR_INPUT, "cannot look for '%s'", pattern);
    if (code == 0)
        code = check_count(pattern, found.gl_pathc, err);
    if (code == 0)
        code = list_copy(found.gl_pathv, found.gl_pathc, ret, ret_n, err);
    globfree(&found);
    return code;
}

void file_list_free(char **paths, size_t n)
{
    for (size_t i = 0; paths && i < n; i++)
        free(paths[i]);
    free(paths);
}
