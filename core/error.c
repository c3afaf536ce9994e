#include "core/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void error_format(struct error *err, int code, const char *format, va_list args)
{
    err->code = code;
    err->where[0] = 0;
    vsnprintf(err->text, sizeof err->text, format, args);
}

int error_set(struct error *err, int code, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        error_format(err, code, format, args);
        va_end(args);
    }
    return code;
}

int error_at(struct error *err, int code, const char *where, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        error_format(err, code, format, args);
        va_end(args);
        snprintf(err->where, sizeof err->where, "%s", where);
    }
    return code;
}

int error_where(struct error *err, const char *format, ...)
{
    if (!err)
        return ERR_BUG;
    if (!err->where[0]) {
        va_list args;
        va_start(args, format);
        vsnprintf(err->where, sizeof err->where, format, args);
        va_end(args);
    }
    return err->code;
}

int error_errno(struct error *err, int code, const char *format, ...)
{
    int number = errno;
    if (number == ENOMEM)
        code = ERR_MEMORY;
    if (number == EPIPE)
        code = ERR_PIPE;
    if (code == ERR_INPUT && (number == EMFILE || number == ENFILE || number == EIO))
        code = ERR_IO;
    if (err) {
        va_list args;
        va_start(args, format);
        error_format(err, code, format, args);
        va_end(args);
        size_t len = strlen(err->text);
        snprintf(err->text + len, sizeof err->text - len, ": %s", strerror(number));
    }
    return code;
}

int error_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "out of memory");
}
