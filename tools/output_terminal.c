/* Hits for people: a title, where it is, and what of it matches, in lines of the terminal's width.
 */
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "hit.h"
#include "messages.h"
#include "paths.h"
#include "reasons.h"
#include "show.h"

#define INDENT        3
#define TITLE_LINES   2
#define DETAIL_BUDGET 40 /* columns of a source or date */
#define DETAIL_BYTES  1000u

static struct flow begin(const struct session *s, int indent)
{
    struct flow f = flow_begin(stdout, s->columns, indent, s->colors.off);
    printf("%*s", f.indent, "");
    f.at = f.indent;
    return f;
}

static void end_line(struct flow *f)
{
    flow_end(f);
    putchar('\n');
}

static void show_title(struct session *s, uint32_t rank, uint64_t doc)
{
    char number[16];
    struct heading h = take_heading(s, doc);
    if (s->colors.match[0]) mark_heading(s, doc, &h);
    struct flow f = flow_begin(stdout, s->columns, INDENT, s->colors.off);
    snprintf(number, sizeof number, "%u", rank);
    flow_words(&f, number);
    flow_end(&f);
    fputs("  ", stdout);
    f.at += 2;
    f.empty = true;
    f.budget = (s->columns - f.indent) * TITLE_LINES;
    flow_marked(&f, &h.marked, s->colors.title, s->colors.match);
    end_line(&f);
    free(h.text.ptr);
}

static void show_detail(struct flow *f, const struct field_copy *detail)
{
    if (detail->len == 0) return;
    flow_words(f, " · ");
    f->budget = DETAIL_BUDGET;
    flow_text(f, slice_of(detail), CLEAN_PROSE);
    f->budget = -1;
    f->full = false;
}

/* A document of a file of many has an id beside the file's path, or behind it. */
static void show_id(struct flow *f, const struct field_copy *id, const struct field_copy *path)
{
    if (path->len == 0 || (id->len == path->len && memcmp(id->ptr, path->ptr, id->len) == 0))
        return;
    bool numbered = id->len > path->len && memcmp(id->ptr, path->ptr, path->len) == 0 &&
                    id->ptr[path->len] == '#';
    size_t skip = numbered ? path->len : 0;
    flow_words(f, numbered ? " · " : " · id ");
    flow_text(f, (frai_slice){id->ptr + skip, id->len - skip}, CLEAN_NAME);
}

static void show_where(struct session *s, const struct hit *hit)
{
    char score[64];
    struct field_copy path = take_field(s, hit->doc, "path", FIELD_MOST),
                      id = take_field(s, hit->doc, "id", FIELD_MOST),
                      source = take_field(s, hit->doc, "source", DETAIL_BYTES),
                      date = take_field(s, hit->doc, "date", DETAIL_BYTES);
    struct flow f = begin(s, INDENT);
    flow_style(&f, s->colors.path);
    flow_text(&f, path.len ? path_from_here(s, slice_of(&path)) : slice_of(&id), CLEAN_NAME);
    flow_style(&f, s->colors.dim);
    show_id(&f, &id, &path);
    show_detail(&f, &source);
    show_detail(&f, &date);
    snprintf(score, sizeof score, " · %.2f%s%s", (double)hit->score,
             s->partial ? say(" · 일부 단어", " · some words") : "",
             s->info.by_fronts ? say(" · 앞부분", " · by its front") : "");
    flow_words(&f, score);
    end_line(&f);
    free(path.ptr);
    free(id.ptr);
    free(source.ptr);
    free(date.ptr);
}

static void show_snippet(struct session *s, uint64_t doc)
{
    frai_passage snippet;
    if (!get_snippet(s, doc, &snippet) || snippet.text.len == 0) return;
    struct flow f = begin(s, INDENT);
    if (snippet.cut_before) flow_words(&f, "…");
    flow_marked(&f, &snippet, "", s->colors.match);
    if (snippet.cut_after) flow_words(&f, "…");
    end_line(&f);
}

static void show_lines(const struct session *s, frai_slice text)
{
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len, blanks = 0;
        while (blanks < len && text.ptr[blanks] == ' ') blanks++;
        struct flow f = begin(s, INDENT + (int)(blanks < 20 ? blanks : 20));
        flow_text(&f, (frai_slice){text.ptr + blanks, len - blanks}, CLEAN_PROSE);
        end_line(&f);
        text.ptr += len + (end != NULL);
        text.len -= len + (end != NULL);
    }
}

void show_terminal(struct session *s, uint32_t rank, const struct hit *hit)
{
    show_title(s, rank, hit->doc);
    show_where(s, hit);
    show_snippet(s, hit->doc);
    char *why = s->o->explain ? explanation_text(s->searcher, hit->doc, speaks_korean()) : NULL;
    if (why) show_lines(s, frai_slice_of(why));
    free(why);
    putchar('\n');
}
