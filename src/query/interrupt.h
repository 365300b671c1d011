/* interrupt.h: ends a call early: the caller cancels it, its deadline passes, memory runs out, or a
 * search has done the work that it may do.
 * Every loop that may take long checks, about once in ten thousand steps: for each window, round,
 * word, or string that is looked up. Once an interrupt has fired it stays so. Functions without a
 * status, those that evaluate a query, simply stop: whoever called them asks fr_interrupt_status
 * and discards what they returned.
 *
 * Work is counted where it is done, in units of about a nanosecond: a posting, a position or a word
 * of bits is one, what misses the cache is more. It depends on the query and the index alone, never
 * on the machine. Once it is spent all of this stops as if canceled, but nothing has fired: a
 * search (search.c) keeps what it found and allows its next step some more. */
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
    bool out_of_memory;       /* ... because of that */
    uint64_t work, work_most; /* done; may be done */
    bool cut;                 /* something ended early since that was spent */
};

/* At the start of a call; timeout_us 0: no deadline. */
void fr_interrupt_arm(struct fr_interrupt *i, int (*cancels)(void *arg), void *arg,
                      uint64_t timeout_us);

/* The slow half of fr_interrupted. */
bool fr_interrupt_ask(struct fr_interrupt *i);

/* What looking up a string or a term costs, what going to a document by one term, and what reading
 * a document again. */
#define FR_WORK_LOOKUP 256u
#define FR_WORK_SEEK   8u
#define FR_WORK_READ   4096u

static inline void fr_work(struct fr_interrupt *i, uint64_t units)
{
    i->work += units;
}

static inline bool fr_work_is_spent(const struct fr_interrupt *i)
{
    return i->work >= i->work_most;
}

/* Must the call end, even if it had work left? */
static inline bool fr_interrupt_fires(struct fr_interrupt *i)
{
    return i->armed && fr_interrupt_ask(i);
}

/* Must the call end? */
static inline bool fr_interrupted(struct fr_interrupt *i)
{
    return fr_work_is_spent(i) || fr_interrupt_fires(i);
}

/* Did a step end with this status only because its work was spent? Notes it. */
bool fr_interrupt_cuts(struct fr_interrupt *i, frai_status status);

/* Memory ran out: fires. */
void fr_interrupt_memory(struct fr_interrupt *i);

/* FRAI_ERR_MEMORY or FRAI_ERR_CANCELED if it has fired, CANCELED if the work is spent; does not
 * ask.
 */
frai_status fr_interrupt_status(const struct fr_interrupt *i, frai_error *err);

/* The same, after asking; counts as a lookup. */
static inline frai_status fr_interrupt_check(struct fr_interrupt *i, frai_error *err)
{
    fr_work(i, FR_WORK_LOOKUP);
    return fr_interrupted(i) ? fr_interrupt_status(i, err) : FRAI_OK;
}

#endif
