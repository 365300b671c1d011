/* interrupt.h: ends a call early: the caller cancels it, its deadline passes, or memory runs out.
 * Every loop that may take long checks, about once in ten thousand steps: for each window, round,
 * word, or string that is looked up. Once an interrupt has fired it stays so. Functions without a
 * status, those that evaluate a query, simply stop: whoever called them asks fr_interrupt_status
 * and discards what they returned. */
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
    bool out_of_memory; /* ... because of that */
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

/* Memory ran out: fires. */
void fr_interrupt_memory(struct fr_interrupt *i);

/* FRAI_ERR_MEMORY or FRAI_ERR_CANCELED if it has fired; does not ask. */
frai_status fr_interrupt_status(const struct fr_interrupt *i, frai_error *err);

/* The same, after asking. */
static inline frai_status fr_interrupt_check(struct fr_interrupt *i, frai_error *err)
{
    return fr_interrupted(i) ? fr_interrupt_status(i, err) : FRAI_OK;
}

#endif
