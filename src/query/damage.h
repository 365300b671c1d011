/* damage.h: damage that is met while a segment is evaluated. Who meets it notes it and goes on as
 * if nothing were there; who opened the part looks (fr_part_check). */
#ifndef FR_QUERY_DAMAGE_H
#define FR_QUERY_DAMAGE_H

#include "segment/segment.h"

struct fr_damage {
    bool met;
    enum fr_section_id section; /* what was read when the first was met */
};

static inline void fr_damage_note(struct fr_damage *d, enum fr_section_id section)
{
    if (!d->met) *d = (struct fr_damage){true, section};
}

#endif
