/* Archives: files packed under given names with a fixed time, the same bytes every time. */
#ifndef GEN_PACK_H
#define GEN_PACK_H

#include <stdint.h>

enum packing { PACK_ZIP, PACK_TAR_GZ };

struct packed {
    const char *path, *name; /* the file to read, its name inside */
};

/* Overwrites `path` (mode 0600). 0, or an errno. */
int pack(const char *path, enum packing packing, const struct packed *members, int n,
         int64_t seconds);

#endif
