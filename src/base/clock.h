/* clock.h: a clock that no one sets. */
#ifndef FR_BASE_CLOCK_H
#define FR_BASE_CLOCK_H

#include <stdint.h>

/* Microseconds since some moment. */
uint64_t fr_clock_us(void);

#endif
