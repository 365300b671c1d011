/* date.h: dates as they are written → seconds since 1970-01-01 UTC. */
#ifndef FR_TEXT_DATE_H
#define FR_TEXT_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ISO 8601 and its usual kin: 2025-02-10, 2025.02.10, 2025/2/10, 20250210, 2025년 2월 10일, with or
 * without a time (T or space, hh:mm[:ss], Z or ±hh:mm). False: not a date. */
bool fr_date_parse(const char *text, size_t len, int64_t *seconds);

#endif
