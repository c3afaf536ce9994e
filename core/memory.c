#include "core/memory.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* The first number of a file; 0 when there is none, as "max" is none. */
static uint64_t first_number(const char *path, int skip)
{
    unsigned long long n = 0, skipped;
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    for (int i = 0; i < skip; i++)
        if (fscanf(f, "%llu", &skipped) != 1)
            n = 0;
    if (fscanf(f, "%llu", &n) != 1)
        n = 0;
    fclose(f);
    return n;
}

uint64_t memory_total(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    uint64_t total = pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_C(4) << 30;
    uint64_t group = first_number("/sys/fs/cgroup/memory.max", 0);
    return group && group < total ? group : total;
}

uint64_t memory_held(void)
{
    long size = sysconf(_SC_PAGESIZE);
    return first_number("/proc/self/statm", 1) * (uint64_t)(size > 0 ? size : 4096);
}

void *memory_map(size_t size)
{
    void *p = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    madvise(p, size ? size : 1, MADV_HUGEPAGE); /* a wish: small pages do too */
    return p;
}

void memory_unmap(void *p, size_t size)
{
    if (p)
        munmap(p, size ? size : 1);
}
