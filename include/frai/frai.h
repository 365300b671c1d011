/* frai.h: everything. */
#ifndef FRAI_FRAI_H
#define FRAI_FRAI_H

#include "common.h"
#include "explain.h"
#include "inspect.h"
#include "search.h"
#include "writer.h"

#endif
