/* What is said about files and documents that were left out. */
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "input.h"
#include "messages.h"

#define PROGRAM   "frai-index"
#define NOTED_MAX 20 /* of each reason; the rest is only counted */

const char *skip_name(enum skip reason)
{
    switch (reason) {
    case SKIP_BINARY: return say("글이 아님", "not text");
    case SKIP_EMPTY: return say("빈 파일", "empty");
    case SKIP_TYPE: return say("파일이 아님", "no regular file");
    case SKIP_READ: return say("읽을 수 없음", "unreadable");
    case SKIP_JSON: return say("잘못된 JSON", "malformed JSON");
    case SKIP_SIZE: return say("너무 큼", "too large");
    case SKIP_REFUSED: return say("받을 수 없는 문서", "not acceptable");
    default: return "";
    }
}

unsigned long long skipped_of(const struct input *in)
{
    unsigned long long n = 0;
    for (int i = 0; i < SKIP_REASONS; i++) n += in->skipped[i];
    return n;
}

void skip_at(struct input *in, const char *path, unsigned long long line, unsigned long long column,
             enum skip reason, const char *why)
{
    if (++in->skipped[reason] > NOTED_MAX) return;
    before_line();
    fprintf(stderr, PROGRAM ": %s:", shown(path));
    if (line) fprintf(stderr, "%llu:", line);
    if (column) fprintf(stderr, "%llu:", column);
    fprintf(stderr, " %s", skip_name(reason));
    if (why && why[0]) fprintf(stderr, ": %s", shown(why));
    fprintf(stderr, "; %s\n", say("건너뜁니다", "skipped"));
}

void skip(struct input *in, const char *path, unsigned long long line, enum skip reason)
{
    skip_at(in, path, line, 0, reason, NULL);
}

void skip_binary(struct input *in, const char *path)
{
    static const char *const texts[] = {"txt", "text",   "md",   "csv", "log",   "json", "jsonl",
                                        "xml", "ndjson", "html", "htm", "xhtml", "tsv",  NULL};
    char extension[16];
    extension_of(path, extension);
    if (in->source->named || is_one_of(extension, texts))
        skip(in, path, 0, SKIP_BINARY);
    else
        in->skipped[SKIP_BINARY]++;
    if (strcmp(path, "-") == 0) return;
    if (extension[0] == '\0') {
        const char *none = say("(확장자 없음)", "(no extension)");
        tally_add(&in->not_text, none, strlen(none));
    } else {
        tally_add(&in->not_text, extension, strlen(extension));
    }
}

const char *too_large(void)
{
    static char message[64];
    snprintf(message, sizeof message, say("%u MiB보다 큽니다", "larger than %u MiB"),
             INPUT_BYTES_MAX >> 20);
    return message;
}

struct tally *tally_add(struct tallies *t, const char *name, size_t len)
{
    struct tally *to = NULL;
    if (len >= sizeof to->name) len = cut_at_clusters((frai_slice){name, sizeof to->name - 1}, 16);
    for (int i = 0; i < t->count && !to; i++)
        if (t->list[i].len == len && memcmp(t->list[i].name, name, len) == 0) to = &t->list[i];
    if (!to && t->count == (int)(sizeof t->list / sizeof *t->list)) {
        t->others++;
        return NULL;
    }
    if (!to) {
        to = &t->list[t->count++];
        memcpy(to->name, name, len);
        to->len = len;
    }
    to->count++;
    return to;
}

static int by_count(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    if (x->count != y->count) return x->count < y->count ? 1 : -1;
    return strcmp(x->name, y->name);
}

/* "hwp 12 · pdf 3", or without counts "제목, 내용". */
static void put_tallies(const struct tallies *t, bool counts)
{
    struct tallies sorted = *t;
    enum { SHOWN_MAX = 12 };
    unsigned long long more = t->others;
    qsort(sorted.list, (size_t)sorted.count, sizeof *sorted.list, by_count);
    for (int i = 0; i < sorted.count; i++) {
        if (i >= SHOWN_MAX) {
            more += counts ? sorted.list[i].count : 1;
            continue;
        }
        fprintf(stderr, "%s%s", i == 0 ? "" : counts ? " · " : ", ", shown(sorted.list[i].name));
        if (counts) fprintf(stderr, " %s", grouped(sorted.list[i].count));
    }
    if (more) fprintf(stderr, counts ? say(" · 그 밖에 %s", " · others %s") : ", …", grouped(more));
}

static const char *converter(const char *extension)
{
    static const struct {
        const char *extension, *command;
    } known[] = {{"hwp", "hwp5txt"},
                 {"pdf", "pdftotext"},
                 {"docx", "pandoc -t plain"},
                 {"odt", "pandoc -t plain"},
                 {"epub", "pandoc -t plain"},
                 {"rtf", "pandoc -t plain"},
                 {"doc", "catdoc"},
                 {"xlsx", "xlsx2csv"},
                 {"zip", "unzip"},
                 {"gz", "gunzip"},
                 {"xz", "unxz"},
                 {"zst", "unzstd"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].extension, extension) == 0) return known[i].command;
    return NULL;
}

