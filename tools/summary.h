/* summary.h: what a build did. */
#ifndef FRAI_TOOLS_SUMMARY_H
#define FRAI_TOOLS_SUMMARY_H

#include "update.h"

/* One line of JSON on stdout. */
void summary_json(const struct input *in, const frai_writer_stats *s, const struct update *u,
                  double seconds);

/* Lines for a reader, on stderr. */
void summary_text(const struct input *in, const frai_writer_stats *s, const struct update *u,
                  double seconds);

#endif
