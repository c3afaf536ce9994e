#include "connectors/csv_split.h"

void csv_mask_plain(const char *text, size_t n_blocks, const struct csv_marks *marks,
                    struct csv_block *ret)
{
    unsigned char quote = (unsigned char)marks->quote, delimiter = (unsigned char)marks->delimiter,
                  newline = (unsigned char)marks->newline;

    for (size_t b = 0; b < n_blocks; b++, text += CSV_BLOCK) {
        struct csv_block m = {0};
        for (int i = 0; i < CSV_BLOCK; i++) {
            unsigned char c = (unsigned char)text[i];
            m.quote |= (uint64_t)(c == quote) << i;
            m.delimiter |= (uint64_t)(c == delimiter) << i;
            m.newline |= (uint64_t)(c == newline) << i;
        }
        m.quote = quote ? m.quote : 0;
        m.delimiter = delimiter ? m.delimiter : 0;
        ret[b] = m;
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

static inline uint64_t match16(const __m128i v[4], __m128i byte)
{
    uint64_t bits = 0;

    for (int i = 0; i < 4; i++)
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v[i], byte)) << (16 * i);
    return bits;
}

static void mask_sse2(const char *text, size_t n_blocks, const struct csv_marks *marks,
                      struct csv_block *ret)
{
    __m128i quote = _mm_set1_epi8((char)marks->quote);
    __m128i delimiter = _mm_set1_epi8((char)marks->delimiter);
    __m128i newline = _mm_set1_epi8((char)marks->newline);
    uint64_t has_quote = marks->quote ? ~UINT64_C(0) : 0;
    uint64_t has_delimiter = marks->delimiter ? ~UINT64_C(0) : 0;

    for (size_t b = 0; b < n_blocks; b++, text += CSV_BLOCK) {
        __m128i v[4];
        memcpy(v, text, sizeof(v));
        ret[b].quote = match16(v, quote) & has_quote;
        ret[b].delimiter = match16(v, delimiter) & has_delimiter;
        ret[b].newline = match16(v, newline);
    }
}

__attribute__((target("avx2"))) static inline uint64_t match32(__m256i a, __m256i b, __m256i byte)
{
    uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, byte));
    uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, byte));

    return low | (uint64_t)high << 32;
}

__attribute__((target("avx2"))) static void
mask_avx2(const char *text, size_t n_blocks, const struct csv_marks *marks, struct csv_block *ret)
{
    __m256i quote = _mm256_set1_epi8((char)marks->quote);
    __m256i delimiter = _mm256_set1_epi8((char)marks->delimiter);
    __m256i newline = _mm256_set1_epi8((char)marks->newline);
    uint64_t has_quote = marks->quote ? ~UINT64_C(0) : 0;
    uint64_t has_delimiter = marks->delimiter ? ~UINT64_C(0) : 0;

    for (size_t b = 0; b < n_blocks; b++, text += CSV_BLOCK) {
        __m256i v[2];
        memcpy(v, text, sizeof(v));
        ret[b].quote = match32(v[0], v[1], quote) & has_quote;
        ret[b].delimiter = match32(v[0], v[1], delimiter) & has_delimiter;
        ret[b].newline = match32(v[0], v[1], newline);
    }
}

csv_masker *csv_masker_best(void)
{
    return __builtin_cpu_supports("avx2") ? mask_avx2 : mask_sse2;
}
#else
csv_masker *csv_masker_best(void)
{
    return csv_mask_plain;
}
#endif
