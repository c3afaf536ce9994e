#include "cmd/meanings.h"

int meanings_parse(struct session *s, const struct option_list *as, struct dedupe_as **ret,
                   struct error *err)
{
    struct dedupe_as *list = ARENA_ARRAY(&s->arena, struct dedupe_as, (size_t)as->n + 1);
    if (!list)
        return error_memory(err);
    for (int i = 0; i < as->n; i++) {
        const char *text = as->items[i], *equals = strrchr(text, '=');
        if (!equals)
            return error_set(err, ERR_USAGE, "--as takes COLUMN=MEANING, not '%s'", text);
        list[i].column = slice_of(text, (size_t)(equals - text));
        if (!meaning_parse(slice_str(equals + 1), &list[i].meaning)) {
            const char *near = slice_nearest(slice_str(equals + 1), meaning_names(), MEANING_COUNT);
            return error_set(err, ERR_USAGE, "no meaning '%s'%s%s%s", equals + 1,
                             near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
        }
    }
    *ret = list;
    return 0;
}
