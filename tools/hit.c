/* Fields are copied before the next call of the searcher takes them back. */
#include "hit.h"

#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "messages.h"

#define HEADING_BYTES    1200u /* of a first line that stands for a title */
#define HEADING_CLUSTERS 200u
#define TITLE_BYTES      8192u /* of a title; matches are marked in one that isn't longer */

/* Once: what one field lacks, the others will too. */
static void complain_broken(struct session *s, frai_status status, const frai_error *err)
{
    if (!s->broken) complain_status(PROGRAM, status, err);
    s->broken = true;
}

struct field_copy take_field(struct session *s, uint64_t doc, const char *name, size_t most)
{
    frai_slice value = {"", 0};
    frai_error err = {0};
    frai_status status =
        frai_searcher_read_field(s->searcher, doc, frai_slice_of(name), &value, &err);
    if (status != FRAI_OK) complain_broken(s, status, &err);
    struct field_copy text = {.len = value.len, .cut = value.len > most};
    if (text.cut) text.len = most;
    while (text.cut && text.len > 0 && ((unsigned char)value.ptr[text.len] & 0xC0) == 0x80)
        text.len--;
    text.ptr = malloc(text.len + 1);
    if (!text.ptr) {
        complain(PROGRAM, name, say("메모리가 모자랍니다", "out of memory"));
        s->broken = true;
        return (struct field_copy){NULL, 0, false};
    }
    if (text.len) memcpy(text.ptr, value.ptr, text.len);
    text.ptr[text.len] = '\0';
    return text;
}

frai_slice slice_of(const struct field_copy *text)
{
    return (frai_slice){text->ptr, text->len};
}

/* From the first byte that can be seen on. */
static frai_slice trimmed(frai_slice text)
{
    while (text.len > 0 && (unsigned char)text.ptr[0] <= ' ') {
        text.ptr++;
        text.len--;
    }
    return text;
}

void mark_heading(struct session *s, uint64_t doc, struct heading *h)
{
    frai_passage whole = FRAI_PASSAGE_INIT;
    frai_slice field = frai_slice_of("title");
    if (!h->is_title || h->text.cut ||
        frai_searcher_make_passage(s->searcher, doc, field, TITLE_BYTES, &whole, NULL) != FRAI_OK)
        return;
    h->marked.spans = whole.spans;
    h->marked.span_count = whole.span_count;
}

/* The first line alone, and no more of it than a heading holds. */
static bool keep_first_line(struct field_copy *text)
{
    frai_slice seen = trimmed(slice_of(text));
    const char *end = seen.len ? memchr(seen.ptr, '\n', seen.len) : NULL;
    if (end) text->cut = false;
    if (end) seen.len = (size_t)(end - seen.ptr);
    size_t cut = cut_at_clusters(seen, HEADING_CLUSTERS);
    if (cut < seen.len) text->cut = true;
    if (cut) memmove(text->ptr, seen.ptr, cut);
    text->len = cut;
    return cut > 0;
}

struct heading take_heading(struct session *s, uint64_t doc)
{
    static const char *const instead[] = {"body", "path", "id"};
    struct heading h = {.text = take_field(s, doc, "title", TITLE_BYTES)};
    h.is_title = trimmed(slice_of(&h.text)).len > 0;
    for (int i = 0; i < 3 && !h.is_title; i++) {
        free(h.text.ptr);
        h.text = take_field(s, doc, instead[i], HEADING_BYTES);
        if (keep_first_line(&h.text)) break;
    }
    h.marked = (frai_passage)FRAI_PASSAGE_INIT;
    h.marked.text = slice_of(&h.text);
    return h;
}

bool get_snippet(struct session *s, uint64_t doc, frai_passage *snippet)
{
    frai_error err = {0};
    uint32_t characters = s->o->full ? FRAI_PASSAGE_WHOLE : s->o->snippet;
    *snippet = (frai_passage)FRAI_PASSAGE_INIT;
    if (!characters) return false;
    frai_status status = frai_searcher_make_passage(s->searcher, doc, frai_slice_of("body"),
                                                    characters, snippet, &err);
    if (status != FRAI_OK) complain_broken(s, status, &err);
    return status == FRAI_OK;
}

void flow_marked(struct flow *f, const frai_passage *text, const char *style, const char *match)
{
    const char *bytes = text->text.ptr;
    uint64_t first = text->offset, at = first, end = first + text->text.len;
    for (uint64_t i = 0; i < text->span_count; i++) {
        const frai_span *span = &text->spans[i];
        if (span->begin < at || span->end > end) continue;
        flow_style(f, style);
        flow_text(f, (frai_slice){bytes + (at - first), span->begin - at}, CLEAN_PROSE);
        flow_style(f, match);
        flow_text(f, (frai_slice){bytes + (span->begin - first), span->end - span->begin},
                  CLEAN_PROSE);
        at = span->end;
    }
    flow_style(f, style);
    flow_text(f, (frai_slice){bytes + (at - first), end - at}, CLEAN_PROSE);
}
