/* hit.h: what a document has to show. */
#ifndef FRAI_TOOLS_HIT_H
#define FRAI_TOOLS_HIT_H

#include "show.h"

/* A copy of a field, or of its first bytes: of at most `most`, at a whole character. Empty if the
 * document has none; if it can't be read, the user is told so. The caller frees ptr. */
struct field_copy {
    char *ptr;
    size_t len;
    bool cut;
};
struct field_copy take_field(struct session *s, uint64_t doc, const char *name, size_t most);
frai_slice slice_of(const struct field_copy *text);

#define FIELD_MOST ((size_t)-1)

/* What stands for a document: its title, else the first line of its body, its path or its id. The
 * caller frees text.ptr. */
struct heading {
    struct field_copy text;
    bool is_title;
    frai_passage marked; /* the text with what is matched in it, until another field is read */
};
struct heading take_heading(struct session *s, uint64_t doc);

/* The spans: what the query matches in a title. */
void mark_heading(struct session *s, uint64_t doc, struct heading *h);

/* The part of the body to be shown; false: none is wanted, or it can't be read. */
bool get_snippet(struct session *s, uint64_t doc, frai_passage *snippet);

/* Text with its spans in the style of matches and the rest in `style`. */
struct flow;
void flow_marked(struct flow *f, const frai_passage *text, const char *style, const char *match);

#endif
