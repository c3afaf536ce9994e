#include "cmd/given.h"

#include "core/file.h"
#include "pipelines/ledger.h"

enum { GIVEN_MOST = 64 << 10 };

int given_value(struct session *s, const char *text, struct slice *ret, struct error *err)
{
    struct buffer bytes = {0};
    if (strcmp(text, "-") != 0 && text[0] != '@') {
        *ret = slice_str(text);
        return 0;
    }
    int code = file_slurp(text[0] == '@' ? text + 1 : text, GIVEN_MOST, &bytes, err);
    if (code == 0) {
        struct slice value = buffer_view(&bytes);
        while (value.len && (value.ptr[value.len - 1] == '\n' || value.ptr[value.len - 1] == '\r'))
            value.len--;
        *ret = arena_copy(&s->arena, value);
        code = ret->ptr ? 0 : error_memory(err);
    }
    buffer_done(&bytes);
    return code;
}

int given_note(struct session *s, const struct note_options *o, struct steward_note *ret,
               struct error *err)
{
    if (!o->why)
        return error_set(err, ERR_USAGE, "--why is needed: the next steward will want to know");
    ret->dry_run = s->common.dry_run;
    ret->who = o->who ? slice_str(o->who) : ledger_who();
    return given_value(s, o->why, &ret->why, err);
}
