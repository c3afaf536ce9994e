#include "connectors/arrow/arrow.h"

#include "connectors/arrow/arrow_files.h"
#include "connectors/arrow/flatbuffer.h"

/* A stream begins with a continuation mark and a schema message, a file with its magic. */
static int sniff(struct slice head)
{
    if (head.len >= 8 && memcmp(head.ptr, "ARROW1\0\0", 8) == 0)
        return 100;
    if (head.len < 24 || memcmp(head.ptr, "\xff\xff\xff\xff", 4) != 0)
        return 0;
    int32_t len = load_i32((const uint8_t *)head.ptr + 4);
    return len >= 16 && len % 8 == 0 ? 95 : 0;
}

static const char *const extensions[] = {"arrow", "arrows", "feather", "ipc", NULL};

const struct format arrow_format = {
    .name = "arrow",
    .extensions = extensions,
    .help = "Arrow IPC stream: what tools pass to one another, typed",
    .sniff = sniff,
    .read = arrow_read,
    .write = arrow_write,
};
