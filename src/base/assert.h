/* assert.h: invariants of the code itself, checked where NDEBUG is not defined (debug and sanitizer
 * builds). Never of what a file or a caller says: that is checked always, and reported. */
#ifndef FR_BASE_ASSERT_H
#define FR_BASE_ASSERT_H

#include <assert.h>

#define FR_ASSERT(holds) assert(holds)

#endif
