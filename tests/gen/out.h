/* A file being written: plain or gzip, in the encoding of its system, counting its lines. Errors
 * are kept and told when it is closed. Files are private (0600). */
#ifndef GEN_OUT_H
#define GEN_OUT_H

#include <stddef.h>
#include <stdint.h>

enum encoding { UTF_8, WINDOWS_1252, ASCII };

struct out;

/* ".gz" at the end of the name makes it gzip, with no time in its head. NULL: errno says why. */
struct out *out_open(const char *path, enum encoding encoding);
/* 0, or an errno. Frees `o` in any case; NULL is fine. */
int out_close(struct out *o);
/* The number, from 1, of the line being written. */
uint64_t out_line(const struct out *o);

void out_bytes(struct out *o, const char *p, size_t n); /* as they are */
void out_text(struct out *o, const char *s);            /* UTF-8 in, the file's encoding out */
void out_char(struct out *o, char c);
void out_end_line(struct out *o);
void out_uint(struct out *o, uint64_t n, int width);
/* Hundredths as a decimal: -123456 is "-1234.56"; group 0: no mark between thousands. */
void out_money(struct out *o, int64_t hundredths, char decimal, char group);
/* Cut or padded with spaces to exactly `width` bytes. */
void out_fixed(struct out *o, const char *s, int width);
/* A field of a separated file; quoted where it must be. */
void out_field(struct out *o, const char *s, char separator);
/* The inside of a JSON string; of XML text or an attribute. */
void out_json(struct out *o, const char *s);
void out_xml(struct out *o, const char *s);

#endif
