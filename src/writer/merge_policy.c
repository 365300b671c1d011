/* Segments of a size make a level. From the newest segment back, the longest stretch is merged that
 * has FR_LEVEL_FACTOR segments of its highest level; if there is none, a segment that has lost much
 * is written anew. */
#include "writer/merge_policy.h"

static uint32_t living(const struct fr_merge_candidate *s)
{
    return s->docs - s->dead;
}

static unsigned level_of(uint32_t docs)
{
    unsigned level = 0;
    for (uint64_t most = FR_LEVEL_DOCS; docs > most; most *= FR_LEVEL_FACTOR) level++;
    return level;
}

bool fr_merge_policy_choose(const struct fr_merge_candidate *segments, uint32_t count,
                            uint32_t most, uint32_t *begin, uint32_t *end)
{
    uint64_t docs = 0;
    unsigned highest = 0;
    bool found = false;
    /* Of the newest segments the longest stretch of low levels that has enough of them. */
    for (uint32_t i = count; i-- > 0;) {
        unsigned level = level_of(living(&segments[i]));
        docs += living(&segments[i]);
        if (docs > most) break;
        if (level > highest) highest = level;
        uint32_t same = 0;
        for (uint32_t k = i; k < count; k++) same += level_of(living(&segments[k])) == highest;
        bool ends = i == 0 || level_of(living(&segments[i - 1])) > highest;
        if (!ends || same < FR_LEVEL_FACTOR) continue;
        *begin = i;
        *end = count;
        found = true;
    }
    for (uint32_t i = 0; i < count && !found; i++) {
        uint64_t part = (uint64_t)segments[i].dead * FR_LEVEL_LOST_PART;
        if (part == 0 || part < segments[i].docs || living(&segments[i]) > most) continue;
        *begin = i;
        *end = i + 1;
        found = true;
    }
    return found;
}
