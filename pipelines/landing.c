#include "pipelines/landing.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/hash.h"

enum { MANIFEST_LIMIT = 1 << 28, COPY_BYTES = 1 << 20 };

/* One source's landing folder while it is worked on. */
struct zone {
    const struct project *project;
    const struct source *source;
    char *folder, *path; /* of the manifest */
    json_t *manifest;    /* {"files": [...]} */
    /* Of the pattern being pulled: */
    json_t *known;      /* entries of files found that landed before */
    json_int_t current; /* its newest delivery before this pull; 0: none */
    int written_over;   /* a path of that delivery has a new file */
};

static json_t *zone_files(const struct zone *z)
{
    return json_object_get(z->manifest, "files");
}

static int manifest_load(struct zone *z, struct error *err)
{
    struct buffer text = {0};
    json_error_t why;
    if (!file_exists(z->path)) {
        z->manifest = json_pack("{s:[]}", "files");
        return z->manifest ? 0 : error_memory(err);
    }
    TRY(file_slurp(z->path, MANIFEST_LIMIT, &text, err));
    z->manifest = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &why);
    buffer_done(&text);
    if (!z->manifest)
        return error_at(err, ERR_DATA, z->path, "line %d: %s", why.line, why.text);
    if (!json_is_array(zone_files(z)))
        return error_at(err, ERR_DATA, z->path, "is not a landing manifest: it has no 'files'");
    return 0;
}

static void zone_done(struct zone *z)
{
    free(z->folder);
    free(z->path);
    json_decref(z->manifest);
}

static int zone_open(struct zone *z, const struct project *p, const struct source *s,
                     struct error *err)
{
    *z = (struct zone){.project = p, .source = s, .folder = file_join(p->landing, s->name.ptr)};
    z->path = z->folder ? file_join(z->folder, "manifest.json") : NULL;
    return z->path ? manifest_load(z, err) : error_memory(err);
}

static const char *entry_text(const json_t *entry, const char *key)
{
    const char *text = json_string_value(json_object_get(entry, key));
    return text ? text : "";
}

static json_int_t entry_number(const json_t *entry, const char *key)
{
    return json_integer_value(json_object_get(entry, key));
}

/* The last delivery that a file is part of: the one that brought it, or a later one that left it as
 * it was. */
static json_int_t last_delivery(const json_t *entry)
{
    json_int_t through = entry_number(entry, "through");
    return through ? through : entry_number(entry, "delivery");
}

static json_int_t changed_micros(const struct stat *st)
{
    return (json_int_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000;
}

static int brought_by(const json_t *entry, const struct slice *patterns, int n)
{
    for (int i = 0; i < n; i++)
        if (slice_equal(slice_str(entry_text(entry, "pattern")), patterns[i]))
            return 1;
    return 0;
}

/* A file as it was when it landed need not be read to know it. */
static json_t *seen_before(const struct zone *z, const char *path, struct slice pattern,
                           const struct stat *st)
{
    size_t i;
    json_t *entry;
    json_array_foreach(zone_files(z), i, entry)
    {
        if (brought_by(entry, &pattern, 1) && strcmp(entry_text(entry, "from"), path) == 0 &&
            entry_number(entry, "size") == (json_int_t)st->st_size &&
            entry_number(entry, "changed") == changed_micros(st))
            return entry;
    }
    return NULL;
}

static json_t *find_digest(const struct zone *z, struct slice pattern, const char *digest)
{
    size_t i;
    json_t *entry;
    json_array_foreach(zone_files(z), i, entry)
    {
        if (brought_by(entry, &pattern, 1) && strcmp(entry_text(entry, "digest"), digest) == 0)
            return entry;
    }
    return NULL;
}

/* Reads all of `path`, adding it to the hash and, unless `out` is NULL, writing it there. */
static int copy_bytes(const char *path, struct sha256 *hash, struct file_out *out,
                      struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, ERR_INPUT, "cannot open '%s'", path);
    char *chunk = malloc(COPY_BYTES);
    int code = chunk ? 0 : error_memory(err);
    while (code == 0) {
        ssize_t n = read(fd, chunk, COPY_BYTES);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            code = error_errno(err, ERR_IO, "cannot read '%s'", path);
        if (n <= 0)
            break;
        sha256_add(hash, chunk, (size_t)n);
        if (out)
            code = file_write(out, chunk, (size_t)n, err);
    }
    free(chunk);
    close(fd);
    return code;
}

static int file_digest(const char *path, char ret_hex[65], struct error *err)
{
    struct sha256 *hash = sha256_new();
    if (!hash)
        return error_memory(err);
    int code = copy_bytes(path, hash, NULL, err);
    if (code == 0)
        sha256_hex(hash, ret_hex);
    sha256_free(hash);
    return code;
}

/* Copies and checks that what was copied is what was digested: a file still being written is
 * refused. */
