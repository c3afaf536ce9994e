#include "schemas/project_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/hash.h"
#include "schemas/schema_check.h"

enum { MAX_FILE = 4 << 20, MAX_ABOVE = 64 };

struct slice node_text(const struct yaml_node *node)
{
    if (!node || node->kind == YAML_NULL || node->kind >= YAML_LIST)
        return slice_of(NULL, 0);
    return node->text;
}

int node_is_true(const struct yaml_node *node)
{
    return node && node->kind == YAML_BOOL && (*node->text.ptr | 32) == 't';
}

const char *node_string(const struct yaml_node *node)
{
    return node_text(node).ptr;
}

int node_texts(struct project_builder *b, const struct yaml_node *node, struct slice **ret,
               int *ret_n, struct position **ret_at)
{
    int is_list = node && node->kind == YAML_LIST;
    int n = is_list ? node->n : node_text(node).ptr != NULL;
    struct slice *texts = ARENA_ARRAY(b->arena, struct slice, (size_t)n + 1);
    struct position *at = ARENA_ARRAY(b->arena, struct position, (size_t)n + 1);

    if (!texts || !at)
        return error_memory(b->err);
    for (int i = 0; i < n; i++) {
        const struct yaml_node *one = is_list ? &node->items[i] : node;

        texts[i] = node_text(one);
        at[i] = one->at;
    }
    *ret = texts;
    *ret_n = n;
    if (ret_at)
        *ret_at = at;
    return 0;
}

void did_you_mean(struct slice word, const struct slice *names, int n, char to[120])
{
    const char **list = calloc((size_t)n + 1, sizeof *list);
    const char *near = NULL;

    to[0] = 0;
    if (!list)
        return;
    for (int i = 0; i < n; i++)
        list[i] = names[i].ptr;
    if (n)
        near = slice_nearest(word, list, (size_t)n);
    if (near)
        snprintf(to, 120, ", did you mean '%.80s'?", near);
    free(list);
}

/* A path relative to the project's folder, without its last slash. */
static const char *place(struct project_builder *b, const struct yaml_node *node,
                         const char *otherwise)
{
    const char *path = node_string(node) ? node_string(node) : otherwise;
    const char *folder = b->project->folder;
    size_t len = strlen(path);

    while (len > 1 && path[len - 1] == '/')
        len--;
    if (path[0] == '/' || strcmp(folder, ".") == 0)
        return arena_printf(b->arena, "%.*s", (int)len, path);
    return arena_printf(b->arena, "%s/%.*s", folder, (int)len, path);
}

static void check_region(struct project_builder *b, const struct yaml_node *node)
{
    struct slice s = node_text(node);

    if (!s.ptr)
        return;
    if (slice_equal_nocase(s, SLICE_LIT("UK")))
        finding_add(b->out, node->at, "'region' cannot be 'UK', did you mean 'GB'?");
    else if (s.len != 2 || s.ptr[0] < 'A' || s.ptr[0] > 'Z' || s.ptr[1] < 'A' || s.ptr[1] > 'Z')
        finding_add(b->out, node->at, "'region' must be a country's two capital letters, as in GB");
}

static int build(struct project_builder *b, const struct yaml_node *root)
{
    struct project *p = b->project;

    p->name = node_text(yaml_get(root, "project"));
    p->region = node_text(yaml_get(root, "region"));
    check_region(b, yaml_get(root, "region"));
    p->landing = place(b, yaml_get(root, "landing"), "landing");
    p->lake = place(b, yaml_get(root, "lake"), "lake");
    if (!p->landing || !p->lake)
        return error_memory(b->err);
    TRY(build_sources(b, yaml_get(root, "sources")));
    TRY(build_match(b, yaml_get(root, "match")));
    TRY(build_golden(b, yaml_get(root, "golden")));
    TRY(build_tables(b, yaml_get(root, "tables")));
    if (yaml_get(root, "check"))
        p->check = *yaml_get(root, "check");
    return b->out->failed ? error_memory(b->err) : 0;
}

/* sluice.yaml here or in a folder above: "../../sluice.yaml". */
static char *find_above(struct arena *a)
{
    char *path = arena_string(a, SLICE_LIT("sluice.yaml"));
    char *folder = arena_string(a, SLICE_LIT("."));

    for (int i = 0; path && folder && i < MAX_ABOVE; i++) {
        struct stat here, above;
        char *up = arena_printf(a, "../%s", i ? folder : "");

        if (file_exists(path))
            return path;
        if (!up || stat(folder, &here) != 0 || stat(up, &above) != 0 ||
            (here.st_dev == above.st_dev && here.st_ino == above.st_ino))
            return NULL;
        folder = up;
        path = arena_printf(a, "%ssluice.yaml", up);
    }
    return NULL;
}

