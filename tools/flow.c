/* Breaks lines at spaces and between wide characters, counting columns as it writes. */
#include "flow.h"

#include <string.h>

struct flow flow_begin(FILE *out, int columns, int indent, const char *off)
{
    if (columns && columns - indent < 8) indent = 0;
    return (struct flow){.out = out,
                         .columns = columns,
                         .indent = indent,
                         .off = off,
                         .budget = -1,
                         .style = "",
                         .word_style = "",
                         .empty = true};
}

static void next_line(struct flow *f)
{
    if (f->word_style[0]) fputs(f->off, f->out);
    fprintf(f->out, "\n%*s%s", f->indent, "", f->word_style);
    f->at = f->indent;
    f->empty = true;
}

static void write_word(struct flow *f)
{
    bool gap = f->gap && !f->empty && f->width;
    if (f->columns && !f->empty && f->at + gap + f->width > f->columns) {
        next_line(f);
        gap = false;
    }
    if (gap) putc(' ', f->out);
    fwrite(f->word, 1, f->len, f->out);
    f->at += gap + f->width;
    if (f->width) {
        f->gap = false;
        f->empty = false;
    }
    f->len = 0;
    f->width = 0;
    f->word_style = f->style;
}

static void put_bytes(struct flow *f, const char *bytes, size_t len)
{
    if (f->len + len > sizeof f->word) write_word(f);
    if (len > sizeof f->word) return;
    memcpy(f->word + f->len, bytes, len);
    f->len += len;
}

void flow_style(struct flow *f, const char *style)
{
    if (f->full || strcmp(style, f->style) == 0) return;
    if (f->style[0]) put_bytes(f, f->off, strlen(f->off));
    put_bytes(f, style, strlen(style));
    f->style = style;
}

static void put_cluster(struct flow *f, const struct cluster *c)
{
    int room = f->columns - (f->empty ? f->at : f->indent);
    if ((f->columns && f->width && f->width + c->columns > room) ||
        f->len + c->len > sizeof f->word)
        write_word(f);
    put_bytes(f, c->text, c->len);
    f->width += c->columns;
    if (f->budget > 0) f->budget -= c->columns < f->budget ? c->columns : f->budget;
}

static void cut(struct flow *f)
{
    static const struct cluster ellipsis = {.text = "…", .len = sizeof "…" - 1, .columns = 1};
    put_cluster(f, &ellipsis);
    flow_style(f, "");
    f->full = true;
}

void flow_text(struct flow *f, frai_slice text, enum clean_as as)
{
    struct cluster c;
    for (size_t at = 0; at < text.len && !f->full;) {
        next_cluster(text, &at, as, &c);
        if (c.blank && as == CLEAN_PROSE) {
            if (f->len) write_word(f);
            f->gap = true;
        } else if (f->budget == 0) {
            cut(f);
        } else {
            put_cluster(f, &c);
        }
    }
}

void flow_words(struct flow *f, const char *text)
{
    flow_text(f, frai_slice_of(text), CLEAN_PROSE);
}

void flow_end(struct flow *f)
{
    flow_style(f, "");
    write_word(f);
    f->gap = false;
}
