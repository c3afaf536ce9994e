/* From a block to the canonical batch: the rows that go out are appended to builders, with a hash
 * of each row's content. */
#ifndef SLUICE_TRANSFORM_MAP_EMIT_H
#define SLUICE_TRANSFORM_MAP_EMIT_H

#include "core/builder.h"
#include "transform/map/block.h"

/* Appends the block's rows of FATE_OUT to `out`. content[i] of the i-th of them: hash_fixed-made,
 * of all canonical values but `raw`. Returns how many, or ERR_MEMORY. */
int emit_block(struct block *b, struct batch_builder *out, uint64_t *content);

#endif
