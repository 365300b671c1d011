/* interrupt.h: lets the caller cancel a call, or give it a deadline. Every loop that may take long
 * checks, about once in some ten thousand steps: for each window, round, word, or string that is
 * looked up. Once it has fired it stays so: functions without a status simply stop, and the call
 * discards what they returned. */
#ifndef FR_QUERY_INTERRUPT_H
#define FR_QUERY_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct fr_interrupt {
    int (*cancels)(void *arg); /* the caller's, or NULL */
    void *arg;
    uint64_t timeout_us, deadline_us; /* 0: none */
    bool armed;                       /* there is a function or a deadline */
    bool fired;
};

/* At the start of a call; timeout_us 0: no deadline. */
void fr_interrupt_arm(struct fr_interrupt *i, int (*cancels)(void *arg), void *arg,
                      uint64_t timeout_us);

/* The slow half of fr_interrupted. */
bool fr_interrupt_ask(struct fr_interrupt *i);

/* Must the call end? */
static inline bool fr_interrupted(struct fr_interrupt *i)
{
    return i->armed && fr_interrupt_ask(i);
}

/* FRAI_ERR_CANCELED if it has fired; does not ask. */
frai_status fr_interrupt_status(const struct fr_interrupt *i, frai_error *err);

/* Asks, and fails with FRAI_ERR_CANCELED. */
static inline frai_status fr_interrupt_check(struct fr_interrupt *i, frai_error *err)
{
    return fr_interrupted(i) ? fr_interrupt_status(i, err) : FRAI_OK;
}

#endif
