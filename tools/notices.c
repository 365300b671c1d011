/* Each notice is put together in both languages and broken at the width of the terminal. */
#include "notices.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow.h"
#include "messages.h"
#include "operators.h"
#include "particle.h"
#include "reasons.h"

#define QUERY_CLUSTERS 200u /* of a query that is named */

/* Of a query in a file of many, with its place. */
__attribute__((format(printf, 2, 3))) static void tell(const struct session *s, const char *format,
                                                       ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int n = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (n < 0) return;
    fflush(stdout);
    struct flow f = flow_begin(stderr, isatty(STDERR_FILENO) ? terminal_columns(stderr) : 0, 2, "");
    if (s->place) flow_words(&f, shown(s->place));
    if (s->place) flow_words(&f, ": ");
    flow_words(&f, text);
    flow_end(&f);
    fputc('\n', stderr);
    free(text);
}

/* A query as it is named: on one line, and not for ever. */
static const char *named(const char *query)
{
    return shown_part(query, QUERY_CLUSTERS);
}

/* Equal but for blanks and how characters are composed: nothing was corrected. */
static bool same_words(const char *a, const char *b)
{
    size_t room = 3 * (strlen(a) > strlen(b) ? strlen(a) : strlen(b)) + 1;
    char *x = malloc(room), *y = malloc(room);
    bool same = false;
    if (x && y) {
        x[frai_text_normalize(frai_slice_of(a), x, room - 1)] = '\0';
        y[frai_text_normalize(frai_slice_of(b), y, room - 1)] = '\0';
        static const char blanks[] = " \t\r\n";
        const char *p = x + strspn(x, blanks), *q = y + strspn(y, blanks);
        while (*p && *q) {
            size_t n = strcspn(p, blanks);
            if (n != strcspn(q, blanks) || memcmp(p, q, n) != 0) break;
            p += n + strspn(p + n, blanks);
            q += n + strspn(q + n, blanks);
        }
        same = *p == '\0' && *q == '\0';
    }
    free(x);
    free(y);
    return same;
}

static void tell_operators(const struct session *s, const char *query)
{
    char operators[256];
    int kinds = find_operators(query, operators, sizeof operators);
    if (!kinds) return;
    tell(s, say("낱말로 찾았습니다: %s (%s%s%s)", "searched for as words: %s (%s%s%s)"),
         shown(operators),
         !(kinds & OPERATOR_WORD)
             ? ""
             : say("-말: 빼기, \"말 말\": 이어진 말, -a: 모든 말, -o: 아무 말",
                   "-word leaves out, \"two words\" is a phrase, -a wants all words, -o any"),
         !(kinds & OPERATOR_PREFIX) ? ""
         : kinds & OPERATOR_WORD
             ? say(", --prefix: 이어지는 말", ", --prefix lets the last word go on")
             : say("--prefix: 이어지는 말", "--prefix lets the last word go on"),
         !(kinds & OPERATOR_FUZZY) ? ""
         : kinds == OPERATOR_FUZZY ? say("--fuzzy: 오타를 고친 말", "--fuzzy mends slips")
                                   : say(", --fuzzy: 오타를 고친 말", ", --fuzzy mends slips"));
}

/* Words between line ends as "a, b", and no more of them than fit. */
static const char *listed(const char *words)
{
    char list[512];
    size_t used = 0;
    for (const char *at = words; *at;) {
        size_t len = strcspn(at, "\n");
        if (used + len + 8 > sizeof list) {
            used += (size_t)snprintf(list + used, sizeof list - used, "%s…", used ? ", " : "");
            break;
        }
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%.*s", used ? ", " : "",
                                 (int)len, at);
        at += len + (at[len] == '\n');
    }
    return shown_slice((frai_slice){list, used});
}

static void tell_missing(const struct session *s)
{
    bool named = s->info.by_fronts || (s->info.total == 0 && s->info.words == 1);
    if (!s->missing || named) return;
    const char *words = listed(s->missing), *topic = say(particle(words, PARTICLE_TOPIC), "");
    if (s->info.total)
        tell(s, say("%s%s 어느 결과에도 없습니다", "no hit has: %s%s"), words, topic);
    else
        tell(s, say("%s%s 어느 문서에도 없습니다", "no document has: %s%s"), words, topic);
}

/* Of lines "word \t instead" the words, a line each. */
static char *first_columns(const char *lines)
{
    char *words = strdup(lines), *to = words;
    for (const char *at = lines; words && *at;) {
        size_t len = strcspn(at, "\t"), line = strcspn(at, "\n");
        memcpy(to, at, len);
        to += len;
        at += line + (at[line] == '\n');
        if (*at) *to++ = '\n';
    }
    if (words) *to = '\0';
    return words;
}

