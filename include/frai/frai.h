/* frai.h: everything but what is experimental. */
#ifndef FRAI_FRAI_H
#define FRAI_FRAI_H

#include "admin.h"
#include "common.h"
#include "document.h"
#include "explain.h"
#include "search.h"
#include "text.h"
#include "writer.h"

#endif
