/* lower_bound.h: the binary search over indexes of anything that is in order. */
#ifndef FR_BASE_LOWER_BOUND_H
#define FR_BASE_LOWER_BOUND_H

/* Moves `low` to the first of [low, high) for which is_before, an expression of `i`, does not hold;
 * to high if it holds for all. Where it holds for an index it holds for all below it. An expression
 * that can fail notes that, and may say anything from then on: the search ends in any case. */
#define FR_LOWER_BOUND(type, low, high, i, is_before)                                              \
    for (type fr_end_ = (high), i; (low) < fr_end_;) {                                             \
        i = (low) + (fr_end_ - (low)) / 2;                                                         \
        if (is_before)                                                                             \
            (low) = i + 1;                                                                         \
        else                                                                                       \
            fr_end_ = i;                                                                           \
    }

#endif
