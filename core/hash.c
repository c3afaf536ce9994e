#include "core/hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_fixed(const void *bytes, size_t len)
{
    return XXH3_64bits(bytes, len);
}

uint64_t hash_pair(uint64_t a, uint64_t b)
{
    uint64_t words[2] = {a, b};
    return XXH3_64bits(words, sizeof words);
}

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

/* Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012). */
static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

uint64_t hash_seeded(const void *bytes, size_t len, const uint64_t seed[2])
{
    const unsigned char *p = bytes;
    uint64_t v[4] = {seed[0] ^ 0x736f6d6570736575u, seed[1] ^ 0x646f72616e646f6du,
                     seed[0] ^ 0x6c7967656e657261u, seed[1] ^ 0x7465646279746573u};
    uint64_t word;
    size_t left = len;
    for (; left >= 8; left -= 8, p += 8) {
        memcpy(&word, p, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    word = (uint64_t)len << 56;
    for (size_t i = 0; i < left; i++)
        word |= (uint64_t)p[i] << (8 * i);
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
    v[2] ^= 0xff;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void hash_new_seed(uint64_t ret_seed[2])
{
    char *at = (char *)ret_seed;
    size_t left = 16;
    while (left) {
        ssize_t n = getrandom(at, left, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) { /* no randomness to be had: a weak seed beats none */
            ret_seed[0] = (uint64_t)time(NULL) ^ (uint64_t)getpid() << 32;
            ret_seed[1] = (uint64_t)(uintptr_t)&left;
            return;
        }
        at += n;
        left -= (size_t)n;
    }
}

struct sha256 {
    EVP_MD_CTX *context;
};

struct sha256 *sha256_new(void)
{
    struct sha256 *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    h->context = EVP_MD_CTX_new();
    if (!h->context || !EVP_DigestInit_ex(h->context, EVP_sha256(), NULL)) {
        sha256_free(h);
        return NULL;
    }
    return h;
}

void sha256_add(struct sha256 *h, const void *bytes, size_t len)
{
    EVP_DigestUpdate(h->context, bytes, len);
}

static void to_hex(const unsigned char digest[32], char ret_hex[65])
{
    for (int i = 0; i < 32; i++) {
        ret_hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        ret_hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    ret_hex[64] = 0;
}

void sha256_hex(struct sha256 *h, char ret_hex[65])
{
    unsigned char digest[32] = {0};
    EVP_DigestFinal_ex(h->context, digest, NULL);
    to_hex(digest, ret_hex);
}

void sha256_free(struct sha256 *h)
{
    if (h)
        EVP_MD_CTX_free(h->context);
    free(h);
}

void sha256_of(const void *bytes, size_t len, char ret_hex[65])
{
    unsigned char digest[32] = {0};
    EVP_Digest(bytes, len, digest, NULL, EVP_sha256(), NULL);
    to_hex(digest, ret_hex);
}
