/* Hits for programs: a JSON object a line, and a summary behind each query's. */
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "hit.h"
#include "json_text.h"
#include "paths.h"
#include "reasons.h"
#include "show.h"

#define BOUNDED_BYTES 8192u

/* A title or the like: as much as one would show. */
static void put_bounded(struct session *s, uint64_t doc, const char *name)
{
    struct field_copy value = take_field(s, doc, name, BOUNDED_BYTES);
    put_json_member(stdout, name, slice_of(&value));
    if (value.cut) printf(",\"%s_cut\":true", name);
    free(value.ptr);
}

static void put_names(struct session *s, uint64_t doc)
{
    struct field_copy id = take_field(s, doc, "id", FIELD_MOST),
                      path = take_field(s, doc, "path", FIELD_MOST);
    put_json_name(stdout, "id", slice_of(&id));
    put_json_name(stdout, "path", path_from_here(s, slice_of(&path)));
    free(id.ptr);
    free(path.ptr);
}

static void put_snippet(struct session *s, uint64_t doc)
{
    frai_passage snippet;
    if (!get_snippet(s, doc, &snippet)) return;
    put_json_member(stdout, "snippet", snippet.text);
    printf(",\"snippet_offset\":%llu,\"matches\":[", (unsigned long long)snippet.offset);
    for (uint64_t i = 0; i < snippet.span_count; i++)
        printf("%s[%llu,%llu]", i ? "," : "", (unsigned long long)snippet.spans[i].begin,
               (unsigned long long)snippet.spans[i].end);
    putchar(']');
}

/* Frees the text. */
static void put_lines(const char *name, char *text)
{
    put_json_member(stdout, name, frai_slice_of(text));
    free(text);
}

void show_json(struct session *s, uint32_t rank, const struct hit *hit)
{
    static const char *const fields[] = {"title", "url", "source", "date"};
    printf("{\"rank\":%u,\"score\":%.7g", rank, (double)hit->score);
    put_names(s, hit->doc);
    for (int i = 0; i < 4; i++) put_bounded(s, hit->doc, fields[i]);
    put_snippet(s, hit->doc);
    if (s->partial) fputs(",\"partial\":true", stdout);
    if (s->info.by_fronts) fputs(",\"by_fronts\":true", stdout);
    if (s->o->explain) put_lines("explain", explanation_text(s->searcher, hit->doc, false));
    puts("}");
}

/* The query's words that no hit has. */
static void put_missing(const char *words)
{
    if (!words) return;
    fputs(",\"missing\":", stdout);
    for (const char *at = words; at; at = strchr(at, '\n')) {
        at += at != words;
        putchar(at == words ? '[' : ',');
        put_json_string(stdout, (frai_slice){at, strcspn(at, "\n")});
    }
    putchar(']');
}

/* Lines "word \t instead". */
static void put_replaced(const char *lines)
{
    for (const char *at = lines; at && *at;) {
        size_t word = strcspn(at, "\t"), line = strcspn(at, "\n");
        fputs(at == lines ? ",\"replaced\":[{\"word\":" : ",{\"word\":", stdout);
        put_json_string(stdout, (frai_slice){at, word});
        put_json_member(stdout, "instead", (frai_slice){at + word + 1, line - word - 1});
        putchar('}');
        at += line + (at[line] == '\n');
    }
    if (lines) putchar(']');
}

void json_summary(struct session *s, const char *query, uint32_t shown, double ms,
                  const char *error)
{
    printf("{\"type\":\"summary\",\"total\":%llu,\"shown\":%u,\"total_relation\":\"%s\","
           "\"partial\":%s,\"ms\":%.3f",
           (unsigned long long)s->info.total, shown, s->info.total_is_exact ? "eq" : "gte",
           s->info.no_hit_has_all_words ? "true" : "false", ms);
    put_json_member(stdout, "query", frai_slice_of(query));
    if (s->rewritten)
        put_json_member(stdout, "rewritten", frai_slice_of(s->rewritten));
    else
        fputs(",\"rewritten\":null", stdout);
    if (s->suggestion) put_json_member(stdout, "suggestion", frai_slice_of(s->suggestion));
    put_missing(s->missing);
    put_replaced(s->replaced);
    if (s->info.by_fronts) fputs(",\"by_fronts\":true", stdout);
    if (s->info.partial) fputs(",\"cut_short\":true", stdout);
    if (s->info.words_ignored) printf(",\"words_ignored\":%u", s->info.words_ignored);
    if (error) put_json_member(stdout, "error", frai_slice_of(error));
    if (!error && s->o->explain) put_lines("plan", plan_text(s->searcher, false));
    puts("}");
}
