#include "transform/map/flag.h"

#include "transform/map/junk.h"
#include "transform/map/text.h"

enum { FOLDED = 24 };

/* Folded (text_key), sorted by bytes. */
static const struct word_pair flags[] = {
    {"0", "0"},          {"1", "1"},          {"accept", "1"},      {"accepte", "1"},
    {"accepted", "1"},   {"acepta", "1"},     {"acepto", "1"},      {"active", "1"},
    {"agree", "1"},      {"agreed", "1"},     {"allow", "1"},       {"allowed", "1"},
    {"bounced", "0"},    {"checked", "1"},    {"consent", "1"},     {"consented", "1"},
    {"da", "1"},         {"declined", "0"},   {"denied", "0"},      {"deny", "0"},
    {"disabled", "0"},   {"disallowed", "0"}, {"dnc", "0"},         {"do not contact", "0"},
    {"enabled", "1"},    {"erteilt", "1"},    {"f", "0"},           {"falsch", "0"},
    {"false", "0"},      {"falso", "0"},      {"faux", "0"},        {"given", "1"},
    {"granted", "1"},    {"in", "1"},         {"inactive", "0"},    {"j", "1"},
    {"ja", "1"},         {"n", "0"},          {"nao", "0"},         {"ne", "0"},
    {"nee", "0"},        {"nein", "0"},       {"nej", "0"},         {"never", "0"},
    {"nie", "0"},        {"no", "0"},         {"non", "0"},         {"o", "1"},
    {"objected", "0"},   {"off", "0"},        {"on", "1"},          {"opt in", "1"},
    {"opt out", "0"},    {"opted in", "1"},   {"opted out", "0"},   {"optin", "1"},
    {"optout", "0"},     {"oui", "1"},        {"out", "0"},         {"refused", "0"},
    {"rejected", "0"},   {"revoked", "0"},    {"s", "1"},           {"si", "1"},
    {"sim", "1"},        {"subscribed", "1"}, {"t", "1"},           {"tak", "1"},
    {"true", "1"},       {"unchecked", "0"},  {"unsubscribe", "0"}, {"unsubscribed", "0"},
    {"verdadeiro", "1"}, {"verdadero", "1"},  {"vero", "1"},        {"vrai", "1"},
    {"widerrufen", "0"}, {"withdrawn", "0"},  {"x", "1"},           {"y", "1"},
    {"yes", "1"},        {"zugestimmt", "1"},
};

enum flag flag_standard(struct slice text)
{
    char folded[FOLDED];
    size_t n = text_key(text, folded, sizeof folded);
    struct slice found = WORD_VALUE(slice_of(folded, n), flags);
    if (found.ptr)
        return found.ptr[0] == '1' ? FLAG_YES : FLAG_NO;
    return junk_text(slice_trim(text)) ? FLAG_NOT_SAID : FLAG_NOT_UNDERSTOOD;
}
