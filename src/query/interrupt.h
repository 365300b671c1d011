/* interrupt.h: a call that its caller may cancel, and that may have a deadline. Every loop that can
 * be long asks, about once in ten thousand steps: a window, a round, a word, a string that is
 * looked up. Once the answer was yes it stays, so what can return no status just stops; its result
 * is thrown away when the call ends. */
#ifndef FR_QUERY_INTERRUPT_H
#define FR_QUERY_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct fr_interrupt {
    int (*cancels)(void *arg); /* the caller's, or NULL */
    void *arg;
    uint64_t timeout_us, deadline_us; /* 0: none */
    bool armed;                       /* there is one of the two */
    bool fired;
};

/* Begins a call; timeout_us 0: no deadline. */
void fr_interrupt_arm(struct fr_interrupt *i, int (*cancels)(void *arg), void *arg,
                      uint64_t timeout_us);

/* The slow half of fr_interrupted. */
bool fr_interrupt_ask(struct fr_interrupt *i);

/* Is the call to end? */
static inline bool fr_interrupted(struct fr_interrupt *i)
{
    return i->armed && fr_interrupt_ask(i);
}

/* FRAI_ERR_CANCELED, once it fired; asks no more. */
frai_status fr_interrupt_status(const struct fr_interrupt *i, frai_error *err);

/* Asks, and fails with FRAI_ERR_CANCELED. */
static inline frai_status fr_interrupt_check(struct fr_interrupt *i, frai_error *err)
{
    return fr_interrupted(i) ? fr_interrupt_status(i, err) : FRAI_OK;
}

#endif
