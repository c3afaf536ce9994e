#include "pipelines/stage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"

enum { NOTE_LIMIT = 1 << 24, KEY_SHOWN = 16 };

static char *stages_folder(const struct project *p)
{
    return file_join(p->folder, ".sluice/stage");
}

static int note_load(struct stage *s, struct error *err)
{
    struct buffer text = {0};
    json_error_t why;
    if (!file_exists(s->note_path)) {
        s->note = json_pack("{s:[]}", "done");
        return s->note ? 0 : error_memory(err);
    }
    TRY(file_slurp(s->note_path, NOTE_LIMIT, &text, err));
    s->note = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &why);
    buffer_done(&text);
    if (!s->note)
        return error_at(err, ERR_DATA, s->note_path, "line %d: %s", why.line, why.text);
    return 0;
}

int stage_open(struct stage *s, const struct project *p, const char *key, struct pool *pool,
               struct error *err)
{
    char name[KEY_SHOWN + 1];
    snprintf(name, sizeof name, "%.*s", KEY_SHOWN, key);
    char *folder = stages_folder(p);
    *s = (struct stage){.pool = pool, .folder = folder ? file_join(folder, name) : NULL};
    s->note_path = s->folder ? file_join(s->folder, "note.json") : NULL;
    free(folder);
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
    char *path = staged(s, name);
    const char *const paths[] = {path};
    int code = path ? format_read(paths, 1, &options, ret, err) : error_memory(err);
    free(path);
    return code;
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

int stage_mark_done(struct stage *s, const char *step, struct error *err)
{
    if (json_array_append_new(json_object_get(s->note, "done"), json_string(step)) < 0)
        return error_memory(err);
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

int stage_prune(const struct project *p, const char *keep_key, struct error *err)
{
    char *folder = stages_folder(p);
    DIR *d = folder ? opendir(folder) : NULL;
    int code = 0;
    for (struct dirent *e; d && code == 0 && (e = readdir(d));) {
        if (e->d_name[0] == '.' || strncmp(e->d_name, keep_key, KEY_SHOWN) == 0)
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
