/* Identity over time: clusters + the previous xref → customer ids and identity events, by
 * golden.md's rule. */
#ifndef SLUICE_TRANSFORM_GOLDEN_IDENTITY_H
#define SLUICE_TRANSFORM_GOLDEN_IDENTITY_H

#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"
#include "core/stream.h"

enum { CUSTOMER_ID_LEN = 13 };

/* 13 characters of Crockford base32 of a 64-bit value. */
void customer_id_text(uint64_t id, char ret[CUSTOMER_ID_LEN + 1]);

/* Source, a zero byte, key: a member's name as one string, put into `scratch`. Text of ours holds
 * no zero. */
int member_key(struct buffer *scratch, struct slice source, struct slice key);

struct identity_member {
    struct slice source, key;
    uint32_t cluster; /* any number that members of a cluster share */
    struct slice id;  /* out: customer_id, in the arena */
};

/* `previous`: a stream of (source, key, customer_id …) or NULL; consumed, not closed. Sets every
 * member's id. *ret_events: a stream of identity_event rows: at (the run's time, given), event
 * (created merged split retired), customer_id, other_id (where it went or came from), reason,
 * records int64; sorted. */
int identity_assign(struct identity_member *members, size_t n, struct stream *previous,
                    int64_t run_at, struct arena *arena, struct stream **ret_events,
                    struct error *err);

struct schema *identity_event_schema(void);

#endif
