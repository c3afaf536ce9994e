#include "schemas/contact.h"

enum { EMAIL_MAX = 254, LOCAL_MAX = 64, LABEL_MAX = 63 };

static int is_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* atext of RFC 5322, and all of UTF-8 beyond ASCII. */
static int is_local(unsigned char c)
{
    return c >= 0x80 || is_alnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static int local_valid(struct slice local)
{
    if (local.len == 0 || local.len > LOCAL_MAX || local.ptr[0] == '.' ||
        local.ptr[local.len - 1] == '.')
        return 0;
    for (size_t i = 0; i < local.len; i++) {
        if (local.ptr[i] == '.') {
            if (local.ptr[i - 1] == '.')
                return 0;
        } else if (!is_local((unsigned char)local.ptr[i])) {
            return 0;
        }
    }
    return 1;
}

static int label_valid(struct slice label)
{
    if (label.len == 0 || label.len > LABEL_MAX || label.ptr[0] == '-' ||
        label.ptr[label.len - 1] == '-')
        return 0;
    for (size_t i = 0; i < label.len; i++) {
        unsigned char c = (unsigned char)label.ptr[i];
        if (c < 0x80 && !is_alnum(c) && c != '-')
            return 0;
    }
    return 1;
}

/* No top-level domain is short of two characters or has a digit first. */
static int top_valid(struct slice label)
{
    unsigned char c = label.len ? (unsigned char)label.ptr[0] : '0';
    return label.len >= 2 && (c < '0' || c > '9');
}

static int domain_valid(struct slice domain)
{
    struct slice label = {0};
    int labels = 0;
    while (slice_cut(&domain, '.', &label)) {
        if (!label_valid(label))
            return 0;
        labels++;
    }
    return labels >= 2 && top_valid(label);
}

int email_valid(struct slice email)
{
    const char *at = email.len ? memchr(email.ptr, '@', email.len) : NULL;
    if (!at || email.len > EMAIL_MAX)
        return 0;
    size_t local = (size_t)(at - email.ptr);
    return local_valid(slice_of(email.ptr, local)) &&
           domain_valid(slice_of(at + 1, email.len - local - 1));
}

static const struct {
    const char *slip, *meant;
} slips[] = {
    {"gmial.com", "gmail.com"},
    {"gmai.com", "gmail.com"},
    {"gamil.com", "gmail.com"},
    {"gnail.com", "gmail.com"},
    {"gmal.com", "gmail.com"},
    {"gmil.com", "gmail.com"},
    {"gmaill.com", "gmail.com"},
    {"gmail.co", "gmail.com"},
    {"gmail.cm", "gmail.com"},
    {"gmail.con", "gmail.com"},
    {"gmail.cmo", "gmail.com"},
    {"gmail.comm", "gmail.com"},
    {"gmail.om", "gmail.com"},
    {"gmaik.com", "gmail.com"},
    {"gimail.com", "gmail.com"},
    {"ggmail.com", "gmail.com"},
    {"googlemail.co", "googlemail.com"},
    {"gogglemail.com", "googlemail.com"},
    {"hotmial.com", "hotmail.com"},
    {"hotmal.com", "hotmail.com"},
    {"hotmai.com", "hotmail.com"},
    {"hotmil.com", "hotmail.com"},
    {"homail.com", "hotmail.com"},
    {"hotmaill.com", "hotmail.com"},
    {"hotmail.co", "hotmail.com"},
    {"hotmail.con", "hotmail.com"},
    {"hotmail.cm", "hotmail.com"},
    {"hitmail.com", "hotmail.com"},
    {"hotnail.com", "hotmail.com"},
    {"otmail.com", "hotmail.com"},
    {"htomail.com", "hotmail.com"},
    {"hotamil.com", "hotmail.com"},
    {"yaho.com", "yahoo.com"},
    {"yahooo.com", "yahoo.com"},
    {"yhoo.com", "yahoo.com"},
    {"yaoo.com", "yahoo.com"},
    {"yahoo.co", "yahoo.com"},
    {"yahoo.con", "yahoo.com"},
    {"yahoo.cm", "yahoo.com"},
    {"yhaoo.com", "yahoo.com"},
    {"yahho.com", "yahoo.com"},
    {"tahoo.com", "yahoo.com"},
    {"outlok.com", "outlook.com"},
    {"outloo.com", "outlook.com"},
    {"oulook.com", "outlook.com"},
    {"outlook.co", "outlook.com"},
    {"outlook.con", "outlook.com"},
    {"outllok.com", "outlook.com"},
    {"outloook.com", "outlook.com"},
    {"iclod.com", "icloud.com"},
    {"icoud.com", "icloud.com"},
    {"icloud.co", "icloud.com"},
    {"icloud.con", "icloud.com"},
    {"iclould.com", "icloud.com"},
    {"aol.co", "aol.com"},
    {"aol.con", "aol.com"},
    {"live.con", "live.com"},
    {"msn.con", "msn.com"},
    {"btinernet.com", "btinternet.com"},
    {"btintenet.com", "btinternet.com"},
    {"btinterent.com", "btinternet.com"},
    {"btopenword.com", "btopenworld.com"},
    {"gmx.dee", "gmx.de"},
    {"gxm.de", "gmx.de"},
    {"gmx.ed", "gmx.de"},
    {"wbe.de", "web.de"},
    {"web.ed", "web.de"},
    {"t-onlin.de", "t-online.de"},
    {"tonline.de", "t-online.de"},
    {"t-online.e", "t-online.de"},
    {"t-oline.de", "t-online.de"},
    {"freenet.e", "freenet.de"},
    {"orage.fr", "orange.fr"},
    {"ornage.fr", "orange.fr"},
    {"wandoo.fr", "wanadoo.fr"},
    {"wanado.fr", "wanadoo.fr"},
    {"comcast.ne", "comcast.net"},
    {"comcat.net", "comcast.net"},
    {"verizon.ne", "verizon.net"},
    {"sbcgloba.net", "sbcglobal.net"},
    {"bellsouth.ne", "bellsouth.net"},
    {"hotmail.co.k", "hotmail.co.uk"},
    {"hotmail.couk", "hotmail.co.uk"},
    {"yahoo.co.k", "yahoo.co.uk"},
    {"yahoo.couk", "yahoo.co.uk"},
    {"hotmail.co.ul", "hotmail.co.uk"},
};

const char *email_slip(struct slice email)
{
    const char *at = email.len ? memchr(email.ptr, '@', email.len) : NULL;
    if (!at)
        return NULL;
    struct slice domain = slice_of(at + 1, email.len - (size_t)(at + 1 - email.ptr));
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
        if (slice_equal(domain, slice_str(slips[i].slip)))
            return slips[i].meant;
    return NULL;
}
