#include "tests/gen/places.h"

/* The largest first. Names, areas and codes as they are; the streets are made up. */
const struct town towns[] = {
    {"London", "Greater London", "SE", 28, "20"},
    {"London", "Greater London", "N", 22, "20"},
    {"Birmingham", "West Midlands", "B", 48, "121"},
    {"London", "Greater London", "SW", 20, "20"},
    {"Manchester", "Greater Manchester", "M", 35, "161"},
    {"Leeds", "West Yorkshire", "LS", 29, "113"},
    {"Glasgow", "Lanarkshire", "G", 78, "141"},
    {"Liverpool", "Merseyside", "L", 38, "151"},
    {"Sheffield", "South Yorkshire", "S", 36, "114"},
    {"Bristol", "Avon", "BS", 37, "117"},
    {"Edinburgh", "Midlothian", "EH", 17, "131"},
    {"Cardiff", "South Glamorgan", "CF", 24, "29"},
    {"Leicester", "Leicestershire", "LE", 19, "116"},
    {"Nottingham", "Nottinghamshire", "NG", 19, "115"},
    {"Coventry", "West Midlands", "CV", 13, "24"},
    {"Bradford", "West Yorkshire", "BD", 20, "1274"},
    {"Newcastle upon Tyne", "Tyne and Wear", "NE", 20, "191"},
    {"Hull", "East Yorkshire", "HU", 17, "1482"},
    {"Stoke-on-Trent", "Staffordshire", "ST", 12, "1782"},
    {"Southampton", "Hampshire", "SO", 19, "23"},
    {"Portsmouth", "Hampshire", "PO", 17, "23"},
    {"Derby", "Derbyshire", "DE", 24, "1332"},
    {"Plymouth", "Devon", "PL", 9, "1752"},
    {"Wolverhampton", "West Midlands", "WV", 14, "1902"},
    {"Brighton", "East Sussex", "BN", 27, "1273"},
    {"Norwich", "Norfolk", "NR", 16, "1603"},
    {"Reading", "Berkshire", "RG", 31, "118"},
    {"Aberdeen", "Aberdeenshire", "AB", 25, "1224"},
    {"Swansea", "West Glamorgan", "SA", 18, "1792"},
    {"Dundee", "Angus", "DD", 5, "1382"},
    {"Luton", "Bedfordshire", "LU", 7, "1582"},
    {"Middlesbrough", "North Yorkshire", "TS", 15, "1642"},
    {"Sunderland", "Tyne and Wear", "SR", 8, "191"},
    {"Bolton", "Greater Manchester", "BL", 9, "1204"},
    {"Bournemouth", "Dorset", "BH", 25, "1202"},
    {"Peterborough", "Cambridgeshire", "PE", 16, "1733"},
    {"Swindon", "Wiltshire", "SN", 26, "1793"},
    {"Milton Keynes", "Buckinghamshire", "MK", 19, "1908"},
    {"Northampton", "Northamptonshire", "NN", 18, "1604"},
    {"Warrington", "Cheshire", "WA", 16, "1925"},
    {"Huddersfield", "West Yorkshire", "HD", 9, "1484"},
    {"York", "North Yorkshire", "YO", 32, "1904"},
    {"Ipswich", "Suffolk", "IP", 33, "1473"},
    {"Oxford", "Oxfordshire", "OX", 18, "1865"},
    {"Cambridge", "Cambridgeshire", "CB", 25, "1223"},
    {"Gloucester", "Gloucestershire", "GL", 20, "1452"},
    {"Preston", "Lancashire", "PR", 9, "1772"},
    {"Blackpool", "Lancashire", "FY", 8, "1253"},
    {"Exeter", "Devon", "EX", 24, "1392"},
    {"Colchester", "Essex", "CO", 16, "1206"},
    {"Croydon", "Surrey", "CR", 9, "20"},
    {"Blackburn", "Lancashire", "BB", 12, "1254"},
    {"Oldham", "Greater Manchester", "OL", 16, "161"},
    {"Telford", "Shropshire", "TF", 13, "1952"},
    {"Slough", "Berkshire", "SL", 9, "1753"},
    {"Watford", "Hertfordshire", "WD", 25, "1923"},
    {"Rochester", "Kent", "ME", 20, "1634"},
    {"Cheltenham", "Gloucestershire", "GL", 54, "1242"},
    {"Basildon", "Essex", "SS", 17, "1268"},
    {"Worcester", "Worcestershire", "WR", 15, "1905"},
    {"Bath", "Somerset", "BA", 22, "1225"},
    {"Lincoln", "Lincolnshire", "LN", 13, "1522"},
    {"Doncaster", "South Yorkshire", "DN", 40, "1302"},
    {"Chester", "Cheshire", "CH", 66, "1244"},
    {"Maidstone", "Kent", "ME", 19, "1622"},
    {"Hastings", "East Sussex", "TN", 40, "1424"},
    {"Darlington", "County Durham", "DL", 17, "1325"},
    {"Bedford", "Bedfordshire", "MK", 46, "1234"},
    {"Stevenage", "Hertfordshire", "SG", 19, "1438"},
    {"Halifax", "West Yorkshire", "HX", 7, "1422"},
    {"Wakefield", "West Yorkshire", "WF", 17, "1924"},
    {"Hereford", "Herefordshire", "HR", 9, "1432"},
    {"Carlisle", "Cumbria", "CA", 28, "1228"},
    {"Lancaster", "Lancashire", "LA", 23, "1524"},
    {"Shrewsbury", "Shropshire", "SY", 25, "1743"},
    {"Taunton", "Somerset", "TA", 24, "1823"},
    {"Truro", "Cornwall", "TR", 27, "1872"},
    {"Salisbury", "Wiltshire", "SP", 11, "1722"},
    {"Canterbury", "Kent", "CT", 21, "1227"},
    {"Guildford", "Surrey", "GU", 35, "1483"},
    {"Kingston upon Thames", "Surrey", "KT", 24, "20"},
    {"Inverness", "Inverness-shire", "IV", 36, "1463"},
    {"Perth", "Perthshire", "PH", 26, "1738"},
    {"Stirling", "Stirlingshire", "FK", 21, "1786"},
    {"Kirkcaldy", "Fife", "KY", 16, "1592"},
    {"Paisley", "Renfrewshire", "PA", 20, "141"},
    {"Kilmarnock", "Ayrshire", "KA", 30, "1563"},
    {"Dumfries", "Dumfriesshire", "DG", 16, "1387"},
    {"Newport", "Gwent", "NP", 26, "1633"},
    {"Wrexham", "Clwyd", "LL", 65, "1978"},
    {"Llandrindod Wells", "Powys", "LD", 8, "1597"},
    {"Galashiels", "Selkirkshire", "TD", 15, "1896"},
    {"Kirkwall", "Orkney", "KW", 17, "1856"},
    {"Ilford", "Essex", "IG", 11, "20"},
    {"Romford", "Essex", "RM", 20, "1708"},
    {"Bromley", "Kent", "BR", 8, "20"},
    {"Harrow", "Middlesex", "HA", 9, "20"},
    {"Twickenham", "Middlesex", "TW", 20, "20"},
    {"Enfield", "Middlesex", "EN", 11, "20"},
    {"St Albans", "Hertfordshire", "AL", 10, "1727"},
};
const int n_towns = (int)(sizeof(towns) / sizeof(*towns));

