#include "cmd/columns_as.h"

static int parse_one(const char *text, struct dedupe_as *ret, struct error *err)
{
    const char *equals = strrchr(text, '=');
    if (!equals)
        return error_set(err, ERR_USAGE, "--as takes COLUMN=MEANING, not '%s'", text);
    ret->column = slice_of(text, (size_t)(equals - text));
    if (meaning_parse(slice_str(equals + 1), &ret->meaning))
        return 0;
    const char *near = slice_nearest(slice_str(equals + 1), meaning_names(), MEANING_COUNT);
    return error_set(err, ERR_USAGE, "no meaning '%s'%s%s%s", equals + 1,
                     near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int columns_as(struct session *s, const struct option_list *as, const char *id,
               struct dedupe_options *ret, struct error *err)
{
    struct dedupe_as *list = ARENA_ARRAY(&s->arena, struct dedupe_as, (size_t)as->n + 1);
    if (!list)
        return error_memory(err);
    for (int i = 0; i < as->n; i++)
        TRY(parse_one(as->items[i], &list[i], err));
    ret->n_as = as->n;
    if (id)
        list[ret->n_as++] = (struct dedupe_as){slice_str(id), MEANING_KEY};
    ret->as = list;
    return 0;
}

void columns_say(const struct session *s, const struct dedupe_report *r, enum columns_detail detail)
{
    if (r->n_columns)
        session_say(s, "columns taken for:");
    for (int i = 0; i < r->n_columns; i++) {
        const struct dedupe_column *c = &r->columns[i];
        if (detail == COLUMNS_WHY)
            session_say(s, "  %-24.*s %-14s %s", (int)c->name.len, c->name.ptr,
                        meaning_name(c->meaning), c->why);
        else if (c->meaning != MEANING_UNKNOWN)
            session_say(s, "  %-24.*s %s", (int)c->name.len, c->name.ptr, meaning_name(c->meaning));
    }
}