static int copy_in(const char *from, const char *to, const char *digest, struct error *err)
{
    struct file_out *out;
    char copied[65];
    struct sha256 *hash = sha256_new();
    if (!hash)
        return error_memory(err);
    int code = file_create(to, 0, &out, err);
    if (code == 0) {
        code = copy_bytes(from, hash, out, err);
        sha256_hex(hash, copied);
        if (code == 0 && strcmp(copied, digest) != 0)
            code = error_at(err, ERR_BUSY, from, "changed while it was copied: try again later");
        if (code == 0)
            code = file_commit(out, err);
        file_close(out);
    }
    sha256_free(hash);
    return code;
}

/* The name a file lands under: its own, or with part of its digest in front when that is taken. */
static char *landing_name(const struct zone *z, const char *path, const char *digest)
{
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    char *plain = file_join(z->folder, base);
    int free_name = plain && !file_exists(plain);
    free(plain);
    size_t size = strlen(base) + 16;
    char *name = malloc(size);
    if (name)
        snprintf(name, size, "%.*s%s%s", free_name ? 0 : 12, digest, free_name ? "" : "-", base);
    return name;
}

static int land(struct zone *z, const char *path, struct slice pattern, const struct stat *st,
                const char *digest, json_int_t delivery, struct error *err)
{
    char *name = landing_name(z, path, digest);
    char *to = name ? file_join(z->folder, name) : NULL;
    int code = to ? file_mkdirs(z->folder, 0, err) : error_memory(err);
    if (code == 0)
        code = copy_in(path, to, digest, err);
    if (code == 0) {
        json_t *entry =
            json_pack("{s:s, s:s, s:s%, s:I, s:I, s:s, s:I}", "name", name, "from", path, "pattern",
                      pattern.ptr, pattern.len, "size", (json_int_t)st->st_size, "changed",
                      changed_micros(st), "digest", digest, "delivery", delivery);
        if (!entry || json_array_append_new(zone_files(z), entry) < 0)
            code = error_memory(err);
    }
    free(name);
    free(to);
    return code;
}

/* Did a file of the current delivery come from this very path? */
static int landed_from(const struct zone *z, const char *path, struct slice pattern)
{
    size_t i;
    json_t *entry;
    json_array_foreach(zone_files(z), i, entry)
    {
        if (brought_by(entry, &pattern, 1) && last_delivery(entry) == z->current &&
            strcmp(entry_text(entry, "from"), path) == 0)
            return 1;
    }
    return 0;
}

static int note_known(struct zone *z, json_t *entry, struct pull_counts *counts, struct error *err)
{
    counts->known++;
    return json_array_append(z->known, entry) < 0 ? error_memory(err) : 0;
}

/* A snapshot in parts, some of which are as they were: these belong to the new delivery too. That
 * it comes in parts is seen from one being written over; exports that get a new name each time lie
 * beside the old ones, which are replaced. */
static int carry_known(struct zone *z, json_int_t delivery, struct error *err)
{
    size_t i;
    json_t *entry;
    json_array_foreach(z->written_over ? z->known : NULL, i, entry)
    {
        if (last_delivery(entry) == z->current &&
            json_object_set_new(entry, "through", json_integer(delivery)) < 0)
            return error_memory(err);
    }
    return 0;
}

static int pull_file(struct zone *z, const char *path, struct slice pattern, json_int_t delivery,
                     enum pull_mode mode, struct pull_counts *counts, struct error *err)
{
    struct stat st;
    char digest[65];
    json_t *entry;
    if (stat(path, &st) < 0)
        return error_errno(err, ERR_INPUT, "cannot look at '%s'", path);
    if (!S_ISREG(st.st_mode))
        return error_at(err, ERR_INPUT, path, "is not a regular file");
    counts->found++;
    if ((entry = seen_before(z, path, pattern, &st)))
        return note_known(z, entry, counts, err);
    TRY(file_digest(path, digest, err));
    if ((entry = find_digest(z, pattern, digest)))
        return note_known(z, entry, counts, err);
    counts->landed++;
    z->written_over |= landed_from(z, path, pattern);
    return mode == PULL_DRY ? 0 : land(z, path, pattern, &st, digest, delivery, err);
}

/* The newest delivery among the files of these patterns, or of any when `patterns` is NULL; 0:
 * none. */
static json_int_t newest(const struct zone *z, const struct slice *patterns, int n)
{
    json_int_t last = 0;
    size_t i;
    json_t *entry;
    json_array_foreach(zone_files(z), i, entry)
    {
        json_int_t delivery = last_delivery(entry);
        if ((!patterns || brought_by(entry, patterns, n)) && delivery > last)
            last = delivery;
    }
    return last;
}