static const char *const street_names[] = {
    "High",      "Station",    "Church",      "Park",       "Victoria",  "Green",     "Manor",
    "Kings",     "Queens",     "New",         "Grange",     "North",     "South",     "West",
    "East",      "Mill",       "School",      "George",     "Albert",    "Alexandra", "York",
    "Windsor",   "Richmond",   "Springfield", "Main",       "Stanley",   "Chapel",    "London",
    "Highfield", "Broad",      "Bridge",      "Castle",     "Cedar",     "Oak",       "Ash",
    "Beech",     "Elm",        "Willow",      "Poplar",     "Birch",     "Hawthorn",  "Holly",
    "Hazel",     "Rowan",      "Chestnut",    "Sycamore",   "Lime",      "Maple",     "Laurel",
    "St John's", "St Mary's",  "St Paul's",   "St Peter's", "Cambridge", "Oxford",    "Balmoral",
    "Clarence",  "Wellington", "Nelson",      "Trafalgar",  "Waterloo",  "Churchill", "Cromwell",
    "Warwick",   "Kent",       "Devonshire",  "Norfolk",    "Lancaster", "Derby",     "Salisbury",
    "Meadow",    "Orchard",    "Woodland",    "Hillside",   "Riverside", "Brook",     "Spring",
    "Fairfield", "Westfield",  "Northfield",  "Southfield", "Eastfield", "Moor",      "Heath",
    "Common",    "Priory",     "Abbey",       "Vicarage",   "Rectory",   "Quarry",    "Forge",
    "Tanners",   "Weavers",    "Coopers",     "Fletchers",  "Market",    "Canal",     "Dock",
    "Harbour",   "Marine",     "Beach",       "Cliff",      "Lakeside",  "Ferndale",  "Rosemary",
    "Primrose",  "Bluebell",   "Lavender",    "Heather",    "Bramble",   "Kestrel",   "Swallow",
};

