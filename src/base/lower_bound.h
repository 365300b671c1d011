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

/* The same, in steps that double: where the answer is the d-th from `low` on, it looks at about
 * 2 log2(d) of them. */
#define FR_LOWER_BOUND_FROM(type, low, high, i, is_before)                                         \
    for (type fr_end_ = (high), fr_step_ = 1, i = (low); (low) < fr_end_;) {                       \
        if (is_before) {                                                                           \
            (low) = i + 1;                                                                         \
        } else {                                                                                   \
            fr_end_ = i;                                                                           \
            fr_step_ = (type)-1; /* from here on it is between the two */                          \
        }                                                                                          \
        i = (low) + (fr_step_ < fr_end_ - (low) ? fr_step_ : (fr_end_ - (low)) / 2);               \
        if (fr_step_ != (type)-1) fr_step_ *= 2;                                                   \
    }

#endif
