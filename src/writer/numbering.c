/* Numbers only grow: the manifest keeps the next one, and an id that was given and looks like one
 * of these raises it. */
#include "writer/numbering.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_BYTES      24u          /* of "#" and a number */
#define NUMBER_GIVEN_MOST (1ull << 53) /* an id that says more is no reason to go on from there */

frai_slice fr_numbered_id(frai_slice path, uint64_t number, char out[FR_ID_BYTES_MAX])
{
    size_t most = FR_ID_BYTES_MAX - NUMBER_BYTES, len = path.len < most ? path.len : most;
    while (len > 0 && len < path.len && ((uint8_t)path.ptr[len] & 0xC0) == 0x80) len--;
    if (len) memcpy(out, path.ptr, len);
    int n = snprintf(out + len, NUMBER_BYTES, "#%" PRIu64, number);
    return (frai_slice){out, len + (size_t)n};
}

uint64_t fr_number_past(uint64_t next, frai_slice id)
{
    size_t at = id.len;
    while (at > 0 && id.ptr[at - 1] >= '0' && id.ptr[at - 1] <= '9') at--;
    if (at == id.len || at == 0 || id.ptr[at - 1] != '#') return next;
    uint64_t number = 0;
    for (; at < id.len && number <= NUMBER_GIVEN_MOST; at++)
        number = 10 * number + (uint64_t)(id.ptr[at] - '0');
    return number >= next && number <= NUMBER_GIVEN_MOST ? number + 1 : next;
}
