#include "pipelines/stage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/hash.h"

enum {
    NOTE_LIMIT = 1 << 24,
    KEY_SHOWN = 16,
    LAKE_SHOWN = 8,
    NAME_LEN = KEY_SHOWN + LAKE_SHOWN + 1
};

static char *stages_folder(const struct project *p)
{
    return file_join(p->folder, ".sluice/stage");
}

/* "LAKE-KEY": projects beside each other that write other lakes leave each other's stages alone. */
static void name_of(const struct project *p, const char *key, char ret[NAME_LEN + 1])
{
    char lake[65];
    sha256_of(p->lake, strlen(p->lake), lake);
    snprintf(ret, NAME_LEN + 1, "%.*s-%.*s", LAKE_SHOWN, lake, KEY_SHOWN, key);
}

/* The folder of a stage by its key, malloc'ed. */
static char *folder_of(const struct project *p, const char *key)
{
    char name[NAME_LEN + 1];
    name_of(p, key, name);
    char *folder = stages_folder(p);
    char *path = folder ? file_join(folder, name) : NULL;
    free(folder);
    return path;
}

static int note_new(struct stage *s, struct error *err)
{
    json_decref(s->note);
    s->note = json_pack("{s:[]}", "done");
    return s->note ? 0 : error_memory(err);
}

/* What cannot be read says that nothing is done: all of it can be made again. */
static int note_load(struct stage *s, struct error *err)
{
    struct buffer text = {0};
    if (!file_exists(s->note_path))
        return note_new(s, err);
    TRY(file_slurp(s->note_path, NOTE_LIMIT, &text, err));
    s->note = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
    buffer_done(&text);
    return json_is_array(json_object_get(s->note, "done")) ? 0 : note_new(s, err);
}

int stage_open(struct stage *s, const struct project *p, const char *key, struct pool *pool,
               struct error *err)
{
    *s = (struct stage){.pool = pool, .folder = folder_of(p, key)};
    s->note_path = s->folder ? file_join(s->folder, "note.json") : NULL;
    if (!s->note_path)
        return error_memory(err);
    TRY(file_mkdirs(s->folder, 0, err));
    return note_load(s, err);
}

void stage_done(struct stage *s)
{
    json_decref(s->note);
    free(s->folder);
    free(s->note_path);
    arena_done(&s->arena);
    *s = (struct stage){0};
}

static char *staged(const struct stage *s, const char *name)
{
    size_t size = strlen(s->folder) + strlen(name) + 16;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/%s.arrow", s->folder, name);
    return path;
}

int stage_write(struct stage *s, const char *name, const struct schema *schema, struct sink **ret,
                struct error *err)
{
    struct write_options options = {.pool = s->pool};
    char *path = staged(s, name);
    int code = path ? format_write("arrow", path, schema, &options, ret, err) : error_memory(err);
    free(path);
    return code;
}

int stage_pump(struct stage *s, const char *name, struct stream *from, int64_t *ret_rows,
               struct error *err)
{
    struct sink *to = NULL;
    int code = stage_write(s, name, from->schema, &to, err);
    if (code == 0)
        code = stream_pump(from, to, ret_rows, err);
    sink_close(to);
    stream_close(from);
    return code;
}

int stage_read(struct stage *s, const char *name, struct stream **ret, struct error *err)
{
    static const struct read_options options = {.layout = {.type = "arrow"}};
    const char **path = ARENA_NEW(&s->arena, const char *);
    if (!path || !(*path = arena_printf(&s->arena, "%s/%s.arrow", s->folder, name)))
        return error_memory(err);
    return format_read(path, 1, &options, ret, err);
}

int stage_is_done(const struct stage *s, const char *step)
{
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(s->note, "done"), i, name)
    {
        const char *text = json_string_value(name);
        if (text && strcmp(text, step) == 0)
            return 1;
    }
    return 0;
}

void stage_forget(struct stage *s, const char *step)
{
    json_t *done = json_object_get(s->note, "done");
    for (size_t i = json_array_size(done); i-- > 0;) {
        const char *text = json_string_value(json_array_get(done, i));
        if (text && strcmp(text, step) == 0)
            json_array_remove(done, i);
    }
}

int stage_mark_done(struct stage *s, const char *step, struct error *err)
{
    if (json_array_append_new(json_object_get(s->note, "done"), json_string(step)) < 0)
        return error_memory(err);
    return stage_note_store(s, err);
}

int stage_note_store(struct stage *s, struct error *err)
{
    char *text = json_dumps(s->note, JSON_INDENT(1) | JSON_SORT_KEYS);
    if (!text)
        return error_memory(err);
    int code = file_store(s->note_path, 0, slice_str(text), err);
    free(text);
    return code;
}

int64_t stage_number(const struct stage *s, const char *name, int64_t otherwise)
{
    json_t *value = json_object_get(s->note, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

int stage_put(struct stage *s, const char *name, json_t *value, struct error *err)
{
    return json_object_set_new(s->note, name, value) < 0 ? error_memory(err) : 0;
}

int stage_exists(const struct project *p, const char *key)
{
    char *path = folder_of(p, key);
    int exists = path && file_exists(path);
    free(path);
    return exists;
}

int stage_rename(const struct project *p, const char *from, const char *to, struct error *err)
{
    char *old = folder_of(p, from), *new = folder_of(p, to);
    int code = old && new ? 0 : error_memory(err);
    if (code == 0 && file_exists(old) && rename(old, new) < 0)
        code = error_errno(err, ERR_IO, "cannot rename '%s'", old);
    free(old);
    free(new);
    return code;
}

/* Another lake's stage: one without a lake in its name is of an older sluice, and nobody's. */
static int is_foreign(const char *name, const char *keep)
{
    return strchr(name, '-') && strncmp(name, keep, LAKE_SHOWN + 1) != 0;
}

int stage_prune(const struct project *p, const char *keep_key, struct error *err)
{
    char *folder = stages_folder(p);
    DIR *d = folder ? opendir(folder) : NULL;
    char keep[NAME_LEN + 1];
    int code = 0;
    name_of(p, keep_key, keep);
    for (struct dirent *e; d && code == 0 && (e = readdir(d));) {
        if (e->d_name[0] == '.' || strcmp(e->d_name, keep) == 0 || is_foreign(e->d_name, keep))
            continue;
        char *path = file_join(folder, e->d_name);
        code = path ? file_remove_tree(path, err) : error_memory(err);
        free(path);
    }
    if (d)
        closedir(d);
    free(folder);
    return code;
}
