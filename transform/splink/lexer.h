/* The words of SQL: names, quoted names ("x" and, for Spark, `x`), strings, numbers and symbols.
 * Tokens are slices of the text, or of the arena where an escape was undone. */
#ifndef SLUICE_TRANSFORM_SPLINK_LEXER_H
#define SLUICE_TRANSFORM_SPLINK_LEXER_H

#include "transform/splink/sql.h"

enum sql_token_kind { SQL_END, SQL_WORD, SQL_QUOTED, SQL_STRING, SQL_NUMERAL, SQL_SYMBOL };

struct sql_token {
    enum sql_token_kind kind;
    struct slice text;
    double number;
};

struct sql_lexer {
    struct slice rest;
    enum sql_dialect dialect;
    struct arena *arena;
    struct sql_token token;
};

void sql_lexer_init(struct sql_lexer *l, struct slice text, enum sql_dialect dialect,
                    struct arena *arena);
/* The next token into l->token; 0, or negative with the token the text that is not understood. */
int sql_lexer_next(struct sql_lexer *l);
/* Is it this symbol, or this word in any case? */
int sql_token_is(const struct sql_token *t, const char *text);

#endif
