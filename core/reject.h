/* Rejects: bad rows, which are data and never vanish. Each has a place, a stable code, a sentence
 * and the raw row. A reject list belongs to whoever parses; lists are merged in order, so that the
 * file of rejects is the same for any number of threads. */
#ifndef SLUICE_CORE_REJECT_H
#define SLUICE_CORE_REJECT_H

#include "core/builder.h"
#include "core/stream.h"

/* Slices need only live through reject_add. */
struct reject {
    struct slice source; /* of the project file, or "" */
    struct slice file;
    struct slice member; /* of an archive, or "" */
    int64_t line;        /* from 1; 0 unknown */
    int64_t offset;      /* byte in the (unpacked) file; -1 unknown */
    struct slice column; /* or "" */
    const char *code;    /* stable, kebab-case: "bad-date", "short-row", "invalid-utf8" … */
    struct slice text;   /* the sentence; column values may be quoted in it (cut at 4 KiB) */
    struct slice raw;    /* the raw row (cut at 64 KiB) */
};

/* Columns of a reject table: source, file, member, line, offset, column, code, text, raw. All utf8
 * but line and offset (int64) and raw (binary). What is "" or unknown is null, but text and raw.
 * Bytes that are not UTF-8 become U+FFFD outside raw. NULL when out of memory. */
struct schema *reject_schema(void);

/* A list in memory, about 200 bytes a row and its raw bytes; one thread at a time. */
struct rejects;
struct rejects *rejects_new(void);
void rejects_free(struct rejects *r);
int reject_add(struct rejects *r, const struct reject *reject); /* 0 or ERR_MEMORY */
/* Moves all of `from` behind `into`'s; `from` is empty after. 0 or ERR_MEMORY (nothing moved). */
int rejects_append(struct rejects *into, struct rejects *from);
int64_t rejects_count(const struct rejects *r);
/* All of them as a stream of reject_schema(), emptying r. */
int rejects_stream(struct rejects *r, struct stream **ret, struct error *err);
/* How many per code, for the summary: calls fn in order of code. */
void rejects_by_code(const struct rejects *r, void (*fn)(void *arg, const char *code, int64_t n),
                     void *arg);

/* "--max-rejects": N rows or N %. */
enum { REJECTS_ANY = -1, REJECTS_SHARE = -2 };
struct reject_limit {
    int64_t rows;       /* REJECTS_ANY: any number; REJECTS_SHARE: by share */
    int64_t millionths; /* share of input rows */
};
int reject_limit_parse(struct slice text,
                       struct reject_limit *ret); /* "12", "1%", "0.5 %", "all": 1 or 0 */
/* 0, or ERR_DATA with a sentence when `rejected` of `total` rows is too many. */
int reject_limit_check(struct reject_limit limit, int64_t rejected, int64_t total,
                       struct error *err);

#endif
