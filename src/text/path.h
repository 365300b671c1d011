/* path.h: the name of a document's file, which is searched besides its text (FR_TERM_PATH).
 *
 *     메모/회의록-3차.txt     회의록-3차.txt; its extension is .txt
 *
 * Folders are no part of it: what all documents share tells none from another. */
#ifndef FR_TEXT_PATH_H
#define FR_TEXT_PATH_H

#include <stdbool.h>

#include "frai/common.h"

/* What stands behind the last slash; behind the last backslash in a path without slashes. */
frai_slice fr_path_name(frai_slice path);

/* Where the name's extension begins, its dot included; the name's length if it has none. An
 * extension is one to eight Latin letters and digits, a letter among them, and not all of a name.
 */
size_t fr_path_extension(frai_slice name);

/* Does what begins at `at` stand in letters and digits that follow a dot, as extensions do? */
bool fr_path_is_dotted(frai_slice text, size_t at);

/* Terms of extensions keep the dot: the word log finds no .log, but app.log and .log do. */
#define FR_PATH_DOT "."

/* The text of a pair as a term of names, at most 7 bytes: a mark (text/analyzer.h) stands behind
 * its syllable as a byte, but a reading is the syllable. */
size_t fr_path_pair(uint32_t key, char out[8]);

#endif
