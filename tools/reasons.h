/* reasons.h: what the library tells of a score, a plan and a document that is no hit, in words. */
#ifndef FRAI_TOOLS_REASONS_H
#define FRAI_TOOLS_REASONS_H

#include <stdbool.h>

#include "frai/frai.h"

/* Lines of text, in Korean or English, to be freed; NULL: there are none, or no memory. */
char *explanation_text(frai_searcher *searcher, uint64_t doc, bool korean);
char *plan_text(frai_searcher *searcher, bool korean);

/* On stdout, in the user's language; or as a JSON object on a line. */
void print_diagnosis(const frai_diagnosis *diagnosis);
void print_diagnosis_json(const frai_diagnosis *diagnosis, frai_slice id, frai_slice query);

#endif
