/* Finding the next byte that matters, sixteen at a time where SSE2 is there (every x86-64). */
#ifndef SLUICE_CONNECTORS_JSON_SCAN_H
#define SLUICE_CONNECTORS_JSON_SCAN_H

#include <stddef.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The first quote, backslash or control character in a string, or `end`. *high is set when a byte
 * beyond ASCII was seen on the way. */
static inline const char *scan_string(const char *p, const char *end, int *high)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\'),
                  control = _mm_set1_epi8(0x1f);
    while (end - p >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, escape));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
        int mask = _mm_movemask_epi8(stop);
        *high |= _mm_movemask_epi8(v);
        if (mask)
            return p + __builtin_ctz((unsigned)mask);
        p += 16;
    }
#endif
    for (; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\' || c < 0x20)
            break;
        *high |= c & 0x80;
    }
    return p;
}

/* The first quote, opening `up` or closing `down` bracket outside strings, or `end`. */
static inline const char *scan_brackets(const char *p, const char *end, char up, char down)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), ups = _mm_set1_epi8(up), downs = _mm_set1_epi8(down);
    while (end - p >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(v, ups), _mm_cmpeq_epi8(v, downs));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(v, quote));
        int mask = _mm_movemask_epi8(stop);
        if (mask)
            return p + __builtin_ctz((unsigned)mask);
        p += 16;
    }
#endif
    while (p < end && *p != '"' && *p != up && *p != down)
        p++;
    return p;
}

#endif