static int pull_pattern(struct zone *z, struct slice pattern, json_int_t delivery,
                        enum pull_mode mode, struct pull_counts *counts, struct error *err)
{
    char **paths;
    size_t n;
    char *full = file_join(z->project->folder, pattern.ptr);
    z->known = json_array();
    z->current = newest(z, &pattern, 1);
    z->written_over = 0;
    int code = full && z->known ? file_glob(full, &paths, &n, err) : error_memory(err);
    if (code == 0) {
        for (size_t i = 0; i < n && code == 0; i++)
            code = pull_file(z, paths[i], pattern, delivery, mode, counts, err);
        if (code == 0 && n == 0 && !z->current)
            code = error_at(err, ERR_INPUT, full, "no export of source '%s' matches this",
                            z->source->name.ptr);
        file_list_free(paths, n);
    }
    if (code == 0)
        code = carry_known(z, delivery, err);
    json_decref(z->known);
    free(full);
    return code;
}

static int manifest_store(struct zone *z, struct error *err)
{
    char *text = json_dumps(z->manifest, JSON_INDENT(1));
    if (!text)
        return error_memory(err);
    int code = file_store(z->path, 0, slice_str(text), err);
    free(text);
    return code;
}

int landing_pull(const struct project *p, const struct source *s, enum pull_mode mode,
                 struct pull_counts *ret, struct error *err)
{
    struct zone z;
    struct pull_counts counts = {0};
    int code = zone_open(&z, p, s, err);
    json_int_t delivery = code == 0 ? newest(&z, NULL, 0) + 1 : 0;
    for (int i = 0; i < s->n_pull && code == 0; i++)
        code = pull_pattern(&z, s->pull[i], delivery, mode, &counts, err);
    for (int e = 0; e < s->n_events && code == 0; e++)
        for (int i = 0; i < s->events[e].n_pull && code == 0; i++)
            code = pull_pattern(&z, s->events[e].pull[i], delivery, mode, &counts, err);
    if (code == 0 && counts.landed && mode == PULL_LAND)
        code = manifest_store(&z, err);
    zone_done(&z);
    if (code == 0)
        *ret = counts;
    return code;
}

/* Is the file one of those wanted? Each pattern has a current delivery of its own. */
static int is_wanted(const json_t *entry, const struct slice *patterns, int n,
                     const json_int_t *from)
{
    for (int i = 0; i < n; i++)
        if (brought_by(entry, &patterns[i], 1) && last_delivery(entry) >= from[i])
            return 1;
    return 0;
}

/* Files of pattern i whose last delivery is from[i] or a later one. */
static int list_files(const struct zone *z, const struct slice *patterns, int n_patterns,
                      const json_int_t *from, struct arena *a, const char ***ret, int *ret_n,
                      struct error *err)
{
    int n = 0;
    size_t i;
    json_t *entry;
    const char **paths = ARENA_ARRAY(a, const char *, json_array_size(zone_files(z)) + 1);
    if (!paths)
        return error_memory(err);
    json_array_foreach(zone_files(z), i, entry)
    {
        if (!is_wanted(entry, patterns, n_patterns, from))
            continue;
        paths[n] = arena_printf(a, "%s/%s", z->folder, entry_text(entry, "name"));
        if (!paths[n++])
            return error_memory(err);
    }
    if (n == 0)
        return error_set(err, ERR_INPUT, "nothing has landed for source '%s': 'sluice pull' first",
                         z->source->name.ptr);
    *ret = paths;
    *ret_n = n;
    return 0;
}

int landing_files(const struct project *p, const struct source *s, const struct slice *patterns,
                  int n_patterns, enum landing_which which, struct arena *a, const char ***ret,
                  int *ret_n, struct error *err)
{
    struct zone z;
    json_int_t *from = ARENA_ARRAY(a, json_int_t, (size_t)n_patterns + 1);
    int code = zone_open(&z, p, s, err);
    if (code == 0 && !from)
        code = error_memory(err);
    if (code == 0) {
        for (int i = 0; which == LANDING_CURRENT && i < n_patterns; i++)
            from[i] = newest(&z, &patterns[i], 1);
        code = list_files(&z, patterns, n_patterns, from, a, ret, ret_n, err);
    }
    zone_done(&z);
    return code;
}

int landing_digest(const struct project *p, char ret_hex[65], struct error *err)
{
    struct sha256 *hash = sha256_new();
    int code = hash ? 0 : error_memory(err);
    for (int s = 0; s < p->n_sources && code == 0; s++) {
        struct zone z;
        code = zone_open(&z, p, &p->sources[s], err);
        size_t i;
        json_t *entry;
        json_array_foreach(code == 0 ? zone_files(&z) : NULL, i, entry)
        {
            const char *digest = entry_text(entry, "digest");
            json_int_t delivery = last_delivery(entry);
            sha256_add(hash, p->sources[s].name.ptr, p->sources[s].name.len + 1);
            sha256_add(hash, digest, strlen(digest));
            sha256_add(hash, &delivery, sizeof delivery);
        }
        zone_done(&z);
    }
    if (code == 0)
        sha256_hex(hash, ret_hex);
    sha256_free(hash);
    return code;
}
