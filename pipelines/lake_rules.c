#include "pipelines/lake_rules.h"

static struct slice last_part(const char *path)
{
    struct slice s = slice_str(path);
    while (s.len > 1 && s.ptr[s.len - 1] == '/')
        s.len--;
    const char *slash = memrchr(s.ptr, '/', s.len);
    size_t from = slash ? (size_t)(slash - s.ptr) + 1 : 0;
    return slice_of(s.ptr + from, s.len - from);
}

enum lake_rules_of lake_rules(const struct project *p, const char *path, struct table_rules *ret)
{
    const struct table_rules *known = table_rules_for(p, last_part(path));
    if (known) {
        *ret = *known;
        return LAKE_KNOWN;
    }
    int exists = table_exists(path), is_plain = exists && table_version(path, NULL) < 0;
    *ret = (struct table_rules){.format = is_plain ? SLICE_LIT("parquet") : SLICE_LIT("delta"),
                                .mode = TABLE_APPEND};
    return exists ? LAKE_UNKNOWN : LAKE_NEW;
}
