#include "schemas/file_schema.h"

#include <string.h>

#include "core/buffer.h"
#include "core/file.h"
#include "schemas/project_build.h"
#include "schemas/schema_check.h"

enum { MAX_FILE = 1 << 22 };

static int read_tree(const char *path, struct arena *a, struct yaml_node *ret, struct error *err)
{
    struct buffer bytes = {0};
    int code = file_slurp(path, MAX_FILE, &bytes, err);
    if (code == 0)
        code = yaml_parse(path, buffer_view(&bytes), a, ret, err);
    buffer_done(&bytes);
    return code;
}

/* The project file's JSON Schema with another root: one of its definitions. */
static int check(const struct yaml_node *root, struct arena *a, struct findings *out,
                 struct error *err)
{
    static const struct slice defs = SLICE_INIT("$defs"), ref = SLICE_INIT("$ref");
    struct yaml_node schema, to = {.kind = YAML_TEXT, .text = SLICE_LIT("#/$defs/file_schema")};
    TRY(yaml_parse("schemas/sluice.schema.json", project_schema(), a, &schema, err));
    struct yaml_pair pairs[2] = {{.key = defs, .value = *yaml_get(&schema, "$defs")},
                                 {.key = ref, .value = to}};
    struct yaml_node own = {.kind = YAML_MAP, .pairs = pairs, .n = 2};
    schema_check(&own, root, "the schema", out);
    return 0;
}

static int read_types(struct file_schema *s, struct arena *a, struct findings *out,
                      struct error *err)
{
    const struct yaml_node *types = yaml_get(&s->root, "types");
    if (!types || types->kind != YAML_MAP)
        return 0;
    s->types = ARENA_ARRAY(a, struct field, (size_t)types->n + 1);
    if (!s->types)
        return error_memory(err);
    for (int i = 0; i < types->n; i++) {
        const struct yaml_pair *pair = &types->pairs[i];
        struct field *to = &s->types[s->n_types];
        struct error own = {0};
        if (type_parse(node_text(&pair->value), to, &own) < 0)
            finding_add(out, pair->value.at, "%s", own.text);
        to->name = pair->key;
        s->n_types++;
    }
    return 0;
}

static int read_all(const char *path, struct arena *a, struct file_schema *ret,
                    struct findings *out, struct error *err)
{
    struct project_builder b = {.arena = a, .out = out, .err = err};
    TRY(read_tree(path, a, &ret->root, err));
    TRY(check(&ret->root, a, out, err));
    TRY(build_layout(&b, yaml_pair(&ret->root, "format"), &ret->layout));
    TRY(read_types(ret, a, out, err));
    findings_sort(out);
    return out->failed ? error_memory(err) : 0;
}

int file_schema_read(const char *path, struct arena *a, struct file_schema *ret, struct error *err)
{
    struct findings found = {.arena = a};
    *ret = (struct file_schema){.layout = LAYOUT_DETECT};
    TRY(read_all(path, a, ret, &found, err));
    if (!found.n)
        return 0;
    error_set(err, ERR_CONFIG, "%s", found.list[0].text);
    return error_where(err, "%s:%d:%d", path, found.list[0].at.line, found.list[0].at.column);
}
