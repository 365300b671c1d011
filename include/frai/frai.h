/* frai.h: everything. */
#ifndef FRAI_FRAI_H
#define FRAI_FRAI_H

#include "build.h"
#include "common.h"
#include "inspect.h"
#include "search.h"

#endif
