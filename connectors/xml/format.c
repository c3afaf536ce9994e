#include <libxml/parser.h>

#include "connectors/xml.h"
#include "connectors/xml/frame.h"

static int sniff_xml(struct slice head)
{
    if (slice_starts(head, SLICE_LIT("\xef\xbb\xbf")))
        head = slice_of(head.ptr + 3, head.len - 3);
    head = slice_trim(head);
    if (slice_starts(head, SLICE_LIT("<?xml")))
        return 95;
    if (head.len < 3 || *head.ptr != '<')
        return 0;
    size_t end;
    unsigned char c = (unsigned char)head.ptr[1];
    int is_name = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c >= 0x80;
    if (slice_starts(head, SLICE_LIT("<!--")))
        return 70;
    return is_name && xml_tag_end(head, &end) >= 0 ? 75 : 0;
}

static int read_xml(const char *const *paths, int n_paths, const struct read_options *options,
                    struct stream **ret, struct error *err)
{
    xmlInitParser(); /* here, before there are threads in it */
    return nested_read(&xml_kind, paths, n_paths, options, ret, err);
}

static const char *const extensions[] = {"xml", NULL};

const struct format xml_format = {
    .name = "xml",
    .extensions = extensions,
    .help = "XML: a row for each element that repeats",
    .sniff = sniff_xml,
    .read = read_xml,
};
