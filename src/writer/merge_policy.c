/* Segments of a size make a tier. From the newest segment back, the longest stretch is merged that
 * has FR_TIER_FACTOR segments of its highest tier; if there is none, a segment that has lost much
 * is written anew. */
#include "writer/merge_policy.h"

static uint32_t living(const struct fr_merge_candidate *s)
{
    return s->docs - s->dead;
}

static unsigned tier_of(uint32_t docs)
{
    unsigned tier = 0;
    for (uint64_t most = FR_TIER_DOCS; docs > most; most *= FR_TIER_FACTOR) tier++;
    return tier;
}

bool fr_merge_policy_choose(const struct fr_merge_candidate *segments, uint32_t count,
                            uint32_t most, uint32_t *begin, uint32_t *end)
{
    uint64_t docs = 0;
    unsigned highest = 0;
    bool found = false;
    /* Of the newest segments the longest stretch of low tiers that has enough of them. */
    for (uint32_t i = count; i-- > 0;) {
        unsigned tier = tier_of(living(&segments[i]));
        docs += living(&segments[i]);
        if (docs > most) break;
        if (tier > highest) highest = tier;
        uint32_t same = 0;
        for (uint32_t k = i; k < count; k++) same += tier_of(living(&segments[k])) == highest;
        bool ends = i == 0 || tier_of(living(&segments[i - 1])) > highest;
        if (!ends || same < FR_TIER_FACTOR) continue;
        *begin = i;
        *end = count;
        found = true;
    }
    for (uint32_t i = 0; i < count && !found; i++) {
        uint64_t part = (uint64_t)segments[i].dead * FR_TIER_LOST_PART;
        if (part == 0 || part < segments[i].docs || living(&segments[i]) > most) continue;
        *begin = i;
        *end = i + 1;
        found = true;
    }
    return found;
}
