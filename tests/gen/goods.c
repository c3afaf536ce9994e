#include "tests/gen/goods.h"

#include <string.h>

static const struct good goods[] = {
    {"GD-1001", "Secateurs, bypass", "Garden", 1499, 20},
    {"GD-1002", "Watering can 9 l", "Garden", 1250, 20},
    {"GD-1003", "Wheelbarrow 85 l", "Garden", 5999, 20},
    {"GD-1004", "Lawn seed 2 kg", "Garden", 1899, 20},
    {"GD-1005", "Compost 50 l", "Garden", 749, 20},
    {"GD-1006", "Hedge trimmer 500 W", "Garden", 6450, 20},
    {"KT-2001", "Frying pan 28 cm", "Kitchen", 2999, 20},
    {"KT-2002", "Kettle 1.7 l", "Kitchen", 3490, 20},
    {"KT-2003", "Knife set, 5 pieces", "Kitchen", 7900, 20},
    {"KT-2004", "Mug \"Good Morning\"", "Kitchen", 650, 20},
    {"KT-2005", "Stand mixer", "Kitchen", 24900, 20},
    {"KT-2006", "Café press 1 l", "Kitchen", 2295, 20},
    {"LT-3001", "LED bulb E27, pack of 4", "Lighting", 999, 20},
    {"LT-3002", "Desk lamp", "Lighting", 3450, 20},
    {"LT-3003", "Ceiling light, 3 spots", "Lighting", 5490, 20},
    {"LT-3004", "String lights 10 m", "Lighting", 1295, 20},
    {"TL-4001", "Cordless drill 18 V", "Tools", 8999, 20},
    {"TL-4002", "Spirit level 60 cm", "Tools", 1450, 20},
    {"TL-4003", "Screwdriver set", "Tools", 1999, 20},
    {"TL-4004", "Workbench, folding", "Tools", 4995, 20},
    {"TL-4005", "Pipe 5\" stainless", "Tools", 899, 20},
    {"BD-5001", "Duvet, 10.5 tog", "Bedding", 4599, 20},
    {"BD-5002", "Pillow, feather", "Bedding", 2450, 20},
    {"BD-5003", "Bed linen, cotton", "Bedding", 5250, 20},
    {"BD-5004", "Blanket, wool & silk", "Bedding", 8950, 20},
    {"BK-6001", "The Kitchen Garden", "Books", 1899, 0},
    {"BK-6002", "Repair It Yourself", "Books", 1650, 0},
    {"BK-6003", "Crème de la crème", "Books", 2250, 0},
    {"BK-6004", "Birds of the Hedgerow", "Books", 1299, 0},
    {"PT-7001", "Dog food 12 kg", "Pets", 3299, 20},
    {"PT-7002", "Cat litter 20 l", "Pets", 1199, 20},
    {"PT-7003", "Bird feeder", "Pets", 1495, 20},
    {"PT-7004", "Dog bed, large", "Pets", 4490, 20},
    {"HT-8001", "Radiator, oil 2 kW", "Heating", 6990, 20},
    {"HT-8002", "Thermostat, wireless", "Heating", 11900, 20},
    {"HT-8003", "Wood pellets 15 kg", "Heating", 620, 5},
    {"HT-8004", "Loft insulation, roll", "Heating", 2780, 5},
};

static const char *const categories[] = {"Garden",  "Kitchen", "Lighting", "Tools",
                                         "Bedding", "Books",   "Pets",     "Heating"};

static const char *const branches[] = {"London",     "Birmingham", "Manchester", "Leeds",
                                       "Glasgow",    "Bristol",    "Edinburgh",  "Cardiff",
                                       "Nottingham", "Newcastle",  "Norwich",    "Exeter"};

static const char *const sellers[] = {"S01", "S02", "S03", "S04", "S05",
                                      "S06", "S07", "S08", "S09"};

enum { N_GOODS = sizeof(goods) / sizeof(*goods), N_BRANCHES = 12 };

const struct good *good_for(uint64_t person, struct chance *c)
{
    uint64_t taste = mix64(person + 77);
    const char *liked[2] = {categories[taste % 8], categories[taste / 8 % 8]};
    const struct good *g = &goods[chance_below(c, N_GOODS)];
    if (chance_hit(c, 0.6))
        for (int i = 0; i < N_GOODS; i++, g = g + 1 < goods + N_GOODS ? g + 1 : goods)
            if (!strcmp(g->category, liked[0]) || !strcmp(g->category, liked[1]))
                break;
    return g;
}

/* Mostly the one nearest; towns have no map here, so each simply has its branch. */
const char *branch_for(int town, struct chance *c)
{
    return branches[chance_hit(c, 0.8) ? (uint32_t)town % N_BRANCHES : chance_below(c, N_BRANCHES)];
}

const char *seller_for(const char *branch, struct chance *c)
{
    return sellers[((uint32_t)branch[0] + chance_below(c, 3)) % 9];
}
