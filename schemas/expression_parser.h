/* What the parser of expressions and its tokens share; within schemas/expression_*.c alone. */
#ifndef SLUICE_SCHEMAS_EXPRESSION_PARSER_H
#define SLUICE_SCHEMAS_EXPRESSION_PARSER_H

#include "schemas/expression_node.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_COLUMN, TOKEN_NUMBER, TOKEN_STRING, TOKEN_MARK };

struct token {
    enum token_kind kind;
    struct slice text; /* string and `column`: the contents */
    size_t at;
};

struct parser {
    struct slice text;
    size_t at;
    struct token now;
    struct arena *arena;
    struct expression *out;
    int columns_cap, depth, nodes;
    struct error *err;
};

int parser_next(struct parser *p);
/* ERR_CONFIG, "character N: …". */
int parser_fail_at(const struct parser *p, size_t at, const char *what);
int parser_expected(const struct parser *p, const char *expected);

#endif
