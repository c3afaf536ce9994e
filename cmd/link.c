/* link: two files in, who is who across them. */
#include <string.h>

#include "cmd/columns_as.h"
#include "pipelines/link_files.h"
#include "pipelines/steps.h"

struct link_tool {
    struct io_options io;
    struct option_list as;
    const char *id, *one_to_one, *duplicates, *result, *effort;
    int explain;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    {.kind = OPTION_STRING,
     .name = "result",
     .arg = "pairs|ids",
     .at = offsetof(struct link_tool, result),
     .help =
         "pairs, the default: id_a, id_b, probability; ids: every row of both with customer_id"},
    {.kind = OPTION_STRING,
     .name = "duplicates",
     .arg = "a|b|both",
     .at = offsetof(struct link_tool, duplicates),
     .help = "files that may hold somebody twice; without it, a row has one counterpart at most"},
    {.kind = OPTION_STRING,
     .name = "one-to-one",
     .arg = "yes|no|auto",
     .at = offsetof(struct link_tool, one_to_one),
     .help = "yes is the default; no: as --duplicates both; auto: found from the data, and said"},
    {.kind = OPTION_LIST,
     .name = "as",
     .arg = "COLUMN=MEANING",
     .at = offsetof(struct link_tool, as),
     .help = "take a column of either file for this, such as 'kunde=full-name'; may be repeated"},
    {.kind = OPTION_STRING,
     .name = "id",
     .arg = "A[,B]",
     .at = offsetof(struct link_tool, id),
     .help = "the columns that name the rows; without it, found, else the rows are numbered"},
    {.kind = OPTION_FLAG,
     .name = "explain",
     .at = offsetof(struct link_tool, explain),
     .help = "say why columns were paired"},
    {.kind = OPTION_STRING,
     .name = "effort",
     .arg = "full|low",
     .at = offsetof(struct link_tool, effort),
     .help = "low: fewer candidates, faster, a little less accurate"},
    IO_READ(link_tool),
    IO_WRITE(link_tool),
    IO_REJECTS(link_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice link crm.csv shop.csv -o who-is-who.csv", "id_a, id_b and how sure, a pair a row"},
    {"sluice link members.csv till.csv --duplicates b --result ids",
     "the till knows some members twice; every row of both with customer_id"},
    {"sluice link old.csv new.parquet --id nr,customer_no --as kunde=full-name",
     "where a column was taken wrongly"},
    {NULL, NULL},
};

const struct tool link_tool = {
    .name = "link",
    .summary = "two files in, who is who across them; no configuration needed",
    .operands = "A B",
    .about = "Finds out which rows of two files are the same customer or thing. The files have "
             "columns of their own: what each means is found from its name and contents, and which "
             "is which by name, meaning and the words that the values share; standard error says "
             "so. Each file is taken to hold nobody twice, so a row has one counterpart at most, "
             "the best for all.",
    .options = options,
    .examples = examples,
    .group = GROUP_MAIN,
    .run = run,
};

static int parse_result(const char *text, enum link_result *ret, struct error *err)
{
    *ret = text && strcmp(text, "ids") == 0 ? LINK_IDS : LINK_PAIRS;
    return !text || strcmp(text, "ids") == 0 || strcmp(text, "pairs") == 0
               ? 0
               : error_set(err, ERR_USAGE, "--result takes pairs or ids, not '%s'", text);
}

static int parse_duplicates(const char *text, struct link_options *o, struct error *err)
{
    int both = text && strcmp(text, "both") == 0;
    o->duplicates[0] = both || (text && strcmp(text, "a") == 0);
    o->duplicates[1] = both || (text && strcmp(text, "b") == 0);
    return !text || o->duplicates[0] || o->duplicates[1]
               ? 0
               : error_set(err, ERR_USAGE, "--duplicates takes a, b or both, not '%s'", text);
}

static int parse(struct session *s, const struct link_tool *t, struct link_options *o,
                 struct error *err)
{
    struct dedupe_options as = {.n_as = 0};
    struct slice ids = slice_str(t->id ? t->id : "");
    TRY(columns_as(s, &t->as, NULL, &as, err));
    o->as = as.as;
    o->n_as = as.n_as;
    if (t->id) {
        slice_cut(&ids, ',', &o->id[0]);
        o->id[1] = ids.len ? ids : o->id[0];
    }
    TRY(one_to_one_parse(t->one_to_one ? t->one_to_one : "yes", &o->one_to_one, err));
    TRY(parse_duplicates(t->duplicates, o, err));
    TRY(parse_result(t->result, &o->result, err));
    return effort_parse(t->effort, &o->effort, err);
}

static void say_columns(const struct session *s, const struct link_report *r, int explain)
{
    session_say(s, "  %-22s %-22s %s", "a", "b", "taken for");
    for (int i = 0; i < r->n_columns; i++) {
        const struct link_column *c = &r->columns[i];
        int compared = c->meaning != MEANING_UNKNOWN;
        session_say(s, "  %-22.*s %-22.*s %s%s%s", (int)c->name[0].len,
                    c->name[0].len ? c->name[0].ptr : "", (int)c->name[1].len,
                    c->name[1].len ? c->name[1].ptr : "",
                    compared ? meaning_name(c->meaning) : "not compared: ",
                    compared && explain ? ": " : "", explain || !compared ? c->why : "");
    }
}

static void say_found(const struct session *s, const struct link_report *r)
{
    for (int i = 0; i < r->n_warnings; i++)
        session_say(s, "warning: %s", r->warnings[i]);
    for (int i = 0; i < 2; i++)
        session_say(s, "file %s is taken to hold %s", i ? "b" : "a",
                    r->clean[i] ? "nobody twice" : "duplicates");
    session_say(s, "%lld of %lld rows of a and %lld of %lld rows of b are the same, in %lld pairs",
                (long long)r->linked[0], (long long)r->rows[0], (long long)r->linked[1],
                (long long)r->rows[1], (long long)r->pairs);
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct link_tool *t = values;
    struct link_options o = {.pool = s->pool, .progress = s->progress};
    struct link_report report;
    struct stream *files[2], *rows;
    if (s->n_operands != 2)
        return error_set(err, ERR_USAGE, "link takes two files, not %d: 'sluice dedupe' takes any",
                         s->n_operands);
    TRY(parse(s, t, &o, err));
    TRY(session_read_paths(s, (const char *const *)&s->operands[0], 1, &files[0], err));
    int code = session_read_paths(s, (const char *const *)&s->operands[1], 1, &files[1], err);
    if (code < 0) {
        stream_close(files[0]);
        return code;
    }
    code = link_files(files, &o, &report, &rows, err);
    if (report.n_columns)
        say_columns(s, &report, t->explain);
    if (code == 0) {
        say_found(s, &report);
        code = session_pump(s, rows, err);
    }
    arena_done(&report.arena);
    return code;
}

static int run(int argc, char **argv, struct error *err)
{
    struct link_tool t = {.io = IO_DEFAULTS};
    return session_run(&link_tool, argc, argv, &t, &t.io, work, err);
}