/* Why something else was searched for than what was typed, and what. */
static void tell_replaced(const struct session *s, const char *query)
{
    char *replaced = s->replaced ? first_columns(s->replaced) : NULL;
    const char *instead = named(s->rewritten), *to = say(particle(s->rewritten, PARTICLE_TO), "");
    if (!replaced) {
        tell(s, say("'%s'%s 검색했습니다 (원문: %s)", "searched for '%s'%s (typed: %s)"), instead,
             to, named(query));
        return;
    }
    bool several = strchr(replaced, '\n') != NULL;
    const char *words = listed(s->info.by_fronts && s->missing ? s->missing : replaced),
               *topic = say(particle(words, PARTICLE_TOPIC), "");
    tell(s,
         !s->info.by_fronts
             ? say("%s%s 어느 문서에도 없어 '%s'%s 찾았습니다",
                   "no document has %s%s: searched for '%s'%s")
             : say("%s%s 어느 문서에도 없어 앞부분인 '%s'%s 찾았습니다",
                   several ? "no document has %s%s: searched for their fronts, '%s'%s"
                           : "no document has %s%s: searched for its front, '%s'%s"),
         words, topic, instead, to);
    free(replaced);
}

void notices(struct session *s, const char *query, uint32_t shown_hits)
{
    if (s->info.total && s->rewritten && !same_words(s->rewritten, query)) tell_replaced(s, query);
    if (s->info.no_hit_has_all_words)
        tell(s, "%s",
             say("모든 단어가 있는 문서 없음 — 일부 단어만 맞는 결과입니다",
                 "no document has all words: these have some of them"));
    else if (s->info.all_words_first && s->info.hits_with_all_words < shown_hits)
        tell(s,
             say("모든 단어가 있는 결과 %s건, 그 뒤는 일부 단어만 맞습니다",
                 "%s have all words; the ones after them have some"),
             grouped(s->info.hits_with_all_words));
    tell_missing(s);
    if (s->info.partial)
        tell(s, "%s",
             say("오래 걸려 끝까지 찾지 않았습니다: 그때까지 찾은 결과입니다 (--work 0: 끝까지)",
                 "the search took too long and was cut short: this is what it had found (--work 0: "
                 "to the end)"));
    if (s->info.words_ignored)
        tell(s,
             say("검색어가 너무 길어 낱말 %s개는 빼고 찾았습니다",
                 "the query was too long: %s of its words were left out"),
             grouped(s->info.words_ignored));
    else if (s->info.truncated)
        tell(s, "%s",
             say("검색어가 너무 길어 뒷부분은 빼고 찾았습니다",
                 "the query was too long: its end was left out"));
    tell_operators(s, query);
}

void show_plan(struct session *s)
{
    char *text = s->o->explain ? plan_text(s->searcher, speaks_korean()) : NULL;
    if (text) put_shown_lines(stderr, frai_slice_of(text));
    free(text);
}

/* How many documents a query finds. */
static uint64_t count_hits(struct session *s, const char *query)
{
    frai_search_options options = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    const frai_results *results;
    options.limit = 1;
    frai_search(s->searcher, frai_slice_of(query), &options, &results, NULL);
    frai_results_read_info(results, &info);
    return info.total;
}

void no_hit(struct session *s, const char *query)
{
    uint64_t found = s->suggestion ? count_hits(s, s->suggestion) : 0;
    if (found)
        tell(s, say("결과 없음: %s · 혹시: %s (%s건)", "no hit: %s · did you mean: %s (%s)"),
             named(query), named(s->suggestion), grouped(found));
    else
        tell(s, say("결과 없음: %s", "no hit: %s"), named(query));
    if (s->front_total)
        tell(s, say("앞부분: %s (%s건)", "its front: %s (%s)"), named(s->rewritten),
             grouped(s->front_total));
}

void suggest(struct session *s)
{
    uint64_t found = s->suggestion ? count_hits(s, s->suggestion) : 0;
    if (found)
        tell(s, say("혹시: %s (%s건)", "did you mean: %s (%s)"), named(s->suggestion),
             grouped(found));
}

void nothing_there(struct session *s)
{
    tell(s,
         say("결과는 %s건뿐입니다: %s번째부터는 없습니다",
             "there are only %s hits: none from %s on"),
         grouped(s->info.total), grouped(s->o->offset + 1));
}

void terminal_footer(struct session *s, uint32_t shown_hits, double ms)
{
    tell(s, say("%s건 / 전체 %s건%s · %.1f ms", "%s of %s%s · %.1f ms"), grouped(shown_hits),
         grouped(s->info.total),
         s->info.total_is_exact ? say("", s->info.total == 1 ? " document" : " documents")
                                : say(" 이상", " or more documents"),
         ms);
}

const char *without_words(void)
{
    return say("찾을 낱말이 없습니다; 글자나 숫자가 있는 말을 쓰세요",
               "the query has no words; use some with letters or digits");
}

void no_words(const struct session *s, const char *query)
{
    bool blank = query[strspn(query, " \t\r\n")] == '\0';
    const char *what = s->place ? s->place : blank ? say("검색어", "query") : named(query);
    complain(PROGRAM, what, without_words());
}
