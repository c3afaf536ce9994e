/* Field names: the canonical ones, the words people use for them, and the project's own. */
#include <stdio.h>
#include <stdlib.h>

#include "schemas/project_build.h"

/* What other systems call canonical fields: such a name is a slip, not a field of the project's. */
static const struct synonym {
    const char *word, *field;
} record_synonyms[] = {
    {"name", "full_name"},
    {"first_name", "given_name"},
    {"firstname", "given_name"},
    {"forename", "given_name"},
    {"last_name", "family_name"},
    {"lastname", "family_name"},
    {"surname", "family_name"},
    {"company", "organisation"},
    {"organization", "organisation"},
    {"dob", "birth_date"},
    {"date_of_birth", "birth_date"},
    {"sex", "gender"},
    {"mail", "email"},
    {"e_mail", "email"},
    {"tel", "phone"},
    {"telephone", "phone"},
    {"mobile", "phone"},
    {"street", "line1"},
    {"address1", "line1"},
    {"address2", "line2"},
    {"town", "city"},
    {"state", "region"},
    {"county", "region"},
    {"zip", "postcode"},
    {"zipcode", "postcode"},
    {"postal_code", "postcode"},
    {"changed_at", "updated_at"},
    {"modified_at", "updated_at"},
    {"last_modified", "updated_at"},
    {NULL, NULL},
};

static const struct synonym event_synonyms[] = {
    {"type", "kind"},
    {"date", "at"},
    {"time", "at"},
    {"timestamp", "at"},
    {"customer_key", "customer"},
    {"customer_no", "customer"},
    {"vat", "tax"},
    {"total", "gross"},
    {"price", "net"},
    {"qty", "quantity"},
    {"body", "text"},
    {"key", "id"},
    {NULL, NULL},
};

/* Columns that steps add, and fields that are made rather than mapped. */
static const char *const reserved[] = {"source",  "raw",     "formal_name",       "customer_id",
                                       "records", "sources", "match_probability", NULL};

const struct canonical_field *canonical_find(enum canonical_kind kind, struct slice name)
{
    for (const struct canonical_field *f = canonical_fields(kind); f->name; f++)
        if (slice_equal(name, slice_str(f->name)))
            return f;
    return NULL;
}

/* Close enough to be a slip of the pen: two edits in long words, one in middling ones. Short words
 * are a word away from too much. */
static const char *nearly_canonical(enum canonical_kind kind, struct slice name)
{
    for (const struct canonical_field *f = canonical_fields(kind); f->name; f++) {
        struct slice known = slice_str(f->name);
        size_t allowed = known.len >= 8 ? 2 : known.len >= 4 ? 1 : 0;

        if (slice_edits(name, known) <= allowed)
            return f->name;
    }
    return NULL;
}

static const char *synonym_of(enum canonical_kind kind, struct slice name)
{
    const struct synonym *s = kind == CANONICAL_RECORD ? record_synonyms : event_synonyms;

    for (; s->word; s++)
        if (slice_equal_nocase(name, slice_str(s->word)))
            return s->field;
    return NULL;
}

static int is_word(struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        int letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

        if (!letter && !(i && c >= '0' && c <= '9'))
            return 0;
    }
    return s.len > 0 && s.len <= 64 && !slice_starts(s, SLICE_LIT("__"));
}

int extra_field_refused(enum canonical_kind kind, struct slice name, char ret_why[160])
{
    const char *near;

    for (int i = 0; reserved[i]; i++)
        if (slice_equal_nocase(name, slice_str(reserved[i]))) {
            snprintf(ret_why, 160, "'%s' is set by sluice itself and cannot be mapped",
                     reserved[i]);
            return 1;
        }
    near = synonym_of(kind, name);
    if (!near)
        near = nearly_canonical(kind, name);
    if (near)
        snprintf(ret_why, 160, "unknown field '%.*s', did you mean '%s'?", FINDING_SLICE(name),
                 near);
    else if (!is_word(name))
        snprintf(ret_why, 160, "field '%.*s' must be letters, digits and underscores",
                 FINDING_SLICE(name));
    return near || !is_word(name);
}

int name_listed(const struct slice *names, int n, struct slice name)
{
    for (int i = 0; i < n; i++)
        if (slice_equal(names[i], name))
            return 1;
    return 0;
}

int known_fields(struct project_builder *b, struct slice **ret, int *ret_n)
{
    const struct project *p = b->project;
    const struct canonical_field *f = canonical_fields(CANONICAL_RECORD);
    size_t most = 64;
    struct slice *names;
    int n = 0;

    for (int i = 0; i < p->n_sources; i++)
        most += p->sources[i].record ? (size_t)p->sources[i].record->n_mappings : 0;
    names = ARENA_ARRAY(b->arena, struct slice, most);
    if (!names)
        return error_memory(b->err);
    for (; f->name; f++)
        names[n++] = slice_str(f->name);
    for (int i = 0; i < p->n_sources; i++)
        for (int j = 0; p->sources[i].record && j < p->sources[i].record->n_mappings; j++) {
            struct slice name = p->sources[i].record->mappings[j].field;

            if (!name_listed(names, n, name))
                names[n++] = name;
        }
    *ret = names;
    *ret_n = n;
    return 0;
}

void check_field(struct project_builder *b, const struct names *known, const struct yaml_node *node)
{
    struct slice name = node_text(node);
    char hint[120];

    if (!name.ptr || name_listed(known->list, known->n, name))
        return;
    did_you_mean(name, known->list, known->n, hint);
    finding_add(b->out, node->at, "no source maps a field '%.*s'%s", FINDING_SLICE(name), hint);
}
