/* `sluice --version`: ours and those of the libraries in use, asked of the libraries themselves. */
#include <archive.h>
#include <brotli/decode.h>
#include <csv.h>
#include <jansson.h>
#include <libfyaml.h>
#include <libxml/xmlversion.h>
#include <lz4.h>
#include <openssl/crypto.h>
#include <snappy-c.h>
#include <stdio.h>
#include <unicode/uversion.h>
#include <xxhash.h>
#include <yajl/yajl_version.h>
#include <zlib.h>
#include <zstd.h>

#include "cmd/overview.h"
#include "core/buffer.h"

static void dotted(struct buffer *b, const char *name, unsigned major, unsigned minor,
                   unsigned patch)
{
    buffer_printf(b, "  %-12s %u.%u.%u\n", name, major, minor, patch);
}

int version_print(struct error *err)
{
    struct buffer b = {0};
    UVersionInfo icu;
    char icu_text[U_MAX_VERSION_STRING_LENGTH];
    u_getVersion(icu);
    u_versionToString(icu, icu_text);
    unsigned brotli = BrotliDecoderVersion(), xx = XXH_versionNumber(),
             yajl = (unsigned)yajl_version();
    buffer_printf(&b, "sluice %s\n", SLUICE_VERSION);
    buffer_printf(&b, "  %-12s %s\n", "libarchive",
                  archive_version_string() + strlen("libarchive "));
    dotted(&b, "brotli", brotli >> 24, brotli >> 12 & 0xfff, brotli & 0xfff);
    dotted(&b, "libcsv", CSV_MAJOR, CSV_MINOR, CSV_RELEASE);
    buffer_printf(&b, "  %-12s %s\n", "libfyaml", fy_library_version());
    buffer_printf(&b, "  %-12s %s\n", "ICU", icu_text);
    buffer_printf(&b, "  %-12s %s\n", "jansson", jansson_version_str());
    buffer_printf(&b, "  %-12s %s\n", "lz4", LZ4_versionString());
    buffer_printf(&b, "  %-12s %s\n", "openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
    buffer_printf(&b, "  %-12s %s\n", "libxml2", LIBXML_DOTTED_VERSION);
    dotted(&b, "xxhash", xx / 10000, xx / 100 % 100, xx % 100);
    dotted(&b, "yajl", yajl / 10000, yajl / 100 % 100, yajl % 100);
    buffer_printf(&b, "  %-12s %s\n", "zlib", zlibVersion());
    buffer_printf(&b, "  %-12s %s\n", "zstd", ZSTD_versionString());
    return overview_print(&b, err);
}