int project_find(const char *path, struct arena *a, const char **ret, struct error *err)
{
    *ret = path ? arena_string(a, slice_str(path)) : find_above(a);
    if (*ret)
        return 0;
    return path ? error_memory(err)
                : error_set(err, ERR_INPUT,
                            "no 'sluice.yaml' here or in a folder above: name one with -c");
}

static int set_path(struct project *p, const char *path, struct error *err)
{
    const char *slash;

    TRY(project_find(path, &p->arena, &path, err));
    slash = strrchr(path, '/');
    p->path = path;
    p->folder = !slash          ? arena_string(&p->arena, SLICE_LIT("."))
                : slash == path ? arena_string(&p->arena, SLICE_LIT("/"))
                                : arena_string(&p->arena, slice_of(path, (size_t)(slash - path)));
    return p->folder ? 0 : error_memory(err);
}

static int read_tree(struct project *p, struct yaml_node *ret_root, struct error *err)
{
    struct buffer bytes = {0};
    int code = file_slurp(p->path, MAX_FILE, &bytes, err);

    if (code == ERR_DATA)
        code = err ? (err->code = ERR_CONFIG) : ERR_CONFIG;
    if (code == 0) {
        sha256_of(bytes.data, bytes.len, p->digest);
        code = yaml_parse(p->path, buffer_view(&bytes), &p->arena, ret_root, err);
    }
    buffer_done(&bytes);
    return code;
}

static int check_tree(struct project *p, const struct yaml_node *root, struct findings *out,
                      struct error *err)
{
    struct project_builder b = {.project = p, .arena = &p->arena, .out = out, .err = err};
    struct yaml_node schema;

    TRY(yaml_parse("schemas/sluice.schema.json", project_schema(), &p->arena, &schema, err));
    schema_check(&schema, root, "the project file", out);
    TRY(build(&b, root));
    findings_sort(out);
    return 0;
}

static int project_load(const char *path, struct project **ret, struct findings *out,
                        struct error *err)
{
    struct project *p = calloc(1, sizeof *p);
    struct yaml_node root;
    int code;

    if (!p)
        return error_memory(err);
    arena_init(&p->arena, (size_t)1 << 28);
    code = set_path(p, path, err);
    if (code == 0)
        code = read_tree(p, &root, err);
    if (code == 0)
        code = check_tree(p, &root, out, err);
    if (code < 0) {
        project_free(p);
        return code;
    }
    *ret = p;
    return 0;
}

int project_read(const char *path, struct project **ret, struct error *err)
{
    struct arena arena;
    struct findings found = {.arena = &arena};
    struct project *p = NULL;
    int code;

    arena_init(&arena, 0);
    code = project_load(path, &p, &found, err);
    if (code == 0 && found.n) {
        code = error_set(err, ERR_CONFIG, "%s", found.list[0].text);
        error_where(err, "%s:%d:%d", p->path, found.list[0].at.line, found.list[0].at.column);
        project_free(p);
    } else if (code == 0) {
        *ret = p;
    }
    arena_done(&arena);
    return code;
}

/* A file that is not YAML at all has one mistake, which the parser put into `err` with its place,
 * "path:LINE:COL". */
static int lint_syntax(struct findings *found, const struct error *err)
{
    const char *column = strrchr(err->where, ':');
    const char *line = column ? memrchr(err->where, ':', (size_t)(column - err->where)) : NULL;

    if (!line)
        return err->code;
    finding_add(found, (struct position){.line = atoi(line + 1), .column = atoi(column + 1)}, "%s",
                err->text);
    return 0;
}

int project_lint(const char *path, struct arena *arena, struct finding **ret, struct error *err)
{
    struct findings found = {.arena = arena};
    struct error own = {.code = 0};
    struct project *p = NULL;
    int code = project_load(path, &p, &found, &own);

    project_free(p);
    if (code == ERR_CONFIG)
        code = lint_syntax(&found, &own);
    if (code < 0 || found.failed) {
        if (err)
            *err = own;
        return code < 0 ? code : error_memory(err);
    }
    *ret = found.list;
    return found.n;
}

void project_free(struct project *p)
{
    if (!p)
        return;
    arena_done(&p->arena);
    free(p);
}

const struct source *project_source(const struct project *p, struct slice name)
{
    for (int i = 0; i < p->n_sources; i++)
        if (slice_equal(p->sources[i].name, name))
            return &p->sources[i];
    return NULL;
}
