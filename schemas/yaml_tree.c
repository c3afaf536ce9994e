/* Looking into a parsed tree. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "schemas/yaml.h"

const struct yaml_pair *yaml_pair(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (int i = 0; i < map->n; i++)
        if (slice_equal(map->pairs[i].key, slice_str(key)))
            return &map->pairs[i];
    return NULL;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    const struct yaml_pair *pair = yaml_pair(map, key);

    return pair ? &pair->value : NULL;
}

const char *yaml_kind_name(enum yaml_kind kind)
{
    static const char *const names[] = {"nothing", "true or false", "a whole number", "a number",
                                        "text",    "a list",        "keys and values"};

    return names[kind];
}

int yaml_int(const struct yaml_node *node, int otherwise)
{
    long value;

    if (!node || node->kind != YAML_INT)
        return otherwise;
    errno = 0;
    value = strtol(node->text.ptr, NULL, 10);
    return errno || value > INT_MAX || value < INT_MIN ? otherwise : (int)value;
}

int yaml_number(const struct yaml_node *node, double *ret)
{
    if (!node || (node->kind != YAML_INT && node->kind != YAML_REAL))
        return 0;
    *ret = strtod(node->text.ptr, NULL);
    return 1;
}
