/* verify.h: reads every byte of a segment, and decodes what is in it. */
#ifndef FR_INDEX_VERIFY_H
#define FR_INDEX_VERIFY_H

#include "segment/segment.h"

frai_status fr_verify_segment(const struct fr_segment *seg, frai_error *err);

#endif
