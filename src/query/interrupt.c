/* The caller's function is asked first, then the clock. */
#include "query/interrupt.h"

#include "base/clock.h"

void fr_interrupt_arm(struct fr_interrupt *i, int (*cancels)(void *arg), void *arg,
                      uint64_t timeout_us)
{
    *i = (struct fr_interrupt){.cancels = cancels,
                               .arg = arg,
                               .timeout_us = timeout_us,
                               .armed = cancels || timeout_us,
                               .work_most = UINT64_MAX};
    if (!timeout_us) return;
    uint64_t now = fr_clock_us();
    i->deadline_us = timeout_us < UINT64_MAX - now ? now + timeout_us : UINT64_MAX;
}

bool fr_interrupt_ask(struct fr_interrupt *i)
{
    if (i->fired) return true;
    if (i->cancels && i->cancels(i->arg)) {
        i->fired = true;
        i->deadline_us = 0; /* the caller, not the clock */
    } else if (i->deadline_us && fr_clock_us() >= i->deadline_us) {
        i->fired = true;
    }
    return i->fired;
}

bool fr_interrupt_cuts(struct fr_interrupt *i, frai_status status)
{
    if (status != FRAI_ERR_CANCELED || i->fired) return false;
    return i->cut = true;
}

void fr_interrupt_memory(struct fr_interrupt *i)
{
    if (!i->fired) i->armed = i->fired = i->out_of_memory = true;
}

frai_status fr_interrupt_status(const struct fr_interrupt *i, frai_error *err)
{
    if (!i->fired && !fr_work_is_spent(i)) return FRAI_OK;
    if (!i->fired) return fr_fail(err, FRAI_ERR_CANCELED, "the search did the work that it may do");
    if (i->out_of_memory) return fr_fail_memory(err, "searching");
    if (!i->deadline_us) return fr_fail(err, FRAI_ERR_CANCELED, "the search was canceled");
    return fr_fail(err, FRAI_ERR_CANCELED, "the search took longer than the %llu us it had",
                   (unsigned long long)i->timeout_us);
}
