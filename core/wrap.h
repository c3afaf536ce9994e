/* Text in lines of a given width, for people at a terminal. Widths are counted in characters. */
#ifndef SLUICE_CORE_WRAP_H
#define SLUICE_CORE_WRAP_H

#include "core/buffer.h"
#include "core/error.h"

struct wrap {
    struct buffer *out;
    int width, indent; /* of the lines after the first */
    int column;        /* where the pen stands */
};

/* Appends the text's words, a line break and the indent before one that would not fit. A space at
 * the end is kept for what comes next. 0 or ERR_MEMORY. */
int wrap_words(struct wrap *w, struct slice text);
int wrap_end(struct wrap *w); /* ends the line */

/* How many columns the text takes. */
int text_width(struct slice text);
/* The text, then blanks up to `width`; a longer one is cut, with … at its end. 0 or ERR_MEMORY. */
int text_padded(struct buffer *out, struct slice text, int width);

#endif
