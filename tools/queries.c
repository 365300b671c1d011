/* Queries are read line by line and searched for as they come. */
#include "queries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ingest/feed.h"
#include "messages.h"
#include "query.h"

#define QUERY_BYTES_MAX    (1u << 20) /* of a line */
#define SYNONYMS_BYTES_MAX (64u << 20)

static int complain_memory(const char *what)
{
    complain(PROGRAM, what, say("메모리가 모자랍니다", "out of memory"));
    return EXIT_TROUBLE;
}

int search_words(struct session *s, char **words)
{
    size_t len = 1, at = 0;
    enum encoding encoding;
    for (int i = 0; words[i]; i++) len += strlen(words[i]) + 1;
    char *text = malloc(len);
    if (!text) return complain_memory(say("검색어", "query"));
    for (int i = 0; words[i]; i++) at += (size_t)sprintf(text + at, "%s%s", i ? " " : "", words[i]);
    char *query = to_utf8(text, at, &len, &encoding);
    int rc = query ? search_query(s, query) : complain_memory(say("검색어", "query"));
    free(text);
    free(query);
    return rc;
}

static int complain_file(const char *path)
{
    complain_os(PROGRAM, path, errno);
    return EXIT_TROUBLE;
}

/* ---- a query a line ---- */

struct lines {
    FILE *in;
    const char *path; /* as it is named */
    unsigned long long number;
    char *text; /* QUERY_BYTES_MAX + 1 */
    size_t len;
    bool too_long, has_nul, ends; /* of the line; it is the last */
};

static bool next_line(struct lines *l)
{
    int c;
    l->len = 0;
    l->too_long = l->has_nul = false;
    l->number++;
    while ((c = getc(l->in)) != EOF && c != '\n') {
        l->has_nul |= c == '\0';
        if (l->len < QUERY_BYTES_MAX)
            l->text[l->len++] = (char)c;
        else
            l->too_long = true;
    }
    bool any = c != EOF || l->len > 0;
    while (l->len > 0 && l->text[l->len - 1] == '\r') l->len--;
    return any;
}

/* What is wrong with the line; NULL: nothing. */
static const char *fault(const struct lines *l)
{
    if (l->has_nul)
        return say("NUL 바이트가 있어 글이 아닙니다; 파일을 UTF-8로 저장하세요",
                   "has a NUL byte, so it is no text; save the file as UTF-8");
    if (l->too_long)
        return say("너무 깁니다; 한 줄은 1 MiB까지입니다", "is too long; a line has at most 1 MiB");
    return NULL;
}

static bool is_blank(const struct lines *l)
{
    size_t at = 0;
    while (at < l->len && (l->text[at] == ' ' || l->text[at] == '\t' || l->text[at] == '\r')) at++;
    return at == l->len;
}

/* Nothing is asked for there; a count a line stays one. */
static void skip_line(const struct session *s)
{
    if (s->o->output == OUTPUT_COUNT && !s->o->quiet) putchar('\n');
}

static int search_line(struct session *s, const struct lines *l)
{
    char place[4352];
    enum encoding encoding;
    size_t len;
    const char *why = fault(l);
    snprintf(place, sizeof place, "%.4096s:%llu", l->path, l->number);
    if (why) {
        complain(PROGRAM, place, why);
        return search_failed(s, "", why);
    }
    char *query = to_utf8(l->text, l->len, &len, &encoding);
    if (!query) return complain_memory(place);
    if (encoding == ENCODING_BROKEN)
        complain(PROGRAM, place,
                 say("깨진 UTF-8이 있습니다; 그 자리는 U+FFFD로 읽었습니다",
                     "has broken UTF-8; it was read as U+FFFD there"));
    s->place = place;
    int rc = search_query(s, query);
    s->place = NULL;
    free(query);
    return rc;
}

int search_lines(struct session *s, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    struct stat st;
    struct lines l = {.in = standard ? stdin : fopen(path, "r"),
                      .path = standard ? say("표준 입력", "standard input") : path,
                      .text = malloc(QUERY_BYTES_MAX + 1)};
    if (!l.in || !l.text) {
        free(l.text);
        return l.in ? complain_memory(path) : complain_file(path);
    }
    bool waits = fstat(fileno(l.in), &st) == 0 && !S_ISREG(st.st_mode); /* somebody for answers */
    int result = EXIT_NO_HIT;
    errno = 0;
    while (!s->broken && next_line(&l)) {
        int rc = EXIT_NO_HIT;
        if (is_blank(&l))
            skip_line(s);
        else
            rc = search_line(s, &l);
        if (waits) fflush(stdout);
        if (rc == EXIT_TROUBLE || (rc == EXIT_HIT && result == EXIT_NO_HIT)) result = rc;
        errno = 0;
    }
    if (ferror(l.in)) result = complain_file(l.path);
    free(l.text);
    if (!standard) fclose(l.in);
    return result;
}

/* ---- synonyms ---- */

static int complain_synonyms(const char *path, const char *text, size_t len)
{
    char place[4352];
    const char *nul = memchr(text, '\0', len);
    if (!nul) {
        complain(PROGRAM, path,
                 say("동의어 파일이 너무 큽니다; 64 MiB까지입니다",
                     "is too large; synonyms have at most 64 MiB"));
        return EXIT_TROUBLE;
    }
    unsigned long long line = 1;
    for (const char *p = text; p < nul; p++) line += *p == '\n';
    snprintf(place, sizeof place, "%.4096s:%llu", path, line);
    complain(PROGRAM, place,
             say("NUL 바이트가 있어 동의어 파일이 아닙니다; UTF-8로 저장한 글이어야 합니다",
                 "has a NUL byte, so it is no list of synonyms; it has to be text in UTF-8"));
    return EXIT_TROUBLE;
}

static int use_synonyms(struct session *s, const char *text, size_t len)
{
    frai_error err = {0};
    enum encoding encoding;
    size_t utf8_len;
    if (len > SYNONYMS_BYTES_MAX || memchr(text, '\0', len))
        return complain_synonyms(s->o->synonyms, text, len);
    char *utf8 = to_utf8(text, len, &utf8_len, &encoding);
    if (!utf8) return complain_memory(s->o->synonyms);
    frai_status status =
        frai_searcher_set_synonyms(s->searcher, (frai_slice){utf8, utf8_len}, &err);
    free(utf8);
    return status == FRAI_OK ? 0 : complain_status(PROGRAM, status, &err);
}

int read_synonyms(struct session *s)
{
    const char *path = s->o->synonyms;
    struct feed feed;
    FILE *in = fopen(path, "r");
    if (!in) return complain_file(path);
    feed_open(&feed, in);
    feed_all(&feed, SYNONYMS_BYTES_MAX);
    errno = feed.error;
    frai_slice text = feed_left(&feed);
    int rc = feed.error     ? complain_file(path)
             : feed.starved ? complain_memory(path)
                            : use_synonyms(s, text.ptr, text.len);
    feed_close(&feed);
    fclose(in);
    return rc;
}
