#include "schemas/canonical.h"

#include <stdlib.h>

static const struct canonical_field record_fields[] = {
    {"source", TYPE_UTF8, NULL, "the source's name in the project file"},
    {"key", TYPE_UTF8, NULL, "the record's own key in its source"},
    {"updated_at", TYPE_TIMESTAMP, NULL, "when the source last changed the record"},
    {"title", TYPE_UTF8, NULL, "Mr, Dr, Frau"},
    {"given_name", TYPE_UTF8, NULL, "first name"},
    {"middle_name", TYPE_UTF8, NULL, "further given names or initials"},
    {"family_name", TYPE_UTF8, NULL, "last name"},
    {"suffix", TYPE_UTF8, NULL, "Jr, III"},
    {"full_name", TYPE_UTF8, NULL, "the whole name, where a source keeps it in one field"},
    {"formal_name", TYPE_UTF8, NULL, "the given name that a nickname stands for"},
    {"organisation", TYPE_UTF8, NULL, "a company or household as a customer"},
    {"birth_date", TYPE_DATE, NULL, "date of birth"},
    {"gender", TYPE_UTF8, NULL, "female, male or other"},
    {"language", TYPE_UTF8, NULL, "preferred language"},
    {"email", TYPE_LIST, NULL, "e-mail addresses"},
    {"phone", TYPE_LIST, NULL, "telephone numbers"},
    {"line1", TYPE_UTF8, "address", "street and house number"},
    {"line2", TYPE_UTF8, "address", "flat, building, district"},
    {"city", TYPE_UTF8, "address", "post town"},
    {"region", TYPE_UTF8, "address", "state, county, canton"},
    {"postcode", TYPE_UTF8, "address", "postal code"},
    {"country", TYPE_UTF8, "address", "ISO 3166 alpha-2"},
    {"tax_id", TYPE_UTF8, NULL, "tax or social security number"},
    {"loyalty_id", TYPE_UTF8, NULL, "number of a loyalty scheme"},
    {"ids", TYPE_LIST, NULL, "further identifiers by name"},
    {"consent_email", TYPE_BOOL, NULL, "may be e-mailed"},
    {"consent_sms", TYPE_BOOL, NULL, "may be sent text messages"},
    {"consent_phone", TYPE_BOOL, NULL, "may be called"},
    {"consent_post", TYPE_BOOL, NULL, "may be sent letters"},
    {"consent_profiling", TYPE_BOOL, NULL, "may be profiled"},
    {"status", TYPE_UTF8, NULL, "the source's state of the customer"},
    {"raw", TYPE_LIST, NULL, "the values as the source had them"},
    {.name = NULL},
};

static const struct canonical_field event_fields[] = {
    {"source", TYPE_UTF8, NULL, "the source's name in the project file"},
    {"id", TYPE_UTF8, NULL, "the event's own id in its source"},
    {"customer", TYPE_UTF8, NULL, "the source's key of the customer"},
    {"at", TYPE_TIMESTAMP, NULL, "when it happened"},
    {"kind", TYPE_UTF8, NULL, "purchase, ticket, payment …"},
    {"channel", TYPE_UTF8, NULL, "web, store, phone"},
    {"location", TYPE_UTF8, NULL, "shop, site, region of sale"},
    {"seller", TYPE_UTF8, NULL, "who sold or served"},
    {"product", TYPE_UTF8, NULL, "product code or name"},
    {"category", TYPE_UTF8, NULL, "product or ticket category"},
    {"quantity", TYPE_DECIMAL, NULL, "how many"},
    {"net", TYPE_DECIMAL, NULL, "amount without tax"},
    {"tax", TYPE_DECIMAL, NULL, "tax"},
    {"gross", TYPE_DECIMAL, NULL, "amount with tax"},
    {"cost", TYPE_DECIMAL, NULL, "what it cost the company"},
    {"currency", TYPE_UTF8, NULL, "ISO 4217"},
    {"points", TYPE_INT64, NULL, "loyalty points"},
    {"campaign", TYPE_UTF8, NULL, "campaign code"},
    {"outcome", TYPE_UTF8, NULL, "solved, paid, returned"},
    {"text", TYPE_UTF8, NULL, "what was written or said"},
    {.name = NULL},
};

static const struct field text_item = {.name = {"item", 4}, .type = TYPE_UTF8};

static const struct field id_parts[] = {
    {.name = {"name", 4}, .type = TYPE_UTF8},
    {.name = {"value", 5}, .type = TYPE_UTF8},
};
static const struct field id_item = {
    .name = {"item", 4}, .type = TYPE_STRUCT, .n_children = 2, .children = id_parts};

static const struct field raw_parts[] = {
    {.name = {"field", 5}, .type = TYPE_UTF8},
    {.name = {"value", 5}, .type = TYPE_UTF8},
};
static const struct field raw_item = {
    .name = {"item", 4}, .type = TYPE_STRUCT, .n_children = 2, .children = raw_parts};

static const char *const kinds[] = {
    "purchase", "return",        "invoice",
    "payment",  "credit",        "ticket",
    "call",     "chat",          "email",
    "visit",    "points_earned", "points_redeemed",
    "coupon",   "campaign_sent", "campaign_response",
    NULL,
};

const struct canonical_field *canonical_fields(enum canonical_kind kind)
{
    return kind == CANONICAL_RECORD ? record_fields : event_fields;
}

const char *const *event_kinds(void)
{
    return kinds;
}

static const struct field *list_item(const char *name)
{
    if (strcmp(name, "ids") == 0)
        return &id_item;
    return strcmp(name, "raw") == 0 ? &raw_item : &text_item;
}

static struct field canonical_type(const struct canonical_field *from)
{
    struct field f = {.name = slice_str(from->name), .type = from->type};

    if (f.type == TYPE_DECIMAL) {
        f.precision = MONEY_PRECISION;
        f.scale = MONEY_SCALE;
    } else if (f.type == TYPE_LIST) {
        f.n_children = 1;
        f.children = list_item(from->name);
    }
    return f;
}

static int by_name(const void *a, const void *b)
{
    return slice_compare(((const struct field *)a)->name, ((const struct field *)b)->name);
}

struct schema *canonical_schema(enum canonical_kind kind, const struct slice *extra, int n_extra)
{
    const struct canonical_field *from = canonical_fields(kind);
    size_t n_own = 0, n = 0;
    struct field *fields;
    struct schema *schema;

    while (from[n_own].name)
        n_own++;
    fields = calloc(n_own + (size_t)n_extra, sizeof *fields);
    if (!fields)
        return NULL;
    for (; n < n_own && strcmp(from[n].name, "raw") != 0; n++)
        fields[n] = canonical_type(&from[n]);
    for (int i = 0; i < n_extra; i++)
        fields[n + (size_t)i] = (struct field){.name = extra[i], .type = TYPE_UTF8};
    if (n_extra)
        qsort(fields + n, (size_t)n_extra, sizeof *fields, by_name);
    if (n < n_own)
        fields[n + (size_t)n_extra] = canonical_type(&from[n]);
    schema = schema_new(fields, (int)n_own + n_extra);
    free(fields);
    return schema;
}
