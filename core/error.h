/* Errors: a function that can fail returns 0 or a negative code and fills the caller's struct
 * error.
 *
 * A code is minus the exit status that the tool will leave with (sysexits), so nothing translates
 * codes: -65 inside is status 65 outside. `where` is a place in the user's material
 * ("file.csv:12:3"), `text` a sentence in lower case with no full stop. Library code never prints
 * or exits. */
#ifndef SLUICE_CORE_ERROR_H
#define SLUICE_CORE_ERROR_H

enum error_code {
    ERR_USAGE = -64,       /* the command line is wrong */
    ERR_DATA = -65,        /* bad data, a truncated stream, too many rejects */
    ERR_INPUT = -66,       /* an input is missing or cannot be opened */
    ERR_UNAVAILABLE = -69, /* a remote does not answer */
    ERR_BUG = -70,         /* our fault */
    ERR_MEMORY = -71,      /* the system refused memory, or --memory is used up */
    ERR_CREATE = -73,      /* an output cannot be created */
    ERR_IO = -74,          /* read or write failed */
    ERR_BUSY = -75,        /* locked: try again */
    ERR_CONFIG = -78,      /* the project file is wrong */
    ERR_PIPE = -141,       /* the reader of our output left: end quietly */
};

struct error {
    int code;
    char where[320]; /* "" when there is no place to name */
    char text[704];
};

/* Sets code and text, clears `where`; returns `code`. A NULL `err` is allowed. Long texts are cut.
 */
int error_set(struct error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a place. */
int error_at(struct error *err, int code, const char *where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts a place on an error that has none yet; returns its code. */
int error_where(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets "text: strerror(errno)"; returns ERR_MEMORY for ENOMEM, ERR_PIPE for EPIPE, else `code`; but
 * ERR_IO for ERR_INPUT when it is not the input that is at fault (EMFILE, ENFILE, EIO). */
int error_errno(struct error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ERR_MEMORY with a standard sentence. */
int error_memory(struct error *err);

/* Returns from the calling function when `expr` is negative. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        int try_code_ = (expr);                                                                    \
        if (try_code_ < 0)                                                                         \
            return try_code_;                                                                      \
    } while (0)

#endif
