/* frai-index stats, check, repair, dump, tokens. */
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "commands.h"
#include "messages.h"
#include "streams.h"

int command_stats(const struct options *o, struct input *in, char **words, int count)
{
    (void)in, (void)words, (void)count;
    frai_error err = {0};
    frai_index *index;
    frai_index_stats s = FRAI_INDEX_STATS_INIT;
    frai_status status = frai_index_open(o->index, NULL, &index, &err);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    status = frai_index_read_stats(index, &s, &err);
    if (status != FRAI_OK) {
        frai_index_close(index);
        return complain_status(PROGRAM, status, &err);
    }
    frai_section_stats section = FRAI_SECTION_STATS_INIT;
    typedef unsigned long long ull;
    if (o->json) {
        printf("{\"documents\":%llu,\"terms\":%llu,\"pairs\":%llu,\"words\":%llu,\"lexicon_words\":"
               "%llu,"
               "\"postings\":%llu,\"positions\":%llu,\"tokens\":%llu,\"source_bytes\":%llu,"
               "\"bytes\":%llu,"
               "\"segments\":%u,\"generation\":%llu,\"k1\":%g,\"b\":%g,\"average_length\":%.3f,"
               "\"sections\":{",
               (ull)s.documents, (ull)s.terms, (ull)s.pairs, (ull)s.words, (ull)s.lexicon_words,
               (ull)s.postings, (ull)s.positions, (ull)s.tokens, (ull)s.source_bytes, (ull)s.bytes,
               s.segments, (ull)s.generation, (double)s.k1, (double)s.b, (double)s.average_length);
        for (uint32_t i = 0; frai_index_read_section(index, i, &section); i++)
            printf("%s\"%s\":%llu", i ? "," : "", section.name, (ull)section.bytes);
        printf("}}\n");
        frai_index_close(index);
        return EXIT_DONE;
    }
    printf(say("문서 %s · 단어 %s (음절쌍 %s, 낱말 %s) · 토큰 %s · 위치 %s\n",
               "%s documents · %s terms (%s pairs, %s words) · %s tokens · %s positions\n"),
           grouped(s.documents), grouped(s.terms), grouped(s.pairs), grouped(s.words),
           grouped(s.tokens), grouped(s.positions));
    printf(say("색인 %s 바이트 · 세그먼트 %u · 세대 %llu\n",
               "%s bytes · %u segments · generation %llu\n"),
           grouped(s.bytes), s.segments, (ull)s.generation);
    for (uint32_t i = 0; frai_index_read_section(index, i, &section); i++)
        if (section.bytes) printf("  %-22s %14s\n", section.name, grouped(section.bytes));
    frai_index_close(index);
    return EXIT_DONE;
}

/* ctx: counts the findings. */
static void report(void *ctx, const frai_error *finding)
{
    ++*(unsigned *)ctx;
    before_line();
    fprintf(stderr, PROGRAM ": %s\n", library_says(FRAI_OK, finding->message));
}

/* What the lines come to. */
static int complain_check(const struct options *o, frai_status status)
{
    switch (status) {
    case FRAI_ERR_CORRUPT:
        complain(PROGRAM, o->index,
                 say("손상되었습니다; `frai-index repair`로 고치거나 `frai-index build 경로 "
                     "--replace`로 다시 만드세요",
                     "damaged; use `frai-index repair`, or rebuild with `frai-index build PATH "
                     "--replace`"));
        return EXIT_DAMAGED;
    case FRAI_ERR_TOO_OLD:
        complain(PROGRAM, o->index,
                 say("`frai-index build 경로 --replace`로 다시 만드세요",
                     "rebuild it with `frai-index build PATH --replace`"));
        return EXIT_DAMAGED;
    case FRAI_ERR_TOO_NEW:
        complain(PROGRAM, o->index, say("더 새로운 frai를 쓰세요", "use a newer frai"));
        return EXIT_DAMAGED;
    default:
        complain(PROGRAM, o->index,
                 say("읽지 못한 것이 있어 다 검사하지 못했습니다",
                     "not all of it could be read, so not all was checked"));
        return EXIT_TROUBLE;
    }
}

int command_check(const struct options *o, struct input *in, char **words, int count)
{
    (void)in, (void)words, (void)count;
    frai_error err = {0};
    unsigned told = 0;
    frai_status status = frai_index_check(o->index, report, &told, &err);
    if (status != FRAI_OK)
        return told ? complain_check(o, status) : complain_status(PROGRAM, status, &err);
    printf("%s: %s\n", shown(o->index), say("이상 없음", "sound"));
    return EXIT_DONE;
}

/* As it is, for `frai-index delete -`; at a terminal fit to be printed. */
static void put_text(frai_slice text, bool terminal)
{
    if (terminal)
        put_shown_lines(stdout, text);
    else
        fwrite(text.ptr, 1, text.len, stdout);
}