static void report_not_text(const struct tallies *t)
{
    int hints = 0;
    if (t->count == 0) return;
    fprintf(stderr, PROGRAM ": ");
    put_tallies(t, true);
    fputs(say(": 글이 아닌 파일이라 건너뛰었습니다", ": not text, skipped"), stderr);
    for (int i = 0; i < t->count && hints < 3; i++) {
        const char *command = converter(t->list[i].name);
        if (!command) continue;
        fputs(hints == 0 ? say("; 먼저 글로 바꾸세요: ", "; convert them first: ") : ", ", stderr);
        fprintf(stderr, "%s %s", t->list[i].name, command);
        hints++;
    }
    fputc('\n', stderr);
}

static void put_keys(const struct input *in)
{
    fputs(say("; 있는 키: ", "; keys that are there: "), stderr);
    put_tallies(&in->keys, false);
}

static void report_keys(const struct input *in)
{
    for (int i = 0; in->keyed && i < in->mapping_count; i++) {
        const struct mapping *m = &in->mappings[i];
        if (m->met) continue;
        fprintf(stderr,
                say(PROGRAM ": %s=%s: '%s' 키가 있는 문서가 없습니다",
                    PROGRAM ": %s=%s: no document has the key '%s'"),
                shown(m->field), shown(m->key), shown(m->key));
        put_keys(in);
        fputc('\n', stderr);
    }
}

/* Whether documents are made of this key as it is. */
static bool is_used(const struct input *in, const char *key)
{
    static const char *const known[] = {"id",   "title", "text",   "body", "url",
                                        "path", "date",  "source", NULL};
    for (int i = 0; i < in->mapping_count; i++)
        if (strcmp(in->mappings[i].key, key) == 0) return true;
    return is_one_of(key, known);
}

/* The key under which most text stands, and one that is named as titles are. */
static void suggest_fields(const struct input *in)
{
    static const char *const titles[] = {"제목",    "name",  "이름",     "headline",
                                         "subject", "Title", "기사제목", NULL};
    const struct tally *body = NULL, *title = NULL;
    for (int i = 0; i < in->keys.count; i++) {
        const struct tally *t = &in->keys.list[i];
        if (is_used(in, t->name)) continue;
        if (is_one_of(t->name, titles))
            title = t;
        else if (t->bytes > 0 && (!body || t->bytes > body->bytes))
            body = t;
    }
    if (!body) return;
    fputs(say("; 글이 있는 키를 알려 주세요: --fields '", "; say which have the text: --fields '"),
          stderr);
    if (title) fprintf(stderr, "title=%s,", shown(title->name));
    fprintf(stderr, "body=%s'", shown(body->name));
}

static void report_textless(const struct input *in)
{
    if (in->textless == 0) return;
    fprintf(stderr,
            say(PROGRAM ": 글이 없는 문서 %s개 (title, text, body가 비었거나 없음)",
                PROGRAM ": documents without text: %s (no title, text or body)"),
            grouped(in->textless));
    put_keys(in);
    suggest_fields(in);
    fputc('\n', stderr);
}

static void report_doubtful(const struct input *in)
{
    if (in->doubtful == 0) return;
    fprintf(stderr, PROGRAM ": %s", shown(in->doubtful_path));
    if (in->doubtful > 1)
        fprintf(stderr, say(" 등 문서 %s개", " and others, %s documents"), grouped(in->doubtful));
    fputs(say(": CP949로 짐작해 읽었지만 한국어 같지 않습니다; 다른 인코딩이면 먼저 UTF-8로 "
              "바꾸세요 (iconv)\n",
              ": taken for CP949, but it hardly looks like Korean; if it is in another encoding, "
              "convert it to UTF-8 first (iconv)\n"),
          stderr);
}

void input_report(const struct input *in)
{
    for (int i = 0; i < SKIP_REASONS; i++)
        if (in->skipped[i] > NOTED_MAX && i != SKIP_BINARY)
            fprintf(stderr, say(PROGRAM ": %s: %s개 더\n", PROGRAM ": %s: %s more\n"),
                    skip_name((enum skip)i), grouped(in->skipped[i] - NOTED_MAX));
    report_not_text(&in->not_text);
    report_keys(in);
    report_textless(in);
    report_doubtful(in);
    if (in->broken)
        fprintf(stderr,
                say(PROGRAM ": 읽을 수 없는 글자 %s개는 �로 바꾸었습니다\n",
                    PROGRAM ": characters that could not be read: %s; � stands for them\n"),
                grouped(in->broken));
}

const char *input_useless(const struct input *in)
{
    if (in->documents == 0 && skipped_of(in) > 0)
        return say("읽을 수 있는 것이 없습니다: 모두 건너뛰었습니다",
                   "there is nothing that can be read: all of it was skipped");
    if (in->documents > 0 && in->textless == in->documents)
        return say("글이 있는 문서가 하나도 없습니다", "not one document has any text");
    return NULL;
}
