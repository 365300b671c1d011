/* Hits for scripts: a line each of rank, score, path, title, snippet and id. */
#include <stdlib.h>

#include "flow.h"
#include "hit.h"
#include "messages.h"
#include "paths.h"
#include "reasons.h"
#include "show.h"

#define TITLE_CLUSTERS 300u

static void put_field(frai_slice text)
{
    struct flow f = flow_begin(stdout, 0, 0, "");
    putchar('\t');
    flow_text(&f, text, CLEAN_PROSE);
    flow_end(&f);
}

static void put_title(struct session *s, uint64_t doc)
{
    struct heading h = take_heading(s, doc);
    size_t cut = cut_at_clusters(slice_of(&h.text), TITLE_CLUSTERS);
    put_field((frai_slice){h.text.ptr, cut});
    if (cut < h.text.len || h.text.cut) fputs("…", stdout);
    free(h.text.ptr);
}

static void put_snippet(struct session *s, uint64_t doc)
{
    frai_passage snippet;
    struct flow f = flow_begin(stdout, 0, 0, s->colors.off);
    putchar('\t');
    if (!get_snippet(s, doc, &snippet)) return;
    if (snippet.cut_before) flow_words(&f, "…");
    flow_marked(&f, &snippet, "", s->colors.match);
    if (snippet.cut_after) flow_words(&f, "…");
    flow_end(&f);
}

void show_tsv(struct session *s, uint32_t rank, const struct hit *hit)
{
    struct field_copy path = take_field(s, hit->doc, "path", FIELD_MOST),
                      id = take_field(s, hit->doc, "id", FIELD_MOST);
    printf("%u\t%.4f\t", rank, (double)hit->score);
    put_shown(stdout, path_from_here(s, slice_of(&path)));
    put_title(s, hit->doc);
    put_snippet(s, hit->doc);
    putchar('\t');
    put_shown(stdout, slice_of(&id));
    putchar('\n');
    char *why = s->o->explain ? explanation_text(s->searcher, hit->doc, speaks_korean()) : NULL;
    if (why) put_shown_lines(stderr, frai_slice_of(why));
    free(why);
    free(path.ptr);
    free(id.ptr);
}