struct dump {
    frai_dump what;
    bool terminal;
};

static int print_entry(void *ctx, const frai_dump_entry *e)
{
    const struct dump *d = ctx;
    if (d->what != FRAI_DUMP_DOCS) {
        printf("%s\t", e->term_class);
        put_text(e->term, d->terminal);
        putchar('\t');
    }
    if (d->what == FRAI_DUMP_TERMS) printf("%u", e->df);
    if (d->what != FRAI_DUMP_TERMS) put_text(e->id, d->terminal);
    if (d->what == FRAI_DUMP_POSTINGS) {
        printf("\t%u\t", e->tf);
        for (uint32_t i = 0; i < e->position_count; i++) printf(i ? ",%u" : "%u", e->positions[i]);
    }
    putchar('\n');
    return output_failed();
}

int command_repair(const struct options *o, struct input *in, char **words, int count)
{
    (void)in, (void)words, (void)count;
    frai_error err = {0};
    frai_writer_options build_options = FRAI_WRITER_OPTIONS_INIT;
    frai_repair_stats s = FRAI_REPAIR_STATS_INIT;
    frai_writer *b;
    unsigned told = 0;
    frai_status status = frai_index_check(o->index, NULL, NULL, &err);
    if (status == FRAI_OK) {
        printf("%s: %s\n", shown(o->index), say("이상 없음", "sound"));
        return EXIT_DONE;
    }
    if (status != FRAI_ERR_CORRUPT) return complain_status(PROGRAM, status, &err);
    build_options.mode = FRAI_OPEN_EXISTING;
    build_options.memory_bytes = o->memory;
    build_options.threads = o->threads;
    status = frai_writer_open(o->index, &build_options, &b, &err);
    if (status == FRAI_ERR_CORRUPT) {
        complain(
            PROGRAM, library_says(status, err.message),
            say("읽을 수 있는 커밋이 없습니다; `frai-index build 경로 --replace`로 다시 만드세요",
                "no commit can be read; rebuild with `frai-index build PATH --replace`"));
        return EXIT_DAMAGED;
    }
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    status = frai_writer_repair(b, report, &told, &s, &err);
    if (status == FRAI_OK) status = sources_doubt(b, o->index, &err);
    if (status == FRAI_OK) status = frai_writer_commit(b, &err);
    if (status == FRAI_OK) status = frai_writer_wait(b, &err);
    frai_writer_close(b);
    if (status == FRAI_OK) status = frai_index_check(o->index, NULL, NULL, &err);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    fprintf(stderr,
            say("복구  다시 색인한 문서 %s · 잃은 문서 %s · 열 수 없는 세그먼트 %u\n",
                "repaired  %s documents indexed again · %s lost · segments that could not be "
                "opened: %u\n"),
            grouped(s.documents), grouped(s.lost), s.segments_lost);
    return s.lost || s.segments_lost ? EXIT_DAMAGED : EXIT_DONE;
}

int command_dump(const struct options *o, struct input *in, char **words, int count)
{
    (void)in, (void)count;
    static const char *const names[] = {"docs", "terms", "postings"};
    frai_error err = {0};
    frai_index *index;
    for (int i = 0; i < 3; i++) {
        if (strcmp(words[0], names[i]) != 0) continue;
        frai_status status = frai_index_open(o->index, NULL, &index, &err);
        if (status == FRAI_OK) {
            struct dump d = {(frai_dump)i, isatty(STDOUT_FILENO)};
            status = frai_index_dump(index, d.what, print_entry, &d, &err);
            frai_index_close(index);
        }
        if (status == FRAI_OK || output_failed()) return EXIT_DONE;
        return complain_status(PROGRAM, status, &err);
    }
    complain(PROGRAM, "dump",
             say("docs, terms, postings 가운데 무엇인지 쓰세요",
                 "say what: one of docs, terms, postings"));
    return EXIT_TROUBLE;
}

static int print_token(void *ctx, const frai_token_info *t)
{
    (void)ctx;
    printf("%u\t%u\t%s\t%s\t%llu-%llu\t%s\n", t->position, t->span, t->term_class,
           shown_slice(t->term), (unsigned long long)t->begin, (unsigned long long)t->end,
           t->starts_word ? "|" : "");
    return output_failed();
}

int command_tokens(const struct options *o, struct input *in, char **words, int count)
{
    frai_error err = {0};
    (void)o, (void)in, (void)count;
    frai_status status = frai_text_tokenize(frai_slice_of(words[0]), print_token, NULL, &err);
    return status == FRAI_OK || output_failed() ? EXIT_DONE
                                                : complain_status(PROGRAM, status, &err);
}
