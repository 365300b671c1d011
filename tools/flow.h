/* flow.h: text in styles, on lines that end where the terminal does. */
#ifndef FRAI_TOOLS_FLOW_H
#define FRAI_TOOLS_FLOW_H

#include "clean.h"

struct flow {
    FILE *out;
    int columns;     /* of a line; 0: it has no end */
    int indent;      /* of every line but the first */
    const char *off; /* ends a style */
    int budget;      /* columns of text that may follow before "…"; below 0: any number */
    int at;          /* columns of the line that are written */
    char word[512];  /* not written yet: it goes to the next line if this one has no room */
    size_t len;
    int width;
    const char *style;      /* of what comes; "" for none */
    const char *word_style; /* ... of what was written last */
    bool gap;               /* a blank is due before the word */
    bool empty;             /* nothing but the indent is on this line */
    bool full;              /* the budget is used up */
};

/* `off` is "" where styles are. */
struct flow flow_begin(FILE *out, int columns, int indent, const char *off);

/* The style of what comes; "" for none. */
void flow_style(struct flow *f, const char *style);

/* Prose: blanks become one, and lines break there. Names keep their blanks. */
void flow_text(struct flow *f, frai_slice text, enum clean_as as);
void flow_words(struct flow *f, const char *text);

/* Text of the program's own. The last word is written; the line is not ended. */
void flow_end(struct flow *f);

#endif