static const char *const street_kinds[][2] = {
    {"Road", "Rd"},       {"Street", "St"}, {"Avenue", "Ave"},  {"Close", "Cl"},
    {"Lane", "Ln"},       {"Drive", "Dr"},  {"Way", "Way"},     {"Gardens", "Gdns"},
    {"Crescent", "Cres"}, {"Grove", "Gr"},  {"Terrace", "Ter"}, {"Place", "Pl"},
    {"Court", "Ct"},      {"Square", "Sq"}, {"Hill", "Hill"},   {"Walk", "Walk"},
};

enum {
    N_STREETS = sizeof(street_names) / sizeof(*street_names),
    N_KINDS = sizeof(street_kinds) / sizeof(*street_kinds)
};

/* Letters that the second half of a postcode uses. */
static const char unit_letters[] = "ABDEFGHJLNPQRSTUWXYZ";

static void street_of(struct chance *c, struct address *ret)
{
    struct text t = TEXT_ON(ret->street);
    if (chance_hit(c, 0.35)) { /* named after someone, so that streets have a tail too */
        text_add(&t, surname_starts[chance_below(c, (uint32_t)n_surname_starts)]);
        text_add(&t, surname_ends[chance_below(c, (uint32_t)n_surname_ends)]);
    } else {
        double u = chance_unit(c);
        text_add(&t, street_names[(int)(u * u * N_STREETS)]);
    }
    double u = chance_unit(c);
    ret->kind = street_kinds[(int)(u * u * N_KINDS)][0];
}

static void postcode_of(struct chance *c, const struct town *town, struct address *ret)
{
    struct text t = TEXT_ON(ret->postcode);
    text_add(&t, town->area);
    text_uint(&t, 1 + chance_below(c, (uint32_t)town->districts), 1);
    text_char(&t, ' ');
    text_uint(&t, chance_below(c, 10), 1);
    text_char(&t, unit_letters[chance_below(c, 20)]);
    text_char(&t, unit_letters[chance_below(c, 20)]);
}

void address_of(uint64_t seed, const struct ranks *towns_by_size, uint64_t block, int place,
                struct address *ret)
{
    struct chance c = chance_for(seed, block, FOR_BLOCK);
    *ret = (struct address){.town = ranks_draw(towns_by_size, &c)};
    street_of(&c, ret);
    postcode_of(&c, &towns[ret->town], ret);
    int first = chance_between(&c, 1, 120), step = chance_between(&c, 1, 2);
    int flats = chance_hit(&c, 0.12);
    ret->house = flats ? first : first + place * step;
    if (flats) {
        struct text t = TEXT_ON(ret->flat);
        text_add(&t, "Flat ");
        text_uint(&t, (uint64_t)place + 1, 1);
    }
}

const char *street_kind_short(const char *kind)
{
    for (int i = 0; i < N_KINDS; i++)
        if (!strcmp(street_kinds[i][0], kind))
            return street_kinds[i][1];
    return kind;
}

void landline_of(int town, struct chance *c, char ret_number[12])
{
    struct text t = text_on(ret_number, 12);
    text_add(&t, towns[town].dial);
    text_char(&t, (char)('2' + chance_below(c, 7)));
    while (t.at < ret_number + 10)
        text_char(&t, (char)('0' + chance_below(c, 10)));
}
