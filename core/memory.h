/* Memory: how much there is, how much this process holds, and large zeroed arrays that cost only
 * the pages that are touched. */
#ifndef SLUICE_CORE_MEMORY_H
#define SLUICE_CORE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the machine, or of the control group when it is given less. */
uint64_t memory_total(void);
/* Bytes this process holds now; 0 when the system does not say. */
uint64_t memory_held(void);

/* `size` zeroed bytes straight from the system, in large pages where it has them; NULL when
 * refused. Reserved, not committed: pages come as they are first written. */
void *memory_map(size_t size);
void memory_unmap(void *p, size_t size); /* NULL is fine */

#endif
