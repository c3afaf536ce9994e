#include "connectors/parquet/parquet_column.h"
#include "connectors/parquet/thrift.h"

/* BloomFilter.md: blocks of eight 32-bit words, one bit set in each. 10.5 bits a value make false
 * positives rarer than 1 in 100. */
enum { BLOCK_BYTES = 32, MAX_BYTES = 128 << 20 };

static size_t filter_bytes(size_t n_values)
{
    size_t bytes = BLOCK_BYTES;
    while (bytes < MAX_BYTES && bytes * 8 * 2 < n_values * 21)
        bytes *= 2;
    return bytes;
}

static void insert(uint8_t *bits, size_t n_blocks, uint64_t hash)
{
    static const uint32_t salt[8] = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                     0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};
    uint8_t *block = bits + ((hash >> 32) * n_blocks >> 32) * BLOCK_BYTES;
    for (int i = 0; i < 8; i++) {
        uint32_t bit = (uint32_t)hash * salt[i] >> 27;
        block[i * 4 + (int)(bit / 8)] = (uint8_t)(block[i * 4 + (int)(bit / 8)] | 1 << bit % 8);
    }
}

/* A union with one empty struct. */
static void put_choice(struct thrift_out *t, int id)
{
    int outer = thrift_begin(t, id), inner = thrift_begin(t, 1);
    thrift_end(t, inner);
    thrift_end(t, outer);
}

int parquet_bloom_make(const struct parquet_column *c, struct buffer *ret)
{
    size_t n = c->bloom.len / sizeof(uint64_t), bytes = filter_bytes(n);
    struct thrift_out t = {.to = ret};
    buffer_reset(ret);
    thrift_put_i32(&t, 1, (int32_t)bytes);
    for (int id = 2; id <= 4; id++)
        put_choice(&t, id);
    thrift_end(&t, 0);
    if (t.failed)
        return ERR_MEMORY;
    size_t head = ret->len;
    TRY(buffer_zeros(ret, bytes));
    for (size_t i = 0; i < n; i++) {
        uint64_t hash;
        memcpy(&hash, c->bloom.data + i * sizeof hash, sizeof hash);
        insert(ret->data + head, bytes / BLOCK_BYTES, hash);
    }
    return 0;
}
